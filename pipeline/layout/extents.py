"""From where to where a line reaches, with the small signs at its ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.layout.curves import Curve
from pipeline.layout.page_components import PageComponents
from pipeline.layout.paragraphs import Extent

_DASH_WIDTH, _DASH_REACH = 0.4, 4.0
_STOP_AREA, _STOP_REACH = 0.03, 1.3
"""In x-heights (area: square x-heights): a dash may stand apart (``- 2 -``), a stop may not."""

_JOINED_REACH = 2.0
"""In x-heights: letters joined by a pen are the line's if they go on within two components."""

_LEVEL = 0.9

_CELL_GAP = 8.0
"""In x-heights, about six components: wider white parts two columns, not two words."""


def typed_margin(components: PageComponents, curves: list[Curve]) -> float | None:
    """Where most typed lines begin, in pixels; ``None`` where they begin here and there."""
    lefts = np.array(
        [components.boxes[x.letters, 0].min() for x in curves if len(x.letters) >= _FULL_LINE]
    )
    if len(lefts) < _LEAST_LINES:
        return None
    near = np.abs(lefts[:, None] - lefts[None, :]) <= components.x_height
    most = int(near.sum(axis=1).argmax())
    if near[most].sum() < max(_LEAST_LINES, _MOST_BEGIN * len(lefts)):
        return None
    return float(lefts[near[most]].min())


def find_extents(
    components: PageComponents, curves: list[Curve], margin: float | None
) -> list[list[Extent]]:
    """The extents of all lines: their letters, and the dashes and stops before and after.

    A line that is parted by wide white, by an upright rule, or by white at the typed ``margin``
    (pixels) has several: its cells, left to right.
    """
    taken = np.zeros(len(components.boxes), bool)
    taken[0] = True
    for curve in curves:
        taken[curve.letters] = True
    small = np.flatnonzero(~taken & (components.boxes[:, 3] <= components.x_height))
    large = ~taken & (components.boxes[:, 3] > components.x_height)
    found: list[list[Extent]] = []
    for curve in curves:
        middles = components.middles[small]
        near = small[np.abs(middles[:, 1] - curve.at(middles[:, 0])) < _LEVEL * components.x_height]
        signs = sorted(_signs(components, near) + _joined_letters(components, curve, large))
        cells = _cells(components, curve, margin)
        found.append([_with_signs(cell, signs, curve) for cell in cells])
    return found


def _cells(components: PageComponents, curve: Curve, margin: float | None) -> list[tuple[int, int]]:
    """``(left, right)`` of the groups of letters between wide gaps, rules and at the margin."""
    boxes = components.boxes[curve.letters]
    cells: list[tuple[int, int]] = []
    for left, _, width, _ in boxes[np.argsort(boxes[:, 0], kind="stable")].tolist():
        right = left + width
        apart = cells and (
            _is_parted(components, curve, cells[-1][1], left)
            or _is_at_margin(components, cells[-1][1], left, margin)
        )
        if cells and not apart:
            cells[-1] = (cells[-1][0], max(cells[-1][1], right))
        else:
            cells.append((left, right))
    return cells


def _is_parted(components: PageComponents, curve: Curve, end: int, start: int) -> bool:
    """Whether the white from ``end`` to ``start`` parts two cells of the line."""
    if start <= end:
        return False
    if _longest_white(components, curve, end, start) > _CELL_GAP * components.x_height:
        return True
    return components.ruled_between(end, start, float(curve.at((end + start) / 2)))


def _is_at_margin(components: PageComponents, end: int, start: int, margin: float | None) -> bool:
    """Whether what ends at ``end`` stands in the margin of the line that begins at ``start``."""
    unit = components.x_height
    if margin is None or start - end < _MARGIN_GAP * unit:
        return False
    return end < margin - 0.3 * unit and start > margin - unit


def _longest_white(components: PageComponents, curve: Curve, start: int, end: int) -> int:
    """The widest run of columns without ink along the line, from ``start`` to ``end``.

    Letters that a pen joined are no letters to the line finder, but they are ink.
    """
    if end - start <= _CELL_GAP * components.x_height:
        return end - start
    inked = _along(components, curve, np.arange(start, end)) > 0
    edges = np.flatnonzero(inked.sum(axis=0) > 1)
    return int(np.diff(np.concatenate([[start - 1], edges + start, [end]])).max()) - 1


_MARGIN_GAP = 1.2
"""In x-heights: a note in the margin stands at least so far from the line."""

_FULL_LINE, _LEAST_LINES, _MOST_BEGIN = 15, 3, 0.3
"""The margin is where this share of the lines of so many letters begin, three at least."""

_Sign = tuple[int, int, float]
"""Left, right, and how far (pixels) from the letters it may stand."""


def _signs(components: PageComponents, near: NDArray[np.int64]) -> list[_Sign]:
    unit = components.x_height
    return [
        (int(x), int(x + w), reach * unit)
        for (x, _, w, h), area in zip(components.boxes[near], components.areas[near], strict=True)
        if (reach := _reach(w / unit, h / unit, area / unit**2)) > 0
    ]


def _joined_letters(
    components: PageComponents, curve: Curve, large: NDArray[np.bool_]
) -> list[_Sign]:
    """Where on the line letters stand that a pen joined to a ``large`` stroke.

    Columns in which that stroke fills half the x-height are letters, not the pen's line.
    """
    columns = np.arange(components.labels.shape[1])
    inked = large[_along(components, curve, columns)].sum(axis=0) >= 0.5 * components.x_height
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inked.astype(np.int8), [0]])))
    reach = _JOINED_REACH * components.x_height
    return [(int(a), int(b), reach) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _along(
    components: PageComponents, curve: Curve, columns: NDArray[np.int64]
) -> NDArray[np.int32]:
    """The labels half an x-height above and below the line, a column for each of ``columns``."""
    half, bottom = round(0.5 * components.x_height), components.labels.shape[0] - 1
    rows = (
        np.rint(curve.at(columns.astype(np.float64))).astype(int)
        + np.arange(-half, half + 1)[:, None]
    )
    return components.labels[np.clip(rows, 0, bottom), columns]


def _with_signs(cell: tuple[int, int], signs: list[_Sign], curve: Curve) -> Extent:
    left, right = cell
    for start, end, reach in signs:
        if right <= end and start - right <= reach:
            right = end
    for start, end, reach in reversed(signs):
        if start <= left and left - end <= reach:
            left = start
    return Extent(left=left, right=right, middle=float(curve.at((left + right) / 2)))


def _reach(width: float, height: float, area: float) -> float:
    """How far from the line's letters a sign of this size (in x-heights) may stand; 0: no sign."""
    if width >= _DASH_WIDTH and width > 1.5 * height and area >= 0.5 * width * height:
        return _DASH_REACH if width <= 2.0 else 0.0
    return _STOP_REACH if area >= _STOP_AREA and width <= 1.0 else 0.0
