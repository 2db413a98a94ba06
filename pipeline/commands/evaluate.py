"""``depesha evaluate``: results against ground truth."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from pipeline.commands.escapes import say
from pipeline.commands.terminal import (
    progress_bar,
    scopes_table,
    scores_csv,
    scores_table,
    summary_lines,
)
from pipeline.config import Settings
from pipeline.errors import ExitCode, UsageError
from pipeline.evaluate import Evaluation, as_json
from pipeline.evaluate.pairs import Pairing, pair_paths, told
from pipeline.evaluate.paths import evaluate_pairs, filled
from pipeline.executors import Interrupts
from pipeline.model import Problem
from pipeline.report import (
    EVALUATION,
    REPORT,
    Entry,
    IndexContent,
    versions_and_settings,
    write_evaluation,
    write_index,
)
from pipeline.review import with_decisions_near
from pipeline.store import result_folders
from pipeline.text import Level

_DOUBTS = 3
"""Names of which it is not clear what they belong to that are told."""


def evaluate(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Print the rates at ``--level`` (or, as JSON or CSV, at all); leave a report."""
    limit = _limit(options.fail_over)
    folder = report_folder(options.result, options, settings)
    entries: tuple[Entry, ...] = ()
    unwritten: tuple[Problem, ...] = ()
    with Interrupts() as interrupts:
        found = evaluated(options.result, options.truth, options, settings, interrupts)
        if folder is not None and found.scores:
            entries, unwritten = pages_of(found, folder, settings, interrupts)
    found = replace(
        found, problems=(*found.problems, *unwritten), interrupted=bool(interrupts.count)
    )
    if options.json:
        names = ("scores", "unmatched", "problems", "summary")
        data = {name: as_json(getattr(found, name)) for name in names}
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    elif options.csv:
        sys.stdout.write(scores_csv(found.scores))
    else:
        _print(found, options.level)
    if folder is not None and found.scores:
        path = write_index(
            folder, _content(options, found, entries, settings), settings.report.language
        )
        say(f"report: {path}")
    tell_problems(found, options.unpaired)
    if not found.scores:
        say("nothing was compared")
    return _exit_code(found, options, limit)


def _print(found: Evaluation, level: Level) -> None:
    if not found.scores:
        return
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(scores_table(found.scores, found.summary, level))
    table = scopes_table(found.summary, level)
    if table is not None:
        console.print(table)
    for line in summary_lines(found.summary, level):
        console.print(line, markup=False, highlight=False)


def evaluated(
    result: Path,
    truth: Path,
    options: argparse.Namespace,
    settings: Settings,
    interrupts: Interrupts,
) -> Evaluation:
    """All pairs of two paths, scored; as :func:`pipeline.evaluate.evaluate_paths`."""
    pairing = pair_paths(result, truth, options.pairs)
    if options.unpaired == "empty":
        pairing = filled(pairing, truth)
    with progress_bar(Console(stderr=True), "Comparing") as progress:
        return evaluate_pairs(
            pairing,
            settings.evaluate,
            confusions=options.json,
            jobs=settings.batch.jobs,
            progress=progress,
            interrupts=interrupts,
            revise=None if options.as_read else with_decisions_near,
        )


def pages_of(
    found: Evaluation, folder: Path, settings: Settings, interrupts: Interrupts
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The pages of an evaluation, written; their entries, and the problems of those that failed."""
    with progress_bar(Console(stderr=True), "Report") as progress:
        return write_evaluation(folder, found, settings, interrupts, progress)


def tell_problems(found: Evaluation, unpaired: str) -> None:
    """Say on standard error what was in no pair, and what could not be read."""
    for line in _left_out(found.pairing, each=unpaired == "list"):
        say(line)
    for problem in found.problems:
        say(problem.message)


def _left_out(pairing: Pairing, *, each: bool) -> Iterator[str]:
    """What was in no pair: a line for each reason, or (``each``) for each path."""
    kinds = (
        (pairing.alone, "without a truth", "result"),
        (pairing.unread, "without a result", "truth"),
        (pairing.doubled, "that another format of the same name holds too", "result"),
    )
    for paths, why, what in kinds:
        if each:
            yield from (f"{path}: a {what} {why}, left out" for path in paths)
        elif len(paths) == 1:
            yield f"{paths[0]}: a {what} {why}, left out"
        elif paths:
            yield f"{len(paths):,} {what}s {why}, left out: {told(paths)}"
    doubts = [
        f"{told(x.results, 5)} could belong to {told(x.truths, 5)}: it is not clear which, left out"
        for x in pairing.doubts
    ]
    yield from doubts if each else doubts[:_DOUBTS]
    if not each and len(doubts) > _DOUBTS:
        yield f"{len(doubts) - _DOUBTS:,} more such names; --unpaired list says them all"


def report_folder(result: Path, options: argparse.Namespace, settings: Settings) -> Path | None:
    """Where the report on ``result`` goes: where it is wanted, else into the folder of a run.

    A folder of another program's results is somebody's own: nothing is left there unasked.
    """
    if options.report is not None:
        return Path(options.report)
    wanted = settings.report.write and not options.no_report
    is_run = wanted and result.is_dir() and next(result_folders(result), None) is not None
    return result / REPORT / EVALUATION if is_run else None


def _content(
    options: argparse.Namespace,
    found: Evaluation,
    entries: tuple[Entry, ...],
    settings: Settings,
) -> IndexContent:
    versions, pairs = versions_and_settings(options.result, settings)
    return IndexContent(
        title=options.result.resolve().name,
        entries=entries,
        summary=found.summary,
        level=options.level,
        problems=found.problems,
        unmatched=found.unmatched,
        settings=pairs,
        versions=versions,
    )


def _limit(text: str | None) -> float | None:
    if text is None:
        return None
    match = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(%?)", text.strip())
    if match is None:
        raise UsageError("--fail-over", f"`{text}` is not a rate; write 5% or 0.05")
    value = float(match[1].replace(",", "."))
    if value > 1 and not match[2]:
        # As a share it would be over 100 %: surely a per cent sign was left out.
        raise UsageError("--fail-over", f"is `{text}` {text} %? Write {text}%, or {value / 100:g}")
    return value / (100 if match[2] else 1)


def _exit_code(found: Evaluation, options: argparse.Namespace, limit: float | None) -> ExitCode:
    if found.interrupted:
        return ExitCode.INTERRUPTED
    if options.unpaired == "fail" and found.unmatched:
        return ExitCode.TRUTH
    if not found.scores:
        codes = {problem.code for problem in found.problems}
        return ExitCode[codes.pop()] if len(codes) == 1 else ExitCode.RESULT
    if found.problems:
        return ExitCode.SOME_FAILED
    counts = found.summary.clean.cer.at(options.level).counts
    # Without any truth to divide by, any error is over any limit.
    rate = counts.rate if counts.rate is not None else float(counts.errors > 0)
    return ExitCode.OVER_LIMIT if limit is not None and rate > limit else ExitCode.OK
