"""Raw OCR text: decoded, checked to be text, cut into pages at form feeds."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from pipeline.config import InputSettings
from pipeline.errors import ConfigError, InputTooLargeError, InputUnreadableError
from pipeline.model import Scan
from pipeline.scans.base import LoadedPage, ScanFile
from pipeline.scans.charsets import ONE_BYTE, detect, one_byte_set, undone

_LAYOUT = frozenset("\t\n\r\f\v")
_DOS_END = "\x1a"  # DOS editors closed a text with it
# Some programs leave a control character at each line-end hyphen, which may be one in 50;
# of random bytes one in 10 is one.
_MAX_CONTROL_SHARE = 0.04

_QUOTED, _HEAD = re.compile(rb"=[0-9A-F]{2}"), 10_000
_ROW = 8
"""Bytes from 0x80 on by which the character set of one line is told."""


class TextFile(ScanFile):
    """A raw text; its pages are what stands between form feeds, kept to the letter."""

    def __init__(self, path: Path, settings: InputSettings) -> None:
        super().__init__(path)
        refuse_large(path, settings.max_text_bytes)
        data = _read(path)
        text, self._encoding = decode_text(data, path, settings)
        # Whoever names the character set has the last word.
        text, self._mistake = undone(text) if settings.encoding == "auto" else (text, "")
        self._pages = _pages(text)

    @property
    def page_count(self) -> int:
        """Number of pages, at least 1."""
        return len(self._pages)

    def load(self, number: int) -> LoadedPage:
        """Page ``number``: its text, tabs and spaces kept, lines ended by a line feed."""
        self.check_number(number)
        scan = Scan(path=str(self.path), page=number, encoding=self._encoding)
        return LoadedPage(
            number=number, scan=scan, text=self._pages[number - 1], mistake=self._mistake
        )

    def close(self) -> None:
        """Nothing to do: the file was read whole."""


def decode_text(data: bytes, path: Path, settings: InputSettings) -> tuple[str, str]:
    """The text in ``data`` and its character set; ``path`` names it in errors.

    Raises:
        InputUnreadableError: it is empty, binary, or in no known character set.
        ConfigError: the settings name a character set that there is not.

    """
    if not data:
        raise InputUnreadableError(path, "is empty (0 bytes)")
    if data.lstrip().startswith(b"{\\rtf"):
        raise InputUnreadableError(path, "is RTF of a word processor; save it as plain text")
    if 6 * len(_QUOTED.findall(data[:_HEAD])) > len(data[:_HEAD]):
        raise InputUnreadableError(
            path,
            "is mail in quoted-printable (=D0=9F ...); save its text as the mail program shows it",
        )
    encoding = _encoding(path, data, settings.encoding)
    text = _decode(path, data, encoding)
    _refuse_binary(path, text)
    return text, encoding


def refuse_large(path: Path, max_bytes: int) -> None:
    """Refuse a text, or a file of words and places, that is over the limit.

    Raises:
        InputTooLargeError: it is.
        InputUnreadableError: it cannot be asked.

    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputUnreadableError(path, f"cannot be read: {error.strerror or error}") from error
    if size > max_bytes:
        raise InputTooLargeError(
            path,
            f"{size:,} bytes of text are over the limit of {max_bytes:,}; split the file "
            "or raise `input.max_text_bytes`",
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputUnreadableError(path, f"cannot be read: {error.strerror or error}") from error


def _encoding(path: Path, data: bytes, wanted: str) -> str:
    if wanted != "auto":
        try:
            return codecs.lookup(wanted).name
        except LookupError as error:
            raise ConfigError(
                "input.encoding", f"`{wanted}` is not a character set; try {', '.join(ONE_BYTE)}"
            ) from error
    found = detect(data)
    if found is None:
        _refuse_binary(path, data.decode("latin-1"))
        raise InputUnreadableError(
            path, "is not text in a known character set; name it with `input.encoding`"
        )
    return found


def _decode(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff").removesuffix(_DOS_END)
    except UnicodeDecodeError as error:
        raise InputUnreadableError(path, _damage(data, encoding, error)) from error
    except LookupError as error:  # a codec that does not make text, such as base64
        raise ConfigError("input.encoding", f"`{encoding}` is not a character set") from error


def _damage(data: bytes, encoding: str, error: UnicodeDecodeError) -> str:
    """What is wrong at the place that cannot be decoded."""
    number = data.count(b"\n", 0, error.start) + 1
    row = data.split(b"\n")[number - 1] if encoding.startswith("utf-8") else b""
    other = one_byte_set(row) if sum(byte > 0x7F for byte in row) >= _ROW else None
    if other is not None and encoding.startswith("utf-8"):
        return (
            f"is UTF-8, but its line {number:,} is in {other} (byte {error.start:,} is not "
            "utf-8): parts of different files? convert that part, or name the character set "
            "with `input.encoding`"
        )
    return (
        f"is damaged: byte {error.start:,} is not {encoding} ({error.reason}), line {number:,}; "
        "name the character set with `input.encoding`, or mend the file"
    )


def _refuse_binary(path: Path, text: str) -> None:
    control = sum(character < " " and character not in _LAYOUT for character in text)
    if "\0" in text or control > len(text) * _MAX_CONTROL_SHARE:
        raise InputUnreadableError(
            path, "is binary, not text: it is full of control bytes; is the name right?"
        )


def _pages(text: str) -> tuple[str, ...]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    pages = text.split("\f")
    # Most programs close each page with a form feed, the last one too.
    if len(pages) > 1 and not pages[-1].strip():
        pages.pop()
    return tuple(pages)
