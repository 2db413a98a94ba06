"""Which words of which lines are names, dates and numbers: what the form's fields say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.export.tei_dates import day, time_of_day
from pipeline.model import Document, Field, Line, Verdict


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a line's raw text, ``start`` to ``end``, and the element that it belongs in."""

    start: int
    end: int
    element: str
    attributes: Mapping[str, object]
    field: Field


_ELEMENTS = {
    "origin": "placeName",
    "date": "date",
    "released_date": "date",
    "time": "time",
    "addressee": "persName",
    "signature": "persName",
    "copy_list": "persName",
    "released_by": "persName",
    "telegram_numbers": "num",
    "special_numbers": "num",
}


_NUMBERS = {"telegram_numbers": "telegram", "special_numbers": "special"}

_INSIDE = 0.6
"""Share of a field's box that lies in its line's."""


def marks(document: Document) -> Mapping[str, list[Mark]]:
    """The marks of each line, by its id, in their order; none overlap."""
    found: defaultdict[str, list[Mark]] = defaultdict(list)
    lines = [line for line in document.lines if line.verdict is not Verdict.DROP]
    for field in document.fields:
        name = _ELEMENTS.get(field.name)
        if name is None:
            continue
        for line in lines:
            place = _place(field, line)
            if place is None:
                continue
            start, end = place
            if all(end <= x.start or start >= x.end for x in found[line.id]):
                found[line.id].append(Mark(start, end, name, _attributes(field), field))
            break
    for some in found.values():
        some.sort(key=lambda mark: mark.start)
    return found


def _place(field: Field, line: Line) -> tuple[int, int] | None:
    """Where what the field was read from stands in the line."""
    # A field's box is that of its words, or of the line.
    elsewhere = line.box is None or (field.box and field.box.share_inside(line.box) < _INSIDE)
    if field.box is not None and elsewhere:
        return None
    raw = field.raw.strip()
    start = line.raw.find(raw) if raw else -1
    return None if start < 0 else (start, start + len(raw))


def _attributes(field: Field) -> dict[str, object]:
    if field.name in ("date", "released_date"):
        return {"when": day(field.value)}
    if field.name == "time":
        return {"when": time_of_day(field.value)}
    if field.name in _NUMBERS:
        value = field.value if field.value.isascii() and field.value.isdigit() else None
        return {"type": _NUMBERS[field.name], "value": value}
    return {}
