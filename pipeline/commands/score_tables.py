"""Scores as tables: for the terminal, and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table

from pipeline.batch import csv_table
from pipeline.batch.table import printable
from pipeline.evaluate import Score, Summary
from pipeline.evaluate.statistics import Rate
from pipeline.text import Level

SHOWN = 40
"""Documents in the table on the terminal; of more, the worst."""

_CAUSES = ("recognition", "kept_noise", "lost_body", "order")


def scores_csv(scores: Iterable[Score]) -> str:
    """One row per document: errors, lengths and rates at each level, as fractions."""
    measures = ("cer", "wer", "cer_raw", "cer_body", "fca", "bag", *_CAUSES)
    head = ["id", "labelled", *(f"{m}_{x}" for x in Level for m in ("errors", "length", *measures))]
    return csv_table([*head, "body_loss"], map(_csv_row, scores))


def _csv_row(score: Score) -> list[object]:
    row: list[object] = [score.document_id, score.labelled]
    for level in Level:
        clean = score.clean
        cer, split = clean.scores.cer.at(level), clean.split.at(level)
        details = clean.details.at(level)
        row += [
            cer.errors,
            cer.length,
            cer.rate,
            clean.scores.wer.at(level).rate,
            score.raw.scores.cer.at(level).rate if score.raw else None,
            score.body.at(level).counts.rate,
            details.flexible.accuracy,
            details.bag.rate,
            *(getattr(split, name) for name in _CAUSES),
        ]
    return [*row, score.body_loss.rate if score.body_loss else None]


def scores_table(all_scores: Sequence[Score], summary: Summary, level: Level) -> Table:
    """A row per document at ``level``, and the whole below."""
    scores = _worst(all_scores, level)
    title = f"Errors at level {level}"
    if len(scores) < len(all_scores):
        title += f"; the worst {len(scores)} of {len(all_scores)} documents"
    table = Table(title=title, title_justify="left")
    table.add_column("document", overflow="fold")
    for name in ("CER raw", "body", "CER", "WER", *(x.replace("_", " ") for x in _CAUSES)):
        table.add_column(name, justify="right")
    for score in scores:
        split = score.clean.split.at(level)
        raw = score.raw.scores.cer.at(level).rate if score.raw else None
        table.add_row(
            printable(score.document_id),
            percent(raw),
            percent(score.body.at(level).counts.rate),
            percent(score.clean.scores.cer.at(level).rate),
            percent(score.clean.scores.wer.at(level).rate),
            *(str(getattr(split, name)) for name in _CAUSES),
        )
    table.add_section()
    table.add_row(
        f"{summary.documents} documents",
        percent(summary.raw.cer.at(level).rate if summary.raw else None),
        percent(summary.body.at(level).rate),
        with_interval(summary.clean.cer.at(level)),
        with_interval(summary.clean.wer.at(level)),
        *(str(getattr(summary.clean.split.at(level), name)) for name in _CAUSES),
        style="bold",
    )
    return table


def _worst(scores: Sequence[Score], level: Level) -> Sequence[Score]:
    if len(scores) <= SHOWN:
        return scores
    return sorted(scores, key=lambda x: -(x.clean.scores.cer.at(level).rate or 0.0))[:SHOWN]


def percent(rate: float | None) -> str:
    """A rate as it is printed; a dash where it is unknown."""
    return "-" if rate is None else f"{rate:.2%}"


def with_interval(rate: Rate) -> str:
    """A rate with its interval, where it has one."""
    if rate.interval is None:
        return percent(rate.rate)
    return f"{percent(rate.rate)} ({rate.interval.low:.2%} to {rate.interval.high:.2%})"
