"""Unicode for Russian typescript: graphemes, words, and the named normalisation levels.

The levels are part of a measure and so are code, not configuration: a CER is comparable
only where the level is the same. Each level is made from the one before it. NFKC is never
used: it would turn ``№`` into ``No``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

import regex

LATIN_TO_CYRILLIC = str.maketrans("ABCEHKMOPTXYaceopxykëËiIjJsS", "АВСЕНКМОРТХУасеорхукёЁіІјЈѕЅ")
"""Latin letters that a typewriter face draws like a Cyrillic one (Unicode confusables)."""

CYRILLIC_TO_LATIN = {value: key for key, value in LATIN_TO_CYRILLIC.items()}

TYPED_ROMAN = str.maketrans("УХІl1", "VXIII", "") | str.maketrans({"П": "II", "Ш": "III"})
"""What typists struck for Roman numerals: ``У`` for V, ``П`` for II, ``Ш`` for III ..."""

ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
"""January to December as typists dated."""

MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
"""January to December as a date has them in words."""

_CELL = regex.compile(r"[ ]{3,}|\t")
_LEAST_CELLS = 3
_GRAPHEME = regex.compile(r"\X")
# Characters that never share a cluster with a neighbour: most texts hold nothing else, and then
# each code point is a cluster of its own.
_PLAIN = re.compile("[\\x00-\\x0c\\x0e-\\x7f«»°§Ѐ-҂Ҋ-ԯ‐-‧‰-⁞№]*+")
_QUOTES = str.maketrans(dict.fromkeys("\"«»„“”‟‘’‚‛′″ʺʹʼ`´'", '"'))
# U+00AD and ¬ are how other engines write a hyphen at a line's end.
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−\u00ad¬", "-"))
NO_INK = r"\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
"""Signs that leave no ink, for a class of a regular expression: joiners, marks of direction."""

INVISIBLE = regex.compile(rf"[{NO_INK}]|(?<=\p{{L}})\u00ad+(?=\p{{L}})")
"""These, and soft hyphens inside words; at a line's end a soft hyphen is one that is seen."""

_YO = str.maketrans("ёЁ", "еЕ")
_TYPED = _QUOTES | _DASHES | _YO
# Most texts hold little of what is folded, and finding that out is quicker than folding nothing.
_HAS_NO_INK = re.compile(f"[{NO_INK}\u00ad]")
_HAS_TYPED = re.compile(f"[{re.escape(''.join(map(chr, _TYPED)))}]")
_HAS_LATIN = re.compile(f"[{''.join(map(chr, LATIN_TO_CYRILLIC))}]")
_HAS_ONES = re.compile("[IlІ]")
_HAS_ROMAN = re.compile(r"[І1VУХПШ][І1VУХПШ-]|\d[.\s][І1VУХПШ]")
_HAS_YEAR_SIGN = re.compile(r"\d\s+г")
_AFTER_SIGN = regex.compile(r"(?<=[,.;:!?])\s++")
_NEW_WORD = regex.compile(r"(?<=[,.;:!?])(?=[\p{L}\p{N}])")
_ONES_AND_DIGITS = regex.compile(r"(?<![\p{L}\p{M}\p{N}])[IlІ\d]++")
_ONES = str.maketrans("IlІ", "111")
_DIGIT = regex.compile(r"\d")
_WORD_HYPHEN = regex.compile(r"(?<=[\p{L}\p{M}])-\s*+(?=\p{L})")
_NUMBER_HYPHEN = regex.compile(r"(?<=[\p{L}\p{M}\p{N}]-)\s++(?=[\p{L}\p{N}])")
_YEAR_SIGN = regex.compile(r"(?<=\d)\s++(?=гг?\.?(?!\p{L}))")
_HARD_SIGN = regex.compile(r"(?<=[бвгджзклмнпрстфхцчшщБВГДЖЗКЛМНПРСТФХЦЧШЩ])\"(?=([еюя])|[ЕЮЯ])")
# By now look-alikes are Cyrillic: І and Х are letters of the Cyrillic block here, V is not.
_ROMAN = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}])"
    r"(?:(?<=(?<!\d)[0-3]?\d[.\s])[І1VУХПШ]{1,4}(?=[.\s](?:19)?\d\d(?!\d))"  # 14.У.50
    r"|[І1VУХПШ]{1,5}(?=-(?:й|я|е|го|му|м|ю|ой|ый|ая|ое)(?!\p{L}))"  # П-я, Ш-й
    r"|(?=1*+[ІVУХПШ])[І1VУХПШ]{2,6}(?![\p{L}\p{M}\p{N}]))"  # ХУШ
)
_ROMAN_TYPED = str.maketrans({"У": "V", "П": "ІІ", "Ш": "ІІІ", "1": "І"})
_ROMAN_NUMBER = regex.compile("Х{0,3}(?:ІХ|ІV|V?І{0,3})")


class Level(StrEnum):
    """Normalisation levels for comparison, each made from the one before it."""

    STRICT = "strict"
    TYPEWRITER = "typewriter"
    READING = "reading"


def graphemes(text: str) -> tuple[str, ...]:
    """Grapheme clusters (Unicode UAX 29) of ``text`` in NFC: what a character is here."""
    composed = unicodedata.normalize("NFC", text)
    if is_plain(composed):
        return tuple(composed)
    return tuple(_GRAPHEME.findall(composed))


def is_plain(text: str) -> bool:
    """Whether each code point of ``text`` (in NFC) is surely a cluster of its own."""
    return _PLAIN.fullmatch(text) is not None


def words(text: str, level: Level = Level.STRICT) -> tuple[str, ...]:
    """Words of ``text``: what stands between white space.

    The higher levels ignore the space after closing punctuation, so there a word also ends
    with such a mark before a letter or digit: ``словно,громовой`` is two words.
    """
    if level is not Level.STRICT:
        text = _NEW_WORD.sub(" ", text)
    return tuple(text.split())


def normalise(text: str, level: Level) -> str:
    """``text`` as it is compared at ``level``.

    - ``strict``: NFC, runs of white space (line breaks too) to one space, ends trimmed;
    - ``typewriter``: also signs that leave no ink ignored (zero-width spaces, marks of direction,
      soft hyphens inside words), quotes and dashes of all kinds folded (``«`` = ``"``, ``—`` =
      ``-``), ё=е, ``I`` and ``l`` = 1 inside numbers (``I9I7`` = ``1917``), the space
      after a comma or other closing punctuation ignored;
    - ``reading``: also Latin and Cyrillic look-alikes folded, hyphens inside words ignored
      (at a line's end nobody can tell ``по-`` + ``отечески`` from ``октяб-`` + ``ре``),
      ``"`` for ъ folded (``об"единения``), the typewriter's Roman numerals folded
      (``14.У.50``, ``П-я``, ``ХУШ``), no space between a year and its ``г.``

    Idempotent, and cumulative: texts that are equal at one level are equal at the next.
    """
    result = _strict(text)
    if level is not Level.STRICT:
        result = _settled(result, _typewriter)
    if level is Level.READING:
        result = _settled(result, _reading)
    return result


def _settled(text: str, step: Callable[[str], str]) -> str:
    """``step`` until nothing changes, so that normalising twice changes nothing.

    Folding may put a letter before a combining mark that it composes with, and so on. It
    ends: every rule takes characters away or maps them one way only.
    """
    while (after := step(text)) != text:
        text = after
    return text


def _strict(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _typewriter(text: str) -> str:
    if _HAS_NO_INK.search(text):
        text = INVISIBLE.sub("", text)
    if _HAS_TYPED.search(text):
        text = text.translate(_TYPED)
    text = _AFTER_SIGN.sub("", text)
    if _HAS_ONES.search(text):
        text = _ONES_AND_DIGITS.sub(_number, text)
    return _strict(text)


def _number(match: regex.Match[str]) -> str:
    return match[0].translate(_ONES) if _DIGIT.search(match[0]) else match[0]


def _reading(text: str) -> str:
    if _HAS_LATIN.search(text):
        text = text.translate(LATIN_TO_CYRILLIC)
    # Numerals first: they are told by the hyphen of their ending.
    if _HAS_ROMAN.search(text):
        text = _ROMAN.sub(_roman, text)
    if "-" in text:
        text = _NUMBER_HYPHEN.sub("", _WORD_HYPHEN.sub("", text))
    if _HAS_YEAR_SIGN.search(text):
        text = _YEAR_SIGN.sub("", text)
    if '"' in text:
        text = _HARD_SIGN.sub(lambda m: "ъ" if m[1] else "Ъ", text)
    return _settled(_strict(text), _typewriter)


def _roman(match: regex.Match[str]) -> str:
    roman = match[0].translate(_ROMAN_TYPED)
    return roman if _ROMAN_NUMBER.fullmatch(roman) else match[0]


def is_table_row(raw: str) -> bool:
    """Whether a line of raw text is set out in cells, three or more, half of them figures."""
    cells = _CELL.split(raw.strip())
    figures = sum(sum(map(str.isdecimal, x)) > sum(map(str.isalpha, x)) for x in cells)
    return len(cells) >= _LEAST_CELLS and 2 * figures >= len(cells)
