"""``depesha truth``: what is odd in a ground truth."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter

from rich.console import Console
from rich.table import Table

from pipeline.commands.escapes import printable
from pipeline.config import Settings
from pipeline.errors import ExitCode
from pipeline.evaluate.truth_check import CODES, Odd, check_truths

_SHOWN = 3


def truth(options: argparse.Namespace, _settings: Settings) -> ExitCode:
    """Print what is odd, by kind with examples; exit code 13 where a file cannot be understood."""
    count, odd = check_truths(options.truth)
    if options.json:
        rows = [
            {"code": x.code, "path": str(x.path), "line": x.line or None, "what": x.what}
            for x in odd
        ]
        data = {"truths": count, "odd": rows}
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    else:
        _print(count, odd, everything=options.all)
    return ExitCode.TRUTH if any(x.code == "unreadable" for x in odd) else ExitCode.OK


def _print(count: int, odd: list[Odd], *, everything: bool) -> None:
    console = Console(width=None if sys.stdout.isatty() else 140)
    files = len({x.path for x in odd})
    console.print(f"{count} truths, {len(odd)} oddities in {files} files", highlight=False)
    if not odd:
        return
    table = Table(title_justify="left")
    for name in ("what", "times", "where"):
        table.add_column(name, justify="right" if name == "times" else "left", overflow="fold")
    times = Counter(x.code for x in odd)
    for code in CODES:
        if not times[code]:
            continue
        some = [x for x in odd if x.code == code]
        shown = some if everything else some[:_SHOWN]
        where = "\n".join(_place(x) for x in shown)
        more = f"\n... ({len(some) - len(shown)} more; --all shows them)"
        left = more if len(shown) < len(some) else ""
        table.add_row(f"{code}: {CODES[code]}", str(times[code]), where + left)
    console.print(table, markup=False)


def _place(odd: Odd) -> str:
    line = f":{odd.line}" if odd.line else ""
    what = f"  {odd.what}" if odd.what else ""
    return printable(f"{odd.path}{line}{what}")
