"""Many scores together: micro-averages with intervals, and sums of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pipeline.evaluate.body import BodyMatch
from pipeline.evaluate.body_loss import BodyLoss
from pipeline.evaluate.confidence import (
    Confidence,
    ReliabilityBin,
    ReviewPoint,
    calibration_error,
    reliability,
    review_curve,
)
from pipeline.evaluate.details import Confusion, Details, sorted_confusions
from pipeline.evaluate.error_causes import ErrorCauses
from pipeline.evaluate.metrics import ByLevel, Counts
from pipeline.evaluate.score import Score, TextReport
from pipeline.evaluate.statistics import Rate, rate_with_interval
from pipeline.text import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One kind of text (raw or clean) over many documents: micro-averages with intervals."""

    cer: ByLevel[Rate]
    wer: ByLevel[Rate]
    split: ByLevel[ErrorCauses]
    details: ByLevel[Details]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Many scores together.

    ``raw``, ``body_loss`` and the last four are over the documents that have them; these are
    the confidences' sums and what follows: see :mod:`pipeline.evaluate.confidence`.
    """

    documents: int
    clean: Total
    body: ByLevel[Rate]
    raw: Total | None = None
    body_loss: BodyLoss | None = None
    confidence: Confidence | None = None
    calibration_error: float | None = None
    reliability: tuple[ReliabilityBin, ...] = ()
    review: tuple[ReviewPoint, ...] = ()


def summarise(scores: Iterable[Score]) -> Summary:
    """Micro-averages with bootstrap intervals over the documents, sums of the rest."""
    tally = Tally()
    for score in scores:
        tally.add(score)
    return tally.summary()


def lean(score: Score) -> Score:
    """``score`` without its confusions: these are most of its size."""
    return replace(score, clean=_lean(score.clean), raw=_lean(score.raw) if score.raw else None)


@dataclass(slots=True)
class _Texts:
    """The running sums of one kind of text; of each document only its counts are kept."""

    cer: dict[Level, list[Counts]] = field(default_factory=lambda: {x: [] for x in Level})
    wer: dict[Level, list[Counts]] = field(default_factory=lambda: {x: [] for x in Level})
    split: dict[Level, ErrorCauses] = field(
        default_factory=lambda: dict.fromkeys(Level, ErrorCauses())
    )
    details: dict[Level, Details] = field(default_factory=lambda: dict.fromkeys(Level, Details()))
    confused: dict[Level, Counter[tuple[str, str]]] = field(
        default_factory=lambda: {x: Counter() for x in Level}
    )

    def add(self, report: TextReport) -> None:
        for level in Level:
            self.cer[level].append(report.scores.cer.at(level))
            self.wer[level].append(report.scores.wer.at(level))
            self.split[level] += report.split.at(level)
            found = report.details.at(level)
            self.details[level] += replace(found, confusions=())
            confused = self.confused[level]
            for x in found.confusions:
                confused[x.true, x.read] += x.count

    def total(self) -> Total:
        return Total(
            cer=ByLevel.of(lambda level: rate_with_interval(self.cer[level])),
            wer=ByLevel.of(lambda level: rate_with_interval(self.wer[level])),
            split=ByLevel.of(lambda level: self.split[level]),
            details=ByLevel.of(
                lambda level: replace(self.details[level], confusions=self._confusions(level))
            ),
        )

    def _confusions(self, level: Level) -> tuple[Confusion, ...]:
        return sorted_confusions(self.confused[level])


@dataclass(slots=True)
class Tally:
    """Scores summed up one by one, so that many documents need little memory."""

    documents: int = 0
    clean: _Texts = field(default_factory=_Texts)
    raw: _Texts = field(default_factory=_Texts)
    body: dict[Level, list[BodyMatch]] = field(default_factory=lambda: {x: [] for x in Level})
    loss: BodyLoss | None = None
    confidence: Confidence | None = None

    def add(self, score: Score) -> None:
        """Count ``score`` in."""
        self.documents += 1
        self.clean.add(score.clean)
        if score.raw is not None:
            self.raw.add(score.raw)
        for level in Level:
            self.body[level].append(score.body.at(level))
        if score.body_loss is not None:
            self.loss = (self.loss or BodyLoss()) + score.body_loss
        if score.confidence is not None:
            self.confidence = (self.confidence or Confidence()) + score.confidence

    def summary(self) -> Summary:
        """All that was counted in."""
        sure = self.confidence
        return Summary(
            documents=self.documents,
            clean=self.clean.total(),
            body=ByLevel.of(lambda level: rate_with_interval([x.counts for x in self.body[level]])),
            raw=self.raw.total() if self.raw.cer[Level.STRICT] else None,
            body_loss=self.loss,
            confidence=sure,
            calibration_error=calibration_error(sure) if sure else None,
            reliability=reliability(sure) if sure else (),
            review=review_curve(sure) if sure else (),
        )


def _lean(report: TextReport) -> TextReport:
    return replace(
        report,
        details=ByLevel.of(lambda level: replace(report.details.at(level), confusions=())),
    )
