"""PDF pages through PDFium: the embedded scan where a page is one, else a rendering.

A scanned page is one image over the whole sheet, often with invisible text on top. Its
pixels are taken as they are stored, without a second sampling. Whether they are what the
page shows (a mask, an inverted bitmap or a colour table may come between) is found by
holding them against a small rendering of the page; where they differ, the page is rendered
at the image's own resolution instead.
"""

from __future__ import annotations

import io
import os
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import JpegImagePlugin

from pipeline.config import InputSettings
from pipeline.errors import InputEncryptedError, InputUnreadableError
from pipeline.model import Line, Scan
from pipeline.pixels import Pixels
from pipeline.scans.base import LoadedPage, ScanFile, check_size
from pipeline.scans.pdfimage import Placed, find_scan, image_resolution, oriented, same_picture

if TYPE_CHECKING:
    from pipeline.scans.layer import TextLayer

POINTS_PER_INCH = 72.0
# A PDF ends with %%EOF in its last 1024 bytes, as Acrobat asks; zeros and blanks may follow, and
# what a web server wrote behind it, but no further objects: those belong to an end that is lost.
_TAIL = 1024
_OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b|\bxref\b")
_PREVIEW = 400.0
"""Longest side of the small rendering, in pixels."""


class PdfFile(ScanFile):
    """A PDF, open in PDFium."""

    def __init__(self, path: Path, settings: InputSettings) -> None:
        super().__init__(path)
        self._settings = settings
        _refuse_cut_off(path)
        self._document = open_pdf(path)
        self._page_count = len(self._document)
        self._layer: TextLayer | None = None

    @property
    def page_count(self) -> int:
        """Number of pages, at least 1."""
        return self._page_count

    def load(self, number: int) -> LoadedPage:
        """Page ``number``: its scan at its own resolution, or rendered at ``pdf_dpi``."""
        self.check_number(number)
        try:
            page = self._document[number - 1]
        except pypdfium2.PdfiumError as error:
            raise self._damaged(number, str(error)) from error
        try:
            pixels, dpi = self._pixels(page, number)
        except (pypdfium2.PdfiumError, ValueError) as error:
            raise self._damaged(number, str(error)) from error
        finally:
            page.close()
        height, width = pixels.shape[:2]
        scan = Scan(path=str(self.path), page=number, width=width, height=height, dpi=dpi)
        return LoadedPage(
            number=number, scan=scan, pixels=pixels, layer=self._text_layer(number, width)
        )

    def close(self) -> None:
        """Close the document and its file."""
        if self._layer is not None:
            self._layer.close()
        self._document.close()

    def _text_layer(self, number: int, width: int) -> tuple[Line, ...]:
        """The lines of the page's text layer, if it is to vote; ``width`` of the page in pixels."""
        page = self._document[number - 1]
        if not self._settings.layer_votes or page.get_rotation():
            return ()
        if not page.get_textpage().count_chars():
            return ()
        # What reads layers takes its time to load.
        from pipeline.scans.layer import TextLayer  # noqa: PLC0415

        if self._layer is None:
            self._layer = TextLayer(self.path, self._document)
        try:
            return self._layer.lines(number, width * POINTS_PER_INCH / page.get_size()[0])
        except InputUnreadableError:
            return ()  # the picture is there all the same

    def _pixels(self, page: pypdfium2.PdfPage, number: int) -> tuple[Pixels, float]:
        """The page's pixels and their resolution in dots per inch."""
        placed = find_scan(page)
        if placed is None:
            dpi = round(image_resolution(page) or float(self._settings.pdf_dpi), 2)
            return self._rendered(page, number, dpi), dpi
        check_size(self.path, number, placed.size, self._settings.max_pixels)
        if cause := _cut_off(placed):
            raise self._damaged(number, cause)
        dpi = round(placed.dpi, 2)
        # Marks laid on the page (annotations) are not in the image, so they are drawn with it.
        if placed.is_upright_grid and not pdfium.FPDFPage_GetAnnotCount(page.raw):
            pixels = oriented(_stored(placed), placed)
            preview = _render(page, _PREVIEW / max(page.get_size()))
            if same_picture(pixels, preview):
                return pixels, dpi
        return self._rendered(page, number, dpi), dpi

    def _rendered(self, page: pypdfium2.PdfPage, number: int, dpi: float) -> Pixels:
        scale = dpi / POINTS_PER_INCH
        width, height = page.get_size()
        size = (round(width * scale), round(height * scale))
        if not all(size):
            raise self._damaged(number, "the page has no area")
        check_size(self.path, number, size, self._settings.max_pixels)
        return _render(page, scale)

    def _damaged(self, number: int, cause: str) -> InputUnreadableError:
        return InputUnreadableError(
            self.path, f"page {number} is truncated or damaged ({cause}); copy or scan it again"
        )


def _refuse_cut_off(path: Path) -> None:
    """PDFium repairs a file that lost its end, and shows the lost pages blank."""
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, size - 64 * _TAIL))
            tail = stream.read().rstrip(b"\0\t\n\f\r ")
    except OSError as error:
        raise InputUnreadableError(path, f"cannot be read: {error.strerror or error}") from error
    _, mark, behind = tail.rpartition(b"%%EOF")
    if not mark or (len(behind) > _TAIL and _OBJECT.search(behind)):
        raise InputUnreadableError(
            path, "is truncated or damaged: the PDF has no end mark (%%EOF); copy it again"
        )


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """The document of a PDF.

    Raises:
        InputEncryptedError: it needs a password.
        InputUnreadableError: it is damaged, or has no pages.

    """
    # PDFium keeps its last error after a success, and pypdfium2 asks for it where there are
    # no pages too: after a PDF with a password, one without pages would be called the same.
    handle = pdfium.FPDF_LoadDocument(os.fsencode(path), None)
    if not handle:
        if pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise InputEncryptedError(
                path, "is a PDF with a password; save a copy without it and give that"
            )
        raise InputUnreadableError(path, "is a damaged PDF; copy or scan it again")
    if pdfium.FPDF_GetPageCount(handle) < 1:
        pdfium.FPDF_CloseDocument(handle)
        raise InputUnreadableError(path, "is a PDF with no pages, or its list of pages is damaged")
    return pypdfium2.PdfDocument(handle)


def _render(page: pypdfium2.PdfPage, scale: float) -> Pixels:
    """The page, drawn on white, as RGB; ``scale`` in pixels a point."""
    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        return np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8)
    finally:
        bitmap.close()


def _stored(placed: Placed) -> Pixels:
    """The image's own pixels, grey or RGB."""
    bitmap = placed.image.get_bitmap()
    # From 5.14 on pypdfium2 warns of arrays that outlive the bitmap; ours are copies.
    bitmap.warn_on_close = False
    try:
        pixels = bitmap.to_numpy()
        if pixels.ndim == 2 or pixels.shape[2] == 1:
            return np.array(pixels.reshape(pixels.shape[:2]), dtype=np.uint8)
        return np.array(pixels[:, :, 2::-1], dtype=np.uint8)  # PDFium gives blue first
    finally:
        bitmap.close()


def _cut_off(placed: Placed) -> str | None:
    """What is missing from the image's data, which PDFium would show as a blank part."""
    filters = placed.image.get_filters(skip_simple=True)
    if filters == ["DCTDecode"]:
        data = bytes(placed.image.get_data(decode_simple=True))
        # An end mark is the quick answer; some writers leave it out, so else decode.
        return None if b"\xff\xd9" in data[-64:] else _jpeg_error(data)
    if not filters and placed.image.get_filters():
        return _too_short(placed)
    return None


def _jpeg_error(data: bytes) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            JpegImagePlugin.JpegImageFile(io.BytesIO(data), "").load()
    except (OSError, SyntaxError, ValueError) as error:
        return f"its JPEG: {error}"
    return None


def _too_short(placed: Placed) -> str | None:
    bits = placed.image.get_metadata().bits_per_pixel
    width, height = placed.stored_size
    wanted = (width * bits + 7) // 8 * height
    got = pdfium.FPDFImageObj_GetImageDataDecoded(placed.image, None, 0)
    return f"{got:,} of {wanted:,} bytes of its image" if 0 < got < wanted else None
