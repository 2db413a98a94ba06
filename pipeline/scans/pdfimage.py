"""The one image that covers a PDF page: where it lies, how it is turned."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.pixels import Pixels

_POINTS_PER_INCH = 72.0
_COVERS = 0.9  # share of the page's area an image has to cover to be the page
_STRAIGHT = 1e-3  # slope below which an image counts as lying straight on the page
_SQUARE = 0.01  # by how much the two resolutions may differ and pixels still be square
# Up to which difference of tones, of 255, two small pictures are the same: on average, and in
# all but one square of a hundred. Seven scans and patterns, grey and 1-bit, gave up to 1.7
# and 12 against their own renderings.
_ALIKE_MEAN = 4.0
_ALIKE_NEARLY_ALL = 32.0
_MOSTLY_IMAGES, _NO_SPECK = 0.5, 0.002  # shares of the page's area
_LARGE_SHEET = 1224.0  # points, the short side of two sheets A2: no office has such paper
_COMPARE_SIDE = 100  # pixels of the squares that are compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An image over a whole page.

    ``right`` and ``down`` are where its rows and columns run on the page as displayed, in
    points (y down); ``stored_size`` is its width and height in pixels as stored.
    """

    image: pypdfium2.PdfImage
    stored_size: tuple[int, int]
    right: tuple[float, float]
    down: tuple[float, float]

    @property
    def is_turned(self) -> bool:
        """Whether stored rows are displayed as columns."""
        return abs(self.right[0]) < abs(self.right[1])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels as displayed."""
        width, height = self.stored_size
        return (height, width) if self.is_turned else (width, height)

    @property
    def resolutions(self) -> tuple[float, float]:
        """Dots per inch along the stored rows and columns."""
        along = float(np.hypot(*self.right)), float(np.hypot(*self.down))
        return (
            self.stored_size[0] * _POINTS_PER_INCH / along[0],
            self.stored_size[1] * _POINTS_PER_INCH / along[1],
        )

    @property
    def dpi(self) -> float:
        """The finer of the two resolutions."""
        return max(self.resolutions)

    @property
    def is_upright_grid(self) -> bool:
        """Whether the stored pixels are the page's, up to turns by 90 degrees and mirroring."""
        long, short = max(self.resolutions), min(self.resolutions)
        slopes = (min(map(abs, axis)) / max(map(abs, axis)) for axis in (self.right, self.down))
        return long / short - 1.0 <= _SQUARE and all(slope <= _STRAIGHT for slope in slopes)


def find_scan(page: pypdfium2.PdfPage) -> Placed | None:
    """The image of a page that shows one image and nothing else; ``None`` for other pages.

    Invisible text (an OCR layer) does not count.
    """
    images = []
    for item in page.get_objects():
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE and item.level == 0:
            images.append(item)
        elif item.type != pdfium.FPDF_PAGEOBJ_FORM and not _is_invisible(item):
            return None
    if len(images) != 1:
        return None
    placed = _placed(images[0], page.get_rotation())
    return placed if placed is not None and _covers(placed, page) else None


def image_resolution(page: pypdfium2.PdfPage) -> float | None:
    """Dots per inch of the images that make up a page, the finest; ``None`` where it has others.

    A scan may lie on its page in strips, with a stamp of text over it. Type that is drawn on a
    sheet of a usual size is no stamp: it may be finer than the images under it.
    """
    images: list[Placed] = []
    drawn = False
    for item in page.get_objects():
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            placed = _placed(item, page.get_rotation())
            images += [placed] if placed is not None else []
        elif item.type != pdfium.FPDF_PAGEOBJ_FORM and not _is_invisible(item):
            drawn = True
    width, height = page.get_size()
    if drawn and min(width, height) <= _LARGE_SHEET:
        return None
    shares = [_area(image) / (width * height) for image in images]
    if sum(shares) < _MOSTLY_IMAGES:
        return None
    return max(x.dpi for x, share in zip(images, shares, strict=True) if share >= _NO_SPECK)


def _area(placed: Placed) -> float:
    """In square points."""
    (a, b), (c, d) = placed.right, placed.down
    return abs(a * d - b * c)


def _is_invisible(item: pypdfium2.PdfObject) -> bool:
    if item.type != pdfium.FPDF_PAGEOBJ_TEXT:
        return False
    mode = pdfium.FPDFTextObj_GetTextRenderMode(item.raw)
    return bool(mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)


def _placed(image: pypdfium2.PdfImage, rotation: int) -> Placed | None:
    # An image fills the unit square; its matrix takes that to the page (ISO 32000, 8.3.4).
    a, b, c, d, _, _ = image.get_matrix().get()
    right, down = (a, -b), (-c, d)
    for _ in range(rotation // 90):
        right, down = _quarter_turn(right), _quarter_turn(down)
    size = image.get_px_size()
    if not all(size) or not any(right) or not any(down):
        return None
    return Placed(image=image, stored_size=size, right=right, down=down)


def _quarter_turn(vector: tuple[float, float]) -> tuple[float, float]:
    """``vector`` (y down), turned clockwise by 90 degrees."""
    return (-vector[1], vector[0])


def _covers(placed: Placed, page: pypdfium2.PdfPage) -> bool:
    a, b, c, d, e, f = placed.image.get_matrix().get()
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    left, bottom, right, top = min(xs), min(ys), max(xs), max(ys)
    crop = page.get_cropbox()
    width = min(right, crop[2]) - max(left, crop[0])
    height = min(top, crop[3]) - max(bottom, crop[1])
    page_area = (crop[2] - crop[0]) * (crop[3] - crop[1])
    image_area = (right - left) * (top - bottom)
    seen = max(width, 0.0) * max(height, 0.0)
    # A page that shows only a part of its image is not that image.
    return bool(seen >= _COVERS * max(page_area, image_area))


def oriented(pixels: Pixels, placed: Placed) -> Pixels:
    """Stored ``pixels`` as the page displays them: turned and mirrored, never resampled."""
    across, along = placed.right, placed.down
    if placed.is_turned:
        pixels = pixels.swapaxes(0, 1)
        across, along = along, across
    if across[0] < 0:
        pixels = pixels[:, ::-1]
    if along[1] < 0:
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def same_picture(first: Pixels, second: Pixels) -> bool:
    """Whether two pictures, each shrunk to a small square, are the same but for sampling."""
    difference = np.abs(_small(first) - _small(second))
    nearly_all = float(np.percentile(difference, 99))
    return float(difference.mean()) <= _ALIKE_MEAN and nearly_all <= _ALIKE_NEARLY_ALL


def _small(pixels: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    small = cv2.resize(pixels, (_COMPARE_SIDE, _COMPARE_SIDE), interpolation=cv2.INTER_AREA)
    if small.ndim == 2:
        small = np.repeat(small[:, :, None], 3, axis=2)
    return np.asarray(small, dtype=np.float32)
