"""The typewriter's pitch and leading, measured; and how well letters stand on its grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.layout.baselines import Baseline
from pipeline.layout.page_components import PageComponents

_NARROWEST, _WIDEST = 0.8, 2.2
"""In x-heights: typewriters have about 0.95 (12 to the inch, clogged) to 1.6 (10 to the inch)."""

_LEAST_LETTERS = 8
_REACH = 25
"""Letters: over a longer run a warped page is out of step with itself."""

_TYPED = 0.6
"""Agreement (0-1) of a run of letters that are typed."""

_LEAST_RUNS = 2


def measure_pitch(components: PageComponents, baselines: Sequence[Baseline]) -> float | None:
    """The pitch in pixels; ``None`` where the type has none (print, handwriting), or is little.

    The pitch is the period at which the letters of the lines stand most regularly: the
    largest mean square of :func:`grid_fit` over runs of letters, weighted by their
    numbers. The square lets the typed lines speak where a form has many printed ones.
    """
    runs = [run for baseline in baselines for run in _runs(_middles(components, baseline.letters))]
    if not runs:
        return None
    unit = components.x_height
    agreement = _Agreement.of(runs)
    coarse = np.arange(_NARROWEST * unit, _WIDEST * unit, 0.01 * unit)
    best = float(coarse[int(np.argmax([agreement.at(p) for p in coarse]))])
    fine = np.linspace(best - 0.012 * unit, best + 0.012 * unit, 25)
    scores = [agreement.at(p) for p in fine]
    place = int(np.argmax(scores))
    typed = sum(grid_fit(run, float(fine[place]))[0] >= _TYPED for run in runs)
    return float(fine[place]) if typed >= min(_LEAST_RUNS, len(runs)) else None


def measure_leading(baselines: Sequence[Baseline], x: float) -> float | None:
    """The usual distance between neighbouring lines at ``x``, pixels; ``None`` for one line."""
    ys = np.sort([baseline.height(x) for baseline in baselines])
    return float(np.median(np.diff(ys))) if len(ys) > 1 else None


def grid_fit(xs: NDArray[np.float64], pitch: float) -> tuple[float, float]:
    """How regularly ``xs`` (pixels) stand at ``pitch``: agreement 0.0-1.0, and phase in cells.

    Agreement is the length of the mean of the unit vectors of their phases (Rayleigh's
    statistic): 1.0 where all stand alike in their cells, about 1/sqrt(n) by chance.
    """
    if not len(xs):
        return 0.0, 0.0
    mean = complex(np.exp(2j * np.pi * xs / pitch).mean())
    return abs(mean), float(np.angle(mean) / (2 * np.pi))


def _middles(components: PageComponents, letters: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.sort(components.middles[letters, 0])


def _runs(xs: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    pieces = [xs[start : start + _REACH] for start in range(0, len(xs), _REACH)]
    return [piece for piece in pieces if len(piece) >= _LEAST_LETTERS]


@dataclass(frozen=True, slots=True, eq=False)
class _Agreement:
    """How regularly the letters of runs stand, over all of them, at any pitch.

    ``turns`` complex128 ``(N,)``: where the letters are, as exponents; ``starts`` and ``lengths``
    of the runs among them.
    """

    turns: NDArray[np.complex128]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, runs: Sequence[NDArray[np.float64]]) -> _Agreement:
        lengths = np.array([len(run) for run in runs])
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        return cls(
            turns=np.asarray(2j * np.pi * np.concatenate(runs), np.complex128),
            starts=starts,
            lengths=lengths,
        )

    def at(self, pitch: float) -> float:
        """The mean square of the runs' agreement, by their numbers of letters: 0.0 to 1.0."""
        sums = np.add.reduceat(np.exp(self.turns / pitch), self.starts)
        return float(np.average(np.square(np.abs(sums) / self.lengths), weights=self.lengths))
