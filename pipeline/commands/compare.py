"""``depesha compare``: two runs or more over the same documents."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.commands.escapes import counted, printable, say
from pipeline.commands.evaluate import evaluated, pages_of, report_folder, tell_problems
from pipeline.commands.terminal import with_interval
from pipeline.config import Settings
from pipeline.errors import ExitCode
from pipeline.evaluate import Evaluation, Score, as_json, compare_scores
from pipeline.evaluate.comparison import (
    Comparison,
    Contest,
    compare_by,
    contests,
    fair_figure,
)
from pipeline.executors import Interrupts
from pipeline.model import Problem
from pipeline.report import ComparisonContent, Entry, IndexContent, write_comparison, write_index
from pipeline.store import csv_table
from pipeline.text import Level


def compare(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Print which run is better and how sure that is; leave the page that shows it.

    The report is the second run's.
    """
    folder = report_folder(options.second, options, settings)
    paths = (options.first, options.second, *options.more)
    entries: tuple[Entry, ...] = ()
    unwritten: tuple[Problem, ...] = ()
    with Interrupts() as interrupts:
        found = [
            evaluated(path, options.ground_truth, options, settings, interrupts) for path in paths
        ]
        if folder is not None:
            entries, unwritten = pages_of(found[1], folder, settings, interrupts)
    stopped = bool(interrupts.count)
    found[1] = replace(found[1], problems=(*found[1].problems, *unwritten), interrupted=stopped)
    runs = [x.scores for x in found]
    cer = {x: compare_scores(runs[0], runs[1], x) for x in Level}
    wer = {x: compare_scores(runs[0], runs[1], x, words=True) for x in Level}
    everything = {x: contests(runs, x) for x in Level}
    figure = fair_figure(runs)
    fair = {x: tuple(compare_by(runs[0], y, figure, x) for y in runs[1:]) for x in Level}
    names = run_names(paths)
    if options.json:
        data = {
            "runs": names,
            "cer": as_json_by_level(cer),
            "wer": as_json_by_level(wer),
            "contests": {level.value: as_json(some) for level, some in everything.items()},
        }
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    elif options.csv:
        sys.stdout.write(_csv(cer) if len(paths) == 2 else _csv_of_all(runs, names))
    else:
        _print(everything[options.level], names, cer[options.level], options)
    if folder is not None:
        content = ComparisonContent(
            level=options.level,
            figure=figure,
            fair=fair,
            cer=cer,
            wer=wer,
            runs=names,
            contests=everything,
            links={entry.name: entry.key for entry in entries if entry.key},
        )
        _write(folder, found[1], entries, content, settings)
    for some in found:
        tell_problems(some, options.unpaired)
    alone = _alone(runs)
    if alone and options.unpaired == "list":
        for name in alone:
            say(f"{name}: is not in all runs, left out")
    elif alone:
        names_ = ", ".join(alone[:3]) + (" ..." if len(alone) > 3 else "")
        say(f"not in all runs, left out ({len(alone):,}): {names_}")
    return _exit_code(found, cer[options.level])


def _alone(runs: Sequence[Sequence[Score]]) -> list[str]:
    """Documents that some runs have and others lack, sorted."""
    ids: list[set[str]] = [{score.document_id for score in run} for run in runs]
    return sorted(set[str]().union(*ids) - ids[0].intersection(*ids))


def as_json_by_level(comparisons: dict[Level, Comparison]) -> dict[str, object]:
    """The comparisons as plain values, by level."""
    return {level.value: as_json(found) for level, found in comparisons.items()}


def _exit_code(found: Sequence[Evaluation], cer: Comparison) -> ExitCode:
    if any(x.interrupted for x in found):
        return ExitCode.INTERRUPTED
    if not cer.changes:
        return ExitCode.RESULT
    return ExitCode.SOME_FAILED if any(x.problems for x in found) else ExitCode.OK


def _write(
    folder: Path,
    second: Evaluation,
    entries: Sequence[Entry],
    content: ComparisonContent,
    settings: Settings,
) -> None:
    """The second run's report, and the comparison beside it."""
    language = settings.report.language
    index = IndexContent(
        title=content.runs[1],
        entries=entries,
        summary=second.summary,
        level=content.level,
        problems=second.problems,
        unmatched=second.unmatched,
    )
    write_index(folder, index, language)
    path = write_comparison(folder, content, language)
    say(f"report: {path}")


def run_names(paths: Sequence[Path]) -> list[str]:
    """The runs' names: as much of the ends of their paths as tells them apart."""
    parts = [path.resolve().parts for path in paths]
    for size in range(1, max(map(len, parts)) + 1):
        names = ["/".join(x[-size:]) for x in parts]
        if len(set(names)) == len(set(parts)):
            return names
    return [str(path) for path in paths]


def _csv_of_all(runs: Sequence[Sequence[Score]], names: Sequence[str]) -> str:
    """A row for each document that all runs have: errors of each, and length, by level."""
    by_name = [{score.document_id: score.clean.scores.cer for score in run} for run in runs]
    shared = sorted(set.intersection(*(set(x) for x in by_name)))
    head = ["id", *(f"{name}_{x}" for x in Level for name in (*names, "length"))]
    rows = [
        [
            name,
            *(
                value
                for level in Level
                for value in (
                    *(found[name].at(level).errors for found in by_name),
                    by_name[0][name].at(level).length,
                )
            ),
        ]
        for name in shared
    ]
    return csv_table(head, rows)


def _csv(cer: dict[Level, Comparison]) -> str:
    head = ["id", *(f"{m}_{x}" for x in Level for m in ("before", "after", "length", "added"))]
    rows = []
    for changes in zip(*(cer[level].changes for level in Level), strict=True):
        row: list[object] = [changes[0].document_id]
        for x in changes:
            row += [x.before.errors, x.after.errors, x.after.length, x.added]
        rows.append(row)
    return csv_table(head, rows)


_WORDS = {"read": "as read", "filed": "as filed"}


def figure_words(figure: str) -> str:
    """A figure's name for the terminal: ``document, as read``; ``CER, as each run gives it``."""
    way, _, scope = figure.partition("_")
    return f"{scope}, {_WORDS[way]}" if scope else f"{figure.upper()}, as each run gives it"


def _print(
    found: Sequence[Contest],
    names: Sequence[str],
    cer: Comparison,
    options: argparse.Namespace,
) -> None:
    console = Console(width=None if sys.stdout.isatty() else 140)
    if not found:
        console.print("Nothing to compare: the runs share no document that has a truth.")
        return
    rates = Table(title=f"Error rates at level {options.level}", title_justify="left")
    rates.add_column("")
    rates.add_column("documents", justify="right")
    for name in names:
        rates.add_column(printable(name), overflow="fold")
    duels = Table(title=_title(len(names)), title_justify="left")
    for name in ("", "runs", "difference", "interval", "better", "equal", "worse"):
        duels.add_column(name)
    for one in found:
        words = figure_words(one.figure)
        rates.add_row(words, str(one.documents), *map(with_interval, one.rates))
        for duel in one.duels:
            between = duel.interval
            duels.add_row(
                words,
                f"{printable(names[duel.first])} → {printable(names[duel.second])}",
                "-" if duel.difference is None else f"{duel.difference:+.2%}",
                "-" if between is None else f"{between.low:+.2%} to {between.high:+.2%}",
                *map(str, (duel.better, duel.equal, duel.worse)),
            )
    console.print(rates)
    console.print(duels)
    console.print(
        f"{counted(len(cer.changes), 'document')}: {cer.better} better, "
        f"{cer.equal} equal, {cer.worse} worse"
    )
    for x in cer.worst:
        console.print(
            f"  worse: {printable(x.document_id)}: {x.before.errors} errors before, "
            f"{x.after.errors} after",
            markup=False,
        )


def _title(runs: int) -> str:
    pairs = runs * (runs - 1) // 2
    if pairs == 1:
        return "Differences, with 95 % intervals over documents"
    return f"Differences; all {pairs} intervals of a row hold together in 95 % (Bonferroni)"
