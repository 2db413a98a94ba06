"""``depesha facsimile``: labelled test scans."""

from __future__ import annotations

import argparse
import sys

from pipeline.config import Settings
from pipeline.errors import ExitCode, UsageError
from pipeline.facsimile import KINDS, TRAITS, make_facsimiles, make_set

_DEFAULTS = {"kind": "telegram", "severity": 1, "seed": 0, "count": 1}


def facsimile(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Draw ``--count`` documents, or a whole set, and name the files on standard output."""
    del settings
    if options.benchmark is not None:
        for name in (*_DEFAULTS, "text", "trait"):
            if getattr(options, name) is not None:
                raise UsageError(f"--{name}", "does not go with --set, which fixes all of that")
        paths = make_set(options.benchmark, options.out)
    else:
        for name, default in _DEFAULTS.items():
            if getattr(options, name) is None:
                setattr(options, name, default)
        if options.kind not in KINDS:
            raise UsageError("--kind", f"must be {' or '.join(KINDS)}, not {options.kind}")
        for trait in options.trait or ():
            if trait not in TRAITS:
                raise UsageError("--trait", f"must be {' or '.join(TRAITS)}, not {trait}")
        if options.count < 1:
            raise UsageError("--count", f"must be 1 or more, not {options.count}")
        paths = make_facsimiles(
            options.out,
            source=options.text,
            severity=options.severity,
            seed=options.seed,
            count=options.count,
            kind=options.kind,
            traits=tuple(options.trait or ()),
        )
    sys.stdout.writelines(f"{path}\n" for path in paths)
    return ExitCode.OK
