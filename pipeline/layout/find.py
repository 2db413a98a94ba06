"""The layout stage: the lines of a prepared page, cut out straight, neighbours masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.config import LayoutSettings
from pipeline.layout.baselines import Baseline, find_baselines
from pipeline.layout.blocks import Block, find_blocks
from pipeline.layout.chains import find_chains
from pipeline.layout.extents import find_extents, paragraph_starts, typed_margin
from pipeline.layout.level import find_level
from pipeline.layout.line_images import Strip, pixel_owners
from pipeline.layout.lists import with_names, without_lists
from pipeline.layout.next_sheet import find_next_sheets
from pipeline.layout.page_components import PageComponents, find_components
from pipeline.layout.pitch import measure_leading, measure_pitch
from pipeline.layout.regions import find_regions
from pipeline.layout.rows import TextRow, rows_of
from pipeline.model import Box, LineKind, Region
from pipeline.pixels import PreparedImage, PreparedPage

_MANY_ROWS, _CLOSE, _FEW_TYPED = 30, 2.3, 0.2
"""Single-spaced clogged type can be as close, but half its lines and more stand on the grid."""

_INSIDE = 0.8
"""A line with this share of its box in a region belongs to it."""


@dataclass(frozen=True, slots=True, eq=False)
class LineImage:
    """One line: its pictures, its place in the scan, and what it looks like.

    ``images`` are its cells, left to right: one, but for the rows of a typed table. ``kind``
    says what its place and its components look like: ``body`` for typed or printed text,
    ``table`` in a ruled area, ``stamp``, ``handwriting``, or ``form`` for type of another
    size than the page's. ``box`` is tight around its ink.
    """

    images: tuple[PreparedImage, ...]
    box: Box
    kind: LineKind
    starts_paragraph: bool
    regular: bool
    """Whether its letters stand at the page's pitch."""

    doubtful: bool = False
    """Whether its page may be a picture, or mere texture: it is a line if it can be read."""

    sheet: int = 1
    """2 on the right of two facing sheets, else 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """What is on a page: lines in reading order, and regions, boxes in scan pixels.

    ``x_height``, ``pitch`` (width of a typed cell) and ``leading`` are in pixels of the
    prepared page; ``None`` where there is none, or nothing to tell it from.
    """

    lines: tuple[LineImage, ...] = ()
    regions: tuple[Region, ...] = ()
    x_height: float | None = None
    pitch: float | None = None
    leading: float | None = None

    def measures(self) -> tuple[tuple[str, str], ...]:
        """What was measured, as sorted pairs of name and value, for provenance."""
        names = ("leading", "pitch", "x_height")
        values = ((name, getattr(self, name)) for name in names)
        return tuple((name, f"{value:.2f}") for name, value in values if value is not None)


def find_lines(page: PreparedPage, settings: LayoutSettings) -> Layout:
    """The lines of ``page`` in reading order: down the page, those of a row left to right.

    Facing sheets and columns of prose are read one after the other, each as a page of its
    own. A page with nothing to read has no lines. Each picture is uint8 ``(h, w)``: the strip
    along the line's baseline, straightened, what belongs to other lines whitened, with a
    white margin. Scraps of the next sheet come last, as ``noise``.
    """
    components = find_components(page)
    if components is None or not len(components.letters):
        return Layout()
    others = find_next_sheets(components)
    if others is None:
        return _find_on_sheet(page, components, settings)
    own, scraps = page.without(others), page.without(~others)
    components = find_components(own)
    if components is None or not len(components.letters):
        return Layout()
    found = _find_on_sheet(own, components, settings)
    beside = find_components(scraps)
    if beside is None or not len(beside.letters):
        return found
    left = _find_in_block(scraps, beside, find_chains(beside), settings)
    noise = tuple(replace(x, kind=LineKind.NOISE, regular=False) for x in left.lines)
    return replace(found, lines=(*found.lines, *noise))


def _find_on_sheet(
    page: PreparedPage, components: PageComponents, settings: LayoutSettings
) -> Layout:
    """The lines of a page, or of two facing ones, without scraps of others beside it."""
    chains = find_chains(components)
    blocks = find_blocks(components, chains)
    if len(blocks) == 1:
        return _find_in_block(page, components, chains, settings)
    return _joined([_find_in_part(page, block, settings) for block in blocks])


def _find_in_part(page: PreparedPage, block: Block, settings: LayoutSettings) -> Layout:
    part = page.part(block.box)
    components = find_components(part)
    if components is None or not len(components.letters):
        return Layout()
    found = _find_in_block(part, components, find_chains(components), settings)
    return replace(
        found,
        lines=tuple(replace(line, sheet=block.sheet) for line in found.lines),
        regions=tuple(replace(region, sheet=block.sheet) for region in found.regions),
    )


def _joined(parts: Sequence[Layout]) -> Layout:
    """The parts of a page as one layout; its measures are those of the part with most lines."""
    main = max(parts, key=lambda part: len(part.lines))
    return replace(
        main,
        lines=tuple(line for part in parts for line in part.lines),
        regions=tuple(region for part in parts for region in part.regions),
    )


def _find_in_block(
    page: PreparedPage,
    components: PageComponents,
    chains: Sequence[NDArray[np.int64]],
    settings: LayoutSettings,
) -> Layout:
    """The lines of a page, or of a part of it, that is read from top to bottom."""
    baselines = find_baselines(components, chains, find_level(components, chains))
    if not baselines:
        return Layout(x_height=components.x_height)
    leading = measure_leading(baselines, page.image.pixels.shape[1] / 2)
    regions = find_regions(page, components.x_height)
    pitch, margin = measure_pitch(components, baselines), typed_margin(components, baselines)
    rows = [
        rows_of(components, baseline, extents, pitch, margin, regions)
        for baseline, extents in zip(
            baselines, find_extents(components, baselines, margin), strict=True
        )
    ]
    rows = with_names(without_lists(rows, components.x_height), components)
    doubtful = leading is not None and _may_be_picture(rows, leading / components.x_height)
    lines = _cut(page, components, baselines, rows, settings)
    in_scan = page.image.box_in_scan
    return Layout(
        lines=tuple(
            replace(line, box=in_scan(line.box), kind=_kind(line, regions), doubtful=doubtful)
            for line in lines
        ),
        regions=tuple(replace(region, box=in_scan(region.box)) for region in regions),
        x_height=components.x_height,
        pitch=pitch,
        leading=leading,
    )


def _may_be_picture(rows: Sequence[Sequence[TextRow]], leading: float) -> bool:
    """Whether the rows are many, close (``leading`` in x-heights), and hardly one of them typed.

    Single-spaced type under a watermark can look the same: only a reader can tell.
    """
    lines = [line for row in rows for line in row]
    typed = sum(line.regular for line in lines) / len(lines)
    return len(rows) >= _MANY_ROWS and leading < _CLOSE and typed < _FEW_TYPED


def _cut(
    page: PreparedPage,
    components: PageComponents,
    baselines: list[Baseline],
    rows: Sequence[Sequence[TextRow]],
    settings: LayoutSettings,
) -> list[LineImage]:
    """The pictures of all lines; boxes in pixels of the prepared page."""
    owners = pixel_owners(components, baselines)
    starts = paragraph_starts([row[0].cells[0].extent for row in rows], components.x_height)
    lines: list[LineImage] = []
    for index, (baseline, row) in enumerate(zip(baselines, rows, strict=True)):
        for place, line in enumerate(row):
            images: list[PreparedImage] = []
            for cell in line.cells:
                shape = page.image.pixels.shape
                strip = Strip.around(baseline, cell.extent, components.x_height, shape)
                images.append(strip.cut(page.image, owners, index, settings))
            box = Box.around(cell.box for cell in line.cells)
            assert box is not None  # noqa: S101  a line has a cell
            opens = starts[index] or place > 0
            lines.append(
                LineImage(
                    images=tuple(images),
                    box=box,
                    kind=line.kind,
                    starts_paragraph=opens,
                    regular=line.regular,
                )
            )
    return lines


def _kind(line: LineImage, regions: Sequence[Region]) -> LineKind:
    """What the line is by its place, where that says more than its components.

    Typed text stays typed text under a stamp.
    """
    for region in regions:
        if region.kind is LineKind.HANDWRITING or line.box.share_inside(region.box) < _INSIDE:
            continue
        if region.kind is LineKind.TABLE or not line.regular:
            return region.kind
    return line.kind
