"""Many scores together: micro-averages, how sure they are, and whether one run is better.

Documents are the units that are resampled, since the errors of one document hang
together (Efron, Tibshirani 1993, "An Introduction to the Bootstrap"; for error rates,
Bisani, Ney 2004, "Bootstrap estimates for confidence intervals in ASR performance
evaluation"). The seed is fixed: the same data give the same interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

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
from pipeline.evaluate.metrics import ByLevel, Counts, total
from pipeline.evaluate.score import Score, TextReport
from pipeline.text import Level

RESAMPLES = 2000
SEED = 19500514
CONFIDENCE = 0.95
_CELLS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A 95 % interval, ends included; a rate's in 0.0 and up, a difference's signed."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A micro-averaged rate with its interval over ``documents`` documents.

    ``interval`` is ``None`` where fewer than two documents have a reference.
    """

    counts: Counts
    documents: int
    interval: Interval | None

    @property
    def rate(self) -> float | None:
        """Summed errors / summed lengths; ``None`` where there is no reference at all."""
        return self.counts.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one document: its errors in the first and the second run."""

    document_id: str
    before: Counts
    after: Counts

    @property
    def added(self) -> int:
        """Errors more than before; negative is better."""
        return self.after.errors - self.before.errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs over the same documents.

    ``difference`` is the micro-averaged rate of the second run less that of the first
    (negative: the second is better), ``interval`` its 95 % interval, ``None`` below two
    documents. ``changes`` are all documents, by id; ``worst`` up to ten that got worse, the
    worst first. ``unpaired`` are documents that one run alone has; they are not counted.
    """

    first: Rate
    second: Rate
    difference: float | None
    interval: Interval | None
    better: int
    equal: int
    worse: int
    worst: tuple[Change, ...]
    changes: tuple[Change, ...]
    unpaired: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One kind of text (raw or clean) over many documents: micro-averages with intervals."""

    cer: ByLevel[Rate]
    wer: ByLevel[Rate]
    causes: ByLevel[ErrorCauses]
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


def rate_with_interval(counts: Sequence[Counts]) -> Rate:
    """The micro-average of ``counts`` (one for each document) with its bootstrap interval."""
    return Rate(counts=total(counts), documents=len(counts), interval=_interval([counts]))


def compare_runs(first: Mapping[str, Counts], second: Mapping[str, Counts]) -> Comparison:
    """The paired comparison of two runs, each ``{document id: counts}``.

    The same resampled documents are taken from both runs, so that what makes a document
    hard for both cancels out.
    """
    changes = [
        Change(document_id=name, before=first[name], after=second[name])
        for name in sorted(first.keys() & second.keys())
    ]
    before, after = [c.before for c in changes], [c.after for c in changes]
    old, new = rate_with_interval(before), rate_with_interval(after)
    worse = sorted((c for c in changes if c.added > 0), key=lambda c: -c.added)
    known = old.rate is not None and new.rate is not None
    return Comparison(
        first=old,
        second=new,
        difference=new.rate - old.rate if known else None,  # type: ignore[operator]
        interval=_interval([before, after]),
        better=sum(c.added < 0 for c in changes),
        equal=sum(c.added == 0 for c in changes),
        worse=len(worse),
        worst=tuple(worse[:10]),
        changes=tuple(changes),
        unpaired=tuple(sorted(first.keys() ^ second.keys())),
    )


def compare_scores(
    first: Sequence[Score], second: Sequence[Score], level: Level, *, words: bool = False
) -> Comparison:
    """The clean texts of two runs at ``level``, paired by document: CER, or WER (``words``)."""

    def counts(scores: Sequence[Score]) -> dict[str, Counts]:
        chosen = {score.document_id: score.clean.scores for score in scores}
        return {name: (x.wer if words else x.cer).at(level) for name, x in chosen.items()}

    return compare_runs(counts(first), counts(second))


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
        )


def _lean(report: TextReport) -> TextReport:
    return replace(
        report,
        details=ByLevel.of(lambda level: replace(report.details.at(level), confusions=())),
    )


def _interval(runs: Sequence[Sequence[Counts]]) -> Interval | None:
    """Of one run's rate, or of the second run's rate less the first's."""
    if sum(c.length > 0 for c in runs[0]) < 2:
        return None
    errors = np.array([[c.errors for c in run] for run in runs], dtype=np.float64)
    lengths = np.array([[c.length for c in run] for run in runs], dtype=np.float64)
    rates: list[NDArray[np.float64]] = []
    for weights in _resamples(len(runs[0])):
        summed = lengths @ weights
        # A resample of empty references alone has no rate and is left out.
        usable = (summed > 0).all(axis=0)
        rates.append((errors @ weights)[:, usable] / summed[:, usable])
    sampled = np.concatenate(rates, axis=1)
    values = sampled[0] if len(runs) == 1 else sampled[1] - sampled[0]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(low=float(low), high=float(high))


def _resamples(documents: int) -> Iterator[NDArray[np.float64]]:
    """How often each document is drawn, float64 ``(documents, resamples)``, in chunks."""
    generator = np.random.default_rng(SEED)
    chunk = max(1, _CELLS // documents)
    even = np.full(documents, 1 / documents)
    for start in range(0, RESAMPLES, chunk):
        size = min(chunk, RESAMPLES - start)
        yield generator.multinomial(documents, even, size=size).T.astype(np.float64)
