"""``depesha facsimile``: labelled test scans."""

from __future__ import annotations

import argparse
import sys

from pipeline.config import Settings
from pipeline.errors import ExitCode, UsageError
from pipeline.facsimile import make_facsimiles


def facsimile(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Draw ``--count`` pages and name the files on standard output."""
    del settings
    if options.count < 1:
        raise UsageError("--count", f"must be 1 or more, not {options.count}")
    paths = make_facsimiles(
        options.out,
        source=options.text,
        severity=options.severity,
        seed=options.seed,
        count=options.count,
    )
    sys.stdout.writelines(f"{path}\n" for path in paths)
    return ExitCode.OK
