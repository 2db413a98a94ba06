"""The pages of a searchable PDF: an image put into one as it is, or the pages of a PDF."""

from __future__ import annotations

import io
import logging
import warnings
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import img2pdf
import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name
from PIL import Image

from pipeline.config import InputSettings
from pipeline.errors import InputEncryptedError, InputMissingError, InputUnreadableError
from pipeline.export.pdf_text import Place
from pipeline.model import Page
from pipeline.pixels import Pixels
from pipeline.scans import open_scan
from pipeline.scans.base import Content, content_of, read_head
from pipeline.scans.pdfimage import Placed as PlacedImage
from pipeline.scans.pdfimage import find_scan

_LARGEST = 14_400.0
"""Points: no page of a PDF is longer."""

_SHEET = 842.0
"""Points, the longer side of A4: how long a scan is taken to be that does not say."""

_TURNS = {
    1: lambda u, v: (u, v),
    2: lambda u, v: (1 - u, v),
    3: lambda u, v: (1 - u, 1 - v),
    4: lambda u, v: (u, 1 - v),
    5: lambda u, v: (v, u),
    6: lambda u, v: (1 - v, u),
    7: lambda u, v: (1 - v, 1 - u),
    8: lambda u, v: (v, 1 - u),
}
"""EXIF orientation: where a place of the stored image is on the upright one, both 0 to 1."""

_ORIENTATION = 274
_ANY_SIZE = InputSettings(max_pixels=2**31)
_log = logging.getLogger("depesha")
_IMAGE_FAULTS = (
    img2pdf.AlphaChannelError,
    img2pdf.ExifOrientationError,
    img2pdf.ImageOpenError,
    img2pdf.JpegColorspaceError,
    img2pdf.NegativeDimensionError,
    img2pdf.PdfTooLargeError,
    img2pdf.UnsupportedColorspaceError,
    OSError,
    ValueError,
    NotImplementedError,
    Image.DecompressionBombError,
    pikepdf.PdfError,
)


@dataclass(slots=True)
class Sheets:
    """An open PDF.

    ``places``: for each of its pages (from 1) that was read, how pixels become points;
    ``numbers``: which of them shows a page (from 1) of the file of that path. ``is_original``: it
    is the input itself.
    """

    pdf: pikepdf.Pdf
    places: dict[int, Place]
    numbers: dict[tuple[str, int], int]
    is_original: bool = False

    def number_of(self, page: Page) -> int:
        """Which page of the PDF (from 1) shows ``page``."""
        return self.numbers[page.scan.path, page.scan.page]


def open_sheets(files: Mapping[Path, Sequence[Page]], *, only: bool = False) -> Sheets:
    """The scan, or the scans in their order, as a PDF; with the pages that were read of each.

    ``only``: others are left out, as where the document is a part of what was scanned.

    Raises:
        InputMissingError: a scan is gone.
        InputUnreadableError: it cannot be put into a PDF.

    """
    for scan in files:
        if not scan.exists():
            raise InputMissingError(
                scan, "the scan is gone; a searchable PDF shows it (other formats do not need it); "
                "where scans have moved, --scans says where to"
            )  # fmt: skip
    if len(files) != 1:
        return _of_group(files)
    ((scan, pages),) = files.items()
    if content_of(read_head(scan)) is Content.PDF:
        sheets = _of_pdf(scan, pages)
        return _alone(sheets) if only else sheets
    return _of_image(scan, pages, only=only)


def _of_group(files: Mapping[Path, Sequence[Page]]) -> Sheets:
    """The pages of several files, in their order."""
    made = Sheets(pikepdf.new(), {}, {})
    for scan, pages in files.items():
        own = open_sheets({scan: pages}, only=True)
        before = len(made.pdf.pages)
        made.pdf.pages.extend(own.pdf.pages)
        made.places |= {before + number: place for number, place in own.places.items()}
        made.numbers |= {page: before + number for page, number in own.numbers.items()}
    return made


def _alone(sheets: Sheets) -> Sheets:
    """The pages that were read, in a PDF of their own: an outline of all would keep all."""
    made = pikepdf.new()
    read = sorted(sheets.places)
    for number in read:
        made.pages.append(sheets.pdf.pages[number - 1])
    places = {place: sheets.places[number] for place, number in enumerate(read, start=1)}
    numbers = {page: read.index(number) + 1 for page, number in sheets.numbers.items()}
    return Sheets(made, places, numbers, is_original=True)


def _of_image(scan: Path, pages: Sequence[Page], *, only: bool) -> Sheets:
    """A page for each frame of the image that was read, and for others where they can be kept."""
    data = scan.read_bytes()
    read = {page.scan.page: page for page in pages}
    pdf = pikepdf.new()
    places: dict[int, Place] = {}
    with open_scan(scan, _ANY_SIZE) as opened:
        kept = _kept(data, opened.page_count)
        for number in range(1, opened.page_count + 1):
            page = read.get(number)
            source = kept.pages[number - 1] if kept is not None else None
            turn = _orientation(data, number)
            if page is None:
                if source is not None and not only:
                    wide, high = _paper(source, None, turn)
                    _add_page(pdf, pdf.copy_foreign(_image_of(source)), turn, (wide, high))
                continue
            scanned = page.scan.width or 1, page.scan.height or 1
            if source is None or not _is_same(_image_of(source), turn, scanned):
                pixels = opened.load(number).pixels
                if pixels is None:
                    raise InputUnreadableError(scan, "is no picture")
                image, turn = _encoded(pdf, pixels), 1
            else:
                image = pdf.copy_foreign(_image_of(source))
            wide, high = _paper(source, page, turn)
            _add_page(pdf, image, turn, (wide, high))
            places[len(pdf.pages)] = Place(
                wide / scanned[0], 0.0, 0.0, -high / scanned[1], 0.0, high
            )
    shown = dict(zip(sorted(read), sorted(places), strict=True))
    numbers = {(page.scan.path, page.scan.page): shown[page.scan.page] for page in pages}
    return Sheets(pdf, places, numbers)


def _kept(data: bytes, count: int) -> pikepdf.Pdf | None:
    """The image in a PDF with the bytes it has; ``None`` where a PDF cannot hold them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wrapped = img2pdf.convert(
                data, engine=img2pdf.Engine.pikepdf, rotation=img2pdf.Rotation.none
            )
        kept = pikepdf.open(io.BytesIO(wrapped))
    except _IMAGE_FAULTS as error:
        _log.debug("the image is encoded anew: %s", error)
        return None
    return kept if len(kept.pages) == count else None


def xobjects(page: pikepdf.Page, kind: pikepdf.Name) -> list[pikepdf.Object]:
    """The images or forms that the page's own resources name."""
    named = page.resources.get(Name.XObject)
    found = list(named.values()) if named is not None else []
    return [one for one in found if one.get(Name.Subtype) == kind]


def _image_of(page: pikepdf.Page) -> pikepdf.Object:
    (image,) = xobjects(page, Name.Image)
    return image


def _is_same(image: pikepdf.Object, turn: int, size: tuple[int, int]) -> bool:
    """Whether the stored image is what was read: so many pixels wide and high."""
    width, height = int(image.Width), int(image.Height)
    return (height, width) == size if turn >= 5 else (width, height) == size


def _orientation(data: bytes, number: int) -> int:
    """How the stored pixels are to be turned (EXIF), 1 to 8."""
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data)) as image:
            warnings.simplefilter("ignore")
            if number > 1:
                image.seek(number - 1)
            found = image.getexif().get(_ORIENTATION, 1)
    except (*_IMAGE_FAULTS, EOFError, SyntaxError):
        return 1
    return found if found in _TURNS else 1


def _encoded(pdf: pikepdf.Pdf, pixels: Pixels) -> pikepdf.Object:
    """Pixels that no PDF holds as they were stored: deflated, none of them lost."""
    image = pdf.make_stream(zlib.compress(pixels.tobytes(), 9))
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Height, image.Width = pixels.shape[:2]
    image.ColorSpace = Name.DeviceGray if pixels.ndim == 2 else Name.DeviceRGB
    image.BitsPerComponent = 8
    image.Filter = Name.FlateDecode
    return image


def _paper(source: pikepdf.Page | None, page: Page | None, turn: int) -> tuple[float, float]:
    """Width and height of the page, in points, upright: those of the sheet at its resolution."""
    if page is not None and (page.scan.dpi is None or source is None):
        width, height = page.scan.width or 1, page.scan.height or 1
        dpi = page.scan.dpi or 72.0 * max(width, height) / _SHEET
        wide, high = 72.0 * width / dpi, 72.0 * height / dpi
    elif source is not None:
        left, bottom, right, top = (float(x) for x in source.mediabox)
        wide, high = right - left, top - bottom
        if turn >= 5:
            wide, high = high, wide
    else:
        wide, high = 595.0, _SHEET
    shrink = min(1.0, _LARGEST / max(wide, high))
    return wide * shrink, high * shrink


def _add_page(
    pdf: pikepdf.Pdf, image: pikepdf.Object, turn: int, size: tuple[float, float]
) -> None:
    wide, high = size
    # An image fills the unit square, y up; its first row is at the top.
    corners = [_TURNS[turn](u, v) for u, v in ((0.0, 1.0), (1.0, 1.0), (0.0, 0.0))]
    (x, y), (right_x, right_y), (up_x, up_y) = ((u * wide, (1 - v) * high) for u, v in corners)
    matrix = (right_x - x, right_y - y, up_x - x, up_y - y, x, y)
    numbers = " ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in matrix)
    content = f"q {numbers} cm /Im0 Do Q".encode()
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, round(wide, 4), round(high, 4)]),
        Contents=pdf.make_stream(content),
        Resources=Dictionary(XObject=Dictionary(Im0=image)),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _of_pdf(scan: Path, pages: Sequence[Page]) -> Sheets:
    """The PDF as it is: its pages, boxes, outline and metadata stay."""
    try:
        pdf = pikepdf.open(scan)
    except pikepdf.PasswordError as error:
        raise InputEncryptedError(
            scan, "is a PDF with a password; save a copy without it and give that"
        ) from error
    except (pikepdf.PdfError, OSError) as error:
        raise InputUnreadableError(scan, f"cannot be opened as a PDF: {error}") from error
    places = {}
    with pypdfium2.PdfDocument(scan) as shown:
        for page in pages:
            number = page.scan.page
            if number > min(len(shown), len(pdf.pages)):
                raise InputUnreadableError(scan, f"there is no page {number}; the file has changed")
            opened = shown[number - 1]
            try:
                places[number] = _on_page(opened, page)
            finally:
                opened.close()
    numbers = {(page.scan.path, page.scan.page): page.scan.page for page in pages}
    return Sheets(pdf, places, numbers, is_original=True)


def _on_page(shown: pypdfium2.PdfPage, page: Page) -> Place:
    """How pixels of the scan become points of the page, whatever its boxes and its rotation."""
    width, height = page.scan.width or 1, page.scan.height or 1
    image = find_scan(shown)
    if image is not None and image.is_upright_grid and image.size == (width, height):
        return _in_image(image, width, height)
    left, bottom, right, top = shown.get_cropbox()
    # Corners of what is shown, from its upper left clockwise, in the page's own space.
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    first = -(shown.get_rotation() // 90) % 4
    (x, y), (x1, y1), _, (x2, y2) = corners[first:] + corners[:first]
    return Place((x1 - x) / width, (y1 - y) / width, (x2 - x) / height, (y2 - y) / height, x, y)


def _in_image(image: PlacedImage, width: int, height: int) -> Place:
    """The same where the pixels are those of one image on the page."""
    a, b, c, d, e, f = image.image.get_matrix().get()
    # Where the picture's upper left corner, and the ends of its sides, are in the unit square.
    across, along = image.right, image.down
    if image.is_turned:
        across, along = along, across
    flip_x, flip_y = across[0] < 0, along[1] < 0

    def unit(u: float, v: float) -> tuple[float, float]:
        u, v = (1 - u if flip_x else u), (1 - v if flip_y else v)
        stored = (v, u) if image.is_turned else (u, v)
        return a * stored[0] + c * (1 - stored[1]) + e, b * stored[0] + d * (1 - stored[1]) + f

    (x, y), (x1, y1), (x2, y2) = unit(0, 0), unit(1, 0), unit(0, 1)
    return Place((x1 - x) / width, (y1 - y) / width, (x2 - x) / height, (y2 - y) / height, x, y)
