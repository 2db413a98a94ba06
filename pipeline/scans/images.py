"""Images, decoded by Pillow to uint8 grey or RGB, 0 black to 255 white.

Nothing global is touched: the size is checked against our own limit before anything is
decoded, so Pillow's own limit is gone round, and truncated files stay errors.
"""

from __future__ import annotations

import os
import struct
import sys
import tempfile
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL import ImageFile as PillowFile

from pipeline.config import InputSettings
from pipeline.errors import InputTooLargeError, InputUnreadableError
from pipeline.model import Scan
from pipeline.pixels import Pixels
from pipeline.scans.base import Content, LoadedPage, ScanFile, check_size
from pipeline.scans.tiff import TiffPage, tiff_pages

# What Pillow and the decoders under it raise on damaged files, found by damaging files.
_DAMAGE = (
    OSError, SyntaxError, EOFError, ValueError, TypeError, KeyError, IndexError,
    AttributeError, AssertionError, OverflowError, RuntimeError, struct.error, zlib.error,
    UnidentifiedImageError,
)  # fmt: skip
_UNKNOWN_MODE = "unknown pixel mode"  # what Pillow says of, for one, grey with alpha in 16 bits
_NOISY = {"50001, WebP"}
"""The library under Pillow says on standard error itself that it cannot read it."""

# Outside this, a resolution is a left-over of some program and not a scanner's.
_DPI_RANGE = (10.0, 10_000.0)
_LONGEST_PIXEL = 4.0
_STANDARD_ERROR = threading.Lock()

_WHITE_IS_ZERO = 0  # TIFF 6.0, tag 262 PhotometricInterpretation

_PHOTOMETRIC = 262

_TOPS = (1_023.0, 4_095.0, 16_383.0)


class ImageFile(ScanFile):
    """An image; a TIFF may have many pages, all others have one."""

    def __init__(self, path: Path, settings: InputSettings, content: Content) -> None:
        super().__init__(path)
        self._settings = settings
        self._content = content
        try:
            self._stream: BinaryIO = path.open("rb")
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            raise InputUnreadableError(path, message) from error
        try:
            self._pages = self._count()
            if self.page_count == 1:
                with self._border(1, "opened"), self._opened(1):
                    pass
        except BaseException:
            self.close()
            raise

    @property
    def page_count(self) -> int:
        """Number of pages, at least 1; a page that is cut off counts."""
        return len(self._pages)

    def load(self, number: int) -> LoadedPage:
        """Page ``number``, decoded, turned upright (EXIF), alpha laid over white."""
        self.check_number(number)
        with self._border(number, "decoded"), self._opened(number) as image:
            if self._pages[number - 1].not_read in _NOISY:
                raise OSError("not supported")
            with _complaints(self._content) as said:
                image.load()
            ImageOps.exif_transpose(image, in_place=True)
            dpi, aspect = _dpi(image), _aspect(image)
        with _quietly():
            pixels = to_pixels(image)
        scan = Scan(
            path=str(self.path),
            page=number,
            width=pixels.shape[1],
            height=pixels.shape[0],
            dpi=dpi,
        )
        damage = said[0] if said else ""
        return LoadedPage(
            number=number, scan=scan, pixels=pixels, pixel_aspect=aspect, damage=damage
        )

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _count(self) -> tuple[TiffPage, ...]:
        if self._content is not Content.TIFF:
            return (TiffPage(index=0),)
        pages = tiff_pages(self._stream)
        if not pages:
            raise InputUnreadableError(
                self.path, "is truncated or damaged: a TIFF without a readable page"
            )
        return pages

    @contextmanager
    def _border(self, number: int, doing: str) -> Iterator[None]:
        """Turns what Pillow raises into our errors and keeps its warnings in."""
        try:
            with _quietly():
                yield
        except (Image.DecompressionBombError, MemoryError) as error:
            message = f"page {number} is too large to be {doing}"
            raise InputTooLargeError(self.path, message) from error
        except _DAMAGE as error:
            cause = str(error) or type(error).__name__
            message = (
                f"page {number} is truncated or damaged and cannot be {doing} ({cause}); "
                "copy or scan it again"
            )
            if kind := self._unsupported(number, cause):
                message = f"page {number}: {kind} is not supported; save it as PNG or JPEG"
            raise InputUnreadableError(self.path, message) from error

    def _unsupported(self, number: int, cause: str) -> str | None:
        """What of a whole file cannot be read here; ``None`` where it seems damaged."""
        # The pages are not known where the file could not be opened at all.
        compression = self._pages[number - 1].not_read
        if compression is not None:
            return f"its compression ({compression})"
        return "its layout of tones" if cause == _UNKNOWN_MODE else None

    @contextmanager
    def _opened(self, number: int) -> Iterator[PillowFile.ImageFile]:
        """The image at a page, its size checked, not decoded.

        Opened anew for each page, so that a damaged one leaves nothing behind.
        """
        image = _plugin(self._content, self._stream)
        try:
            if index := self._pages[number - 1].index:
                image.seek(index)
            check_size(self.path, number, image.size, self._settings.max_pixels)
            yield image
        finally:
            image.fp = None  # ours to close, with the file


def _plugin(content: Content, stream: BinaryIO) -> PillowFile.ImageFile:
    """The image, straight from Pillow's plugin.

    ``Image.open`` would do the same and then hold the size against a global of its own.
    """
    if content.value not in Image.OPEN:
        Image.init()
    factory, _ = Image.OPEN[content.value]
    stream.seek(0)
    return factory(stream, "")


@contextmanager
def _complaints(content: Content) -> Iterator[list[str]]:
    """What libtiff writes to standard error meanwhile, by line.

    Of a damaged row of Group 3 or 4 it says no more than that there: Pillow gives the page
    as if it were whole. It cannot be asked but by the file descriptor, one page at a time.
    """
    said: list[str] = []
    if content is not Content.TIFF:
        yield said
        return
    with _STANDARD_ERROR, tempfile.TemporaryFile() as stream:
        sys.stderr.flush()
        before = os.dup(2)
        os.dup2(stream.fileno(), 2)
        try:
            yield said
        finally:
            os.dup2(before, 2)
            os.close(before)
            stream.seek(0)
            lines = stream.read().decode("utf-8", "replace").splitlines()
            said += [line.strip() for line in lines if line.strip()]


@contextmanager
def _quietly() -> Iterator[None]:
    """Pillow's warnings (odd tags, palettes) say nothing a user could act on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _dpi(image: Image.Image) -> float | None:
    value = image.info.get("dpi")
    try:
        dpi = float(value[0]) if isinstance(value, tuple) else None
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if dpi is None or not _DPI_RANGE[0] <= dpi <= _DPI_RANGE[1]:
        return None
    return round(dpi, 2)


def _aspect(image: Image.Image) -> float:
    """How many times a pixel is higher than wide, by the declared resolutions; 1.0 if unknown.

    A fax has 204 dots to the inch across and 98 down.
    """
    value = image.info.get("dpi")
    try:
        across, down = (float(x) for x in value) if isinstance(value, tuple) else (1.0, 1.0)
    except (TypeError, ValueError, ZeroDivisionError):
        return 1.0
    if not all(_DPI_RANGE[0] <= x <= _DPI_RANGE[1] for x in (across, down)):
        return 1.0
    aspect = across / down
    return aspect if 1.1 <= max(aspect, 1 / aspect) <= _LONGEST_PIXEL else 1.0


def to_pixels(image: Image.Image) -> Pixels:
    """``image`` as uint8 ``(H, W)`` or ``(H, W, 3)``, a copy.

    Transparency is laid over white. 16-bit tones are scaled from the 10, 12, 14 or 16
    bits they fill. Wider ones and
    floats are taken by the range they fill: 0-1, 0-255 or 0-65535, else from their smallest
    to their largest value; what is not a number becomes white.
    """
    if image.mode.startswith("I") or image.mode == "F":
        # A TIFF may count tones from white; Pillow turns 8-bit tones round, wider ones not.
        tags = getattr(image, "tag_v2", {})
        white_is_zero = tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO
        return _from_wide(np.asarray(image), white_is_zero=white_is_zero)
    if image.has_transparency_data:
        image = _over_white(image)
    elif image.mode == "P":
        colours = np.array(image.getpalette() or [], dtype=np.uint8).reshape(-1, 3)
        is_grey = bool((colours == colours[:, :1]).all())
        image = image.convert("L" if is_grey else "RGB")
    elif image.mode != "L":
        image = image.convert("L" if image.mode == "1" else "RGB")
    return np.array(image, dtype=np.uint8)


def _over_white(image: Image.Image) -> Image.Image:
    grey = image.mode in {"L", "LA", "La", "1"}
    with_alpha = image.convert("RGBA")
    sheet = Image.new("RGBA", image.size, (255, 255, 255, 255))
    flat = Image.alpha_composite(sheet, with_alpha).convert("RGB")
    return flat.getchannel(0) if grey else flat


def _from_wide(tones: NDArray[np.generic], *, white_is_zero: bool) -> Pixels:
    values = tones.astype(np.float32)
    finite = np.isfinite(values)
    seen = values[finite]
    low, high = (float(seen.min()), float(seen.max())) if seen.size else (0.0, 0.0)
    bottom, top = _range(low, high, whole=not np.issubdtype(tones.dtype, np.floating), tones=tones)
    grey = np.where(finite, np.clip((values - bottom) / (top - bottom), 0.0, 1.0), 1.0)
    if white_is_zero:
        grey = np.where(finite, 1.0 - grey, 1.0)
    return np.asarray(np.rint(grey * 255.0), dtype=np.uint8)


def _range(
    low: float, high: float, *, whole: bool, tones: NDArray[np.generic]
) -> tuple[float, float]:
    if tones.dtype.itemsize == 2 and whole:
        # Scanners of 10, 12 and 14 bits leave the upper bits empty.
        return 0.0, next((top for top in _TOPS if 0.25 * top < high <= top), 65_535.0)
    if low >= 0.0:
        for top in (65_535.0,) if whole else (1.0, 255.0, 65_535.0):
            if high <= top:
                return 0.0, top
    return low, max(high, low + 1.0)
