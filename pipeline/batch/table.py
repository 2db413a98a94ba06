"""What a person sees of a batch: a progress bar while it runs, a table at its end."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from pipeline.batch.results import BatchResult, Rate, Row
from pipeline.batch.run import Progress as Report
from pipeline.batch.summary import SUMMARY_CSV, SUMMARY_JSON, total_at
from pipeline.model import Status
from pipeline.text import Level

ROWS_SHOWN = 20
WORST_SHOWN = 10
FAILURES_SHOWN = 20
LEVEL = Level.READING
"""The level of the rates in the table; the files have all three."""

NARROW = 100
"""Terminals of fewer columns get a closer table."""

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def print_result(result: BatchResult, console: Console) -> None:
    """The table, the failures with their causes, and where to look."""
    console.print(_table(result, narrow=console.width < NARROW))
    for line in _notes(result):
        console.print(line, soft_wrap=True)


@contextmanager
def progress_bar(console: Console) -> Iterator[Report | None]:
    """A bar on ``console`` (made for stderr), for ``run_batch``; ``None`` off a terminal."""
    if not console.is_terminal:
        yield None
        return
    stderr = sys.stderr
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar, _logs_above(stderr):
        task = bar.add_task("Documents", total=None)
        failed = 0

        def report(done: int, total: int, row: Row | None) -> None:
            nonlocal failed
            failed += row is not None and row.status is Status.FAILED
            words = f"Documents, {failed} failed" if failed else "Documents"
            bar.update(task, completed=done, total=total, description=words)

        yield report


@contextmanager
def _logs_above(stderr: TextIO) -> Iterator[None]:
    """Logs to ``stderr`` go through rich's own while a bar is drawn, or they would tear it."""
    handlers = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is stderr
    ]
    for handler in handlers:
        handler.setStream(sys.stderr)
    try:
        yield
    finally:
        for handler in handlers:
            handler.setStream(stderr)


def _table(result: BatchResult, *, narrow: bool) -> Table:
    rows, title = _chosen(result)
    scored = bool(result.figures)
    table = Table(
        title=title,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 0) if narrow else (0, 1),
        show_edge=False,
    )
    table.add_column("document", overflow="fold")
    rates = ("CER %\nraw", "CER %\nclean", "WER %\nraw", "WER %\nclean") if scored else ()
    for name in ("pages", "lines\nkept", "drop-\nped", "un-\nsure", *rates, "sec. a\npage"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(row, scored=scored))
    table.add_section()
    table.add_row(*_total_cells(result, scored=scored), style="bold")
    return table


def _chosen(result: BatchResult) -> tuple[Sequence[Row], str]:
    if len(result.rows) <= ROWS_SHOWN:
        return result.rows, _title(result, "")
    if result.figures:
        worst = sorted(result.rows, key=_cer, reverse=True)
        what = f"the {WORST_SHOWN} with the highest CER"
    else:
        worst = sorted(result.rows, key=lambda r: r.unsure, reverse=True)
        what = f"the {WORST_SHOWN} with the most unsure lines"
    return worst[:WORST_SHOWN], _title(result, f"; {what} of {len(result.rows)}")


def _title(result: BatchResult, what: str) -> str:
    level = f"; rates at level {LEVEL}" if result.figures else ""
    return f"Lines and rates by document{what}{level}" if what or level else "Lines by document"


def _cer(row: Row) -> float:
    found = row.figures.at(LEVEL) if row.figures else None
    rate = found.cer.value if found else None
    return -1.0 if rate is None else rate


def _cells(row: Row, *, scored: bool) -> list[Text]:
    a_page = row.seconds / row.pages if row.pages else None
    found = row.figures.at(LEVEL) if row.figures else None
    rates = [found.raw_cer, found.cer, found.raw_wer, found.wer] if found else [Rate()] * 4
    status = "unchanged" if row.unchanged and row.status is Status.OK else str(row.status)
    counts = [row.pages, row.kept, row.dropped, row.unsure]
    shown = [printable(row.id), *map(str, counts)]
    shown += [_percent(rate) for rate in rates] if scored else []
    style = {Status.FAILED: "red", Status.PARTIAL: "yellow"}.get(row.status, "")
    return [Text(x) for x in (*shown, _seconds(a_page))] + [Text(status, style=style)]


def _total_cells(result: BatchResult, *, scored: bool) -> list[str]:
    rows = result.rows
    counts = [
        result.pages,
        sum(r.kept for r in rows),
        sum(r.dropped for r in rows),
        sum(r.unsure for r in rows),
    ]
    total = total_at(result.figures, LEVEL)
    rates = [total.raw_cer, total.cer, total.raw_wer, total.wer] if total else [Rate()] * 4
    shown = [f"{len(rows)} document{'' if len(rows) == 1 else 's'}", *map(str, counts)]
    shown += [_percent(rate) for rate in rates] if scored else []
    return [*shown, _seconds(result.seconds_a_page), ""]


def _notes(result: BatchResult) -> Iterator[Text]:
    counts = [f"{result.count(s)} {s}" for s in Status if result.count(s)]
    unchanged = sum(row.unchanged for row in result.rows)
    counts += [f"{unchanged} of them unchanged and not done again"] if unchanged else []
    yield Text(f"{', '.join(counts) or 'nothing done'} in {result.seconds:.1f} seconds")
    failures = result.failures
    for failure in failures[:FAILURES_SHOWN]:
        names = ", ".join(printable(name) for name in failure.documents[:3])
        more = f" and {len(failure.documents) - 3} more" if len(failure.documents) > 3 else ""
        text = f"{failure.code}: {names}{more}: {printable(failure.message)}"
        yield Text(text, style="yellow")
    if len(failures) > FAILURES_SHOWN:
        left = len(failures) - FAILURES_SHOWN
        yield Text(f"{left} more kinds of problem are in {SUMMARY_JSON}", style="yellow")
    if result.interrupted:
        words = f"Interrupted: {len(result.not_done)} not done. Run the same command to go on."
        yield Text(words, style="yellow")
    out = printable(str(result.out))
    yield Text(f"Look in {out}: STEM/transcript.txt, STEM/dropped.txt, {SUMMARY_CSV}")


def printable(text: str) -> str:
    """``text`` with what a terminal would obey or cannot show replaced by U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


def _percent(rate: Rate) -> str:
    return "-" if rate.value is None else f"{100 * rate.value:.2f}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
