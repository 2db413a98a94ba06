"""How sure a micro-average is, with whole documents as the units: their errors hang together.

A **rate** has the studentised bootstrap interval (bootstrap-t; Hall 1988, "Theoretical comparison
of bootstrap confidence intervals"; for clusters Cameron, Gelbach, Miller 2008, "Bootstrap-based
improvements for inference with clustered errors"): documents are drawn anew, and of each draw the
distance from the rate is measured in standard errors of that draw. A few very bad pages make
percentiles of the rate alone far too short. The standard error is that of a ratio (Cochran 1977,
"Sampling techniques", 6.3). The seed is fixed: the same data give the same interval.

A **difference** of two runs over the same documents is nearly symmetric, since what makes a page
hard for both cancels out: Student's interval of it, with the standard error of the paired ratios.
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
_KEPT = 500
"""Documents up to which the resamples are kept: many rates are over the same documents."""

_RIDGE, _FEW = 0.3, 10
"""So much of the variance, by the number of documents (at least so many), is added to that of every
resample: one that draws the same document again and again has none of its own."""

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
    if documents < 2 or not all(sum(c.length for c in run) for run in runs):
        return None
    errors = np.array([[c.errors for c in run] for run in runs], dtype=np.float64)
    lengths = np.array([[c.length for c in run] for run in runs], dtype=np.float64)
    tail = (1 - CONFIDENCE) / comparisons / 2
    if len(runs) == 1:
        return _of_rate(errors[0], lengths[0], documents, tail)
    sums = lengths.sum(axis=1, keepdims=True)
    rates = errors.sum(axis=1, keepdims=True) / sums
    shares = (errors - rates * lengths) / sums
    spread = float(((shares[1] - shares[0]) ** 2).sum())
    reach = _student(1 - tail, documents - 1) * sqrt(spread * documents / (documents - 1))
    difference = float(rates[1, 0] - rates[0, 0])
    return Interval(low=difference - reach, high=difference + reach)


def _of_rate(
    errors: NDArray[np.float64], lengths: NDArray[np.float64], documents: int, tail: float
) -> Interval:
    rate = errors.sum() / lengths.sum()
    variance = ((errors - rate * lengths) ** 2).sum() / lengths.sum() ** 2
    ridge = _RIDGE / max(documents, _FEW)
    if not variance:
        return Interval(low=float(rate), high=float(rate))
    products = np.stack([errors, lengths, errors**2, errors * lengths, lengths**2])
    found: list[NDArray[np.float64]] = []
    for weights in _resamples(len(errors)):
        summed = products @ weights
        # A resample of empty references alone has no rate and is left out.
        e, n, ee, en, nn = summed[:, summed[1] > 0]
        drawn = e / n
        own = np.maximum(ee - 2 * drawn * en + drawn**2 * nn, 0.0) / n**2
        found.append((drawn - rate) / np.sqrt(own + ridge * variance))
    low, high = np.quantile(np.concatenate(found), [tail, 1 - tail])
    # The factors for few documents are the same above and below, and cancel out.
    error = sqrt(variance * (1 + ridge))
    most = max(1.0, float((errors / np.maximum(lengths, 1.0)).max()))
    return Interval(
        low=max(0.0, float(rate - max(0.0, high) * error)),
        high=min(most, float(rate - min(0.0, low) * error)),
    )


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


def _resamples(documents: int) -> Sequence[NDArray[np.float64]] | Iterator[NDArray[np.float64]]:
    """How often each document is drawn, float64 ``(documents, resamples)``, in chunks."""
    return _kept_resamples(documents) if documents <= _KEPT else _drawn(documents)


@lru_cache(maxsize=2)
def _kept_resamples(documents: int) -> tuple[NDArray[np.float64], ...]:
    return tuple(_drawn(documents))


def _drawn(documents: int) -> Iterator[NDArray[np.float64]]:
    generator = np.random.default_rng(SEED)
    chunk = max(1, _CELLS // documents)
    even = np.full(documents, 1 / documents)
    for start in range(0, RESAMPLES, chunk):
        size = min(chunk, RESAMPLES - start)
        yield generator.multinomial(documents, even, size=size).T.astype(np.float64)
