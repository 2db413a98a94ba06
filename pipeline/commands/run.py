"""``depesha run``: many documents into an output folder, with a summary and a report."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.batch import BatchResult, Row, run_batch, summary_data
from pipeline.batch.results import MEASURES, SUMMARY_CSV, SUMMARY_JSON, counts_of, total_of
from pipeline.commands.export import export_run
from pipeline.commands.terminal import printable, progress_bar
from pipeline.config import Settings, flatten
from pipeline.errors import ExitCode, TruthError
from pipeline.evaluate import Counts
from pipeline.evaluate.summary import Tally
from pipeline.executors import Interrupts
from pipeline.export.formats import chosen
from pipeline.model import Status
from pipeline.ocr import provenance
from pipeline.report import REPORT, Entry, IndexContent, PageJob, write_documents, write_index
from pipeline.scans import discover, left_out
from pipeline.store import to_json
from pipeline.text import Level

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
        raise TruthError(truth, "is not a folder of ground truths (STEM.gt.txt, STEM.gt.json)")
    files, errors = discover(options.inputs)
    skipped = left_out(options.inputs)
    with progress_bar(Console(stderr=True)) as progress:
        result = run_batch(
            files,
            errors,
            options.out,
            settings,
            provenance=provenance(settings.ocr),
            ground_truth=truth,
            force=options.force,
            progress=progress,
            left_out=skipped,
        )
    if options.json:
        sys.stdout.write(to_json(summary_data(result)))
    else:
        # Off a terminal rich would fold the table to 80 columns.
        wide = None if sys.stdout.isatty() else 140
        print_result(result, Console(width=wide))
    if settings.report.write and not result.interrupted:
        path = _report(result, truth, settings)
        sys.stderr.write(f"depesha: report: {path}\n")
    if formats and not result.interrupted:
        done = export_run(result.out, formats, settings, frozenset(row.id for row in result.rows))
        return result.exit_code or done.exit_code
    return result.exit_code


def _report(result: BatchResult, truth: Path | None, settings: Settings) -> Path:
    """The report of a finished batch, from what it stored."""
    folder = result.out / REPORT
    done = [row for row in result.rows if row.status is not Status.FAILED]
    failed = [
        Entry(name=row.id, status=row.status, problems=row.problems)
        for row in result.rows
        if row.status is Status.FAILED
    ]
    jobs = [PageJob(name=row.id, result=result.out / row.id, truth=truth) for row in done]
    entries, problems, tally = list[Entry](), [], Tally()
    bar = progress_bar(Console(stderr=True), "Report")
    with Interrupts() as interrupts, bar as progress:
        for made in write_documents(folder, jobs, settings, interrupts, progress):
            if made.entry is not None:
                entries.append(made.entry)
            if made.score is not None:
                tally.add(made.score)
            if made.problem is not None:
                problems.append(made.problem)
    content = IndexContent(
        title=result.out.resolve().name,
        entries=[*entries, *failed],
        summary=tally.summary() if tally.documents else None,
        level=Level.READING,
        problems=problems,
        settings=flatten(settings),
        versions=result.versions,
    )
    return write_index(folder, content, settings.report.language)


def print_result(result: BatchResult, console: Console) -> None:
    """The table, the failures with their causes, and where to look."""
    console.print(_table(result, narrow=console.width < NARROW))
    for line in _notes(result):
        console.print(line, soft_wrap=True)


def _table(result: BatchResult, *, narrow: bool) -> Table:
    rows, title = _chosen(result)
    scored = bool(result.counts)
    table = Table(
        title=title,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 0) if narrow else (0, 1),
        show_edge=False,
    )
    table.add_column("document", overflow="fold")
    rates = ("CER %\nraw", "CER %\nclean", "WER %\nraw", "WER %\nclean") if scored else ()
    expected = ("exp.\nCER %",) if _told(result) else ()
    counts = ("pages", "lines\nkept", "drop-\nped", "un-\nsure", *expected)
    for name in (*counts, *rates, "sec. a\npage"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(row, scored=scored, told=bool(expected)))
    table.add_section()
    table.add_row(*_total_cells(result, scored=scored), style="bold")
    return table


def _told(result: BatchResult) -> bool:
    """Whether any reader said how sure it was."""
    return any(row.expected_error is not None for row in result.rows)


def _chosen(result: BatchResult) -> tuple[Sequence[Row], str]:
    if len(result.rows) <= ROWS_SHOWN:
        return result.rows, _title(result, "")
    if result.counts:
        worst = sorted(result.rows, key=_cer, reverse=True)
        what = f"the {WORST_SHOWN} with the highest CER"
    else:
        worst = sorted(result.rows, key=lambda r: (r.expected_error or 0.0, r.unsure), reverse=True)
        measure = "the highest expected CER" if _told(result) else "the most unsure lines"
        what = f"the {WORST_SHOWN} with {measure}"
    return worst[:WORST_SHOWN], _title(result, f"; {what} of {len(result.rows)}")


def _title(result: BatchResult, what: str) -> str:
    level = f"; rates at level {LEVEL}" if result.counts else ""
    return f"Lines{' and rates' if level else ''} by document{what}{level}"


def _cer(row: Row) -> float:
    rate = counts_of(row.counts, "cer", LEVEL).rate if row.counts else None
    return -1.0 if rate is None else rate


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
    rows = result.rows
    counts = [
        result.pages,
        sum(r.kept for r in rows),
        sum(r.dropped for r in rows),
        sum(r.unsure for r in rows),
    ]
    shown = [f"{len(rows)} document{'' if len(rows) == 1 else 's'}", *map(str, counts)]
    shown += [""] if _told(result) else []
    shown += [_percent(total_of(result, m, LEVEL)) for m in MEASURES] if scored else []
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
    for finding, ids in result.findings:
        names = ", ".join(printable(name) for name in ids[:3])
        more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
        yield Text(f"{finding.code}: {names}{more}: {finding.advice}", style="yellow")
    yield from _left_out(result)
    if result.interrupted:
        words = f"Interrupted: {len(result.not_done)} not done. Run the same command to go on."
        yield Text(words, style="yellow")
    out = printable(str(result.out))
    yield Text(f"Look in {out}: STEM/transcript.txt, STEM/dropped.txt, {SUMMARY_CSV}")


def _left_out(result: BatchResult) -> Iterator[Text]:
    """What was not taken: other kinds counted by their endings, all else by name."""
    kinds = Counter(x.kind for x in result.left_out if x.kind)
    if kinds:
        endings = ", ".join(f"{name} ({count})" if count > 1 else name
                            for name, count in sorted(kinds.items()))  # fmt: skip
        total = sum(kinds.values())
        files = "file" if total == 1 else "files"
        yield Text(f"{total} {files} of other kinds left out: {endings}", style="yellow")
    for one in [x for x in result.left_out if not x.kind][:FAILURES_SHOWN]:
        yield Text(f"{printable(one.path)} {one.reason}", style="yellow")


def _share(rate: float | None) -> str:
    return "-" if rate is None else f"{100 * rate:.1f}"


def _percent(counts: Counts) -> str:
    return "-" if counts.rate is None else f"{100 * counts.rate:.2f}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
