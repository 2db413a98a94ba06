"""Which way up a page is: lines run level, and stops stand low."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.components import connected_components, find_ink, may_be_letters, x_height_of
from pipeline.pixels import Affine, Pixels

_WORK_SIDE = 1800
"""Pixels: a longer page is shrunk, for letters of 8 pixels tell as much as of 30."""

_LEAST_LETTERS = 20
_MOST_LETTERS = 2500
_SURE = 2.0
"""So many times more neighbours above than beside: the lines run upright."""

_LEAST_STOPS, _STOP_SURE = 5, 1.6
"""So many stops, and so many times more of them high than low: the page is upside down."""


@dataclass(frozen=True, slots=True, eq=False)
class _Strokes:
    letters: NDArray[np.float64]
    """``(N, 2)`` middles."""

    heights: NDArray[np.float64]
    """``(N,)``: the letters' heights."""

    stops: NDArray[np.float64]
    """``(M, 2)`` middles of strokes as small as a full stop."""

    unit: float
    """The x-height, in pixels."""


def find_turn(grey: Pixels) -> int:
    """By how many quarter turns, counter-clockwise, ``grey`` (uint8 ``(H, W)``) comes upright.

    0 to 3; 0 where the page does not say. Typed letters stand nearer to their neighbours
    in the line than to those of the lines above and below; full stops and commas stand at
    the feet of their line, in cells of their own.
    """
    strokes = _strokes(grey)
    if strokes is None:
        return 0
    if not _runs_upright(strokes):
        low, high = _stops(strokes)
        return 2 if high >= _LEAST_STOPS and high > _STOP_SURE * low else 0
    # Measured anew, for the x-height is now another one. Neither way is likelier beforehand.
    strokes = _strokes(np.ascontiguousarray(np.rot90(grey)))
    low, high = _stops(strokes) if strokes is not None else (0, 0)
    return 3 if high > low else 1


def turn(grey: Pixels, quarters: int) -> tuple[Pixels, Affine]:
    """``grey`` turned counter-clockwise by ``quarters`` (0-3), and the 2x3 way back to it."""
    height, width = grey.shape
    back = {
        0: [[1, 0, 0], [0, 1, 0]],
        1: [[0, -1, width - 1], [1, 0, 0]],
        2: [[-1, 0, width - 1], [0, -1, height - 1]],
        3: [[0, 1, 0], [-1, 0, height - 1]],
    }[quarters]
    return np.ascontiguousarray(np.rot90(grey, quarters)), np.array(back, dtype=np.float64)


def _strokes(grey: Pixels) -> _Strokes | None:
    scale = min(1.0, _WORK_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = find_ink(np.asarray(small, dtype=np.uint8))
    if ink is None:
        return None
    found = connected_components(ink)
    stats, middles = found.stats, found.middles
    maybe = may_be_letters(stats, small.shape[0])
    if maybe.sum() < _LEAST_LETTERS:
        return None
    unit = x_height_of(stats[maybe, 3])
    size = stats[:, 2:4]
    letters = maybe & (size >= 0.6 * unit).any(axis=1) & (size <= 2.5 * unit).all(axis=1)
    small = np.flatnonzero(((size <= 0.55 * unit) & (size >= 0.2 * unit)).all(axis=1))
    chosen = middles[letters]
    if len(chosen) < _LEAST_LETTERS:
        return None
    step = -(-len(chosen) // _MOST_LETTERS)
    # A run of neighbouring letters is kept whole: thinned out, the nearest would be a line away.
    start = len(chosen) // 2 - len(chosen) // (2 * step)
    return _Strokes(
        letters=chosen[start : start + _MOST_LETTERS],
        heights=stats[letters, 3][start : start + _MOST_LETTERS].astype(np.float64),
        stops=middles[small][:_MOST_LETTERS],
        unit=unit,
    )


def _runs_upright(strokes: _Strokes) -> bool:
    step = strokes.letters[None, :, :] - strokes.letters[:, None, :]
    distance = np.hypot(step[:, :, 0], step[:, :, 1])
    np.fill_diagonal(distance, np.inf)
    nearest = distance.argmin(axis=1)
    rows = np.arange(len(nearest))
    near = distance[rows, nearest] < 3.0 * strokes.unit
    aside, above = np.abs(step[rows, nearest])[near].T
    return bool((above > 2 * aside).sum() > _SURE * (aside > 2 * above).sum())


def _stops(strokes: _Strokes) -> tuple[int, int]:
    """How many small strokes stand at the feet of the letters beside them, how many at their heads.

    Only single ones in cells of their own: the breve of й stands above its letter, and
    quotation marks are two strokes.
    """
    low = high = 0
    unit = strokes.unit
    tops = strokes.letters[:, 1] - strokes.heights / 2
    bottoms = strokes.letters[:, 1] + strokes.heights / 2
    for x, y in strokes.stops:
        aside = np.abs(strokes.letters[:, 0] - x)
        near = (aside < 2.2 * unit) & (np.abs(strokes.letters[:, 1] - y) < 1.2 * unit)
        if not near.any() or (near & (aside < 0.6 * unit)).any():
            continue
        if (np.hypot(*(strokes.stops - (x, y)).T) < 0.8 * unit).sum() > 1:
            continue
        low += abs(y - float(np.median(bottoms[near]))) < 0.3 * unit
        high += abs(y - float(np.median(tops[near]))) < 0.3 * unit
    return low, high
