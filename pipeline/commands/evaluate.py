"""``depesha evaluate``: results against ground truth."""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from pipeline.commands.terminal import progress_bar, scores_csv, scores_table
from pipeline.config import Settings
from pipeline.errors import ExitCode, UsageError
from pipeline.evaluate import Evaluation, as_json, evaluate_paths
from pipeline.executors import Interrupts
from pipeline.model import Problem
from pipeline.report import (
    REPORT,
    Entry,
    IndexContent,
    versions_and_settings,
    write_evaluation,
    write_index,
)
from pipeline.text import Level


def evaluate(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Print the rates at ``--level`` (or, as JSON or CSV, at all); leave a report."""
    limit = _limit(options.fail_over)
    folder = report_folder(options.result, options.report, settings)
    entries: tuple[Entry, ...] = ()
    unwritten: tuple[Problem, ...] = ()
    with Interrupts() as interrupts:
        found = evaluated(
            options.result, options.truth, settings, interrupts, confusions=options.json
        )
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
        width = None if sys.stdout.isatty() else 140
        Console(width=width).print(scores_table(found.scores, found.summary, options.level))
    if folder is not None and found.scores:
        path = write_index(
            folder, _content(options, found, entries, settings), settings.report.language
        )
        sys.stderr.write(f"depesha: report: {path}\n")
    tell_problems(found)
    return _exit_code(found, options.level, limit)


def evaluated(
    result: Path,
    truth: Path,
    settings: Settings,
    interrupts: Interrupts,
    *,
    confusions: bool = False,
) -> Evaluation:
    """All pairs of two paths, scored; as :func:`pipeline.evaluate.evaluate_paths`."""
    with progress_bar(Console(stderr=True), "Comparing") as progress:
        return evaluate_paths(
            result,
            truth,
            settings.evaluate,
            confusions=confusions,
            jobs=settings.batch.jobs,
            progress=progress,
            interrupts=interrupts,
        )


def pages_of(
    found: Evaluation, folder: Path, settings: Settings, interrupts: Interrupts
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The pages of an evaluation, written; their entries, and the problems of those that failed."""
    with progress_bar(Console(stderr=True), "Report") as progress:
        return write_evaluation(folder, found, settings, interrupts, progress)


def tell_problems(found: Evaluation) -> None:
    """Name on standard error what has no counterpart and what could not be read."""
    for path in found.unmatched:
        sys.stderr.write(f"depesha: {path}: has no counterpart, left out\n")
    for problem in found.problems:
        sys.stderr.write(f"depesha: {problem.message}\n")


def report_folder(result: Path, wanted: Path | None, settings: Settings) -> Path | None:
    """Where the report on ``result`` goes: where it is ``wanted``, else into its folder."""
    if wanted is not None:
        return Path(wanted)
    return result / REPORT if settings.report.write and result.is_dir() else None


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
        raise UsageError("--fail-over", f"`{text}` is not a rate; write 0.05 or 5%")
    return float(match[1].replace(",", ".")) / (100 if match[2] else 1)


def _exit_code(found: Evaluation, level: Level, limit: float | None) -> ExitCode:
    if found.interrupted:
        return ExitCode.INTERRUPTED
    if not found.scores:
        codes = {problem.code for problem in found.problems}
        return ExitCode[codes.pop()] if len(codes) == 1 else ExitCode.RESULT
    if found.problems:
        return ExitCode.SOME_FAILED
    counts = found.summary.clean.cer.at(level).counts
    # Without any truth to divide by, any error is over any limit.
    rate = counts.rate if counts.rate is not None else float(counts.errors > 0)
    return ExitCode.OVER_LIMIT if limit is not None and rate > limit else ExitCode.OK
