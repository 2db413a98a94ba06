"""Fields of a telegram form. What cannot be read is absent, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import regex

from pipeline.form.copies import copy_list
from pipeline.form.dates import find_date, same_day_in
from pipeline.form.names import Found, Reader, as_field
from pipeline.form.single_lines import (
    addressee,
    copies_made,
    head_line,
    released,
    signature,
    special,
    typed_at,
    urgency,
)
from pipeline.model import Field, Line, LineKind, Verdict

MANY = frozenset({"special_numbers", "telegram_numbers", "copy_list"})
"""Fields of which a form may have several."""

NAMES = (
    "origin", "telegram_numbers", "date", "time", "special_numbers", "urgency", "addressee",
    "signature", "copy_list", "copies_made", "typed_at", "released_by", "released_date",
    "sheet_number",
)  # fmt: skip
"""All fields, in the order of a form."""

_RELEASED = "released_date"
_FORM = frozenset({LineKind.FORM, LineKind.TABLE})
_SHEET = regex.compile(r"[\s.,-]*(\d{1,3})[\s.,-]*")
_DOUBTFUL = 0.5
"""Engine confidence below which figures written by hand are not taken for read."""

_HEAD: tuple[Reader, ...] = (head_line, special)
_FOOT: tuple[Reader, ...] = (copies_made, typed_at, released)


def read_fields(lines: Sequence[Line]) -> tuple[Field, ...]:
    """Read the fields of ``lines`` (classified, in reading order).

    Values: dates ISO 8601, times ``HH:MM``, names of people and places in the nominative,
    those of the copy list in the dative, as they stand, with ``number``. One field of a name,
    but for those of :data:`MANY`, which have one per entry. Known names are matched in garble
    (``config/language/names.toml``); unknown ones are kept as read.
    """
    fields: list[Field] = []
    seen: set[str] = set()
    for found, line in _all(lines):
        key = f"{found.name} {found.number} {found.value}" if found.name in MANY else found.name
        if key not in seen:
            seen.add(key)
            fields.append(as_field(found, line))
    return tuple(sorted(fields, key=lambda field: NAMES.index(field.name)))


def _all(lines: Sequence[Line]) -> Iterator[tuple[Found, Line]]:
    first = next((i for i, x in enumerate(lines) if x.kind is LineKind.BODY), len(lines))
    head = [x for x in lines[:first] if x.kind is not LineKind.STAMP]
    form = [x for x in lines if x.kind in _FORM]
    # Where no text is seen there is no telling head from foot.
    foot = [x for x in lines[first:] if x.kind in _FORM] if first < len(lines) else form
    yield from _date_from_foot(head, foot)
    for some, readers in ((head, _HEAD), (foot, _FOOT)):
        for line in (x for x in some if x.kind in _FORM):
            for reader in readers:
                yield from ((found, line) for found in reader(line))
    for line in head:
        yield from ((found, line) for found in urgency(line))
    yield from _first_of(lines, LineKind.ADDRESSEE, addressee)
    yield from _first_of(lines, LineKind.SIGNATURE, signature)
    yield from copy_list([x for x in form if x.kind is LineKind.TABLE])
    yield from _sheet_number(head)


def _date_from_foot(head: Sequence[Line], foot: Sequence[Line]) -> Iterator[tuple[Found, Line]]:
    """The date of the head line, where its month is in doubt and the foot has the same day.

    A head line that can be read is the better witness, whatever the foot says.
    """
    days = [found.value for line in foot for found in released(line) if found.name == _RELEASED]
    for line in (x for x in head if x.kind in _FORM):
        own = find_date(line.raw)
        for day in map(date.fromisoformat, days):
            raw = None if own and own.certain else same_day_in(line.raw, day)
            if raw is not None:
                why = "day and year from the head line, the month from the foot, of the same day"
                yield (
                    Found(name="date", value=day.isoformat(), raw=raw, why=why, likeness=0.9),
                    line,
                )


def _first_of(
    lines: Sequence[Line], kind: LineKind, reader: Reader
) -> Iterator[tuple[Found, Line]]:
    for line in lines:
        if line.kind is kind and line.verdict is not Verdict.DROP:
            yield from ((found, line) for found in reader(line))


def _sheet_number(head: Sequence[Line]) -> Iterator[tuple[Found, Line]]:
    """The number at the head of a sheet, alone on the first line that says anything."""
    for line in head[:3]:
        read = line.reading.confidence
        doubtful = read is not None and read < _DOUBTFUL
        if (match := _SHEET.fullmatch(line.raw)) and not doubtful:
            yield Found(name="sheet_number", value=match[1], raw=line.raw), line
            return
