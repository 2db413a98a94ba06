"""From where to where a line reaches, with the small signs at its ends; where paragraphs begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.layout.baselines import Baseline
from pipeline.layout.page_components import TALL, PageComponents

_DASH_WIDTH, _DASH_REACH = 0.4, 4.0
_STOP_AREA, _STOP_REACH = 0.03, 1.3
"""In x-heights (area: square x-heights): a dash may stand apart (``- 2 -``), a stop may not."""

_JOINED_REACH = 2.0
"""In x-heights: letters joined by a pen are the line's if they go on within two components."""

_LEVEL = 0.9

CELL_GAP = 8.0
"""In x-heights, about six components: wider white parts two columns, not two words."""

_INDENT = 2.5
"""In x-heights (a typist's indent is five components, about five x-heights)."""

_GAP = 1.45
_UNLIKE = 1.25
"""A gap opens a paragraph when it is so many times the usual leading, and so many times
the narrower of the gaps beside it: evenly set lines are one paragraph at any leading."""


@dataclass(frozen=True, slots=True)
class Extent:
    """From where to where a line's ink reaches, and the height of its middle (pixels)."""

    left: int
    right: int
    middle: float


def typed_margin(components: PageComponents, baselines: list[Baseline]) -> float | None:
    """Where most typed lines begin, in pixels; ``None`` where they begin here and there."""
    lefts = np.array(
        [components.boxes[x.letters, 0].min() for x in baselines if len(x.letters) >= _FULL_LINE]
    )
    if len(lefts) < _LEAST_LINES:
        return None
    near = np.abs(lefts[:, None] - lefts[None, :]) <= components.x_height
    most = int(near.sum(axis=1).argmax())
    if near[most].sum() < max(_LEAST_LINES, _MOST_BEGIN * len(lefts)):
        return None
    return float(lefts[near[most]].min())


def find_extents(
    components: PageComponents, baselines: list[Baseline], margin: float | None
) -> list[list[Extent]]:
    """The extents of all lines: their letters, and the dashes and stops before and after.

    A line that is parted by wide white, by an upright rule, or by white at the typed ``margin``
    (pixels) has several: its cells, left to right.
    """
    taken = np.zeros(len(components.boxes), bool)
    taken[0] = True
    for baseline in baselines:
        taken[baseline.letters] = True
    small = np.flatnonzero(~taken & (components.boxes[:, 3] <= components.x_height))
    # What reaches over two lines is both lines', whichever of them took it for a letter.
    large = ~taken & (components.boxes[:, 3] > components.x_height)
    large |= components.boxes[:, 3] > TALL * components.x_height
    large[0] = False
    found: list[list[Extent]] = []
    for baseline in baselines:
        middles = components.middles[small]
        near = small[
            np.abs(middles[:, 1] - baseline.at(middles[:, 0])) < _LEVEL * components.x_height
        ]
        signs = sorted(_signs(components, near) + _joined_letters(components, baseline, large))
        cells = _cells(components, baseline, margin)
        found.append(_with_signs(cells, signs, baseline))
    return found


def _cells(
    components: PageComponents, baseline: Baseline, margin: float | None
) -> list[tuple[int, int]]:
    """``(left, right)`` of the groups of letters between wide gaps, rules and at the margin."""
    boxes = components.boxes[baseline.letters]
    cells: list[tuple[int, int]] = []
    for left, _, width, _ in boxes[np.argsort(boxes[:, 0], kind="stable")].tolist():
        right = left + width
        apart = cells and (
            _is_parted(components, baseline, cells[-1][1], left)
            or _is_at_margin(components, cells[-1][1], left, margin)
        )
        if cells and not apart:
            cells[-1] = (cells[-1][0], max(cells[-1][1], right))
        else:
            cells.append((left, right))
    return cells


def _is_parted(components: PageComponents, baseline: Baseline, end: int, start: int) -> bool:
    """Whether the white from ``end`` to ``start`` parts two cells of the line."""
    if start <= end:
        return False
    if _longest_white(components, baseline, end, start) > CELL_GAP * components.x_height:
        return True
    return components.ruled_between(end, start, baseline.height((end + start) / 2))


def _is_at_margin(components: PageComponents, end: int, start: int, margin: float | None) -> bool:
    """Whether what ends at ``end`` stands in the margin of the line that begins at ``start``."""
    unit = components.x_height
    if margin is None or start - end < _MARGIN_GAP * unit:
        return False
    return end < margin - 0.3 * unit and start > margin - unit


def _longest_white(components: PageComponents, baseline: Baseline, start: int, end: int) -> int:
    """The widest run of columns without ink along the line, from ``start`` to ``end``.

    Letters that a pen joined are no letters to the line finder, but they are ink.
    """
    if end - start <= CELL_GAP * components.x_height:
        return end - start
    inked = _along(components, baseline, np.arange(start, end)) > 0
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
    components: PageComponents, baseline: Baseline, large: NDArray[np.bool_]
) -> list[_Sign]:
    """Where on the line letters stand that a pen joined to a ``large`` component.

    Columns in which that component fills half the x-height are letters, not the pen's line.
    """
    columns = np.arange(components.labels.shape[1])
    inked = large[_along(components, baseline, columns)].sum(axis=0) >= 0.5 * components.x_height
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inked.astype(np.int8), [0]])))
    reach = _JOINED_REACH * components.x_height
    return [(int(a), int(b), reach) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _along(
    components: PageComponents, baseline: Baseline, columns: NDArray[np.int64]
) -> NDArray[np.int32]:
    """The labels half an x-height above and below the line, a column for each of ``columns``."""
    half, bottom = round(0.5 * components.x_height), components.labels.shape[0] - 1
    rows = (
        np.rint(baseline.at(columns.astype(np.float64))).astype(int)
        + np.arange(-half, half + 1)[:, None]
    )
    return components.labels[np.clip(rows, 0, bottom), columns]


def _with_signs(
    cells: list[tuple[int, int]], signs: list[_Sign], baseline: Baseline
) -> list[Extent]:
    """The extents of a line's ``cells`` with the signs at their ends; none is in two cells."""
    extents: list[Extent] = []
    for index, cell in enumerate(cells):
        left, right = cell
        first = extents[-1].right if extents else -1
        last = cells[index + 1][0] if index + 1 < len(cells) else None
        for start, end, reach in signs:
            if right <= end and start - right <= reach and (last is None or end <= last):
                right = end
        for start, end, reach in reversed(signs):
            if start <= left and left - end <= reach and start >= first:
                left = start
        middle = baseline.height((left + right) / 2)
        extents.append(Extent(left=left, right=right, middle=middle))
    return extents


def _reach(width: float, height: float, area: float) -> float:
    """How far from the line's letters a sign of this size (in x-heights) may stand; 0: no sign."""
    if width >= _DASH_WIDTH and width > 1.5 * height and area >= 0.5 * width * height:
        return _DASH_REACH if width <= 2.0 else 0.0
    return _STOP_REACH if area >= _STOP_AREA and width <= 1.0 else 0.0


def paragraph_starts(extents: Sequence[Extent], x_height: float) -> list[bool]:
    """For each line, from top to bottom, whether it opens a paragraph."""
    if not extents:
        return []
    gaps = np.diff([extent.middle for extent in extents])
    edge = float(np.percentile([extent.left for extent in extents], 25))
    usual = float(np.median(gaps)) if len(gaps) else 0.0
    return [
        index == 0
        or _is_indented(extents, index, edge, x_height)
        or _has_gap(gaps, index - 1, usual)
        for index in range(len(extents))
    ]


def _is_indented(extents: Sequence[Extent], index: int, edge: float, x_height: float) -> bool:
    """Right of the line above; or in line with it, but the line below goes back to the left.

    ``edge``: where lines usually begin.
    """
    here, indent = extents[index].left, _INDENT * x_height
    if here > extents[index - 1].left + indent:
        return True
    below = extents[index + 1].left if index + 1 < len(extents) else here
    return here > edge + indent and here > below + indent


def _has_gap(gaps: np.ndarray[tuple[int], np.dtype[np.float64]], index: int, usual: float) -> bool:
    """Whether the gap number ``index`` is wide, beside the page's ``usual`` and its neighbours."""
    near = [gaps[i] for i in (index - 1, index + 1) if 0 <= i < len(gaps)]
    wide = gaps[index] > _GAP * usual
    return bool(wide and (not near or gaps[index] > _UNLIKE * min(near)))
