"""Raw OCR text: decoded, checked to be text, cut into pages at form feeds.

The character set is UTF-8, UTF-16, cp1251, KOI8-R or cp866. A byte order mark settles it,
then valid UTF-8, then the tell-tale zero bytes of UTF-16. Among the three one-byte sets the
text is read in each and the one in which it looks most like Russian is taken. General
detectors were tried and are not used here: on text wholly in capitals, as telegrams are, or
of a few words they choose wrongly (the figures are in ``docs/dependencies.md``), while
between these three sets letter frequencies decide.
"""

from __future__ import annotations

import codecs
import math
from pathlib import Path

from pipeline.config import InputSettings
from pipeline.errors import ConfigError, InputTooLargeError, InputUnreadableError
from pipeline.model import Scan
from pipeline.scans.base import LoadedPage, ScanFile

_LAYOUT = frozenset("\t\n\r\f\v")
_DOS_END = "\x1a"  # DOS editors closed a text with it
# Some programs leave a control character at each line-end hyphen, which may be one in 50;
# of random bytes one in 10 is one.
_MAX_CONTROL_SHARE = 0.04

ONE_BYTE = ("cp1251", "koi8-r", "cp866")
"""The one-byte sets told apart, as Python names them."""

# How often a letter stands in 10,000 letters of Russian prose; counted over 14 MB of
# official prose and letters of 1901-1946, ё apart (in print it is mostly е).
_PER_10000 = {
    "а": 753, "б": 168, "в": 472, "г": 151, "д": 269, "е": 824, "ж": 80, "з": 171,
    "и": 830, "й": 127, "к": 317, "л": 378, "м": 299, "н": 646, "о": 1126, "п": 275,
    "р": 511, "с": 559, "т": 705, "у": 224, "ф": 20, "х": 104, "ц": 75, "ч": 139,
    "ш": 66, "щ": 39, "ъ": 6, "ы": 179, "ь": 171, "э": 40, "ю": 75, "я": 200, "ё": 5,
}  # fmt: skip

_WEIGHT = {letter: math.log(count / 10_000) for letter, count in _PER_10000.items()}

_AT_HOME = frozenset("№«»„“”‘’…–—°§\u00a0іІїЇєЄґҐ")

_AT_HOME_WEIGHT = -6.0  # rare in Russian, but at home in it

_STRANGER_WEIGHT = -12.0  # box drawing, control characters, letters of other Cyrillic scripts

_CASE_JUMP = -5.0  # a capital after a small letter inside a word: пРИВЕТ is the wrong set

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# High bytes of the code units of Russian text: Latin and punctuation, Cyrillic, dashes, №.
_UTF16_PAGES = frozenset({0x00, 0x04, 0x20, 0x21})

_UTF16_SHARE = 0.9

# A text is taken for damaged UTF-8 where it has this many whole characters to each bad byte.
_WHOLE_PER_BAD = 10


class TextFile(ScanFile):
    """A raw text; its pages are what stands between form feeds, kept to the letter."""

    def __init__(self, path: Path, settings: InputSettings) -> None:
        super().__init__(path)
        data = _read(path, settings.max_text_bytes)
        text, self._encoding = decode_text(data, path, settings)
        self._pages = _pages(text)

    @property
    def page_count(self) -> int:
        """Number of pages, at least 1."""
        return len(self._pages)

    def load(self, number: int) -> LoadedPage:
        """Page ``number``: its text, tabs and spaces kept, lines ended by a line feed."""
        self.check_number(number)
        scan = Scan(path=str(self.path), page=number, encoding=self._encoding)
        return LoadedPage(number=number, scan=scan, text=self._pages[number - 1])

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
    encoding = _encoding(path, data, settings.encoding)
    text = _decode(path, data, encoding)
    _refuse_binary(path, text)
    return text, encoding


def _read(path: Path, max_bytes: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise InputTooLargeError(
                path,
                f"{size:,} bytes of text are over the limit of {max_bytes:,}; split the file "
                "or raise `input.max_text_bytes`",
            )
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
        raise InputUnreadableError(
            path, "is not text in a known character set; name it with `input.encoding`"
        )
    return found


def _decode(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff").removesuffix(_DOS_END)
    except UnicodeDecodeError as error:
        raise InputUnreadableError(
            path,
            f"is damaged: byte {error.start:,} is not {encoding} ({error.reason}); name the "
            "character set with `input.encoding`, or mend the file",
        ) from error
    except LookupError as error:  # a codec that does not make text, such as base64
        raise ConfigError("input.encoding", f"`{encoding}` is not a character set") from error


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


def detect(data: bytes) -> str | None:
    """The Python name of the character set of ``data``; ``None`` where none of ours fits.

    ``utf-8`` stands for pure ASCII too; ``utf-8-sig`` and ``utf-16`` have a byte order
    mark, ``utf-16-le`` and ``utf-16-be`` have none. Damaged UTF-8 (few bad bytes among
    many whole characters) is ``utf-8``: decoding it then says where it is damaged.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    if utf16 := _utf16_without_mark(data):
        return utf16
    if _is_utf8(data):
        return "utf-8"
    scores = {name: score for name in ONE_BYTE if (score := _score(data, name)) is not None}
    return max(scores, key=lambda name: scores[name]) if scores else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        whole = sum(character > "\x7f" for character in data.decode("utf-8", "ignore"))
        bad = data.decode("utf-8", "replace").count("\ufffd")
        return whole > 0 and whole >= bad * _WHOLE_PER_BAD
    return True


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 by its high bytes: every second byte is one of a few, the others are not."""
    if len(data) < 4 or len(data) % 2 or not {0x00, 0x04} & set(data):
        return None
    half = len(data) // 2
    first = sum(byte in _UTF16_PAGES for byte in data[0::2]) / half
    second = sum(byte in _UTF16_PAGES for byte in data[1::2]) / half
    # Spaces (0x20) are low bytes of UTF-16 too, so the other half may reach a fifth or so.
    if second >= _UTF16_SHARE > first:
        return "utf-16-le"
    if first >= _UTF16_SHARE > second:
        return "utf-16-be"
    return None


def _score(data: bytes, encoding: str) -> float | None:
    """How Russian ``data`` reads in ``encoding``: log-likelihood of its letters.

    Only bytes from 0x80 count; the rest is ASCII in all three sets. ``None`` where
    ``data`` cannot be decoded.
    """
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    score = 0.0
    before = " "
    for character in text:
        if character > "\x7f":
            stranger = _AT_HOME_WEIGHT if character in _AT_HOME else _STRANGER_WEIGHT
            score += _WEIGHT.get(character.lower(), stranger)
            if character.isupper() and before.islower():
                score += _CASE_JUMP
        before = character
    return score
