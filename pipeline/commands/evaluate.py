"""``depesha evaluate``: results against ground truth."""

from __future__ import annotations

import argparse
import json
import sys

from rich.console import Console
from rich.table import Table

from pipeline.config import Settings
from pipeline.errors import ExitCode
from pipeline.evaluate import Evaluation, as_json, evaluate_paths
from pipeline.evaluate.statistics import Rate
from pipeline.text import Level


def evaluate(options: argparse.Namespace, settings: Settings) -> ExitCode:
    """Print the rates at ``--level`` (or, as JSON, at all levels); name what has no match."""
    found = evaluate_paths(options.result, options.truth, settings.evaluate)
    if options.json:
        data = {**as_json(found), "summary": as_json(found.summary)}
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    else:
        width = None if sys.stdout.isatty() else 140
        Console(width=width).print(_table(found, options.level))
    for path in found.unmatched:
        sys.stderr.write(f"depesha: {path}: has no counterpart, left out\n")
    for problem in found.problems:
        sys.stderr.write(f"depesha: {problem.message}\n")
    if found.problems or not found.scores:
        return ExitCode.SOME_FAILED if found.scores else ExitCode.RESULT
    return ExitCode.OK


def _table(found: Evaluation, level: Level) -> Table:
    table = Table(title=f"Errors at level {level}", title_justify="left")
    table.add_column("document", overflow="fold")
    for name in ("CER raw", "CER", "WER", "recognition", "kept noise", "lost body", "order"):
        table.add_column(name, justify="right")
    for score in found.scores:
        split = score.clean.split.at(level)
        raw = score.raw.scores.cer.at(level).rate if score.raw else None
        table.add_row(
            score.document_id,
            _percent(raw),
            _percent(score.clean.scores.cer.at(level).rate),
            _percent(score.clean.scores.wer.at(level).rate),
            *(str(n) for n in (split.recognition, split.kept_noise, split.lost_body, split.order)),
        )
    summary = found.summary
    table.add_section()
    table.add_row(
        f"{summary.documents} documents",
        _percent(summary.raw.cer.at(level).rate if summary.raw else None),
        _with_interval(summary.clean.cer.at(level)),
        _with_interval(summary.clean.wer.at(level)),
        style="bold",
    )
    return table


def _percent(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.2%}"


def _with_interval(rate: Rate) -> str:
    if rate.interval is None:
        return _percent(rate.rate)
    return f"{_percent(rate.rate)} ({rate.interval.low:.2%} to {rate.interval.high:.2%})"
