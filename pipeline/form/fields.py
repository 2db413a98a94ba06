"""Fields of a telegram form. What cannot be read is absent, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import regex

from pipeline.form.copies import copy_list
from pipeline.form.dates import find_date, same_day_in
from pipeline.form.found import Found, Reader, as_field
from pipeline.form.single_lines import (
    addressee,
    copies_made,
    head_line,
    is_salutation,
    name_alone,
    released,
    signature,
    special,
    typed_at,
    urgency,
)
from pipeline.form.telegrams import Telegram, telegram_of, telegrams
from pipeline.model import Field, Line, LineKind

MANY = frozenset({"special_numbers", "telegram_numbers", "addressee", "copy_list"})
"""Fields of which a form may have several."""

NAMES = (
    "origin", "telegram_numbers", "date", "time", "special_numbers", "urgency", "addressee",
    "signature", "signature_post", "copy_list", "copies_made", "typed_at", "released_by",
    "released_date", "sheet_number",
)  # fmt: skip
"""All fields, in the order of a form."""

_RELEASED = "released_date"
_SHEET = regex.compile(r"[\s.,-]*(\d{1,3})[\s.,-]*")
_LEAST = 0.1
"""Probability below which a field is not legible, and absent."""

_DOUBTFUL = 0.5
"""Engine confidence below which figures written by hand are not taken for read."""

_HEAD: tuple[Reader, ...] = (head_line, special)
_FOOT: tuple[Reader, ...] = (copies_made, typed_at, released)

Source = tuple[Found, Line]
"""What was found, and the line it was read from."""


def read_fields(lines: Sequence[Line], *, one: bool = False) -> tuple[Field, ...]:
    """Read the fields of ``lines`` (classified, in reading order).

    Values: dates ISO 8601, times ``HH:MM``, names of people and places in the nominative,
    those of the copy list in the dative, as they stand, with ``number``. One field of a name,
    but for those of :data:`MANY`, which have one per entry. Legible names are given as read;
    garble is matched with known ones (``config/language/names.toml``) and says so. Where there
    are several telegrams, each has fields of its own, with its number as ``telegram``; ``one``:
    it is known that there is but one.
    """
    parts = (telegram_of(lines),) if one else telegrams(lines)
    return tuple(
        field
        for number, part in enumerate(parts, start=1)
        for field in _fields_of(part, number if len(parts) > 1 else None)
    )


def found_in(lines: Sequence[Line]) -> list[tuple[Source, int | None]]:
    """What :func:`read_fields` makes its fields of, and of which telegram each is."""
    parts = telegrams(lines)
    return [
        (source, number if len(parts) > 1 else None)
        for number, part in enumerate(parts, start=1)
        for source in _once(part)
    ]


def _fields_of(part: Telegram, number: int | None) -> list[Field]:
    fields = [as_field(found, line, number) for found, line in _once(part)]
    legible = [field for field in fields if (field.confidence or 0.0) >= _LEAST]
    return sorted(legible, key=lambda field: NAMES.index(field.name))


def _once(part: Telegram) -> Iterator[Source]:
    seen: set[str] = set()
    for found, line in _all(part):
        key = f"{found.name} {found.number} {found.value}" if found.name in MANY else found.name
        if key not in seen:
            seen.add(key)
            yield found, line


def _all(part: Telegram) -> Iterator[Source]:
    yield from _date_from_foot(part.head_lines, part.foot)
    for some, readers in ((part.head_lines, _HEAD), (part.foot, _FOOT)):
        for line in some:
            for reader in readers:
                yield from ((found, line) for found in reader(line))
    for line in part.head:
        yield from ((found, line) for found in urgency(line))
    yield from _addressees(part.addressees)
    signed = [(found, line) for line in part.signatures for found in signature(line)]
    # A name that somebody knows comes before a scrap that looks like one.
    yield from sorted(signed, key=lambda source: source[0].unknown)
    yield from copy_list([x for x in part.form if x.kind is LineKind.TABLE])
    yield from _sheet_number(part.head)


def _addressees(lines: Sequence[Line]) -> Iterator[Source]:
    """Each of them; below one that is addressed names alone go on with the list.

    A salutation tells whom a text is for where nothing else does.
    """
    told = [line for line in lines if not is_salutation(line.raw)]
    if any(True for line in told for _ in addressee(line)):
        lines = told
    listed = False
    for line in lines:
        found = list(addressee(line))
        if not found and listed:
            found = list(name_alone(line))
        listed = listed or bool(found)
        yield from ((one, line) for one in found)


def _date_from_foot(head: Sequence[Line], foot: Sequence[Line]) -> Iterator[Source]:
    """The date of the head line, where its month is in doubt and the foot has the same day.

    A head line that can be read is the better witness, whatever the foot says.
    """
    days = [found.value for line in foot for found in released(line) if found.name == _RELEASED]
    for line in head:
        own = find_date(line.raw)
        for day in map(date.fromisoformat, days):
            raw = None if own and own.certain else same_day_in(line.raw, day)
            if raw is not None:
                why = "day and year from the head line, the month from the foot, of the same day"
                yield (
                    Found(name="date", value=day.isoformat(), raw=raw, why=why, doubtful=0.3),
                    line,
                )


def _sheet_number(head: Sequence[Line]) -> Iterator[Source]:
    """The number at the head of a sheet, alone on the first line that says anything."""
    for line in head[:3]:
        read = line.reading.confidence
        doubtful = read is not None and read < _DOUBTFUL
        if (match := _SHEET.fullmatch(line.raw)) and not doubtful:
            yield Found(name="sheet_number", value=match[1], raw=line.raw), line
            return
