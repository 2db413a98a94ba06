"""Which files of a folder are inputs, and opening one with the reader that fits its bytes."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import InputSettings
from pipeline.errors import DepeshaError, InputMissingError, InputUnreadableError, NoInputError
from pipeline.scans.base import Content, ScanFile, content_of, read_head
from pipeline.scans.images import ImageFile
from pipeline.scans.pdf import PdfFile
from pipeline.scans.rawtext import TextFile

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

_TRUTH_ENDS = (".gt.txt", ".gt.json")
_DIGITS = re.compile(r"(\d+)")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A file or folder that was not taken; ``kind`` is the ending of a file of another kind."""

    path: str
    reason: str
    kind: str = ""


def discover(inputs: Sequence[Path]) -> tuple[tuple[Path, ...], tuple[DepeshaError, ...]]:
    """The input files named by ``inputs`` (files and folders), and what is wrong with some.

    Files come in the order given; a folder's, with all below it, in natural order
    (``page-2`` before ``page-10``), without hidden files, ground truth (``*.gt.txt``,
    ``*.gt.json``), READMEs and unknown suffixes. A file that is named itself is taken
    whatever its name. Each file is there once, however often it is named.

    Returns:
        The files, and the errors (:class:`InputMissingError`, :class:`NoInputError`,
        :class:`InputUnreadableError` for a folder that may not be read, also below an
        input), one for each input that gave none.

    """
    found: dict[str, Path] = {}
    errors: list[DepeshaError] = []
    for path in inputs:
        try:
            for file in _files_of(path, errors):
                found.setdefault(os.path.realpath(file), file)
        except DepeshaError as error:
            errors.append(error)
    return tuple(found.values()), tuple(errors)


def left_out(inputs: Sequence[Path]) -> tuple[LeftOut, ...]:
    """What stands below the folders of ``inputs`` and is not taken, and why.

    Not ground truth, READMEs and hidden files: nobody takes these for scans.
    """
    found: dict[str, LeftOut] = {}
    for folder in (path for path in inputs if path.is_dir()):
        for parent, folders, names in os.walk(folder):
            for name in folders:
                path = Path(parent, name)
                if path.is_symlink() and not name.startswith("."):
                    reason = "is a link to a folder, not followed"
                    found.setdefault(str(path), LeftOut(path=str(path), reason=reason))
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(parent, name)
                if not _is_known_name(name):
                    kind = path.suffix.lower() or "no ending"
                    reason = f"is of another kind ({kind})"
                    found.setdefault(str(path), LeftOut(path=str(path), reason=reason, kind=kind))
    return tuple(found.values())


def _is_known_name(name: str) -> bool:
    small = name.lower()
    return is_input_name(name) or small.startswith((".", "readme")) or small.endswith(_TRUTH_ENDS)


def _files_of(path: Path, errors: list[DepeshaError]) -> tuple[Path, ...]:
    try:
        if path.is_dir():
            return _files_below(path, errors)
        if path.exists():
            return (path,)
    except OSError as error:
        raise InputUnreadableError(path, f"cannot be read: {error.strerror or error}") from error
    if path.is_symlink():
        raise InputMissingError(path, "points to a file that does not exist")
    raise InputMissingError(path, "no such file or folder; check the path")


def _files_below(folder: Path, errors: list[DepeshaError]) -> tuple[Path, ...]:
    before = len(errors)
    files = tuple(
        sorted(_walk(folder, errors), key=lambda file: natural_key(file.relative_to(folder)))
    )
    if not files and len(errors) == before:
        kinds = ", ".join(sorted(SUFFIXES))
        raise NoInputError(folder, f"holds no scans; taken are files ending in {kinds}")
    return files


def _walk(folder: Path, errors: list[DepeshaError]) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        errors.append(
            InputUnreadableError(
                error.filename or folder, f"cannot be read: {error.strerror or error}"
            )
        )

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
