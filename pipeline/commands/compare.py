"""``depesha compare``: two runs over the same documents."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.commands.escapes import printable, say
from pipeline.commands.evaluate import evaluated, pages_of, report_folder, tell_problems
from pipeline.commands.terminal import percent, with_interval
from pipeline.config import Settings
from pipeline.errors import ExitCode
from pipeline.evaluate import Evaluation, as_json, compare_scores
from pipeline.evaluate.summary import Comparison
from pipeline.executors import Interrupts
from pipeline.model import Problem
from pipeline.report import ComparisonContent, Entry, IndexContent, write_comparison, write_index
from pipeline.store import csv_table
from pipeline.text import Level


def compare(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Print which run is better and how sure that is; leave the page that shows it."""
    folder = report_folder(options.second, options, settings)
    entries: tuple[Entry, ...] = ()
    unwritten: tuple[Problem, ...] = ()
    with Interrupts() as interrupts:
        first = evaluated(options.first, options.ground_truth, options, settings, interrupts)
        second = evaluated(options.second, options.ground_truth, options, settings, interrupts)
        if folder is not None:
            entries, unwritten = pages_of(second, folder, settings, interrupts)
    second = replace(
        second, problems=(*second.problems, *unwritten), interrupted=bool(interrupts.count)
    )
    cer = {x: compare_scores(first.scores, second.scores, x) for x in Level}
    wer = {x: compare_scores(first.scores, second.scores, x, words=True) for x in Level}
    if options.json:
        data = {"cer": as_json_by_level(cer), "wer": as_json_by_level(wer)}
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    elif options.csv:
        sys.stdout.write(_csv(cer))
    else:
        _print(cer[options.level], wer[options.level], options)
    if folder is not None:
        _write(folder, options, second, entries, cer, wer, settings)
    for found in (first, second):
        tell_problems(found, options.unpaired)
    for name in cer[options.level].unpaired:
        say(f"{name}: is in one run alone, left out")
    return _exit_code(first, second, cer[options.level])


def as_json_by_level(comparisons: dict[Level, Comparison]) -> dict[str, object]:
    """The comparisons as plain values, by level."""
    return {level.value: as_json(found) for level, found in comparisons.items()}


def _exit_code(first: Evaluation, second: Evaluation, cer: Comparison) -> ExitCode:
    if first.interrupted or second.interrupted:
        return ExitCode.INTERRUPTED
    if not cer.changes:
        return ExitCode.RESULT
    return ExitCode.SOME_FAILED if first.problems or second.problems else ExitCode.OK


def _write(
    folder: Path,
    options: argparse.Namespace,
    second: Evaluation,
    entries: Sequence[Entry],
    cer: dict[Level, Comparison],
    wer: dict[Level, Comparison],
    settings: Settings,
) -> None:
    """The second run's report, and the comparison beside it."""
    language = settings.report.language
    names = _names(options.first, options.second)
    index = IndexContent(
        title=names[1],
        entries=entries,
        summary=second.summary,
        level=options.level,
        problems=second.problems,
        unmatched=second.unmatched,
    )
    write_index(folder, index, language)
    content = ComparisonContent(
        first=names[0],
        second=names[1],
        level=options.level,
        cer=cer,
        wer=wer,
        links={entry.name: entry.key for entry in entries if entry.key},
    )
    path = write_comparison(folder, content, language)
    say(f"report: {path}")


def _names(first: Path, second: Path) -> tuple[str, str]:
    """The runs' names; with their folders' where they are the same."""
    one, two = first.resolve(), second.resolve()
    if one.name != two.name:
        return one.name, two.name
    return f"{one.parent.name}/{one.name}", f"{two.parent.name}/{two.name}"


def _csv(cer: dict[Level, Comparison]) -> str:
    head = ["id", *(f"{m}_{x}" for x in Level for m in ("before", "after", "length", "added"))]
    rows = []
    for changes in zip(*(cer[level].changes for level in Level), strict=True):
        row: list[object] = [changes[0].document_id]
        for x in changes:
            row += [x.before.errors, x.after.errors, x.after.length, x.added]
        rows.append(row)
    return csv_table(head, rows)


def _print(cer: Comparison, wer: Comparison, options: argparse.Namespace) -> None:
    console = Console(width=None if sys.stdout.isatty() else 140)
    table = Table(title=f"Two runs at level {options.level}", title_justify="left")
    for name in ("", "first", "second", "difference", "95 % interval"):
        table.add_column(name)
    for name, found in (("CER", cer), ("WER", wer)):
        between = found.interval
        table.add_row(
            name,
            with_interval(found.first),
            with_interval(found.second),
            percent(found.difference),
            "-" if between is None else f"{between.low:+.2%} to {between.high:+.2%}",
        )
    console.print(table)
    console.print(
        f"{len(cer.changes)} documents: {cer.better} better, {cer.equal} equal, {cer.worse} worse"
    )
    for x in cer.worst:
        console.print(
            f"  worse: {printable(x.document_id)}: {x.before.errors} errors before, "
            f"{x.after.errors} after",
            markup=False,
        )
