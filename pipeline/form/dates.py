"""Dates as typists wrote them: ``14.У.50г.``, ``14 V 1950``, ``14.5.50``."""

from __future__ import annotations

from datetime import date

import regex

from pipeline.text import ROMAN_MONTHS, TYPED_ROMAN

_MONTHS = {name: number for number, name in enumerate(ROMAN_MONTHS, start=1)}
_DATE = regex.compile(
    r"(?<!\d)(?P<day>[0-3]?\d)[.\s]{1,3}(?P<month>[IІl1VУXХПШ]{1,4}|1?\d|0\d)[.\s]{1,3}"
    r"(?P<year>19\s?\d\s?\d|\d\d)(?!\d)"
)


def find_date(text: str) -> tuple[date, str] | None:
    """The first date in ``text`` with the characters it was read from, or ``None``.

    A two-figure year is of the 20th century. A date that no calendar has is no date.
    """
    for match in _DATE.finditer(text):
        month = _month(match["month"])
        year = int("".join(match["year"].split()))
        try:
            found = date(year if year > 99 else 1900 + year, month, int(match["day"]))
        except ValueError:
            continue
        return found, match[0]
    return None


def _month(typed: str) -> int:
    if typed.isdigit():
        return int(typed)
    return _MONTHS.get(typed.translate(TYPED_ROMAN), 0)
