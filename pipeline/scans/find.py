"""Which files of a folder are inputs, and what a file is, told from its first bytes."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from pipeline.errors import DepeshaError, InputMissingError, InputUnreadableError, NoInputError

IMAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".bmp", ".webp", ".jp2", ".j2k", ".jpx"}
)
PDF_SUFFIXES = frozenset({".pdf"})
TEXT_SUFFIXES = frozenset({".txt"})
SUFFIXES = IMAGE_SUFFIXES | PDF_SUFFIXES | TEXT_SUFFIXES
"""Suffixes (small letters) of the files that are taken from a folder."""

_TRUTH_ENDS = (".gt.txt", ".gt.json")
_DIGITS = re.compile(r"(\d+)")
_CHUNK = 1 << 20
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


def discover(inputs: Sequence[Path]) -> tuple[tuple[Path, ...], tuple[DepeshaError, ...]]:
    """The input files named by ``inputs`` (files and folders), and what is wrong with some.

    Files come in the order given; a folder's, with all below it, in natural order
    (``page-2`` before ``page-10``), without hidden files, ground truth (``*.gt.txt``,
    ``*.gt.json``), READMEs and unknown suffixes. A file that is named itself is taken
    whatever its name. Each file is there once, however often it is named.

    Returns:
        The files, and the errors (:class:`InputMissingError`, :class:`NoInputError`,
        :class:`InputUnreadableError` for a folder that may not be read), one for each
        input that gave none.

    """
    found: dict[str, Path] = {}
    errors: list[DepeshaError] = []
    for path in inputs:
        try:
            for file in _files_of(path):
                found.setdefault(os.path.realpath(file), file)
        except DepeshaError as error:
            errors.append(error)
    return tuple(found.values()), tuple(errors)


def _files_of(path: Path) -> tuple[Path, ...]:
    try:
        if path.is_dir():
            return _files_below(path)
        if path.exists():
            return (path,)
    except OSError as error:
        raise InputUnreadableError(path, f"cannot be read: {error.strerror or error}") from error
    if path.is_symlink():
        raise InputMissingError(path, "points to a file that does not exist")
    raise InputMissingError(path, "no such file or folder; check the path")


def _files_below(folder: Path) -> tuple[Path, ...]:
    files = tuple(sorted(_walk(folder), key=lambda file: natural_key(file.relative_to(folder))))
    if not files:
        kinds = ", ".join(sorted(SUFFIXES))
        raise NoInputError(folder, f"holds no scans; taken are files ending in {kinds}")
    return files


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise error

    # os.walk does not follow linked folders, so a loop of links cannot trap it.
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent, name) for name in names if is_input_name(name))


def is_input_name(name: str) -> bool:
    """Whether a file of this ``name`` is taken from a folder."""
    small = name.lower()
    return (
        not small.startswith((".", "readme"))
        and not small.endswith(_TRUTH_ENDS)
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


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes, read in pieces.

    Raises:
        InputMissingError: there is no such file.
        InputUnreadableError: it cannot be read.

    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError as error:
        raise InputMissingError(path, "no such file; check the path") from error
    except OSError as error:
        raise InputUnreadableError(path, f"cannot be read: {error.strerror or error}") from error
    return digest.hexdigest()
