"""Many scores together: micro-averages with intervals over documents, and sums of the rest."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TypeVar

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
from pipeline.evaluate.details import Confusion, Details, Share, sorted_confusions
from pipeline.evaluate.error_causes import ErrorCauses
from pipeline.evaluate.field_scores import FieldCounts, add_fields, all_fields
from pipeline.evaluate.filing import Filing
from pipeline.evaluate.intervals import Interval, Rate, interval_of, rate_with_interval
from pipeline.evaluate.keyed import KeyedCounts
from pipeline.evaluate.kinds_read import LinesFound
from pipeline.evaluate.metrics import ByLevel, Counts
from pipeline.evaluate.scopes import Scope, at_scope
from pipeline.evaluate.score import Score, TextReport
from pipeline.model import LineKind
from pipeline.text import Level

_Sum = TypeVar("_Sum", LinesFound, KeyedCounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One kind of text (raw or clean) over many documents: micro-averages with intervals."""

    cer: ByLevel[Rate]
    wer: ByLevel[Rate]
    causes: ByLevel[ErrorCauses]
    details: ByLevel[Details]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeRates:
    """One scope at one level over many documents; see :mod:`pipeline.evaluate.scopes`.

    ``filed`` and ``read`` are over the documents that have them, and ``None`` where none has.
    """

    scope: Scope
    level: Level
    filed: Rate | None
    read: Rate | None
    digits: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Many scores together.

    ``labelled`` documents have a truth that labels its lines. ``compared`` says which kinds of
    lines were compared in how many documents, most documents first; no kinds: all with all.
    ``raw``, ``body_loss`` and the last four are over the documents that have them; these are
    the confidences' sums and what follows: see :mod:`pipeline.evaluate.confidence`.
    """

    documents: int
    clean: Total
    body: ByLevel[Rate]
    labelled: int = 0
    compared: tuple[tuple[tuple[LineKind, ...], int], ...] = ()
    raw: Total | None = None
    body_loss: BodyLoss | None = None
    confidence: Confidence | None = None
    calibration_error: float | None = None
    reliability: tuple[ReliabilityBin, ...] = ()
    review: tuple[ReviewPoint, ...] = ()
    scopes: tuple[ScopeRates, ...] = ()
    filing: Filing = field(default_factory=Filing)
    kinds_read: tuple[tuple[LineKind, Rate], ...] = ()
    lines_found: LinesFound | None = None
    fields: tuple[FieldCounts, ...] = ()
    fields_f1: Interval | None = None
    keyed: KeyedCounts | None = None
    keyed_interval: Interval | None = None


def summarise(scores: Iterable[Score]) -> Summary:
    """Micro-averages with bootstrap intervals over the documents, sums of the rest."""
    tally = Tally()
    for score in scores:
        tally.add(score)
    return tally.summary()


def bare(score: Score) -> Score:
    """``score`` with its counts alone, no longer with its two texts' reports: very small."""
    empty = TextReport(
        scores=score.clean.scores,
        causes=ByLevel.of(lambda _: ErrorCauses()),
        details=ByLevel.of(lambda _: Details()),
    )
    return replace(score, clean=empty, raw=None, confidence=None)


def lean(score: Score) -> Score:
    """``score`` without its confusions: these are most of its size."""
    return replace(score, clean=_lean(score.clean), raw=_lean(score.raw) if score.raw else None)


@dataclass(slots=True)
class _Texts:
    """The running sums of one kind of text; of each document only its counts are kept."""

    cer: dict[Level, list[Counts]] = field(default_factory=lambda: {x: [] for x in Level})
    wer: dict[Level, list[Counts]] = field(default_factory=lambda: {x: [] for x in Level})
    causes: dict[Level, ErrorCauses] = field(
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
            self.causes[level] += report.causes.at(level)
            found = report.details.at(level)
            self.details[level] += replace(found, confusions=())
            confused = self.confused[level]
            for x in found.confusions:
                confused[x.true, x.read] += x.count

    def total(self) -> Total:
        return Total(
            cer=ByLevel.of(lambda level: rate_with_interval(self.cer[level])),
            wer=ByLevel.of(lambda level: rate_with_interval(self.wer[level])),
            causes=ByLevel.of(lambda level: self.causes[level]),
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
    more: list[Score] = field(default_factory=list)

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
        self.more.append(bare(score))

    def summary(self) -> Summary:
        """All that was counted in."""
        confidence = self.confidence
        return Summary(
            documents=self.documents,
            clean=self.clean.total(),
            body=ByLevel.of(lambda level: rate_with_interval([x.counts for x in self.body[level]])),
            raw=self.raw.total() if self.raw.cer[Level.STRICT] else None,
            body_loss=self.loss,
            confidence=confidence,
            calibration_error=calibration_error(confidence) if confidence else None,
            reliability=reliability(confidence) if confidence else (),
            review=review_curve(confidence) if confidence else (),
            labelled=sum(x.labelled for x in self.more),
            compared=tuple(Counter(x.kinds for x in self.more).most_common()),
            scopes=_scopes(self.more),
            filing=sum((x.filing for x in self.more), Filing()),
            kinds_read=_kinds_read(self.more),
            lines_found=_summed(x.lines_found for x in self.more),
            fields=add_fields(*(x.fields for x in self.more)),
            fields_f1=_f1_interval(self.more),
            keyed=_summed(x.keyed for x in self.more),
            keyed_interval=_keyed_interval(self.more),
        )


def _summed(values: Iterable[_Sum | None]) -> _Sum | None:
    known = [value for value in values if value is not None]
    return reduce(operator.add, known) if known else None


def _scopes(scores: Sequence[Score]) -> tuple[ScopeRates, ...]:
    made: list[ScopeRates] = []
    for scope in Scope:
        for level in Level:
            found = [at_scope(score.scopes, scope, level) for score in scores]
            some = [x for x in found if x is not None]
            if not some:
                continue
            filed = [x.filed for x in some if x.filed is not None]
            read = [x.read for x in some if x.read is not None]
            right, digits = sum(x.digits_right for x in some), sum(x.digits for x in some)
            made.append(
                ScopeRates(
                    scope=scope,
                    level=level,
                    filed=rate_with_interval(filed) if filed else None,
                    read=rate_with_interval(read) if read else None,
                    digits=Share(count=right, total=digits),
                )
            )
    return tuple(made)


def _kinds_read(scores: Sequence[Score]) -> tuple[tuple[LineKind, Rate], ...]:
    found = [dict(score.kinds_read) for score in scores]
    return tuple(
        (kind, rate_with_interval([x[kind] for x in found if kind in x]))
        for kind in LineKind
        if any(kind in x for x in found)
    )


def _f1_interval(scores: Sequence[Score]) -> Interval | None:
    counts = [all_fields(x.fields).counts for x in scores if x.fields]
    wrong = interval_of([counts]) if counts else None
    return None if wrong is None else Interval(low=1 - wrong.high, high=1 - wrong.low)


def _keyed_interval(scores: Sequence[Score]) -> Interval | None:
    known = [x.keyed for x in scores if x.keyed is not None]
    counts = [Counts(substitutions=x.errors, length=x.length) for x in known]
    return interval_of([counts]) if counts else None


def _lean(report: TextReport) -> TextReport:
    return replace(
        report,
        details=ByLevel.of(lambda level: replace(report.details.at(level), confusions=())),
    )
