"""How the lines of a page bend, as one smooth field over the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.layout.page_components import PageComponents

_KNOTS, _ROWS = 9, 3
"""Splines across the page, and powers of the height down the page: a binding bends lines
sharply within a few centimetres, and all of them much alike."""

_LAGS = (1, 2, 4, 7)
"""Letters of a fragment are compared with these that follow."""

_LEAST_CHAIN, _LEAST_PAIRS = 6, 200

_STIFF = 0.001
"""How much smoothness counts beside what the letters say."""

_BEND = 0.6
"""In x-heights: lines that rise or fall by less are level enough for a parabola each."""

_PASSES, _TURNS = 6, 8

_PART = 256
"""Pairs that are worked on together: larger products BLAS shares out to threads, which wait for
each other longer than they work."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """By how much the page lies below where it would lie if its lines were level.

    ``weights`` float64 ``(knots, rows)`` of B-splines in x and powers in y; ``width`` and
    ``height`` are the page's, in pixels.
    """

    weights: NDArray[np.float64]
    width: int
    height: int

    def drop(self, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels by which the page at ``(xs, ys)`` lies below level."""
        return np.asarray(np.einsum("nk,kr,nr->n", *self._terms(xs, ys)), dtype=np.float64)

    def _terms(
        self, xs: NDArray[np.float64], ys: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        return _splines(xs / self.width), self.weights, _powers(ys / self.height)

    def levelled(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """``points`` (``(N, 2)``: x, y) with the height each would have were lines level."""
        flat = points.copy()
        flat[:, 1] -= self.drop(points[:, 0], points[:, 1])
        return flat

    def bent(self, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.float64]:
        """The heights on the page of the levelled ``(xs, ys)``: the way back."""
        heights = ys
        for _ in range(_TURNS):
            heights = ys + self.drop(xs, heights)
        return heights


def find_level(components: PageComponents, chains: Sequence[NDArray[np.int64]]) -> Level | None:
    """How the lines of a page bend, from its ``chains``; ``None`` where they hardly do.

    Neighbouring letters of a fragment say how steep the page is where they stand. The field
    that fits them best is a spline across and a parabola down the page (least squares,
    outliers weighed down: letters with heads and tails).
    """
    height, width = components.labels.shape
    middles = components.middles
    first, second = _pairs(chains)
    if len(first) < _LEAST_PAIRS:
        return None
    (x0, y0), (x1, y1) = middles[first].T, middles[second].T
    terms = _products(x1 / width, y1 / height) - _products(x0 / width, y0 / height)
    rises = y1 - y0
    solution = _solve(terms, rises, components.x_height)
    level = Level(weights=solution.reshape(_KNOTS, _ROWS), width=width, height=height)
    letters = middles[np.concatenate(list(chains))]
    return level if _bend(level, letters) > _BEND * components.x_height else None


def _pairs(chains: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    first: list[NDArray[np.int64]] = []
    second: list[NDArray[np.int64]] = []
    for chain in chains:
        if len(chain) < _LEAST_CHAIN:
            continue
        for lag in _LAGS:
            first.append(chain[:-lag])
            second.append(chain[lag:])
    empty = np.zeros(0, np.int64)
    return np.concatenate([empty, *first]), np.concatenate([empty, *second])


def _solve(
    terms: NDArray[np.float64], rises: NDArray[np.float64], unit: float
) -> NDArray[np.float64]:
    """The weights that explain ``rises``, by least squares with outliers weighed down."""
    # Normal equations: some 27 unknowns, thousands of pairs.
    count, unknown = terms.shape
    smooth = _stiffness()
    base = _STIFF * count * smooth.T @ smooth + 1e-4 * count * np.eye(unknown)
    weight = np.ones(count)
    solution = np.zeros(unknown)
    parts = [slice(start, start + _PART) for start in range(0, count, _PART)]
    for _ in range(_PASSES):
        weighted = terms * weight[:, None]
        normal, right = np.zeros_like(base), np.zeros(unknown)
        for part in parts:
            normal += weighted[part].T @ terms[part]
            right += weighted[part].T @ rises[part]
        solution = np.linalg.solve(base + normal, right)
        off = np.abs(rises - np.concatenate([terms[part] @ solution for part in parts]))
        off /= 0.15 * unit
        weight = 1.0 / (1.0 + np.square(off))
    return np.asarray(solution, dtype=np.float64)


def _stiffness() -> NDArray[np.float64]:
    """Second differences of the splines' weights, for each power of the height."""
    second = np.diff(np.eye(_KNOTS), n=2, axis=0)
    return np.asarray(np.kron(second, np.eye(_ROWS)), dtype=np.float64)


def _bend(level: Level, letters: NDArray[np.float64]) -> float:
    """By how many pixels lines rise or fall where letters stand, at the most."""
    left, right = np.percentile(letters[:, 0], (1, 99))
    xs = np.linspace(left, right, 40)
    heights = np.percentile(letters[:, 1], (5, 25, 50, 75, 95))
    return max(float(np.ptp(level.drop(xs, np.full(len(xs), y)))) for y in heights)


def _splines(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """``(N, knots)``: cubic B-splines with even knots, at ``places`` (0.0-1.0)."""
    at = np.clip(places, 0.0, 1.0) * (_KNOTS - 3)
    apart = np.abs(at[:, None] - (np.arange(_KNOTS) - 1.0)[None, :])
    near = 2.0 / 3.0 - np.square(apart) + apart**3 / 2.0
    far = np.maximum(2.0 - apart, 0.0) ** 3 / 6.0
    return np.asarray(np.where(apart < 1.0, near, far), dtype=np.float64)


def _powers(places: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.stack([(2 * places - 1) ** power for power in range(_ROWS)], axis=1))


def _products(xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.float64]:
    product = _splines(xs)[:, :, None] * _powers(ys)[:, None, :]
    return np.asarray(product.reshape(len(xs), -1), dtype=np.float64)
