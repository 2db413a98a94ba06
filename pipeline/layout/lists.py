"""Lists: names at the right margin stand apart from the rows beside them, posts with their names.

What is a list shows in several rows: their left edges stand below one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.layout.extents import CELL_GAP
from pipeline.layout.page_components import PageComponents
from pipeline.layout.rows import Cell, TextRow

_NEAR_ROWS, _LIST_ROWS, _EDGE = 4, 3, 0.7
"""A list goes on for so many of the rows next above and below; and in x-heights, how near to one
edge its rows begin."""

_PAIRS = 2
"""Rows of posts with a name that are a list: one alone may be a note that begins with a dash."""

_DASH = (0.4, 2.0, 0.5)
"""In x-heights: least and greatest width of a dash, and its greatest height."""


def without_lists(rows: Sequence[Sequence[TextRow]], unit: float) -> list[list[TextRow]]:
    """``rows`` (those of each line), cells of a list apart from what stands left of it.

    A list of names at the right margin has its own left edge, row after row; what stands
    beside one of the names has no such neighbours. ``unit``: x-height in pixels.
    """
    edges = [[row.cells[0].extent.left for row in line] for line in rows]
    return [
        [part for row in line for part in _apart(row, index, edges, unit)]
        for index, line in enumerate(rows)
    ]


def _apart(row: TextRow, index: int, edges: list[list[int]], unit: float) -> list[TextRow]:
    around = edges[max(0, index - _NEAR_ROWS) : index] + edges[index + 1 : index + 1 + _NEAR_ROWS]

    def alike(cell: Cell) -> int:
        return sum(
            any(abs(left - cell.extent.left) <= _EDGE * unit for left in line) for line in around
        )

    first = row.cells[0]
    if len(row.cells) < 2 or alike(first) > 1:
        return [row]
    for place, (before, cell) in enumerate(pairwise(row.cells), start=1):
        wide = cell.extent.left - before.extent.right > CELL_GAP * unit
        if wide and alike(cell) >= _LIST_ROWS:
            return [TextRow(cells=row.cells[:place]), TextRow(cells=row.cells[place:])]
    return [row]


def with_names(
    rows: Sequence[Sequence[TextRow]], components: PageComponents
) -> list[list[TextRow]]:
    """``rows``, each post and the name after it one line, as they were typed.

    The names stand in a column, each behind a dash. Letters that are drawn wider on a sheet that
    bends do not stand on one grid from end to end, so the rows were left in two.
    """
    ends = [_name_after(line, components) for line in rows]
    unit = components.x_height
    joined: list[list[TextRow]] = []
    for index, line in enumerate(rows):
        here, near = ends[index], ends[max(0, index - _NEAR_ROWS) : index + 1 + _NEAR_ROWS]
        alike = (
            here is not None
            and sum(x is not None and abs(x - here) <= _EDGE * unit for x in near) >= _PAIRS
        )
        whole = [TextRow(cells=tuple(cell for row in line for cell in row.cells))]
        joined.append(whole if alike else list(line))
    return joined


def _name_after(line: Sequence[TextRow], components: PageComponents) -> int | None:
    """Where the name of a row of two typed cells, joined or not, begins; ``None`` for others."""
    cells = [cell for row in line for cell in row.cells]
    if len(cells) != 2 or not all(cell.typed for cell in cells):
        return None
    post, name = cells
    y = (post.extent.middle + name.extent.middle) / 2
    if components.ruled_between(post.extent.right, name.extent.left, y):
        return None
    return name.extent.left if _begins_with_dash(name, components) else None


def _begins_with_dash(cell: Cell, components: PageComponents) -> bool:
    unit, (left, top, width, height) = components.x_height, components.boxes.T
    there = (left == cell.extent.left) & (abs(top + height / 2 - cell.extent.middle) < unit)
    dash = (width >= _DASH[0] * unit) & (width <= _DASH[1] * unit) & (height <= _DASH[2] * unit)
    return bool((there & dash & (width > height)).any())
