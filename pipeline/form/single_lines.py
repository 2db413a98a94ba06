"""What single lines of a telegram's form say: those of its head, its addressee, its foot."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from pipeline.form.dates import FIGURE, MONTH, figures, find_date, month_number
from pipeline.form.names import Found, clerk, office, person
from pipeline.fuzzy import folded, likeness, most_like
from pipeline.model import Line
from pipeline.resources import language
from pipeline.text import ROMAN_MONTHS

_TIME = regex.compile(
    rf"(?<!\d)({FIGURE}\s?{FIGURE}?)\W{{1,3}}[чн]\p{{L}}[сеоэ]\w?\W*({FIGURE}\s?{FIGURE})\W{{1,3}}[миш]\p{{L}}{{1,3}}",
    regex.I,
)
# Six figures, some of them apart by one tab, as a ruled form is read.
_NUMBER = regex.compile(r"(?<!\d)(?<!\d[\t ])\d(?:\t?\d){4,6}(?!\d)(?!\t\d)")
_NUMBER_SIGN = regex.compile(r"(?:№|N[eoº°]?|M)\W{0,3}((?:[\dОЗI]\s?){5,7})(?!\d)")
_ORIGIN = regex.compile(r"^\W*[ИМНH][зэ3a]\s*((?-i:\p{Lu})[\p{Lu}\s-]{2,40}?)\s{0,4}(?:№|N\W|$)")
_SPECIAL = regex.compile(r"^\W*\p{L}{2,6}\W{1,6}(?:№|N+|м|х)?\W*((?:\d\d++\W*+)+)", regex.I)
_TITLE = regex.compile(
    r"^\W*(?:(?P<to>\p{L}{2,3})\W+)?(?P<title>\p{L}{6,9}|тов|т)(?:\W+)(?P<name>\p{L}[\p{L}-]+)",
    regex.I,
)
_TITLES = ("товарища", "товарищу", "тов", "т")
_TITLE_LIKE = 0.6
_ORIGIN_WITHIN = 45
_SPECIAL_LIKE, _NOT_SPECIAL = 0.5, ("отпеч", "экз", "разослано")
_URGENT = 0.72
_LONGEST_URGENCY = 40
_COPIES = regex.compile(rf"(?:^|\s)\W?({FIGURE}{{1,2}})\s{{0,2}}[эез][кх][зэ]", regex.I)
_TYPED = regex.compile(
    rf"(?P<word>\p{{L}}{{4,10}})\W{{1,3}}(?P<day>{FIGURE}{{1,2}})\W{{1,2}}"
    rf"(?P<month>{MONTH})\W{{1,3}}(?P<hour>\d\d?)\W{{1,2}}(?P<minute>\d\d)(?!\d)"
)
_RELEASED = regex.compile(r"(?P<word>\p{L}{6,10})\W{1,3}(?P<name>\p{Lu}\p{L}{2,})(?P<rest>.{0,30})")
_FOOT_LIKE = 0.6


def head_line(line: Line) -> Iterator[Found]:
    """Origin, telegram numbers, hour and date of a head line, however it is read."""
    if not any(x.search(line.raw) for x in (_TIME, _NUMBER, _NUMBER_SIGN, _ORIGIN)):
        return
    yield from _origin(line.raw)
    yield from _numbers(line.raw)
    if match := _TIME.search(line.raw):
        hour, minute = int(figures(match[1]) or 99), int(figures(match[2]) or 99)
        if hour < 24 and minute < 60:
            yield Found(name="time", value=f"{hour:02}:{minute:02}", raw=match[0])
    if date := find_date(line.raw):
        day = date.day.isoformat()
        yield Found(name="date", value=day, raw=date.raw, likeness=1.0 if date.certain else 0.8)


def _origin(raw: str) -> Iterator[Found]:
    # A line of a number alone has no place; a place stands at the line's start.
    start = raw[:_ORIGIN_WITHIN]
    if sum(c.isalpha() for c in start) < 5:
        return
    known = office(start)
    if known is not None:
        yield known.found("origin", start.strip())
    elif match := _ORIGIN.search(raw):
        value = "".join(match[1].split()) if " " in match[1].strip() else match[1].strip()
        yield Found(
            name="origin", value=value.upper(), raw=match[0].strip(" №"), likeness=0.5,
            why="not a known place, as read",
        )  # fmt: skip


def _numbers(raw: str) -> Iterator[Found]:
    seen: set[str] = set()
    for match in (*_NUMBER_SIGN.finditer(raw), *_NUMBER.finditer(raw)):
        value = figures(match[1] if match.re is _NUMBER_SIGN else match[0])
        if 5 <= len(value) <= 7 and value not in seen:
            seen.add(value)
            yield Found(name="telegram_numbers", value=value, raw=match[0])


def special(line: Line) -> Iterator[Found]:
    """Special numbers: two to four figures each."""
    match = _SPECIAL.search(line.raw)
    first = line.raw.split(maxsplit=1)[0] if line.raw.split() else ""
    if match is None or len(folded(first)) < 3:
        return
    alike = likeness(first, "спец")
    if alike < _SPECIAL_LIKE or any(likeness(first, word) > alike for word in _NOT_SPECIAL):
        return
    for number in regex.findall(r"(?<![\d\p{L}])\d{2,4}(?!\d|\p{L})", match[1]):
        yield Found(name="special_numbers", value=number, raw=match[0].strip())


def urgency(line: Line) -> Iterator[Found]:
    """An urgency, alone on its line."""
    if len(folded(line.raw)) <= 3 or len(line.raw) > _LONGEST_URGENCY:
        return
    found = most_like(line.raw, language.form().urgency.words)
    if found is not None and found.likeness >= _URGENT:
        why = f"looks like it ({found.likeness:.0%})"
        yield Found(
            name="urgency", value=found.word, raw=line.raw, why=why, likeness=found.likeness
        )


def addressee(line: Line) -> Iterator[Found]:
    """Whom the telegram is for, in the nominative."""
    match = _TITLE.search(line.raw)
    if match is None or max(likeness(match["title"], t) for t in _TITLES) < _TITLE_LIKE:
        return
    genitive = likeness(match["to"] or "", "для") > _TITLE_LIKE or likeness(
        match["title"], "товарища"
    ) > likeness(match["title"], "товарищу")
    name = person(match["name"], "genitive" if genitive else "dative")
    if name is not None:
        yield name.found("addressee", match[0].strip())


def signature(line: Line) -> Iterator[Found]:
    """Who signed, in the nominative."""
    name = person(line.raw, "name")
    if name is not None:
        yield name.found("signature", line.raw.strip())


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
        if alike < _FOOT_LIKE or not month or not 0 < day < 32 or hour > 23 or minute > 59:
            continue
        value = f"{day}.{ROMAN_MONTHS[month - 1]} {match['hour']}-{match['minute']}"
        yield Found(name="typed_at", value=value, raw=match[0], likeness=min(1.0, alike))


def released(line: Line) -> Iterator[Found]:
    """Who released it, and on which day."""
    for match in _RELEASED.finditer(line.raw, overlapped=True):
        if likeness(match["word"], "выпустил") < _FOOT_LIKE:
            continue
        name = clerk(match["name"])
        if name is not None:
            yield name.found("released_by", f"{match['word']} {match['name']}")
        if date := find_date(match["rest"].strip()):
            yield Found(name="released_date", value=date.day.isoformat(), raw=date.raw)
        return
