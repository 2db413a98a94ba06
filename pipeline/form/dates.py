"""Figures and dates as typists wrote them and readers read them.

Dates: ``14.У.50г.``, ``14 V 1950``, ``14.5.50``, ``14/V-50``, ``14 мая 1950 г.``.
Figures: ``О`` for 0, ``З`` for 3, ``I``, ``l``
and ``Т`` for 1.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import regex

from pipeline.text import ROMAN_MONTHS

FIGURE = "[0-9ОоOЗIlІТт|б]"
"""A class of a regular expression: what may stand for one figure."""

_FIGURES = str.maketrans("ОоOЗIlІТт|б", "00031111116")

_MONTHS = {name: number for number, name in enumerate(ROMAN_MONTHS, start=1)}
# Typed: У, П, Ш, Х for V, II, III, X; read besides: 1, l, Т and bars for I.
_ROMAN = str.maketrans({
    "У": "V", "у": "V", "Х": "X", "х": "X", "І": "I", "l": "I", "1": "I", "Т": "I", "т": "I",
    "|": "I", "!": "I", "7": "V", "П": "II", "п": "II", "Ш": "III", "ш": "III", "Щ": "III",
})  # fmt: skip
MONTH = "[IІl1|!TТтVУуXХхПпШшЩ7]{1,4}|0?[1-9]|10|12"
"""A class of a regular expression: what may stand for a month."""

_LAST = 12
_DATE = regex.compile(
    rf"(?<![\dОЗ])(?P<day>{FIGURE}{{1,2}})[.\s/]{{1,3}}(?P<month>{MONTH})"
    # One character of noise may stand before a year written in full.
    r"(?:[.\s,/-]{1,3}(?:\S\s+)?(?P<full>19\s?\d\s?\d)|[.\s,/-]{1,3}(?P<short>[3-9]\d))(?!\d)"
)
_NAMED = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
"""How the names of the months begin, whatever case they stand in."""

_MONTH_NAME = (
    r"(?P<name>(?:янв|фев|мар|апр|авг|сен|окт|ноя|дек)\p{L}*|ма[йя]|ию[нл]\p{L}*)(?!\p{L})"
)
_IN_WORDS = (
    regex.compile(
        rf"(?<![\dОЗ])(?P<day>\d{{1,2}})\W{{1,3}}{_MONTH_NAME}\W{{1,3}}(?P<year>19\d\d)(?!\d)",
        regex.I,
    ),
    regex.compile(
        rf"(?<!\d)(?P<year>19\d\d)\s*г?\p{{L}}{{0,3}}\W{{1,3}}(?P<day>\d{{1,2}})\W{{1,3}}{_MONTH_NAME}",
        regex.I,
    ),
)
_DAY_OR_HOUR = regex.compile(
    rf"\d{{1,2}}(?:\s?[./]\s?(?:{MONTH})|\s+[IVXУХПШ]{{1,4}}\b|\s+{_MONTH_NAME}|\W{{0,3}}(?:час|ч\.|мин))",
    regex.I,
)
_CERTAIN_MONTH = regex.compile("[IІVУXХПШ]{1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDate:
    """A date, the characters it was read from, and whether its month is certain."""

    day: date
    raw: str
    certain: bool


def find_date(text: str) -> ReadDate | None:
    """The first date in ``text``, or ``None``.

    A two-figure year is of the 20th century. A date that no calendar has is no date. A month of
    ones alone is Roman (``11`` is February): that is how it was typed where months are Roman.
    """
    for match in _DATE.finditer(text):
        month = month_number(match["month"])
        year = int("".join((match["full"] or f"19{match['short']}").split()))
        try:
            found = date(year, month, int(figures(match["day"]) or 0))
        except ValueError:
            continue
        certain = _CERTAIN_MONTH.fullmatch(match["month"]) is not None
        return ReadDate(day=found, raw=match[0], certain=certain)
    return _in_words(text)


def _in_words(text: str) -> ReadDate | None:
    for pattern in _IN_WORDS:
        for match in pattern.finditer(text):
            name = match["name"].lower()
            month = next(n for n, start in enumerate(_NAMED, start=1) if _begins(name, start))
            with suppress(ValueError):
                day = date(int(match["year"]), month, int(match["day"]))
                return ReadDate(day=day, raw=match[0], certain=True)
    return None


def _begins(name: str, start: str) -> bool:
    return name.startswith(start) and (start != "ма" or name in ("май", "мая"))


def starts_date_or_hour(text: str) -> bool:
    """Whether ``text`` begins with a day and its month, or with an hour."""
    return _DAY_OR_HOUR.match(text) is not None


def month_number(read: str) -> int:
    """The month (1-12) that ``read`` stands for; 0 where it is none."""
    if len(read) == 1 and read.isdecimal():
        return int(read)
    roman = _MONTHS.get(read.translate(_ROMAN), 0)
    return roman or (int(read) if read.isdecimal() and int(read) <= _LAST else 0)


def same_day_in(text: str, known: date) -> str | None:
    """The part of ``text`` that has day and year of ``known``, whatever stands between them."""
    between = rf"(?<!\d){known.day}(?!\d)\D?.{{1,7}}?{known.year}(?!\d)"
    match = regex.search(between, text)
    return match[0] if match else None


def figures(read: str) -> str:
    """The figures that ``read`` stands for; other characters are left out."""
    return "".join(c for c in read.translate(_FIGURES) if c in "0123456789")
