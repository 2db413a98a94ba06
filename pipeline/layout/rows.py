"""What stands side by side on a row: cells of one typed line, or things apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.components import median
from pipeline.layout.baselines import Baseline
from pipeline.layout.extents import CELL_GAP, Extent
from pipeline.layout.page_components import PageComponents
from pipeline.layout.pitch import grid_fit
from pipeline.model import Box, LineKind, Region

_LEVEL = 0.3
"""In x-heights: a letter's head or foot lies so near to its line's."""

_WHOLE = 0.75
"""In x-heights: what is lower is a comma, a dash, or half a letter."""

_TYPED_LEVEL = 0.75
"""Share of letters that stand level, of typed text; it is 0.9 and more even on bad copies."""

_DRAWN_LEVEL = 0.5
_SIZES = (0.7, 1.6)
"""In x-heights: the usual letter of typed text, small letters or capitals."""

_NARROW = 0.35
"""In x-heights: no letter but I is narrower."""

_PRINT, _PRINT_LETTERS, _PRINT_SPREAD = 3.6, 4, 0.25
"""Large print: up to so many x-heights, so many letters, about equally high."""

_GRID, _ENOUGH = 0.25, 8
"""Agreement with the page's pitch from which cells are on one grid; alone, so many letters tell."""

_REGULAR, _FEWEST = 0.6, 4
_STEPS, _STEP = 10, 0.2
"""Letters of the line that are looked at, and how far (in cells) they may be out of step."""

_SCRAP, _SCRAP_EDGE = 2, 0.5
"""Letters of a scrap, at the most, and in x-heights how near to the image's edge it stands."""

_STAMPED = 0.8
_UP, _DOWN = 1.5, 1.3
"""In x-heights from the middle of a line: no letter reaches farther."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A run of letters on a row, ``letters`` being their numbers; ``box`` in prepared pixels."""

    extent: Extent
    letters: NDArray[np.int64]
    box: Box
    kind: LineKind
    grid: float
    """How regularly its letters stand at the page's pitch, 0.0-1.0."""

    @property
    def typed(self) -> bool:
        """Whether it looks like typed text."""
        return self.kind is LineKind.BODY


@dataclass(frozen=True, slots=True, eq=False)
class TextRow:
    """A line: one or more cells, left to right."""

    cells: tuple[Cell, ...]

    @property
    def kind(self) -> LineKind:
        """What its letters look like: typed or printed text (``body``), or handwriting."""
        return self.cells[0].kind

    @property
    def regular(self) -> bool:
        """Whether its letters stand at the page's pitch, as nothing but typed text does."""
        return any(len(c.letters) >= _FEWEST and c.grid >= _REGULAR for c in self.cells)


def rows_of(
    components: PageComponents,
    baseline: Baseline,
    extents: Sequence[Extent],
    pitch: float | None,
    margin: float | None,
    regions: Sequence[Region],
) -> list[TextRow]:
    """The lines on ``baseline``: typed cells on one grid are one line, all else stands alone.

    ``pitch`` and the typed ``margin`` in pixels. Cells in a ruled area of ``regions`` (boxes
    in prepared pixels) stay apart, those that are a stamp's, and notes in the margin.
    """
    cells = [_cell(components, baseline, extent, pitch) for extent in extents]
    rows: list[list[Cell]] = []
    for cell in cells:
        if rows and _is_note(rows[-1][-1], cell, components, pitch, margin):
            rows[-1][-1] = replace(rows[-1][-1], kind=LineKind.HANDWRITING)
            rows.append([cell])
        elif rows and _go_together(rows[-1][-1], cell, components, pitch, regions):
            left = rows[-1][-1].extent
            if cell.extent.left - left.right > CELL_GAP * components.x_height:
                rows[-1].append(cell)
            else:  # parted at the margin alone: a number and its line are read as one
                right = cell.extent.right
                middle = baseline.height((left.left + right) / 2)
                whole = Extent(left=left.left, right=right, middle=middle)
                rows[-1][-1] = _cell(components, baseline, whole, pitch)
        else:
            rows.append([cell])
    return [TextRow(cells=tuple(row)) for row in rows]


def _cell(
    components: PageComponents, baseline: Baseline, extent: Extent, pitch: float | None
) -> Cell:
    xs = components.middles[baseline.letters, 0]
    inside = (extent.left <= xs) & (xs <= extent.right)
    letters = baseline.letters[inside]
    return Cell(
        extent=extent,
        letters=letters,
        box=_box(components, baseline, extent),
        kind=_looks(components, baseline, letters),
        grid=0.0 if pitch is None else grid_fit(xs[inside], pitch)[0],
    )


def _box(components: PageComponents, baseline: Baseline, extent: Extent) -> Box:
    """Around all ink of the line from end to end, not farther than letters reach."""
    unit = components.x_height
    xs, ys = components.middles.T
    inside = (extent.left <= xs) & (xs <= extent.right) & (components.areas > 2)
    inside &= np.abs(ys - baseline.at(xs)) < 1.2 * unit
    inside &= components.boxes[:, 3] < 4 * unit
    inside[0] = False
    if not inside.any():
        top, bottom = extent.middle - unit / 2, extent.middle + unit / 2
    else:
        middle = baseline.at(xs[inside])
        tops = np.maximum(components.boxes[inside, 1], middle - _UP * unit)
        feet = components.boxes[inside, 1] + components.boxes[inside, 3]
        top, bottom = tops.min(), np.minimum(feet, middle + _DOWN * unit).max()
    high, wide = components.labels.shape
    left, upper = min(max(0, extent.left), wide - 1), min(max(0, int(top)), high - 1)
    return Box(
        left=left,
        top=upper,
        right=min(wide, max(left + 1, extent.right)),
        bottom=min(high, max(upper + 1, int(np.ceil(bottom)))),
    )


def _looks(components: PageComponents, baseline: Baseline, letters: NDArray[np.int64]) -> LineKind:
    """Typed or printed text stands level on its line; handwriting does not."""
    unit = components.x_height
    heights = components.boxes[letters, 3]
    if not (heights >= _WHOLE * unit).any():  # no letter at all: specks
        return LineKind.HANDWRITING
    level = _level(components, baseline, letters)
    usual = median(heights)
    if level >= _TYPED_LEVEL and _SIZES[0] * unit <= usual <= _SIZES[1] * unit:
        return LineKind.BODY
    printed = len(letters) >= _PRINT_LETTERS and float(np.std(heights)) < _PRINT_SPREAD * usual
    if level < _DRAWN_LEVEL and not (printed and usual <= _PRINT * unit):
        return LineKind.HANDWRITING
    return LineKind.FORM


def _level(components: PageComponents, baseline: Baseline, letters: NDArray[np.int64]) -> float:
    """The share of ``letters`` whose head or foot lies on its line's; commas do not count."""
    unit = components.x_height
    whole = letters[components.boxes[letters, 3] >= _WHOLE * unit]
    letters = whole if len(whole) else letters
    boxes = components.boxes[letters]
    middle = baseline.at(components.middles[letters, 0])
    heads = np.abs(boxes[:, 1] - (middle - unit / 2)) < _LEVEL * unit
    feet = np.abs(boxes[:, 1] + boxes[:, 3] - (middle + unit / 2)) < _LEVEL * unit
    return float((heads | feet).mean())


def _go_together(
    left: Cell,
    right: Cell,
    components: PageComponents,
    pitch: float | None,
    regions: Sequence[Region],
) -> bool:
    """Whether two neighbouring cells were typed as one line: both typed, and on one grid."""
    if pitch is None or not (left.typed and right.typed):
        return False
    if any(_is_scrap(cell, components) for cell in (left, right)):
        return False
    y = (left.extent.middle + right.extent.middle) / 2
    if components.ruled_between(left.extent.right, right.extent.left, y):
        return False
    if any(_parts_them(region, left, right, y) for region in regions):
        return False
    alone = [cell.grid for cell in (left, right) if len(cell.letters) >= _ENOUGH]
    if not all(_has_letters(cell, components) for cell in (left, right)):
        return False
    xs = components.middles[np.concatenate([left.letters, right.letters]), 0]
    return min([grid_fit(xs, pitch)[0], *alone]) >= _GRID


def _is_scrap(cell: Cell, components: PageComponents) -> bool:
    """Whether it is a letter or two that the edge of the image cuts: of the next sheet."""
    edge = _SCRAP_EDGE * components.x_height
    width = components.labels.shape[1]
    cut = cell.extent.left <= edge or cell.extent.right >= width - edge
    return cut and len(cell.letters) <= _SCRAP


def _has_letters(cell: Cell, components: PageComponents) -> bool:
    """Whether it is more than specks and bits of lines: a component of a letter's size."""
    unit = components.x_height
    width, height = components.boxes[cell.letters, 2:].T
    size = (height >= _WHOLE * unit) & (height <= _SIZES[1] * unit) & (width >= _NARROW * unit)
    return bool(size.any())


def _is_note(
    left: Cell, right: Cell, components: PageComponents, pitch: float | None, margin: float | None
) -> bool:
    """Whether ``left`` is a note by hand in the margin: its letters are out of step with the line.

    The numbers of a list's points are in step with it.
    """
    if pitch is None or margin is None or left.extent.right >= margin:
        return False
    if len(left.letters) < _FEWEST:
        return False
    xs = np.sort(components.middles[right.letters, 0])[:_STEPS]
    (even, phase), (other_even, other) = (
        grid_fit(x, pitch) for x in (components.middles[left.letters, 0], xs)
    )
    apart = abs((phase - other + 0.5) % 1.0 - 0.5)
    return other_even >= _REGULAR and (even < _REGULAR or apart > _STEP)


def _parts_them(region: Region, left: Cell, right: Cell, y: float) -> bool:
    """Whether the cells are two things by ``region``: in a ruled area, or one of them a stamp's."""
    box = region.box
    if region.kind is LineKind.TABLE:
        beside = box.left < right.extent.right and left.extent.right < box.right
        return beside and box.top <= y <= box.bottom
    if region.kind is LineKind.STAMP:
        return any(cell.box.share_inside(box) > _STAMPED for cell in (left, right))
    return False
