"""From the evaluation's scores to the batch's figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.batch import Figures, LevelFigures, Rate
from pipeline.config import Settings
from pipeline.evaluate import Counts, score_document
from pipeline.evaluate.score import TextReport
from pipeline.evaluate.statistics import rate_with_interval
from pipeline.ground_truth import find_truth
from pipeline.model import Document
from pipeline.text import Level


def score(document: Document, stem: str, folder: Path, settings: Settings) -> Figures | None:
    """The figures of ``document`` against ``stem``'s truth in ``folder``; ``None`` without one.

    Raises:
        TruthError: there is a truth, and it cannot be understood.

    """
    truth = find_truth(stem, folder)
    if truth is None:
        return None
    found = score_document(document, truth, settings.evaluate)
    raw = found.raw or found.clean
    loss = found.body_loss
    return Figures(
        levels=tuple(_at(level, raw, found.clean) for level in Level),
        body_loss=Rate() if loss is None else Rate(errors=loss.dropped, length=loss.length),
    )


def interval(rates: Sequence[Rate]) -> tuple[float, float] | None:
    """The 95 % interval of the micro-average of ``rates``, one per document."""
    counts = [Counts(substitutions=r.errors, length=r.length) for r in rates]
    found = rate_with_interval(counts).interval
    return None if found is None else (found.low, found.high)


def _at(level: Level, raw: TextReport, clean: TextReport) -> LevelFigures:
    return LevelFigures(
        level=level,
        raw_cer=_rate(raw.scores.cer.at(level)),
        raw_wer=_rate(raw.scores.wer.at(level)),
        cer=_rate(clean.scores.cer.at(level)),
        wer=_rate(clean.scores.wer.at(level)),
    )


def _rate(counts: Counts) -> Rate:
    return Rate(errors=counts.errors, length=counts.length)
