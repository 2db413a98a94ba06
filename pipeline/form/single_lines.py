"""What single lines of a telegram's form say: those of its head, its addressee, its foot."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from pipeline.form.dates import (
    FIGURE,
    MONTH,
    figures,
    find_date,
    month_number,
    starts_date_or_hour,
)
from pipeline.form.found import Found
from pipeline.form.names import clerk, office, person, place_as_read, surnames
from pipeline.fuzzy import folded, likeness, most_like
from pipeline.lexicon import is_common, is_name
from pipeline.model import Line
from pipeline.resources import language
from pipeline.resources.language import Case
from pipeline.text import ROMAN_MONTHS

_TIME = regex.compile(
    rf"(?<!\d)({FIGURE}\s?{FIGURE}?)\W{{1,3}}(?:[чн]\p{{L}}[сеоэ]\w?|ч\.)\W*({FIGURE}\s?{FIGURE})\W{{1,3}}"
    r"(?:[миш]\p{L}{1,3}|м\b)",
    regex.I,
)
# Runs of figures, parted by one tab each, as a ruled form is read.
_RUNS = regex.compile(r"(?<![\d.,])\d+(?:\t\d+)*(?!\d)")
_NUMBER_SIGN = regex.compile(r"(?:№{1,2}|N[eoº°]?|M)\W{0,3}(?=[\dОЗI])")
_FIGURES = regex.compile(r"[\dОЗI]+")
_NEXT_NUMBER = regex.compile(r"\s*(?:,|и|-|–)\s*(?=\d{3,7}(?!\d))")
_LONG, _LONGEST = 5, 7
"""Figures of a telegram's number; on a head line that names its place there may be fewer."""
_SHORT = 3
_ORIGIN = regex.compile(
    r"^\W*[ИМНH][зэ3a]\s*((?-i:\p{Lu})[\p{Lu}\s-]{2,40}?)\s{0,4}(?:,\s?)?(?:№|N\W|$)"
)
_SPECIAL = regex.compile(r"^\W*\p{L}{2,6}\W{1,6}(?:№|N+|м|х)?\W*((?:\d\d++\W*+)+)", regex.I)
_TITLE = regex.compile(
    r"^\W*(?:(?P<to>\p{L}{2,3})\W+)?(?P<title>\p{L}{6,9}|тов|т)(?:\W+)(?P<name>\p{L}[\p{L}-]+)",
    regex.I,
)
_GREETED = regex.compile(
    r"^\W*(?:\p{L}[\p{L}.-]*\s+){0,5}(?P<title>т\.\s?т\.|тт?\.|тов\.\s?тов\.|тов(?:\.|(?=\s))|"
    r"товарищ(?:у|а|ам))\s*(?P<names>\p{Lu}.{2,60})$"
)
_HEAD = regex.compile(
    r"^\W*[Ии][зЗ]\s+(?P<place>\p{Lu}[\p{L}-]{2,}(?:\s\p{Lu}[\p{L}-]+)?)\s*,?\s*(?:от\s)?№{1,2}\s?\d[\d\s,.:и/№-]*"
    r"(?:\s*(?:от\s)?\d[\s\dIVXІУХПШ./-]*(?:\p{L}{3,8}\s19\d\d)?|\s*(?:г|года|час|ч|мин|м)\b[\s.,]*)*\W*$"
)
_NO_POST = regex.compile(r"^\W*\d|\bприветом\b|\bуважением\b|\bпреданный вам\b|\bжму руку\b")
"""Points of lists, and ends of letters that no person holds as a post, in small letters."""

_POST_NAME = regex.compile(
    r"^\W*(?P<post>\p{L}[\p{L}\s.,\"«»-]*?[\s,])?/?\s*(?P<name>(?:\p{Lu}\.\s?){0,2}\p{Lu}[\p{L}-]{2,})"
    r"(?:\s+(?:\p{Lu}\.\s?){1,2})?\s*/?\W*$"
)
_SMALL_CAPITAL = 0.2
"""How doubtful a name is whose capital was read as a small letter."""

_NAME_ALONE = regex.compile(
    r"\W*(?:\p{Lu}\.\s?){0,2}(?P<name>\p{L}[\p{L}-]{2,})(?:\s+(?:\p{Lu}\.\s?){1,2})?\W*"
)
_INITIALS = regex.compile(r"\p{Lu}\.\s?")
_TITLES = ("товарища", "товарищу", "тов", "т")
_TITLE_LIKE = 0.6
_ORIGIN_WITHIN = 45
_SPECIAL_LIKE, _NOT_SPECIAL = 0.5, ("отпеч", "экз", "разослано")
_URGENT = 0.72
_LONGEST_URGENCY = 40
_LONGEST_HEAD = 120
_COPIES = regex.compile(rf"(?:^|\s)\W?({FIGURE}{{1,2}})\s{{0,2}}[эез][кх][зэ]", regex.I)
_TYPED = regex.compile(
    rf"(?P<word>\p{{L}}{{4,10}})\W{{1,3}}(?P<day>{FIGURE}{{1,2}})\W{{1,2}}"
    rf"(?P<month>{MONTH})\W{{1,3}}(?P<hour>\d\d?)\W{{1,2}}(?P<minute>\d\d)(?!\d)"
)
_RELEASED = regex.compile(r"(?P<word>\p{L}{6,10})\W{1,3}(?P<name>\p{Lu}\p{L}{2,})(?P<rest>.{0,30})")
_FOOT_LIKE = 0.6


def is_head_line(raw: str) -> bool:
    """Whether ``raw`` is a telegram's head line from end to end, wherever it was filed."""
    return len(raw) < _LONGEST_HEAD and _HEAD.match(raw) is not None


def head_line(line: Line) -> Iterator[Found]:
    """Origin, telegram numbers, hour and date of a head line, however it is read."""
    raw = line.raw
    numbers = tuple(_numbers(raw))
    if not numbers and not any(x.search(raw) for x in (_TIME, _NUMBER_SIGN, _ORIGIN)):
        return
    yield from _origin(line)
    yield from numbers
    if match := _TIME.search(raw):
        hour, minute = int(figures(match[1]) or 99), int(figures(match[2]) or 99)
        if hour < 24 and minute < 60:
            yield Found(name="time", value=f"{hour:02}:{minute:02}", raw=match[0])
    if date := find_date(raw):
        day = date.day.isoformat()
        yield Found(name="date", value=day, raw=date.raw, doubtful=0.0 if date.certain else 0.5)


def _origin(line: Line) -> Iterator[Found]:
    # A line of a number alone has no place; a place stands at the line's start.
    start = line.raw[:_ORIGIN_WITHIN]
    if sum(c.isalpha() for c in start) < 5:
        return
    match = _HEAD.search(line.raw) or _ORIGIN.search(line.raw)
    if match and (read := place_as_read(match[1], line)) and not read.unknown:
        known = office(match[1], line)
        exact = known is not None and not known.mended
        yield Found.named("origin", known if known and exact else read, match[1].strip())
        return
    known = office(start, line)
    if known is not None:
        yield Found.named("origin", known, start.strip())
    elif match and (read := place_as_read(match[1], line)):
        yield Found.named("origin", read, match[1].strip())


def _numbers(raw: str) -> Iterator[Found]:
    """Five to seven figures; figures that a blank parts from the day or the hour are not theirs."""
    found: dict[str, Found] = {}
    for value, read in (*_signed_numbers(raw), *_runs(raw)):
        found.setdefault(value, Found(name="telegram_numbers", value=value, raw=read))
    yield from found.values()


def _signed_numbers(raw: str) -> Iterator[tuple[str, str]]:
    least = _SHORT if is_head_line(raw) else _LONG
    for sign in _NUMBER_SIGN.finditer(raw):
        at = sign.end()
        while match := _FIGURES.match(raw, at):
            end = match.end() if match.end() - at >= least else _with_split_off(raw, at)
            value = figures(raw[at:end])
            if least <= len(value) <= _LONGEST:
                yield value, raw[sign.start() if at == sign.end() else at : end]
            following = _NEXT_NUMBER.match(raw, end)
            if following is None or starts_date_or_hour(raw[following.end() :]):
                break
            at = following.end()


def _with_split_off(raw: str, start: int) -> int:
    """Where a number ends that lost a figure to a blank, or whose figures are all spread."""
    match = _FIGURES.match(raw, start)
    end = match.end() if match else start
    whole = end - start
    while (after := regex.compile(r"[ \t]([\dОЗI]+)").match(raw, end)) and whole < _LONG:
        parted_by_tab = raw[end] == "\t"
        if min(whole, len(after[1])) > 1 and not parted_by_tab:
            break
        if starts_date_or_hour(raw[end + 1 :]) or whole + len(after[1]) > _LONGEST:
            break
        end, whole = after.end(), whole + len(after[1])
    return end


def _runs(raw: str) -> Iterator[tuple[str, str]]:
    for match in _RUNS.finditer(raw):
        runs = match[0].split("\t")
        if _LONG <= len(runs[0]) <= _LONGEST:
            yield runs[0], runs[0]
        elif starts_date_or_hour(runs[-1] + raw[match.end() :]):
            continue
        elif _LONG <= sum(map(len, runs)) <= _LONGEST:
            yield "".join(runs), match[0]


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


def is_addressed(raw: str) -> bool:
    """Whether ``raw`` names an addressee from end to end: an office perhaps, a title, a name."""
    match = _GREETED.match(raw)
    return match is not None and not any(
        word[0].islower() and len(word) > 1 for word in regex.findall(r"\p{L}+", match["names"])
    )


def addressee(line: Line) -> Iterator[Found]:
    """Whom the telegram is for, in the nominative; each of several."""
    if match := _GREETED.match(line.raw):
        case: Case = "genitive" if match["title"] == "товарища" else "dative"
        names = [x for x in surnames(match["names"]) if not is_common(x) or x.isupper()]
        for word in names:
            if name := person(word, case, line):
                yield Found.named("addressee", name, word)
        if names:
            return
    match = _TITLE.search(line.raw)
    if match is None or max(likeness(match["title"], t) for t in _TITLES) < _TITLE_LIKE:
        return
    genitive = likeness(match["to"] or "", "для") > _TITLE_LIKE or likeness(
        match["title"], "товарища"
    ) > likeness(match["title"], "товарищу")
    name = person(match["name"], "genitive" if genitive else "dative", line)
    if name is not None:
        yield Found.named("addressee", name, match["name"])


def name_alone(line: Line) -> Iterator[Found]:
    """An addressee of a list of them: a name in the dative, perhaps with initials."""
    match = _NAME_ALONE.fullmatch(line.raw)
    if match is None:
        return
    # A typed capital may be read as a small letter; a list holds names alone.
    read = match["name"].capitalize() if match["name"].islower() else match["name"]
    if name := person(read, "dative", line):
        doubtful = 0.0 if read == match["name"] else _SMALL_CAPITAL
        yield Found.named("addressee", name, match["name"], doubtful=doubtful)


def is_salutation(raw: str) -> bool:
    """Whether ``raw`` greets somebody (``Дорогой тов. Иванов!``): no address as such."""
    return raw.rstrip().endswith("!")


def is_signed(raw: str) -> bool:
    """Whether ``raw`` is a name in capitals alone, or a post and a name with initials."""
    match = _POST_NAME.match(raw)
    if match is None:
        return False
    if not match["post"]:
        return raw.isupper() and is_name(_INITIALS.sub("", match["name"]))
    if not _INITIALS.match(match["name"]):
        return False
    return any(x in match["post"].lower() for x in language.form().closing.phrases)


def signature(line: Line) -> Iterator[Found]:
    """Who signed, in the nominative, and the post that stands beside the name."""
    match = _POST_NAME.match(line.raw)
    read = _INITIALS.sub("", match["name"]) if match else line.raw.strip()
    post = (match["post"] or "").strip(" ,") if match else ""
    if _is_post(read):
        whole = line.raw.strip(" -–—\t")
        yield Found(name="signature_post", value=" ".join(whole.split()), raw=whole)
        return
    if post and not _is_post(post):
        return
    initials = match is not None and match["name"] != read
    name = person(read, "name", line, initials=initials)
    if post and name is None:  # no name behind it: a post of several words
        post = " ".join(line.raw.strip(" -–—\t").split())
    if post:
        yield Found(name="signature_post", value=post, raw=post)
    if name is not None:
        yield Found.named("signature", name, read)


def _is_post(read: str) -> bool:
    low = read.lower()
    return not _NO_POST.search(low) and any(
        phrase in low for phrase in language.form().closing.phrases
    )


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
        name = clerk(match["name"], line)
        if name is not None:
            yield Found.named("released_by", name, match["name"])
        if date := find_date(match["rest"].strip()):
            yield Found(name="released_date", value=date.day.isoformat(), raw=date.raw)
        return
