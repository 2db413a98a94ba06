"""The foot of a telegram: copies made, when typed, who released it and when."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from pipeline.form.dates import MONTH, find_date, month_number
from pipeline.form.found import Found
from pipeline.form.names import clerk
from pipeline.form.signs import FIGURE, figures
from pipeline.fuzzy import likeness
from pipeline.model import Line
from pipeline.text import ROMAN_MONTHS

_COPIES = regex.compile(rf"(?:^|\s)\W?({FIGURE}{{1,2}})\s{{0,2}}[эез][кх][зэ]", regex.I)
_TYPED = regex.compile(
    rf"(?P<word>\p{{L}}{{4,10}})\W{{1,3}}(?P<day>{FIGURE}{{1,2}})\W{{1,2}}"
    rf"(?P<month>{MONTH})\W{{1,3}}(?P<hour>\d\d?)\W{{1,2}}(?P<minute>\d\d)(?!\d)"
)
_RELEASED = regex.compile(r"(?P<word>\p{L}{6,10})\W{1,3}(?P<name>\p{Lu}\p{L}{2,})(?P<rest>.{0,30})")
_LIKE = 0.6


def copies_made(line: Line) -> Iterator[Found]:
    """How many copies were typed."""
    if match := _COPIES.search(line.raw[:30]):
        value = figures(match[1]).lstrip("0")
        if value:
            yield Found(name="copies_made", value=value, raw=match[0].strip())


def typed_at(line: Line) -> Iterator[Found]:
    """When it was typed, as ``14.V 19-15``."""
    for match in _TYPED.finditer(line.raw):
        month, day = month_number(match["month"]), int(figures(match["day"]) or 0)
        alike = likeness(match["word"], "отпеч")
        hour, minute = int(match["hour"]), int(match["minute"])
        if alike < _LIKE or not month or not 0 < day < 32 or hour > 23 or minute > 59:
            continue
        value = f"{day}.{ROMAN_MONTHS[month - 1]} {match['hour']}-{match['minute']}"
        yield Found(name="typed_at", value=value, raw=match[0], likeness=min(1.0, alike))


def released(line: Line) -> Iterator[Found]:
    """Who released it, and on which day."""
    for match in _RELEASED.finditer(line.raw, overlapped=True):
        if likeness(match["word"], "выпустил") < _LIKE:
            continue
        name = clerk(match["name"])
        if name is not None:
            yield Found(
                name="released_by", value=name.value, raw=f"{match['word']} {match['name']}",
                why=name.why, likeness=name.likeness,
            )  # fmt: skip
        if date := find_date(match["rest"].strip()):
            yield Found(name="released_date", value=date.day.isoformat(), raw=date.raw)
        return
