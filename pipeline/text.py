"""Unicode for Russian typescript: graphemes, words, and the named normalisation levels.

The levels are part of a measure and so are code, not configuration: a CER is comparable
only where the level is the same. Each level includes the ones before it. NFKC is never
used: it would turn ``№`` into ``No``.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum

import regex

LATIN_TO_CYRILLIC = str.maketrans("ABCEHKMOPTXYaceopxykëËiIjJsS", "АВСЕНКМОРТХУасеорхукёЁіІјЈѕЅ")
"""Latin letters that a typewriter face draws like a Cyrillic one (Unicode confusables)."""

CYRILLIC_TO_LATIN = {value: key for key, value in LATIN_TO_CYRILLIC.items()}

_GRAPHEME = regex.compile(r"\X")
_SPACE = regex.compile(r"\s+")
_QUOTES = regex.compile("[\"«»„“”‟‘’‚‛′″ʺʹ`´']")
_DASHES = regex.compile("[‐‑‒–—―−]")
_AFTER_SIGN = regex.compile(r"(?<=[,.;:!?])\s+")
_NUMBER = regex.compile(r"(?<!\p{L})[IlІ\d]*\d[IlІ\d]*(?!\p{L})")
_ONES = str.maketrans("IlІ", "111")
_YO = str.maketrans("ёЁ", "еЕ")
_LINE_HYPHEN = regex.compile(r"(?<=\p{L})-\s+(?=\p{Ll})")
_HARD_SIGN = regex.compile(r"(?<=[бвдзкмнрстБВДЗКМНРСТ])\"(?=[еюяЕЮЯ])")
_ROMAN_MONTH = regex.compile(r"(?<=(?<!\d)[0-3]?\d[.\s])[І1VУХПШ]{1,4}(?=[.\s](?:19)?\d\d(?!\d))")
_ROMAN = {"У": "V", "П": "ІІ", "Ш": "ІІІ", "1": "І"}


class Level(StrEnum):
    """Normalisation levels for comparison, each including the ones before it."""

    STRICT = "strict"
    TYPEWRITER = "typewriter"
    READING = "reading"


def graphemes(text: str) -> tuple[str, ...]:
    """Grapheme clusters (Unicode UAX 29) of ``text`` in NFC: what a character is here."""
    return tuple(_GRAPHEME.findall(unicodedata.normalize("NFC", text)))


def words(text: str) -> tuple[str, ...]:
    """Words of ``text``: what stands between white space."""
    return tuple(text.split())


def normalise(text: str, level: Level) -> str:
    """``text`` as it is compared at ``level``; idempotent.

    - ``strict``: NFC, runs of white space (line breaks too) to one space, ends trimmed;
    - ``typewriter``: also quotes and dashes of all kinds folded, ё=е, ``I`` = 1 inside
      numbers, the space after a comma or another closing sign ignored;
    - ``reading``: also line-end hyphens joined, Latin and Cyrillic look-alikes folded,
      the typewriter's Roman month numerals folded, ``"`` for ъ folded.
    """
    result = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if level is not Level.STRICT:
        result = _typewriter(result)
    if level is Level.READING:
        result = _reading(result)
    return result


def _typewriter(text: str) -> str:
    text = _DASHES.sub("-", _QUOTES.sub('"', text)).translate(_YO)
    text = _AFTER_SIGN.sub("", text)
    return str(_NUMBER.sub(lambda m: m[0].translate(_ONES), text))


def _reading(text: str) -> str:
    text = _LINE_HYPHEN.sub("", text).translate(LATIN_TO_CYRILLIC)
    text = _HARD_SIGN.sub(lambda _: "ъ", text).translate(_YO)
    return str(_ROMAN_MONTH.sub(lambda m: "".join(_ROMAN.get(c, c) for c in m[0]), text))
