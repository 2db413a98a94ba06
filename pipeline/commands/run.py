"""``depesha run``: many documents into an output folder, with a summary and a report."""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.batch import BatchResult, Row, Work, plan_batch, run_batch
from pipeline.batch.results import MEASURES, counts_of
from pipeline.batch.summary import SUMMARY_CSV, SUMMARY_JSON
from pipeline.commands.collection_report import write_report
from pipeline.commands.escapes import LogLines, printable, put, say
from pipeline.commands.export import export_run
from pipeline.commands.terminal import batch_progress
from pipeline.config import Settings
from pipeline.errors import ExitCode, OutputError, TruthError
from pipeline.evaluate import Counts
from pipeline.export.formats import chosen
from pipeline.model import Status
from pipeline.ocr import provenance
from pipeline.review import write_edited_texts
from pipeline.scans.survey import OTHER_KIND
from pipeline.store import to_json
from pipeline.text import Level

FEW_NAMED = 5
ROWS_SHOWN = 20
WORST_SHOWN = 10
FAILURES_SHOWN = 20
LEVEL = Level.READING
"""The level of the rates in the table; the files have all three."""

NARROW = 100
"""Terminals of fewer columns get a closer table."""


def run(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Transcribe the inputs; the table (or ``--json``) on stdout, all else on stderr."""
    truth = options.ground_truth
    formats = chosen(options.export) if options.export else ()
    if truth is not None and not truth.is_dir():
        raise TruthError(truth, "is not a folder of ground truths (ID.gt.txt, ID.gt.json)")
    engines = provenance(settings.ocr)
    if options.dry_run:
        work = plan_batch(
            options.inputs,
            options.out,
            settings,
            provenance=engines,
            ground_truth=truth,
            force=options.force,
        )
        _print_plan(work, as_json=options.json)
        return ExitCode.OK
    with _log_file(options.log), batch_progress(Console(stderr=True)) as progress:
        result = run_batch(
            options.inputs,
            options.out,
            settings,
            provenance=engines,
            ground_truth=truth,
            force=options.force,
            progress=progress,
        )
    # What the run wrote anew is as the machine has it; what people decided stands over that.
    write_edited_texts(options.out)
    if options.json:
        with (options.out / SUMMARY_JSON).open(encoding="utf-8") as stream:
            shutil.copyfileobj(stream, sys.stdout)
    else:
        # Off a terminal rich would fold the table to 80 columns.
        wide = None if sys.stdout.isatty() else 140
        print_result(result, Console(width=wide))
    whole = not (result.interrupted or result.stopped)
    if settings.report.write and whole:
        say(f"report: {write_report(result, truth, settings)}")
    if formats and whole:
        done = export_run(result.out, formats, settings, frozenset(row.id for row in result.rows))
        return result.exit_code or done.exit_code
    return result.exit_code


@contextmanager
def _log_file(path: Path | None) -> Iterator[None]:
    """Everything that is logged goes into the file ``path``, too, with the time."""
    if path is None:
        yield
        return
    try:
        handler = logging.FileHandler(path, encoding="utf-8")
    except OSError as error:
        raise OutputError(path, f"cannot be written: {error.strerror or error}") from error
    handler.setFormatter(LogLines("%(asctime)s %(levelname)s %(message)s"))
    log = logging.getLogger("depesha")
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
        handler.close()


def _print_plan(work: Work, *, as_json: bool) -> None:
    counts = {name: getattr(work, name) for name in ("documents", "read", "derive", "look")}
    counts["unchanged"] = work.unchanged
    if as_json:
        put(to_json({**counts, "pages": dict(work.pages), "errors": list(map(str, work.errors))}))
        return
    kinds = {
        "read": "to be read",
        "derive": "to be made anew from what was read",
        "look": "to be scored",
        "unchanged": "unchanged",
    }
    put(f"{work.documents} documents\n")
    for kind, words in kinds.items():
        pages = f" ({work.pages[kind]} pages known)" if work.pages[kind] else ""
        put(f"{counts[kind]:>9} {words}{pages}\n")
    for reason, count in work.left_out_counts.most_common():
        put(f"{count:>9} not taken: {reason}\n")
    for error in work.errors:
        say(str(error))


def print_result(result: BatchResult, console: Console) -> None:
    """The table, the failures with their causes, and where to look."""
    console.print(_table(result, narrow=console.width < NARROW))
    for line in _notes(result):
        console.print(line, soft_wrap=True)


def _table(result: BatchResult, *, narrow: bool) -> Table:
    rows, title = _chosen(result)
    scored = bool(result.totals.counts)
    table = Table(
        title=title,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 0) if narrow else (0, 1),
        show_edge=False,
    )
    table.add_column("document", overflow="fold")
    rates = ("CER %\nraw", "CER %\nclean", "WER %\nraw", "WER %\nclean") if scored else ()
    expected = ("exp.\nCER %",) if result.totals.told else ()
    counts = ("pages", "lines\nkept", "drop-\nped", "un-\nsure", *expected)
    for name in (*counts, *rates, "sec. a\npage"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(row, scored=scored, told=bool(expected)))
    table.add_section()
    table.add_row(*_total_cells(result, scored=scored), style="bold")
    return table


def _chosen(result: BatchResult) -> tuple[Sequence[Row], str]:
    totals = result.totals
    if totals.documents <= ROWS_SHOWN:
        return totals.first, _title(result, "")
    measure = "the highest expected CER" if totals.told else "the most unsure lines"
    measure = "the highest CER" if totals.counts else measure
    what = f"the {WORST_SHOWN} with {measure}"
    return totals.worst[:WORST_SHOWN], _title(result, f"; {what} of {totals.documents}")


def _title(result: BatchResult, what: str) -> str:
    level = f"; rates at level {LEVEL}" if result.totals.counts else ""
    return f"Lines{' and rates' if level else ''} by document{what}{level}"


def _cells(row: Row, *, scored: bool, told: bool) -> list[Text]:
    a_page = row.seconds / row.pages if row.pages else None
    status = "unchanged" if row.unchanged and row.status is Status.OK else str(row.status)
    counts = [row.pages, row.kept, row.dropped, row.unsure]
    shown = [printable(row.id), *map(str, counts)]
    shown += [_share(row.expected_error)] if told else []
    if scored:
        found = row.counts
        shown += [_percent(counts_of(found, m, LEVEL) if found else Counts()) for m in MEASURES]
    style = {Status.FAILED: "red", Status.PARTIAL: "yellow", Status.CHECK: "yellow"}.get(
        row.status, ""
    )
    return [Text(x) for x in (*shown, _seconds(a_page))] + [Text(status, style=style)]


def _total_cells(result: BatchResult, *, scored: bool) -> list[str]:
    totals = result.totals
    counts = [totals.pages, totals.kept, totals.dropped, totals.unsure]
    several = "" if totals.documents == 1 else "s"
    shown = [f"{totals.documents} document{several}", *map(str, counts)]
    shown += [""] if totals.told else []
    shown += [_percent(totals.total(m, LEVEL)) for m in MEASURES] if scored else []
    return [*shown, _seconds(totals.seconds_a_page), ""]


def _notes(result: BatchResult) -> Iterator[Text]:
    totals = result.totals
    counts = [f"{totals.statuses[s]} {s}" for s in Status if totals.statuses[s]]
    same = totals.unchanged
    counts += [f"{same} of them unchanged and not done again"] if same else []
    yield Text(f"{', '.join(counts) or 'nothing done'} in {result.seconds:.1f} seconds")
    failures = totals.failures
    for failure in failures[:FAILURES_SHOWN]:
        names = _names(failure.documents, failure.count)
        text = f"{failure.code}: {names}: {printable(failure.message)}"
        yield Text(text, style="yellow")
    if len(failures) > FAILURES_SHOWN:
        left = len(failures) - FAILURES_SHOWN
        yield Text(f"{left} more kinds of problem are in {SUMMARY_JSON}", style="yellow")
    for finding, count, ids in totals.findings:
        yield Text(f"{finding.code}: {_names(ids, count)}: {finding.advice}", style="yellow")
    yield from _left_out(result)
    for path in result.kept[:FAILURES_SHOWN]:
        yield Text(f"{printable(path)}: you had changed it; the new text stands beside it")
    if result.interrupted:
        words = f"Interrupted: {result.waiting} not done. Run the same command to go on."
        yield Text(words, style="yellow")
    if result.stopped:
        words = f"Stopped: {printable(result.stopped)}. {result.waiting} not done."
        yield Text(words, style="red")
    whole = len(result.rows) if result.collection is None else len(result.collection)
    if whole > totals.documents:
        yield Text(f"The whole collection has {whole} documents: depesha status tells of it")
    out = printable(str(result.out))
    if totals.documents and totals.statuses[Status.FAILED] == totals.documents:
        yield Text(f"Nothing came out. The causes stand above, in {out}/{SUMMARY_CSV} and report/")
    else:
        yield Text(f"Look in {out}: ID/transcript.txt, ID/dropped.txt, {SUMMARY_CSV}")


def _names(ids: Sequence[str], count: int) -> str:
    more = f" and {count - 3} more" if count > 3 else ""
    return ", ".join(printable(name) for name in ids[:3]) + more


def _left_out(result: BatchResult) -> Iterator[Text]:
    """What was not taken: other kinds counted by their endings, all else by name or number."""
    kinds = {
        reason[len(OTHER_KIND) : -1]: count
        for reason, count in result.left_out_counts
        if reason.startswith(OTHER_KIND)
    }
    if kinds:
        endings = ", ".join(f"{name} ({count})" if count > 1 else name
                            for name, count in sorted(kinds.items()))  # fmt: skip
        total = sum(kinds.values())
        files = "file" if total == 1 else "files"
        yield Text(f"{total} {files} of other kinds left out: {endings}", style="yellow")
    for reason, count in result.left_out_counts:
        if reason.startswith(OTHER_KIND):
            continue
        if count > FEW_NAMED:
            yield Text(f"{count} left out: each {reason}", style="yellow")
            continue
        for one in [x for x in result.left_out if x.reason == reason]:
            yield Text(f"{printable(one.path)} {one.reason}", style="yellow")


def _share(rate: float | None) -> str:
    return "-" if rate is None else f"{100 * rate:.1f}"


def _percent(counts: Counts) -> str:
    return "-" if counts.rate is None else f"{100 * counts.rate:.2f}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
