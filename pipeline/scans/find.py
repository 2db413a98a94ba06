"""Which names are inputs', and opening one with the reader that fits its bytes."""

from __future__ import annotations

import hashlib
import re
import stat
from pathlib import Path

from pipeline.config import InputSettings
from pipeline.errors import InputMissingError, InputUnreadableError
from pipeline.scans.base import Content, ScanFile, content_of, read_head
from pipeline.scans.images import ImageFile
from pipeline.scans.pdf import PdfFile
from pipeline.scans.rawtext import TextFile
from pipeline.scans.readings import ReadingFile

IMAGE_SUFFIXES = frozenset(
    {
        ".png",
        ".jpg",
        ".jpeg",
        ".jpe",
        ".tif",
        ".tiff",
        ".bmp",
        ".webp",
        ".jp2",
        ".j2k",
        ".jpx",
        ".jfif",
        ".jpf",
    }
)
PDF_SUFFIXES = frozenset({".pdf"})
TEXT_SUFFIXES = frozenset({".txt"})
SUFFIXES = IMAGE_SUFFIXES | PDF_SUFFIXES | TEXT_SUFFIXES
"""Suffixes (small letters) of the files that are taken from a folder."""

READING_SUFFIXES = frozenset({".xml", ".hocr", ".html", ".htm", ".tsv"})
"""Of other programs' readings. They are taken only where they are named: in a folder they mostly
stand beside the scans that they were made of."""

TRUTH_ENDS = (".gt.txt", ".gt.json")
"""How names of ground truth end, which is no input."""

_DIGITS = re.compile(r"(\d+)")
_CHUNK = 1 << 20


def is_input_name(name: str) -> bool:
    """Whether a file of this ``name`` is taken from a folder."""
    small = name.lower()
    return (
        not small.startswith((".", "readme"))
        and not small.endswith(TRUTH_ENDS)
        and Path(small).suffix in SUFFIXES
    )


def natural_key(path: Path) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """A sort key that puts ``page-2`` before ``page-10``; numbers stand before words."""
    return tuple(
        tuple(
            (0, int(run), run) if run.isascii() and run.isdigit() else (1, 0, run.casefold())
            for run in _DIGITS.split(part)
            if run
        )
        for part in path.parts
    )


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes, read in pieces.

    Raises:
        InputMissingError: there is no such file.
        InputUnreadableError: it cannot be read, or is a pipe or a device, which may never end.

    """
    digest = hashlib.sha256()
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputUnreadableError(path, "is not a regular file")
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError as error:
        raise InputMissingError(path, "no such file; check the path") from error
    except OSError as error:
        raise InputUnreadableError(path, f"cannot be read: {error.strerror or error}") from error
    return digest.hexdigest()


def open_scan(path: Path, settings: InputSettings) -> ScanFile:
    """Open a file of any known format; use the answer in a ``with`` statement.

    The bytes decide between images and PDF (a PNG named ``.jpg`` is read), but text is read
    as such only where the name is ``.txt`` or none of the known ones. A file with one page
    is checked as far as can be done without decoding it; decoding errors come from
    :meth:`ScanFile.load`.

    Raises:
        InputMissingError: there is no such file.
        InputUnreadableError: it is empty, damaged, or not of the kind its name says.
        InputEncryptedError: a PDF that needs a password.
        InputTooLargeError: a text, or the only page of an image, over the limits.
        ConfigError: ``settings.encoding`` is no character set.

    """
    head = read_head(path)
    content = content_of(head)
    suffix = path.suffix.lower()
    if suffix in TEXT_SUFFIXES:
        if content is not Content.OTHER:
            raise InputUnreadableError(path, f"is named as text but is a {content}; rename it")
        return TextFile(path, settings)
    if content is Content.PDF and settings.text_layer:
        # What reads layers is not needed for pictures, and takes its time to load.
        from pipeline.scans.layer import LayerFile  # noqa: PLC0415

        return LayerFile(path)
    if content is Content.PDF:
        return PdfFile(path, settings)
    if content is not Content.OTHER:
        return ImageFile(path, settings, content)
    if suffix in READING_SUFFIXES and content is Content.OTHER:
        return ReadingFile(path, settings)
    if suffix not in SUFFIXES:
        try:
            return TextFile(path, settings)
        except InputUnreadableError as error:
            raise InputUnreadableError(
                path, "is neither an image, nor a PDF, nor text that Depesha reads"
            ) from error
    kind = "a PDF" if suffix in PDF_SUFFIXES else "an image"
    is_text = not any(byte < 0x20 and byte not in b"\t\n\v\f\r" for byte in head)
    looks = "it looks like text" if is_text else "its first bytes are unknown"
    raise InputUnreadableError(
        path, f"is not {kind}, though its name ends in `{suffix}` ({looks}); damaged or misnamed"
    )
