"""``depesha evaluate``: results against ground truth."""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from pipeline.batch.executors import Interrupts
from pipeline.commands.reporting import (
    make_pairs,
    make_unscored,
    versions_and_settings,
    with_bar,
)
from pipeline.commands.score_tables import scores_csv, scores_table
from pipeline.config import Settings
from pipeline.errors import ExitCode, UsageError
from pipeline.evaluate import Score, Summary, as_json
from pipeline.evaluate.pairs import pair_paths
from pipeline.evaluate.summary import Tally, lean
from pipeline.model import Problem
from pipeline.report import Entry, IndexContent, write_index
from pipeline.text import Level

REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that one evaluation found."""

    scores: tuple[Score, ...]
    summary: Summary
    entries: tuple[Entry, ...] = ()
    unmatched: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    interrupted: bool = False


def evaluate(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Print the rates at ``--level`` (or, as JSON or CSV, at all); leave a report."""
    limit = _limit(options.fail_over)
    folder = report_folder(options.result, options.report, settings)
    found = find_all(options.result, options.truth, folder, settings, whole=options.json)
    if options.json:
        data = {**as_json(_json_of(found)), "summary": as_json(found.summary)}
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    elif options.csv:
        sys.stdout.write(scores_csv(found.scores))
    else:
        width = None if sys.stdout.isatty() else 140
        Console(width=width).print(scores_table(found.scores, found.summary, options.level))
    if folder is not None and found.scores:
        content = _content(options, found, settings)
        path = write_index(folder, content, settings.report.language)
        sys.stderr.write(f"depesha: report: {path}\n")
    tell_problems(found)
    for score in found.scores:
        if most := score.clean.excess.at(options.level):
            words = f"a long text; up to {most} errors may be counted too many"
            sys.stderr.write(f"depesha: {score.document_id}: {words}\n")
    return _exit_code(found, options.level, limit)


def tell_problems(found: Found) -> None:
    """Name on standard error what has no counterpart and what could not be read."""
    for path in found.unmatched:
        sys.stderr.write(f"depesha: {path}: has no counterpart, left out\n")
    for problem in found.problems:
        sys.stderr.write(f"depesha: {problem.message}\n")


def find_all(
    result: Path, truth: Path, folder: Path | None, settings: Settings, *, whole: bool = False
) -> Found:
    """Score all pairs of two paths; pages of documents go into the report's ``folder``.

    Without ``whole`` the scores are without their confusions; the summary has them.

    Raises:
        ResultError: ``result`` is missing, holds no result, or is one file and unreadable.
        TruthError: likewise ``truth``.

    """
    pairing = pair_paths(result, truth)
    tally, scores, entries = Tally(), list[Score](), list[Entry]()
    problems = list(pairing.problems)
    with Interrupts() as interrupts:
        made = make_pairs(pairing.pairs, folder, settings, interrupts)
        for item in with_bar(made, len(pairing.pairs), "Comparing"):
            if item.score is not None:
                tally.add(item.score)
                scores.append(item.score if whole else lean(item.score))
            if item.entry is not None:
                entries.append(item.entry)
            if item.problem is not None:
                problems.append(item.problem)
        if folder is not None:
            rest = make_unscored(pairing.alone, folder, settings, interrupts)
            # What cannot be read is named already: it has no counterpart.
            entries += [item.entry for item in rest if item.entry is not None]
        interrupted = bool(interrupts.count)
    return Found(
        scores=tuple(scores),
        summary=tally.summary(),
        entries=tuple(sorted(entries, key=lambda entry: entry.name)),
        unmatched=pairing.unmatched,
        problems=tuple(problems),
        interrupted=interrupted,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Json:
    scores: tuple[Score, ...]
    unmatched: tuple[str, ...]
    problems: tuple[Problem, ...]


def _json_of(found: Found) -> _Json:
    return _Json(scores=found.scores, unmatched=found.unmatched, problems=found.problems)


def report_folder(result: Path, wanted: Path | None, settings: Settings) -> Path | None:
    """Where the report on ``result`` goes: where it is ``wanted``, else into its folder."""
    if wanted is not None:
        return Path(wanted)
    return result / REPORT if settings.report.write and result.is_dir() else None


def _content(options: argparse.Namespace, found: Found, settings: Settings) -> IndexContent:
    versions, pairs = versions_and_settings(options.result, settings)
    return IndexContent(
        title=options.result.resolve().name,
        entries=found.entries,
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


def _exit_code(found: Found, level: Level, limit: float | None) -> ExitCode:
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
