"""How sure a micro-average is: percentile bootstrap over whole documents.

Documents are the units that are resampled, since the errors of one document hang
together (Efron, Tibshirani 1993, "An Introduction to the Bootstrap"; for error rates,
Bisani, Ney 2004, "Bootstrap estimates for confidence intervals in ASR performance
evaluation"). The seed is fixed: the same data give the same interval.

Percentiles of few documents lie too close together. They are taken further out, as far as
Student's distribution and the resamples' missing spread tell (the expanded percentile interval of
Hesterberg 2015, "What teachers should know about the bootstrap").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan, cos, pi, sin, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluate.metrics import Counts, total

RESAMPLES = 2000
SEED = 19500514
CONFIDENCE = 0.95
_CELLS = 1_000_000
_MORE = 10
"""Times more resamples at most, so that the far percentiles of many comparisons are known."""

_NORMAL = 200
"""Degrees of freedom above which Student's distribution is the normal one."""


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


def rate_with_interval(counts: Sequence[Counts]) -> Rate:
    """The micro-average of ``counts`` (one for each document) with its bootstrap interval."""
    return Rate(counts=total(counts), documents=len(counts), interval=interval_of([counts]))


def interval_of(runs: Sequence[Sequence[Counts]], comparisons: int = 1) -> Interval | None:
    """Of one run's rate, or of the second run's rate less the first's.

    ``comparisons``: how many such intervals are looked at together. All of them hold at once in 95
    of 100 cases (Bonferroni: each is one of ``1 - 0.05 / comparisons``).
    """
    documents = sum(c.length > 0 for c in runs[0])
    if documents < 2:
        return None
    errors = np.array([[c.errors for c in run] for run in runs], dtype=np.float64)
    lengths = np.array([[c.length for c in run] for run in runs], dtype=np.float64)
    rates: list[NDArray[np.float64]] = []
    for weights in _resamples(len(runs[0]), min(comparisons, _MORE) * RESAMPLES):
        summed = lengths @ weights
        # A resample of empty references alone has no rate and is left out.
        usable = (summed > 0).all(axis=0)
        rates.append((errors @ weights)[:, usable] / summed[:, usable])
    sampled = np.concatenate(rates, axis=1)
    values = sampled[0] if len(runs) == 1 else sampled[1] - sampled[0]
    tail = expanded_tail((1 - CONFIDENCE) / comparisons / 2, documents)
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(low=float(low), high=float(high))


def expanded_tail(tail: float, documents: int) -> float:
    """The share to cut off at either end of the resamples, for ``tail`` of the distribution."""
    reach = _student(1 - tail, documents - 1) * sqrt(documents / (documents - 1))
    return NormalDist().cdf(-reach)


@lru_cache(maxsize=256)
def _student(share: float, freedom: int) -> float:
    """The ``share`` quantile (0.5 to 1.0) of Student's distribution with ``freedom`` degrees."""
    if freedom > _NORMAL:
        return NormalDist().inv_cdf(share)
    low, high = 0.0, 1e6
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < 2 * share - 1 else (low, middle)
    return high


def _within(t: float, freedom: int) -> float:
    """The probability of lying within ``t`` of 0 (Abramowitz, Stegun 26.7.3 and 26.7.4)."""
    angle = atan(t / sqrt(freedom))
    odd = freedom % 2
    term = cos(angle) if odd else 1.0
    total_ = term if freedom > 1 else 0.0
    for step in range(2 + odd, freedom, 2):
        term *= cos(angle) ** 2 * (step - 1) / step
        total_ += term
    return (angle + sin(angle) * total_) * 2 / pi if odd else sin(angle) * total_


def _resamples(documents: int, resamples: int) -> Iterator[NDArray[np.float64]]:
    """How often each document is drawn, float64 ``(documents, resamples)``, in chunks."""
    generator = np.random.default_rng(SEED)
    chunk = max(1, _CELLS // documents)
    even = np.full(documents, 1 / documents)
    for start in range(0, resamples, chunk):
        size = min(chunk, resamples - start)
        yield generator.multinomial(documents, even, size=size).T.astype(np.float64)
