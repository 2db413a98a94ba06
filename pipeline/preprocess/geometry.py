"""Geometry of a page: its size, which way up it is, and whether its lines are level."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.components import (
    connected_components,
    find_ink,
    may_be_letters,
    median,
    shrunk,
    x_height_of,
)
from pipeline.pixels import Affine, Pixels

_WORK_SIDE = 1800
"""Pixels: a longer page is shrunk, for letters of 8 pixels tell as much as of 30."""

_LEAST_LETTERS = 20
_MOST_LETTERS, _AT_ONCE = 2500, 64
_SURE = 2.0
"""So many times more neighbours above than beside: the lines run upright."""

_LEAST_STOPS, _STOP_SURE = 5, 1.6
"""So many stops, and so many times more of them high than low: the page is upside down."""

_SKEW_WIDTH = 800
_MOST_POINTS = 60_000
_COARSE, _FINE = 0.25, 0.03
_SLIGHT_SKEW = 4.0
"""Degrees: up to here no text is turned out of the page, only the corners of the paper."""

_STEEP = 0.75
"""Share of the largest slight skew from which the letters' own lean is asked."""

_MAX_INK = 0.35
"""Share of dark pixels above which a page is no text (a photograph, a black page)."""


def shrink(grey: Pixels, factor: float) -> tuple[Pixels, Affine]:
    """``grey`` scaled by ``factor`` (0.0-1.0, exclusive of 0), and the 2x3 way back to it."""
    small = shrunk(grey, factor)
    across, down = (grey.shape[1 - i] / small.shape[1 - i] for i in (0, 1))
    back = np.array([[across, 0.0, (across - 1) / 2], [0.0, down, (down - 1) / 2]])
    return small, back


def rescale(pixels: Pixels, across: float, down: float) -> tuple[Pixels, Affine]:
    """``pixels`` (grey or RGB) made larger, by factors of at least 1.0, and the 2x3 way back."""
    large = cv2.resize(pixels, None, fx=across, fy=down, interpolation=cv2.INTER_CUBIC)
    x, y = (pixels.shape[1 - i] / large.shape[1 - i] for i in (0, 1))
    back = np.array([[x, 0.0, (x - 1) / 2], [0.0, y, (y - 1) / 2]])
    return np.asarray(large, dtype=np.uint8), back


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """What may be the letters and stops of a page, on the page shrunk to be measured."""

    letters: NDArray[np.float64]
    """``(N, 2)`` middles."""

    heights: NDArray[np.float64]
    """``(N,)``: the letters' heights."""

    stops: NDArray[np.float64]
    """``(M, 2)`` middles of components as small as a full stop."""

    unit: float
    """The x-height, in pixels."""


def find_turn(grey: Pixels, components: Letters | None) -> int:
    """By how many quarter turns, counter-clockwise, ``grey`` (uint8 ``(H, W)``) comes upright.

    ``components`` are its letters. 0 to 3; 0 where the page does not say. Typed letters stand
    nearer to their neighbours in the line than to those of the lines above and below; full stops
    and commas stand at the feet of their line, in cells of their own.
    """
    if components is None:
        return 0
    if not _runs_upright(components):
        low, high = _stops(components)
        return 2 if high >= _LEAST_STOPS and high > _STOP_SURE * low else 0
    # Measured anew, for the x-height is now another one. Neither way is likelier beforehand.
    components = measure_letters(np.ascontiguousarray(np.rot90(grey)))
    low, high = _stops(components) if components is not None else (0, 0)
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


def measure_letters(grey: Pixels) -> Letters | None:
    """The letters of ``grey`` (uint8 ``(H, W)``); ``None`` where there are too few."""
    scale = min(1.0, _WORK_SIDE / max(grey.shape))
    shrunken = shrunk(grey, scale)
    ink = find_ink(shrunken)
    if ink is None:
        return None
    found = connected_components(ink)
    stats, middles = found.stats, found.middles
    maybe = may_be_letters(stats, shrunken.shape[0])
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
    return Letters(
        letters=chosen[start : start + _MOST_LETTERS],
        heights=stats[letters, 3][start : start + _MOST_LETTERS].astype(np.float64),
        stops=middles[small][:_MOST_LETTERS],
        unit=unit,
    )


def _runs_upright(components: Letters) -> bool:
    aside, above = np.abs(_steps_to_nearest(components, aside=False))
    return bool((above > 2 * aside).sum() > _SURE * (aside > 2 * above).sum())


def _stops(components: Letters) -> tuple[int, int]:
    """How many small components stand at the feet of the letters beside them, and at the heads.

    Only single ones in cells of their own: the breve of й stands above its letter, and
    quotation marks are two components.
    """
    low = high = 0
    unit = components.unit
    tops = components.letters[:, 1] - components.heights / 2
    bottoms = components.letters[:, 1] + components.heights / 2
    for x, y in components.stops:
        aside = np.abs(components.letters[:, 0] - x)
        near = (aside < 2.2 * unit) & (np.abs(components.letters[:, 1] - y) < 1.2 * unit)
        if not near.any() or (near & (aside < 0.6 * unit)).any():
            continue
        if (np.hypot(*(components.stops - (x, y)).T) < 0.8 * unit).sum() > 1:
            continue
        low += abs(y - median(bottoms[near])) < 0.3 * unit
        high += abs(y - median(tops[near])) < 0.3 * unit
    return low, high


def find_skew(
    grey: Pixels, letters: Letters | None, largest: float, steepest: float = 0.0
) -> float:
    """The angle in degrees by which to turn the page (counter-clockwise) to level its lines.

    The angle within ``largest`` at which the row profile changes most from row to row
    (after Postl, 1986); 0.0 for a page without enough ink to tell. A steeper page, up to
    ``steepest``, is told by how its ``letters`` stand to their neighbours: at steep angles the grid
    of the typewriter lines up in false rows.
    """
    ink = _small_ink(grey)
    if not 0.0005 < float(ink.mean()) / 255.0 < _MAX_INK or min(ink.shape) < 40:
        return 0.0
    points = _ink_points(ink)
    coarse = _best(points, np.arange(-largest, largest + _COARSE / 2, _COARSE))
    lean = _lean(letters) if steepest > largest else 0.0
    if _STEEP * largest < abs(lean) <= steepest:
        coarse, largest = _best(points, lean + _COARSE * np.arange(-8.0, 9.0)), steepest
    near = np.arange(coarse - _COARSE, coarse + _COARSE, _FINE)
    return float(np.clip(_best(points, near), -largest, largest))


def _lean(components: Letters | None) -> float:
    """The usual angle in degrees from a letter to its neighbour in the line; 0.0 if unknown."""
    if components is None:
        return 0.0
    across, down = _steps_to_nearest(components, aside=True)
    if len(across) < _LEAST_LETTERS:
        return 0.0
    return float(np.degrees(np.median(np.arctan2(down, across))))


def _steps_to_nearest(
    components: Letters, *, aside: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far across and down each letter's nearest neighbour is, if it is near.

    ``aside``: of those rather beside than above or below it, to the right, alone.
    """
    reach = 3.0 * components.unit
    letters = components.letters
    order = np.argsort(letters[:, 1], kind="stable")
    heights = letters[order, 1]
    found: list[NDArray[np.float64]] = [np.zeros((0, 2))]
    for start in range(0, len(order), _AT_ONCE):
        own = order[start : start + _AT_ONCE]
        first, last = letters[own[0], 1] - reach, letters[own[-1], 1] + reach
        # Near ones alone, in their own order: of two that are as near the first one is taken.
        low, high = heights.searchsorted(first, "left"), heights.searchsorted(last, "right")
        others = np.sort(order[low:high])
        steps = letters[None, others] - letters[own][:, None]
        distance = np.hypot(steps[:, :, 0], steps[:, :, 1])
        distance[own[:, None] == others[None]] = np.inf
        if aside:
            distance[steps[:, :, 0] <= np.abs(steps[:, :, 1])] = np.inf
        nearest = distance.argmin(axis=1)
        rows = np.arange(len(own))
        found.append(steps[rows, nearest][distance[rows, nearest] < reach])
    across, down = np.concatenate(found).T
    return across, down


def rotate(grey: Pixels, angle: float) -> tuple[Pixels, Affine]:
    """``grey`` turned by ``angle`` degrees about its centre, new corners white.

    Same size up to a slight skew; turned by more, as large as its corners need. Also the 2x3
    transform from the turned page back to ``grey``.
    """
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    if abs(angle) > _SLIGHT_SKEW:
        cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
        wide, high = width * cosine + height * sine, width * sine + height * cosine
        matrix[:, 2] += ((wide - width) / 2, (high - height) / 2)
        width, height = int(np.ceil(wide)), int(np.ceil(high))
    turned = cv2.warpAffine(
        grey,
        matrix,
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=255,
    )
    back = cv2.invertAffineTransform(matrix)
    return np.asarray(turned, dtype=np.uint8), np.asarray(back, dtype=np.float64)


def _ink_points(ink: Pixels) -> NDArray[np.float64]:
    """``(2, N)``: y and x of the dark pixels of ``ink``, evenly thinned where there are many."""
    points = np.stack(np.nonzero(ink)).astype(np.float64)
    return points[:, :: -(-points.shape[1] // _MOST_POINTS)]


def _small_ink(grey: Pixels) -> Pixels:
    scale = min(1.0, _SKEW_WIDTH / max(1, grey.shape[1]))
    _, ink = cv2.threshold(shrunk(grey, scale), 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return np.asarray(ink, dtype=np.uint8)


def _best(points: NDArray[np.float64], angles: NDArray[np.float64]) -> float:
    scores = [_sharpness(points, float(angle)) for angle in angles]
    return float(angles[int(np.argmax(scores))])


def _sharpness(points: NDArray[np.float64], angle: float) -> float:
    ys, xs = points
    # The rows of the page turned by ``angle``; the shear in place of the turn is exact to
    # the cosine of a few degrees.
    rows = ys - xs * np.tan(np.radians(angle))
    profile = np.bincount((rows - rows.min()).astype(np.int64)).astype(np.float64)
    return float(np.square(np.diff(profile)).sum())
