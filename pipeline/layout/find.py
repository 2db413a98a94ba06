"""The layout stage: the lines of a prepared page, cut out straight, neighbours masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.config import LayoutSettings
from pipeline.layout.baselines import Baseline, find_baselines
from pipeline.layout.extents import find_extents, paragraph_starts, typed_margin
from pipeline.layout.line_images import Strip, pixel_owners
from pipeline.layout.page_components import PageComponents, find_components
from pipeline.layout.pitch import measure_leading, measure_pitch
from pipeline.layout.regions import find_regions
from pipeline.layout.rows import TextRow, rows_of
from pipeline.model import Box, LineKind, Region
from pipeline.pixels import PreparedImage, PreparedPage

_MANY_ROWS, _CLOSE, _FEW_TYPED = 30, 1.8, 0.2
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
    picture: bool = False
    """Whether the page is a picture or mere texture: marks in rows too narrow for any type."""

    def measures(self) -> tuple[tuple[str, str], ...]:
        """What was measured, as sorted pairs of name and value, for provenance."""
        names = ("leading", "pitch", "x_height")
        values = ((name, getattr(self, name)) for name in names)
        found = tuple((name, f"{value:.2f}") for name, value in values if value is not None)
        return tuple(sorted((*found, ("picture", "true")))) if self.picture else found


def find_lines(page: PreparedPage, settings: LayoutSettings) -> Layout:
    """The lines of ``page`` in reading order: down the page, those of a row left to right.

    A page with nothing to read has no lines. Each picture is uint8 ``(h, w)``: the strip
    along the line's baseline, straightened, what belongs to other lines whitened, with a white
    margin.
    """
    components = find_components(page)
    if components is None or not len(components.letters):
        return Layout()
    baselines = find_baselines(components, page.image.pixels.shape[0])
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

    if leading is not None and _is_picture(rows, leading / components.x_height):
        return Layout(x_height=components.x_height, leading=leading, picture=True)

    in_scan = page.image.box_in_scan
    lines = _cut(page, components, baselines, rows, settings)
    return Layout(
        lines=tuple(
            replace(line, box=in_scan(line.box), kind=_kind(line, regions)) for line in lines
        ),
        regions=tuple(replace(region, box=in_scan(region.box)) for region in regions),
        x_height=components.x_height,
        pitch=pitch,
        leading=leading,
    )


def _is_picture(rows: Sequence[Sequence[TextRow]], leading: float) -> bool:
    """Whether the rows are many, close (``leading`` in x-heights), and hardly one of them typed."""
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
