"""Facing sheets and columns of prose: parts of a scan that are read one after the other.

A typed table, a list of ``post - name`` pairs and a copy list are read by row, although white
runs down between their columns: their cells are narrow, or fill their column poorly. Prose
fills its column, line after line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.layout.page_components import PageComponents
from pipeline.model import Box

_LANDSCAPE = 1.15
"""Width to height of a scan from which it may show two sheets; of two sheets A4 it is 1.4."""

_FOLD = (0.36, 0.64)
"""Where the fold between facing sheets lies, as share of the scan's width."""

_GUTTER, _SHEETS_APART = 2.2, 3.5
"""In x-heights: white between two columns, between two facing sheets, at the least."""

_STRAY = 0.012
"""Share of the fragments that may stand in the fold: dirt, staples, a note by hand."""

_COLUMN_WIDTH, _COLUMN_LINES = 20.0, 5
"""In x-heights, about 16 letters; and lines: no narrower or shorter column is prose."""

_FULL, _MOSTLY = 0.7, 0.6
"""A line that fills this share of its column is full; so many lines of prose are."""

_SHEET_ROWS, _TABLE_GAPS = 8, 2
"""Without any prose, two sheets have so many rows each; more white strips than these down the
whole of a landscape scan make a wide table of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Fragments:
    """The fragments of a page's lines; ``unit`` is the page's x-height.

    ``edges`` float64 ``(N, 4)``: left, top, right, bottom of each, in pixels.
    """

    edges: NDArray[np.float64]
    unit: float

    @classmethod
    def of(cls, components: PageComponents, chains: Sequence[NDArray[np.int64]]) -> Fragments:
        """The fragments of at least two letters."""
        boxes = components.boxes
        rows = [
            (*boxes[chain, :2].min(axis=0), *(boxes[chain, :2] + boxes[chain, 2:]).max(axis=0))
            for chain in chains
            if len(chain) > 1
        ]
        edges = np.array(rows, dtype=np.float64).reshape(-1, 4)
        return cls(edges=edges, unit=components.x_height)

    def inside(self, left: float, right: float, top: float, bottom: float) -> Fragments:
        """Those whose middle lies in the rectangle."""
        xs, ys = self.middles.T
        chosen = (left <= xs) & (xs < right) & (top <= ys) & (ys < bottom)
        return Fragments(edges=self.edges[chosen], unit=self.unit)

    @property
    def middles(self) -> NDArray[np.float64]:
        """``(N, 2)``: x and y of the fragments' middles."""
        return (self.edges[:, :2] + self.edges[:, 2:]) / 2

    @property
    def is_prose(self) -> bool:
        """Whether they are lines that fill a column of some width, one below the other."""
        if len(self.edges) < _COLUMN_LINES:
            return False
        left, right = np.percentile(self.edges[:, 0], 10), np.percentile(self.edges[:, 2], 90)
        width = float(right - left)
        if width < _COLUMN_WIDTH * self.unit:
            return False
        rows = _row_widths(self.edges, self.unit)
        full = [row for row in rows if row >= _FULL * width]
        return len(full) >= max(_COLUMN_LINES, _MOSTLY * len(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of a page, ``box`` in prepared pixels; ``sheet`` is 2 right of the fold, else 1."""

    box: Box
    sheet: int = 1


def find_blocks(
    components: PageComponents, chains: Sequence[NDArray[np.int64]]
) -> tuple[Block, ...]:
    """The blocks of a page in reading order; one: the whole page.

    Facing sheets are parted at their fold, columns of prose at the white between them, with
    what stands above and below both as blocks of its own.
    """
    height, width = components.labels.shape
    whole = Box(left=0, top=0, right=width, bottom=height)
    fragments = Fragments.of(components, chains)
    if len(fragments.edges) < 2:
        return (Block(box=whole),)
    fold = _fold(fragments, width, height)
    if fold is None:
        return tuple(Block(box=box) for box in _columns(fragments, whole))
    sheets = (
        Box(left=0, top=0, right=fold, bottom=height),
        Box(left=fold, top=0, right=width, bottom=height),
    )
    return tuple(
        Block(box=box, sheet=number)
        for number, sheet in enumerate(sheets, start=1)
        for box in _columns(fragments, sheet)
    )


def _fold(fragments: Fragments, width: int, height: int) -> int | None:
    """The x of the fold between two facing sheets; ``None`` for a single sheet."""
    if width < _LANDSCAPE * height:
        return None
    unit, edges = fragments.unit, fragments.edges
    white = gaps(edges, width, _STRAY * len(edges))
    wide = [(a, b) for a, b in white if b - a >= _SHEETS_APART * unit]
    at_fold = [(a, b) for a, b in wide if a < _FOLD[1] * width and b > _FOLD[0] * width]
    inner = [(a, b) for a, b in wide if a > edges[:, 0].min() and b < edges[:, 2].max()]
    if not at_fold:
        return None
    start, end = max(at_fold, key=lambda gap: gap[1] - gap[0])
    fold = float(np.clip(width / 2, start + unit, end - unit))
    sides = [
        fragments.inside(0, fold, 0, height),
        fragments.inside(fold, width, 0, height),
    ]
    if any(side.is_prose for side in sides):
        return round(fold)
    rows = min(len(_row_widths(side.edges, unit)) for side in sides)
    return round(fold) if rows >= _SHEET_ROWS and len(inner) <= _TABLE_GAPS else None


def gaps(edges: NDArray[np.float64], width: int, stray: float) -> list[tuple[int, int]]:
    """The runs of columns (start, end) of the page that at most ``stray`` fragments cover.

    ``edges`` float64 ``(N, 4)``: left, top, right, bottom of each.
    """
    change = np.zeros(width + 1)
    np.add.at(change, np.clip(edges[:, 0].astype(int), 0, width), 1)
    np.add.at(change, np.clip(np.ceil(edges[:, 2]).astype(int), 0, width), -1)
    empty = np.cumsum(change)[:width] <= stray
    steps = np.flatnonzero(np.diff(np.concatenate([[0], empty.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(steps[::2], steps[1::2], strict=True)]


def _columns(fragments: Fragments, sheet: Box) -> list[Box]:
    """The blocks of one ``sheet``, columns of prose apart, each read before the next."""
    inside = fragments.inside(sheet.left, sheet.right, sheet.top, sheet.bottom)
    found = _gutter(inside)
    if found is None:
        return [sheet]
    gutter, top, bottom = found
    if not sheet.left < gutter < sheet.right:
        return [sheet]
    above, below = max(sheet.top, top), min(sheet.bottom, bottom)
    blocks: list[Box] = []
    if above > sheet.top and _any_within(inside, sheet.top, above):
        blocks.append(Box(left=sheet.left, top=sheet.top, right=sheet.right, bottom=above))
    else:
        above = sheet.top
    tail = below < sheet.bottom and _any_within(inside, below, sheet.bottom)
    if not tail:
        below = sheet.bottom
    left = Box(left=sheet.left, top=above, right=gutter, bottom=below)
    right = Box(left=gutter, top=above, right=sheet.right, bottom=below)
    blocks += [*_columns(fragments, left), *_columns(fragments, right)]
    if tail:
        blocks.append(Box(left=sheet.left, top=below, right=sheet.right, bottom=sheet.bottom))
    return blocks


def _any_within(fragments: Fragments, top: float, bottom: float) -> bool:
    ys = fragments.middles[:, 1]
    return bool(((top <= ys) & (ys < bottom)).any())


def _gutter(fragments: Fragments) -> tuple[int, int, int] | None:
    """``(x, top, bottom)`` of the white between two columns of prose; ``None`` without any."""
    unit, edges = fragments.unit, fragments.edges
    if len(edges) < 2 * _COLUMN_LINES:
        return None
    best: tuple[int, int, int] | None = None
    tallest = 0.0
    start, end = edges[:, 0].min() + _COLUMN_WIDTH * unit, edges[:, 2].max() - _COLUMN_WIDTH * unit
    for x in np.arange(start, end, unit):
        for top, bottom in _runs_at(edges, float(x), unit):
            if bottom - top <= tallest:
                continue
            left = fragments.inside(0, x, top, bottom)
            right = fragments.inside(x, np.inf, top, bottom)
            if left.is_prose and right.is_prose:
                tallest, best = bottom - top, (round(x), int(top), int(bottom))
    return best


def _runs_at(edges: NDArray[np.float64], x: float, unit: float) -> list[tuple[float, float]]:
    """The heights ``(top, bottom)`` between the fragments that cross a gutter at ``x``."""
    half = _GUTTER * unit / 2
    crossing = edges[(edges[:, 0] < x + half) & (edges[:, 2] > x - half)]
    cuts = np.sort((crossing[:, 1] + crossing[:, 3]) / 2)
    bounds = np.concatenate([[edges[:, 1].min() - unit], cuts, [edges[:, 3].max() + unit]])
    runs = [
        (a + (unit if i else 0.0), b - (unit if i < len(cuts) else 0.0))
        for i, (a, b) in enumerate(pairwise(bounds.tolist()))
    ]
    return [(a, b) for a, b in runs if b - a > 2 * _COLUMN_LINES * unit]


def _row_widths(edges: NDArray[np.float64], unit: float) -> list[float]:
    """From end to end, the widths of the rows that the fragments (``edges``) stand on."""
    order = np.argsort((edges[:, 1] + edges[:, 3]) / 2, kind="stable")
    widths: list[float] = []
    row: list[NDArray[np.float64]] = []
    for edge in edges[order]:
        middle = (edge[1] + edge[3]) / 2
        if row and middle - (row[-1][1] + row[-1][3]) / 2 > 0.8 * unit:
            widths.append(_covered(row))
            row = []
        row.append(edge)
    return [*widths, _covered(row)] if row else widths


def _covered(row: Sequence[NDArray[np.float64]]) -> float:
    """How much of a row its fragments cover: white between cells does not count."""
    return float(sum(edge[2] - edge[0] for edge in row))
