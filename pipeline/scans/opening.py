"""Opening an input with the reader that fits its bytes."""

from __future__ import annotations

from pathlib import Path

from pipeline.config import InputSettings
from pipeline.errors import InputUnreadableError
from pipeline.scans.base import ScanFile
from pipeline.scans.find import (
    PDF_SUFFIXES,
    SUFFIXES,
    TEXT_SUFFIXES,
    Content,
    content_of,
    read_head,
)
from pipeline.scans.images import ImageFile
from pipeline.scans.pdf import PdfFile
from pipeline.scans.rawtext import TextFile


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
    if content is Content.PDF:
        return PdfFile(path, settings)
    if content is not Content.OTHER:
        return ImageFile(path, settings, content)
    if suffix not in SUFFIXES:
        return _text_or_nothing(path, settings)
    raise InputUnreadableError(path, _not_what_it_says(head, suffix))


def _text_or_nothing(path: Path, settings: InputSettings) -> ScanFile:
    try:
        return TextFile(path, settings)
    except InputUnreadableError as error:
        raise InputUnreadableError(
            path, "is neither an image, nor a PDF, nor text that Depesha reads"
        ) from error


def _not_what_it_says(head: bytes, suffix: str) -> str:
    kind = "a PDF" if suffix in PDF_SUFFIXES else "an image"
    looks = "it looks like text" if _looks_like_text(head) else "its first bytes are unknown"
    return f"is not {kind}, though its name ends in `{suffix}` ({looks}); damaged or misnamed"


def _looks_like_text(head: bytes) -> bool:
    return not any(byte < 0x20 and byte not in b"\t\n\v\f\r" for byte in head)
