"""Fields of a telegram form. What cannot be read is absent, never guessed.

This first version reads legible lines only; a field's confidence is ``None`` (not known)
until it is calibrated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import regex

from pipeline.config import table
from pipeline.form.dates import find_date
from pipeline.lexicon import nominative
from pipeline.model import Field, Line, LineKind, Reason
from pipeline.text import TYPED_ROMAN

_FORM = frozenset({LineKind.FORM, LineKind.TABLE})
_SPECIAL = regex.compile(r"^\W*спец\w*\.?\s*(?:№|N+)?\W*(\d[\d,;\s\-]*\d|\d)", regex.I)
_ORIGIN = regex.compile(r"^\W*из\s+(\p{Lu}[\p{Lu}-]{2,})", regex.I)
_NUMBER = regex.compile(r"(?:№|\bN)\s*(\d{4,7})\b")
_TIME = regex.compile(r"(?<!\d)(\d\d?)\s*час\w*\W*(\d\d?)\s*мин", regex.I)
_COPY = regex.compile(
    r"(?:№|\bN[eo]?)\s*(\d{1,2})\s?-\s?[йяг]\w*\W{0,4}(?:т\.\s*)?(\p{Lu}\p{L}{2,})"
)
_COPIES = regex.compile(r"^\W*(\d{1,2})\s*экз\b", regex.I)
_TYPED = regex.compile(
    r"\bотпеч\w*\W{0,3}(?P<day>\d{1,2})\W{1,2}(?P<month>[IІl1VУXХПШ]{1,4})\W{1,3}(?P<time>\d\d?\W\d\d)\b",
    regex.I,
)
_RELEASED = regex.compile(r"\bвыпустил\w*\W{1,3}(\p{Lu}\p{L}+)(.*)", regex.I)
_ADDRESSEE = regex.compile(
    r"^\W*(?:для\s+)?(?:товари\p{L}{1,3}|тов\b\.?|т\.)\s*(?-i:(\p{Lu}[\p{L}-]+))", regex.I
)
_NO_NAMES = frozenset({"экз", "разметка"})
_SHEET = regex.compile(r"\W*(\d{1,4})\W*")

Found = tuple[str, str, str]
"""Field name, value, and the raw text it was read from."""


def read_fields(lines: Sequence[Line]) -> tuple[Field, ...]:
    """The fields that can be read from ``lines`` (judged, in reading order).

    Values: dates ISO 8601, times ``HH:MM``, names in the nominative where the dictionary
    is sure of it, copy-list entries as ``"2 Сталину"``. One field of a name, but for
    ``special_numbers``, ``telegram_numbers`` and ``copy_list``, which have one per entry.
    """
    fields: list[Field] = []
    for line in lines:
        for name, value, raw in _found(line):
            if name not in _MANY and any(f.name == name for f in fields):
                continue
            reason = Reason(rule=f"form-{name}", evidence=f"read from {raw.strip()!r}", weight=0.0)
            fields.append(Field(name=name, value=value, raw=raw, box=line.box, reasons=(reason,)))
    return tuple(fields)


_MANY = frozenset({"special_numbers", "telegram_numbers", "copy_list"})


def _found(line: Line) -> Iterator[Found]:
    if line.kind is LineKind.ADDRESSEE:
        if match := _ADDRESSEE.search(line.raw):
            yield "addressee", nominative(match[1]), match[0]
    elif line.kind is LineKind.SIGNATURE:
        yield "signature", line.raw.strip(" .,;:\t"), line.raw
    elif line.kind in _FORM:
        for read in _READERS:
            yield from read(line)


def _special(line: Line) -> Iterator[Found]:
    if match := _SPECIAL.search(line.raw):
        for number in regex.findall(r"\d+", match[1]):
            yield "special_numbers", number, match[0]


def _head(line: Line) -> Iterator[Found]:
    if match := _ORIGIN.search(line.raw):
        yield "origin", match[1].upper(), match[0]
    elif not _TIME.search(line.raw):
        return
    for number in _NUMBER.finditer(line.raw):
        yield "telegram_numbers", number[1], number[0]
    if (match := _TIME.search(line.raw)) and int(match[1]) < 24 and int(match[2]) < 60:
        yield "time", f"{int(match[1]):02}:{int(match[2]):02}", match[0]
    if found := find_date(line.raw):
        yield "date", found[0].isoformat(), found[1]


def _urgency(line: Line) -> Iterator[Found]:
    word = line.raw.strip(' .!:"«»').lower()
    if line.kind is LineKind.FORM and word in _urgencies():
        yield "urgency", word, line.raw


def _copy_list(line: Line) -> Iterator[Found]:
    for match in _COPY.finditer(line.raw):
        if match[2].lower() in _NO_NAMES:
            continue
        yield "copy_list", f"{int(match[1])} {match[2]}", match[0]


def _foot(line: Line) -> Iterator[Found]:
    if match := _COPIES.search(line.raw):
        yield "copies_made", match[1], match[0]
    if match := _TYPED.search(line.raw):
        month = match["month"].translate(TYPED_ROMAN)
        yield "typed_at", f"{match['day']}.{month} {match['time']}", match[0]
    if match := _RELEASED.search(line.raw):
        yield "released_by", match[1], match[0]
        if found := find_date(match[2]):
            yield "released_date", found[0].isoformat(), found[1]


def _sheet(line: Line) -> Iterator[Found]:
    if match := _SHEET.fullmatch(line.raw):
        yield "sheet_number", match[1], line.raw


_READERS: tuple[Callable[[Line], Iterator[Found]], ...] = (
    _special,
    _head,
    _urgency,
    _copy_list,
    _foot,
    _sheet,
)


def _urgencies() -> frozenset[str]:
    return frozenset(table("form")["urgency"]["words"])
