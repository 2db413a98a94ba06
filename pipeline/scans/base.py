"""What every opened input can do, whatever its format, and what a file is by its first bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.errors import InputMissingError, InputTooLargeError, InputUnreadableError
from pipeline.model import Line, Page, Scan
from pipeline.pixels import Pixels

# The PDF header may stand anywhere in the first 1024 bytes, as Acrobat reads it.
_PDF_HEADER_WITHIN = 1024


class Content(StrEnum):
    """What a file is by its first bytes; ``OTHER`` may be text."""

    PNG = "PNG"
    JPEG = "JPEG"
    TIFF = "TIFF"
    BMP = "BMP"
    WEBP = "WEBP"
    JPEG2000 = "JPEG2000"
    PDF = "PDF"
    OTHER = "other"


_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", Content.PNG),
    (b"\xff\xd8\xff", Content.JPEG),
    (b"II*\x00", Content.TIFF),
    (b"MM\x00*", Content.TIFF),
    (b"II+\x00", Content.TIFF),  # BigTIFF
    (b"MM\x00+", Content.TIFF),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", Content.JPEG2000),
    (b"\xff\x4f\xff\x51", Content.JPEG2000),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadedPage:
    """One page as it came in; exactly one of ``pixels``, ``text`` and ``lines`` is set.

    ``number`` counts from 1. ``pixels`` are uint8 ``(H, W)`` grey or ``(H, W, 3)`` RGB, 0
    black to 255 white, upright; ``scan`` gives their ``width`` and ``height``. ``text`` is
    raw OCR text with its layout; lines end in a line feed. ``lines`` are what another program
    read, with places. ``pixel_aspect``: how many times a
    pixel is higher than wide (a fax's is two). ``mistake``: how the text had been saved in the
    wrong character set before it was put right (``UTF-8 read as cp1251``), mostly empty.
    ``damage``: what a decoder said of a page that it gave nevertheless. ``layer``: the lines of a
    scan's text layer, boxes in its pixels.
    """

    number: int
    scan: Scan
    pixels: Pixels | None = None
    text: str | None = None
    lines: tuple[Line, ...] | None = None
    pixel_aspect: float = 1.0
    mistake: str = ""
    damage: str = ""
    layer: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        if sum(part is not None for part in (self.pixels, self.text, self.lines)) != 1:
            raise ValueError("a loaded page has either pixels or text or lines")


class ScanFile(ABC):
    """An input that is open; use it in a ``with`` statement, or :meth:`close` it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    @abstractmethod
    def page_count(self) -> int:
        """Number of pages, at least 1; damaged pages count."""

    @abstractmethod
    def load(self, number: int) -> LoadedPage:
        """Page ``number``, counted from 1. Other pages load whatever becomes of this one.

        Raises:
            InputUnreadableError: the page is damaged or cut off, or there is no such page.
            InputTooLargeError: it has more pixels than the settings allow.

        """

    @abstractmethod
    def close(self) -> None:
        """Let go of the file; may be called twice."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def check_number(self, number: int) -> None:
        """Refuse a page number that is not there.

        Raises:
            InputUnreadableError: ``number`` is not 1 to :attr:`page_count`.

        """
        if not 1 <= number <= self.page_count:
            raise InputUnreadableError(
                self.path, f"there is no page {number}; the file has {self.page_count}"
            )


def check_size(path: Path, number: int, size: tuple[int, int], max_pixels: int) -> None:
    """Refuse a page of ``size`` (width, height in pixels) over ``max_pixels``.

    Raises:
        InputTooLargeError: it is over.

    """
    width, height = size
    if width * height > max_pixels:
        raise InputTooLargeError(
            path,
            f"page {number} is too large: {width:,} x {height:,} pixels are over the limit of "
            f"{max_pixels:,}; raise `input.max_pixels` if the scan is really that large",
        )


def file_of(source: Path, page: Page) -> Path:
    """The file that shows ``page``: ``source``, or its own where the document is of several."""
    own = Path(page.scan.path)
    return own if own.is_file() and not source.is_file() else source


def content_of(head: bytes) -> Content:
    """What a file is, told from ``head``, its first 1024 bytes or more."""
    for magic, content in _MAGIC:
        if head.startswith(magic):
            return content
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Content.WEBP
    # "BM" opens many a text, so the header's reserved zeros and its size are asked as well.
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0" and head[15:18] == b"\0\0\0":
        return Content.BMP
    if b"%PDF-" in head[:_PDF_HEADER_WITHIN]:
        return Content.PDF
    return Content.OTHER


def read_head(path: Path) -> bytes:
    """The first 1024 bytes of a file.

    Raises:
        InputMissingError: there is no such file.
        InputUnreadableError: it is a folder, is empty, or cannot be read.

    """
    try:
        if path.is_dir():
            raise InputUnreadableError(path, "is a folder, not a file; give its parent or rename")
        # A pipe or device would block or never end.
        if path.exists() and not path.is_file():
            raise InputUnreadableError(path, "is not a regular file")
        with path.open("rb") as stream:
            head = stream.read(_PDF_HEADER_WITHIN)
    except FileNotFoundError as error:
        raise InputMissingError(path, "no such file; check the path") from error
    except OSError as error:
        raise InputUnreadableError(path, f"cannot be read: {error.strerror or error}") from error
    if not head:
        raise InputUnreadableError(path, "is empty (0 bytes); copy or scan it again")
    return head
