"""Ruled areas, stamps and handwriting: parts of a page that are no typed text."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.components import shrunk
from pipeline.model import Box, LineKind, Region
from pipeline.pixels import Pixels, PreparedPage

_JOIN = 2.0
"""In x-heights: rules that end so near to each other belong together."""

_RADII = (4.0, 14.0)
"""In x-heights: of round stamps."""

_EDGE, _ROUND = 150, 0.4
"""How sharp an edge and how perfect a circle must be, in the terms of OpenCV's transform."""

_WORK_X_HEIGHT = 6.0
_LEAST_PEN = 3.0


def find_regions(page: PreparedPage, x_height: float) -> tuple[Region, ...]:
    """The regions of ``page``, boxes in pixels of the *prepared page*.

    Ruled areas (``table``) are where level and upright rules meet. Stamps are circles much
    larger than letters (round ones only: the frames of boxed ones are too worn to tell).
    Handwriting is where long components were taken out.
    """
    scale = min(1.0, _WORK_X_HEIGHT / x_height)
    unit = x_height * scale
    grey = shrunk(page.image.pixels, scale)
    rules, pen = (
        shrunk(mask, scale) if mask.any() else np.zeros_like(grey)
        for mask in (page.ruling_lines, page.pen_strokes)
    )
    ruled = _ruled_areas(rules, unit)
    stamps = [
        box
        for box in _stamps(grey, unit)
        if not any(box.share_inside(area) > 0.9 for area in ruled)
    ]
    drawn = [
        box
        for box in _parts(pen, round(unit))
        if max(box.width, box.height) >= _LEAST_PEN * unit
        and not any(box.share_inside(area) > 0.9 for area in stamps)
    ]
    kinds = ((LineKind.TABLE, ruled), (LineKind.STAMP, stamps), (LineKind.HANDWRITING, drawn))
    shape = page.image.pixels.shape
    return tuple(
        Region(kind=kind, box=_clipped(_edges(box) / scale, shape))
        for kind, boxes in kinds
        for box in boxes
    )


def _edges(box: Box) -> NDArray[np.float64]:
    return np.array([box.left, box.top, box.right, box.bottom], dtype=np.float64)


def _ruled_areas(rules: Pixels, unit: float) -> list[Box]:
    """The boxes around rules that hang together, level and upright ones among them."""
    long = max(2, round(_JOIN * unit))
    level, upright = (
        cv2.morphologyEx(rules, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        for shape in ((1, long), (long, 1))
    )
    return [
        area
        for area in _parts(rules, long)
        if all(x[area.top : area.bottom, area.left : area.right].any() for x in (level, upright))
    ]


def _stamps(grey: Pixels, unit: float) -> Iterator[Box]:
    """The boxes around circles about as large as a stamp."""
    found = cv2.HoughCircles(
        cv2.GaussianBlur(grey, (0, 0), 1.0),
        cv2.HOUGH_GRADIENT_ALT,
        1.5,
        _RADII[0] * 2 * unit,
        param1=_EDGE,
        param2=_ROUND,
        minRadius=round(_RADII[0] * unit),
        maxRadius=round(_RADII[1] * unit),
    )
    if found is None:
        return
    for x, y, radius in found[0, :, :3].tolist():
        yield _clipped(np.array([x - radius, y - radius, x + radius, y + radius]), grey.shape)


def _parts(mask: Pixels, near: int) -> list[Box]:
    """The boxes of the parts of ``mask``, those less than ``near`` pixels apart as one."""
    if not mask.any():
        return []
    side = max(1, near) | 1
    joined = cv2.dilate((mask > 0).astype(np.uint8), np.ones((side, side), np.uint8))
    stats = cv2.connectedComponentsWithStats(joined, connectivity=8)[2]
    half = side // 2
    inner = stats[1:, :4] + np.array([half, half, -2 * half, -2 * half])
    return [_clipped(np.array([x, y, x + w, y + h]), mask.shape) for x, y, w, h in inner]


def _clipped(edges: NDArray[np.generic], shape: tuple[int, ...]) -> Box:
    left, top = (max(0, int(v)) for v in edges[:2])
    right = min(shape[1], max(left + 1, int(np.ceil(edges[2]))))
    bottom = min(shape[0], max(top + 1, int(np.ceil(edges[3]))))
    return Box(left=min(left, right - 1), top=min(top, bottom - 1), right=right, bottom=bottom)
