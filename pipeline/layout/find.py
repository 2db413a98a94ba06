"""The layout stage: the lines of a prepared page, cut out straight, neighbours masked."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.config import LayoutSettings
from pipeline.layout.curves import find_curves
from pipeline.layout.cut import Strip
from pipeline.layout.extents import find_extents
from pipeline.layout.owners import pixel_owners
from pipeline.layout.paragraphs import paragraph_starts
from pipeline.layout.strokes import find_strokes
from pipeline.model import Box
from pipeline.pixels import PreparedImage, PreparedPage


@dataclass(frozen=True, slots=True, eq=False)
class LineImage:
    """One line: its picture, its place in the scan, and whether it opens a paragraph."""

    image: PreparedImage
    box: Box
    starts_paragraph: bool


def find_lines(
    page: PreparedPage, width: int, height: int, settings: LayoutSettings
) -> tuple[LineImage, ...]:
    """The lines of ``page`` in reading order: down the page, the cells of a row left to right.

    ``width`` and ``height`` are the scan's, in pixels. A page with nothing to read has no
    lines. Each picture is uint8 ``(h, w)``: the strip along the line's curve, straightened,
    what belongs to other lines whitened, with a white margin.
    """
    prepared = page.image
    strokes = find_strokes(page)
    if strokes is None or not len(strokes.letters):
        return ()
    curves = find_curves(strokes, prepared.pixels.shape[0])
    if not curves:
        return ()
    cells = find_extents(strokes, curves)
    owners = pixel_owners(strokes, curves)
    starts = paragraph_starts([row[0] for row in cells], strokes.x_height)
    border = max(4, round(settings.margin * strokes.x_height))
    lines: list[LineImage] = []
    for index, (curve, row) in enumerate(zip(curves, cells, strict=True)):
        for column, extent in enumerate(row):
            strip = Strip.around(curve, extent, strokes.x_height, prepared.pixels.shape)
            image = strip.cut(prepared, owners, index, border)
            box = prepared.box_in_scan(strip.box, width, height)
            starts_paragraph = starts[index] or column > 0
            lines.append(LineImage(image=image, box=box, starts_paragraph=starts_paragraph))
    return tuple(lines)
