"""What is ink on an even page, and how large the type is: shared by several stages."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.pixels import Pixels

_WHITE = 215
"""Paper that was evened is white: its own grain, from this grey on, is no ink."""

_SMALLEST_LETTER = 5
"""Pixels: what is lower is a dot, dust or too small to read."""


def shrunk(pixels: Pixels, scale: float) -> Pixels:
    """``pixels`` made smaller by ``scale`` (0.0-1.0, exclusive of 0), each side 1 at the least."""
    size = [round(side * scale) for side in pixels.shape[1::-1]]
    if all(size):
        small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    else:
        small = cv2.resize(pixels, [max(1, x) for x in size], interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def find_ink(grey: Pixels) -> Pixels | None:
    """255 where ``grey`` (uint8 ``(H, W)``) has ink, 0 elsewhere, by Otsu's threshold (1979).

    ``None`` where there is no ink, or nothing else.
    """
    if grey.size == 0:
        return None
    level, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    if level > _WHITE:
        _, ink = cv2.threshold(grey, _WHITE, 255, cv2.THRESH_BINARY_INV)
    if not ink.any() or cv2.mean(ink)[0] > 127:
        return None
    return np.asarray(ink, dtype=np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """Connected components: ``labels`` int32 ``(H, W)``, 0 where there is no ink.

    ``stats`` int32 ``(N, 5)``: left, top, width, height, area in pixels; ``middles`` float64
    ``(N, 2)``: x, y of their centres of mass. Row 0 is the paper.
    """

    labels: NDArray[np.int32]
    stats: NDArray[np.int32]
    middles: NDArray[np.float64]


def connected_components(mask: Pixels) -> Components:
    """The connected parts of ``mask`` (uint8 ``(H, W)``), corners counted as touching."""
    _, labels, stats, middles = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return Components(
        labels=np.asarray(labels, np.int32),
        stats=np.asarray(stats, np.int32),
        middles=np.asarray(middles, np.float64),
    )


def may_be_letters(stats: NDArray[np.int32], page_height: int) -> NDArray[np.bool_]:
    """Which connected components have a size and shape that a letter can have.

    ``stats`` as in :class:`Components`; row 0 is no letter.
    """
    width, height, area = stats[:, 2], stats[:, 3], stats[:, 4]
    limit = max(12, page_height // 15)
    maybe = (height >= _SMALLEST_LETTER) & (height <= limit) & (width <= 4 * limit) & (area >= 6)
    maybe &= (width <= 6 * height) & (height <= 6 * width)
    maybe[0] = False
    return np.asarray(maybe)


def x_height_of(heights: NDArray[np.int32]) -> float:
    """The x-height in pixels: the median height of components, dust and dots left out.

    Most typed letters are low. ``heights`` are those of components that may be letters, at
    least one.
    """
    usual = float(np.median(heights))
    return float(np.median(heights[heights > 0.5 * usual]))


def median(values: NDArray[np.integer] | NDArray[np.floating]) -> float:
    """The median of a few ``values``, at least one: NumPy's own takes ten times as long over it."""
    ordered, half = np.sort(values), len(values) // 2
    return float(ordered[half] + ordered[-half - 1]) / 2


def measure_x_height(grey: Pixels) -> float | None:
    """The x-height of the page ``grey`` (uint8 ``(H, W)``) in pixels; ``None`` without letters."""
    ink = find_ink(grey)
    if ink is None:
        return None
    stats = connected_components(ink).stats
    heights = stats[may_be_letters(stats, grey.shape[0]), 3]
    return x_height_of(heights) if len(heights) else None
