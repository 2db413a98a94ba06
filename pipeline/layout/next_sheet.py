"""The edge of the next sheet: letters beside the page's own, cut off where the scan ends.

They stand beyond a white channel that runs down the whole page, in rows that go on where the page
itself has none. Read with the page they would become the ends of its lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.layout.blocks import gaps
from pipeline.layout.page_components import PageComponents

_SLOPES = np.linspace(-0.02, 0.02, 9)
"""How steeply the channel may lean: sheets do not lie exactly on one another."""

_CHANNEL, _WIDEST, _STRAY = 0.8, 8.0, 0.004
"""In x-heights the least width of the channel, and the greatest of the strip beyond it; the share
of the page's letters, specks among them, that may stand in the channel."""

_LETTERS, _ROWS, _ORPHANS = 14, 6, 0.2
"""Letters and rows of a strip, at the least, and the share of rows with nothing of the page level
with them: beside every row of a table's last column something stands."""

_AT_EDGE, _LETTERS_THERE, _ROWS_THERE = 0.7, 6, 4
"""In x-heights: rows that end so near to the image's edge are cut off by it, and fewer letters and
rows tell."""

_SPECK = 6
"""Pixels: what is smaller is grain."""

_ROW, _LEVEL, _CUT, _MOSTLY = 0.8, 0.6, 1.3, 0.7
"""In x-heights: how far letters of a row may be apart in height; how exactly something of the page
is level with it; and within what width so large a share of the rows end: they are cut off."""


@dataclass(frozen=True, slots=True, eq=False)
class _Letters:
    """Left, right and middle height of letters, in pixels; the page's edge is on the right."""

    left: NDArray[np.float64]
    right: NDArray[np.float64]
    middle: NDArray[np.float64]
    width: int


def find_next_sheets(components: PageComponents) -> NDArray[np.bool_] | None:
    """Where the next sheets' strips are: bool ``(H, W)``; ``None`` on most pages."""
    height, width = components.labels.shape
    boxes = components.boxes[components.letters].astype(np.float64)
    left, right = boxes[:, 0], boxes[:, 0] + boxes[:, 2]
    middle = boxes[:, 1] + boxes[:, 3] / 2 - height / 2
    sides = (
        (_Letters(left, right, middle, width), False),
        (_Letters(width - right, width - left, middle, width), True),
    )
    columns, rows = np.arange(width), np.arange(height)[:, None] - height / 2
    found = np.zeros((height, width), bool)
    for letters, mirrored in sides:
        channel = _channel(letters, components.x_height)
        if channel is not None:
            x, slope = channel
            across = width - 1 - columns if mirrored else columns
            strip = across - slope * rows >= x
            if _is_typed(components, strip):
                found |= strip
    return found if found.any() else None


def _is_typed(components: PageComponents, strip: NDArray[np.bool_]) -> bool:
    """Whether letters are many among the components in ``strip``: of a mottled edge hardly any."""
    there = np.unique(components.labels[strip])
    there = there[(components.areas[there] >= _SPECK) & (there > 0)]
    return bool(2 * np.isin(there, components.letters).sum() >= len(there))


def _channel(letters: _Letters, unit: float) -> tuple[float, float] | None:
    """``(x, slope)``, just before a strip on the right, of its channel; ``None`` without one."""
    best: tuple[float, float] | None = None
    widest = 0.0
    for slope in _SLOPES.tolist():
        for start, stop in _channels(letters, slope, unit):
            x = stop - _CHANNEL * unit / 2
            if stop - start > widest and _is_strip(letters, x, slope, unit):
                widest, best = stop - start, (x, slope)
    return best


def _channels(letters: _Letters, slope: float, unit: float) -> Iterator[tuple[int, int]]:
    shift = slope * letters.middle
    edges = np.stack([letters.left - shift, shift, letters.right - shift, shift], axis=1)
    end = float(edges[:, 2].max(initial=0.0))
    for start, stop in gaps(edges, letters.width, _STRAY * len(edges)):
        if stop - start >= _CHANNEL * unit and 0 < end - stop <= _WIDEST * unit:
            yield start, stop


def _is_strip(letters: _Letters, x: float, slope: float, unit: float) -> bool:
    inside = (letters.left + letters.right) / 2 - slope * letters.middle >= x
    if inside.sum() < _LETTERS_THERE:
        return False
    order = np.flatnonzero(inside)[np.argsort(letters.middle[inside], kind="stable")]
    rows = np.split(order, np.flatnonzero(np.diff(letters.middle[order]) > _ROW * unit) + 1)
    edge = [letters.right[row].max() >= letters.width - _AT_EDGE * unit for row in rows]
    at_edge = sum(edge) >= _MOSTLY * len(rows)
    if len(rows) < (_ROWS_THERE if at_edge else _ROWS):
        return False
    if inside.sum() < (_LETTERS_THERE if at_edge else _LETTERS):
        return False
    ends = np.array([(letters.right - slope * letters.middle)[row].max() for row in rows])
    cut = np.abs(ends[:, None] - ends[None, :]) <= _CUT * unit
    if cut.sum(axis=1).max() < _MOSTLY * len(rows):
        return False
    heights = np.array([letters.middle[row].mean() for row in rows])
    others = np.sort(letters.middle[~inside])
    place = np.searchsorted(others, heights)
    nearest = np.full(len(rows), np.inf)
    for at in (place - 1, place):
        there = (at >= 0) & (at < len(others))
        apart = np.abs(heights[there] - others[at[there]])
        nearest[there] = np.minimum(nearest[there], apart)
    return bool((nearest > _LEVEL * unit).mean() >= _ORPHANS)
