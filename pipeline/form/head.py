"""The head of a telegram: origin, numbers, hour and date, special numbers, urgency, addressee."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from pipeline.form.dates import find_date
from pipeline.form.found import Found
from pipeline.form.names import office, person
from pipeline.form.signs import FIGURE, figures
from pipeline.fuzzy import folded, likeness, most_like
from pipeline.model import Line
from pipeline.resources import language

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
_ORIGIN_SIGNS = 45
_SPECIAL_LIKE, _NOT_SPECIAL = 0.5, ("отпеч", "экз", "разослано")
_URGENT = 0.72
_LONGEST_URGENCY = 40


def head_line(line: Line) -> Iterator[Found]:
    """Origin, telegram numbers, hour and date of a head line, however it is read."""
    if not _is_head(line.raw):
        return
    yield from _origin(line.raw)
    yield from _numbers(line.raw)
    if match := _TIME.search(line.raw):
        hour, minute = int(figures(match[1]) or 99), int(figures(match[2]) or 99)
        if hour < 24 and minute < 60:
            yield Found(name="time", value=f"{hour:02}:{minute:02}", raw=match[0])
    if date := find_date(line.raw):
        yield Found(
            name="date", value=date.day.isoformat(), raw=date.raw, likeness=_sure(date.sure)
        )


def _sure(sure: bool) -> float:  # noqa: FBT001
    return 1.0 if sure else 0.8


def _is_head(raw: str) -> bool:
    if _TIME.search(raw) or _NUMBER.search(raw) or _NUMBER_SIGN.search(raw):
        return True
    return _ORIGIN.search(raw) is not None


def _origin(raw: str) -> Iterator[Found]:
    # A line of a number alone has no place; a place stands at the line's start.
    start = raw[:_ORIGIN_SIGNS]
    if sum(c.isalpha() for c in start) < 5:
        return
    known = office(start)
    if known is not None:
        why = known.why
        yield Found(
            name="origin", value=known.value, raw=start.strip(), why=why, likeness=known.likeness
        )
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
    found = person(match["name"], "genitive" if genitive else "dative")
    if found is not None:
        yield Found(
            name="addressee", value=found.value, raw=match[0].strip(), why=found.why,
            likeness=found.likeness,
        )  # fmt: skip


def signature(line: Line) -> Iterator[Found]:
    """Who signed, in the nominative."""
    found = person(line.raw, "name")
    if found is not None:
        yield Found(
            name="signature", value=found.value, raw=line.raw.strip(), why=found.why,
            likeness=found.likeness,
        )  # fmt: skip
