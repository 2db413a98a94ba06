"""``depesha look``: one picture of what is made of a scan."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipeline.config import Settings
from pipeline.errors import ExitCode, InputUnreadableError, OutputError, UsageError
from pipeline.review.look import look_at
from pipeline.scans import open_scan


def look(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Write the picture of one page as PNG and print its path and the page's measures.

    Raises:
        UsageError: the file has no page of that number.
        InputUnreadableError: the page is text, and has no picture.
        OutputError: the picture cannot be written.

    """
    path: Path = options.input
    with open_scan(path, settings.input) as scan:
        if not 1 <= options.page <= scan.page_count:
            raise UsageError(path, f"has no page {options.page}, but 1 to {scan.page_count}")
        loaded = scan.load(options.page)
    if loaded.pixels is None:
        raise InputUnreadableError(path, "is text: there is no picture to look at")
    picture, page = look_at(loaded, settings)
    out: Path = options.out or Path(f"{path.stem}.look.png")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        picture.save(out, "PNG")
    except (OSError, ValueError) as error:
        raise OutputError(out, f"cannot be written: {error}") from error
    sys.stdout.write(f"{out}: {len(page.lines)} lines, {len(page.regions)} regions\n")
    for step in page.steps:
        found = ", ".join(f"{key} {value}" for key, value in step.settings if len(value) < 20)
        sys.stdout.write(f"  {step.name}{': ' if found else ''}{found}\n")
    return ExitCode.OK
