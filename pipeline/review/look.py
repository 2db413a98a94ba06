"""One picture of one page: the scan, the prepared page, and the lines by kind, numbered."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.config import Settings
from pipeline.model import LineKind, Page, Verdict
from pipeline.pixels import Pixels
from pipeline.process import classify_page
from pipeline.recognize_page import recognize_page
from pipeline.scans import LoadedPage

_PANEL = 1000
"""Width of each of the three panels, in pixels."""

_GAP, _HEAD = 16, 44
_PALE = 0.55
"""How far the third panel's scan is drawn towards white, so that the boxes stand out."""

COLOURS = {
    LineKind.BODY: (0, 114, 178),
    LineKind.HEADING: (86, 180, 233),
    LineKind.ADDRESSEE: (0, 158, 115),
    LineKind.SIGNATURE: (120, 94, 240),
    LineKind.FORM: (160, 110, 40),
    LineKind.TABLE: (230, 159, 0),
    LineKind.STAMP: (204, 121, 167),
    LineKind.HANDWRITING: (213, 94, 0),
    LineKind.PAGE_NUMBER: (100, 100, 100),
    LineKind.NOISE: (200, 30, 30),
}
"""Red, green, blue; told apart by colour-blind eyes too (after Okabe and Ito, 2008)."""


def look_at(loaded: LoadedPage, settings: Settings) -> tuple[Image.Image, Page]:
    """The picture of a page with pixels, and the page as it was read.

    Three panels: the scan; the page as it was prepared; the scan with its regions (filled)
    and its lines (framed, dropped ones thinly), numbered as the lines' ids are.
    """
    assert loaded.pixels is not None  # noqa: S101  the caller has an image
    prepared, read = recognize_page(loaded.pixels, loaded, settings)
    page = classify_page(read, settings)
    scan = Image.fromarray(loaded.pixels).convert("RGB")
    panels = [
        ("scan", _fitted(scan)),
        ("prepared", _fitted(Image.fromarray(prepared.image.pixels).convert("RGB"))),
        ("lines", _marked(scan, page)),
    ]
    height = max(panel.height for _, panel in panels)
    width = 3 * _PANEL + 4 * _GAP
    picture = Image.new("RGB", (width, height + 2 * _HEAD + _GAP), (238, 238, 238))
    draw = ImageDraw.Draw(picture)
    for place, (name, panel) in enumerate(panels):
        x = _GAP + place * (_PANEL + _GAP)
        draw.text((x, 10), name, font=_font(24), fill=(40, 40, 40))
        picture.paste(panel, (x, _HEAD))
    _legend(draw, page, height + _HEAD + 10)
    return picture, page


def _fitted(image: Image.Image) -> Image.Image:
    height = max(1, round(image.height * _PANEL / image.width))
    return image.resize((_PANEL, min(height, 10 * _PANEL)), Image.Resampling.BOX)


def _marked(scan: Image.Image, page: Page) -> Image.Image:
    small = _fitted(scan)
    pale = Image.fromarray(_towards_white(np.asarray(small, dtype=np.uint8)))
    across, down = small.width / scan.width, small.height / scan.height
    layer = Image.new("RGBA", pale.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for region in page.regions:
        box = region.box
        edges = (box.left * across, box.top * down, box.right * across, box.bottom * down)
        draw.rectangle(edges, fill=(*COLOURS[region.kind], 46))
    for line in page.lines:
        if line.box is None:
            continue
        box, colour = line.box, COLOURS[line.kind]
        edges = (box.left * across, box.top * down, box.right * across, box.bottom * down)
        draw.rectangle(edges, outline=colour, width=1 if line.verdict is Verdict.DROP else 3)
        number = line.id.rpartition("-l")[2].lstrip("0")
        draw.text(
            (max(0, edges[0] - 4), edges[1]), number, font=_font(15), fill=colour, anchor="rt"
        )
    return Image.alpha_composite(pale.convert("RGBA"), layer).convert("RGB")


def _towards_white(pixels: Pixels) -> Pixels:
    return np.asarray(255 - (255 - pixels.astype(np.float32)) * (1 - _PALE), dtype=np.uint8)


def _legend(draw: ImageDraw.ImageDraw, page: Page, y: float) -> None:
    """The kinds that the page has, in their colours."""
    x = float(_GAP)
    there = {line.kind for line in page.lines} | {region.kind for region in page.regions}
    for kind in (kind for kind in LineKind if kind in there):
        draw.rectangle((x, y + 4, x + 22, y + 24), fill=COLOURS[kind])
        draw.text((x + 30, y), str(kind), font=_font(22), fill=(40, 40, 40))
        x += 60 + draw.textlength(str(kind), font=_font(22))
    draw.text((x, y), "thin frame: dropped", font=_font(22), fill=(90, 90, 90))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
