"""How sure a rate is, and whether one run is better than another.

Documents are the units that are resampled, since the errors of one document hang
together (Efron, Tibshirani 1993, "An Introduction to the Bootstrap"; for error rates,
Bisani, Ney 2004, "Bootstrap estimates for confidence intervals in ASR performance
evaluation"). The seed is fixed: the same data give the same interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluate.metrics import Counts, total

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
