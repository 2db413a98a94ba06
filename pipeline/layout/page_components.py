"""Ink on a page: connected components, without rules, frames and dust."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.components import connected_components, find_ink, may_be_letters, x_height_of
from pipeline.pixels import Pixels, PreparedPage

_LEAST_UPRIGHT = 6.0
"""In x-heights: shorter upright runs are a stamp's edge, not a rule between columns."""

TALL = 2.2
"""In x-heights: a taller component is letters of two lines run together."""

_TALLEST = 4.0
"""In x-heights: what is taller is a frame, a stroke of the pen, or letters run together."""


_JOINED_HEIGHT, _JOINED_WIDTH, _JOINED_FILL = (0.7, 1.8), 24.0, (0.35, 0.9)
"""Words whose letters touch: height and width in x-heights, share of the box that is ink."""


@dataclass(frozen=True, eq=False)
class PageComponents:
    """The connected components of a page.

    ``labels`` int32 ``(H, W)``, 0 where there is no ink; ``boxes`` int ``(N, 4)`` with
    left, top, width, height of component ``i`` in row ``i`` (row 0 is the paper);
    ``areas`` int ``(N,)`` their pixels;
    ``letters`` the numbers of those that may be letters; ``x_height`` in pixels;
    ``uprights`` int ``(M, 4)`` the boxes of upright rules, such as part a form's columns.
    """

    labels: NDArray[np.int32]
    boxes: NDArray[np.int64]
    areas: NDArray[np.int64]
    letters: NDArray[np.int64]
    x_height: float
    uprights: NDArray[np.int64]

    @cached_property
    def middles(self) -> NDArray[np.float64]:
        """``(N, 2)``: x and y of the middle of each component's box."""
        return self.boxes[:, :2] + self.boxes[:, 2:] / 2.0

    @cached_property
    def _rules(self) -> list[tuple[float, int, int]]:
        """Of each upright rule the x of its middle, its top and its bottom."""
        return [(x + width / 2, top, top + high) for x, top, width, high in self.uprights.tolist()]

    def ruled_between(self, start: float, end: float, y: float) -> bool:
        """Whether an upright rule crosses the height ``y`` between ``start`` and ``end``."""
        return any(start <= x <= end and top <= y <= bottom for x, top, bottom in self._rules)


def find_components(page: PreparedPage) -> PageComponents | None:
    """The components of ``page``; ``None`` where there is nothing to read."""
    grey = page.image.pixels
    ink = find_ink(grey)
    if ink is None:
        return None
    level = _runs(ink, (max(40, grey.shape[1] // 12), 1))
    ink = np.asarray(cv2.subtract(ink, level), dtype=np.uint8)
    upright = _runs(ink | page.ruling_lines, (1, max(40, grey.shape[0] // 16)))
    ink = np.asarray(cv2.subtract(ink, upright), dtype=np.uint8)
    found = connected_components(ink)
    stats = found.stats
    boxes = stats[:, :4].astype(np.int64)
    width, height = stats[:, 2], stats[:, 3]
    maybe = may_be_letters(stats, grey.shape[0])
    if not maybe.any():
        return None
    x_height = x_height_of(height[maybe])
    letters = maybe & (height >= 0.5 * x_height) & (height <= _TALLEST * x_height)
    letters &= width <= 12 * x_height
    letters |= _joined(stats, x_height)
    return PageComponents(
        labels=found.labels,
        boxes=boxes,
        areas=stats[:, 4].astype(np.int64),
        letters=np.flatnonzero(letters),
        x_height=x_height,
        uprights=_boxes(upright, _LEAST_UPRIGHT * x_height),
    )


def _joined(stats: NDArray[np.int32], x_height: float) -> NDArray[np.bool_]:
    """Which components are words whose letters touch, as on coarse scans of small type.

    As high as letters and filled as letters are: a bar is filled wholly, a stroke hardly.
    """
    width, height, area = (stats[:, i] for i in (2, 3, 4))
    low, high = (share * x_height for share in _JOINED_HEIGHT)
    filled = area / (width * height)
    found = (height >= low) & (height <= high) & (width > 6 * height)
    found &= width <= _JOINED_WIDTH * x_height
    found &= (filled >= _JOINED_FILL[0]) & (filled <= _JOINED_FILL[1])
    found[0] = False
    return np.asarray(found)


def _runs(ink: Pixels, size: tuple[int, int]) -> Pixels:
    """The parts of ``ink`` where a bar of ``size`` (width, height) fits: ruled lines."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, size)
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel), dtype=np.uint8)


def _boxes(mask: Pixels, least: float) -> NDArray[np.int64]:
    """Left, top, width, height of the parts of ``mask`` that are ``least`` pixels high."""
    outlines = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    boxes = np.array([cv2.boundingRect(x) for x in outlines], dtype=np.int64).reshape(-1, 4)
    return boxes[boxes[:, 3] >= least]
