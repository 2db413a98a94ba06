"""Random contents from names and word counts: telegrams, letters and lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import msgspec
import numpy as np

from pipeline.facsimile.content import Aside, Body, Content, Paper, Spread, Telegram
from pipeline.facsimile.faces import typewriters
from pipeline.facsimile.habits import draw_habits, struck_for_one, with_habits
from pipeline.facsimile.invented import with_invented_names
from pipeline.facsimile.papers import addressees, posts, running_page
from pipeline.facsimile.prose import filled
from pipeline.facsimile.questionnaire import random_questionnaire
from pipeline.facsimile.random_body import BodyStyle, random_body, random_list
from pipeline.facsimile.streams import one, stream
from pipeline.model import LineKind
from pipeline.resources import facsimile as data
from pipeline.resources import language
from pipeline.resources.facsimile import Kind, Trait
from pipeline.resources.language import Names, Person

KINDS: tuple[Kind, ...] = get_args(Kind)
TRAITS: tuple[Trait, ...] = get_args(Trait)

LONGEST = 40
"""Lines of a made-up body, at most."""

_EXTRA = 0.3
"""Share of bodies with a table or a single-spaced passage, where nothing is said about it."""

_ROOM_FOR_EXTRA = 12
"""Lines of a body that has room for such: a table has up to nine with its title."""

_PITCHES = (10, 10, 12)
_LEADINGS = (35, 42, 50, 50, 67)
_SINGLE_LEADINGS = (30, 33, 35)
_PAGE_LINES = (26, 52)
"""Lines of a page of running text, where nothing is said about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentSpec:
    """What a random document has to be.

    ``body``: paragraphs to type (``None``: random as well). ``faces``: names of typewriters
    to choose from (empty: all that are installed). ``lines``: least and most typed lines of
    a random body (``None``: what fits one sheet). ``figures``, ``verse``: a random body
    has a table, a single-spaced passage (``None``: some have the one or the other). ``names``:
    places and people in place of those of ``config/language/names.toml``. ``traits``: what its
    sheets have besides.
    """

    kind: Kind = "telegram"
    body: tuple[str, ...] | None = None
    faces: tuple[str, ...] = ()
    lines: tuple[int, int] | None = None
    figures: bool | None = None
    verse: bool | None = None
    names: Names | None = None
    traits: tuple[Trait, ...] = ()

    @property
    def known(self) -> Names:
        """The names to choose from."""
        return self.names or language.names()


def make_content(seed: int, spec: ContentSpec) -> Content:
    """Draw the document of ``seed``; the same ``spec`` gives the same one.

    Raises:
        ConfigError: there is no typewriter of that name.
        DependencyMissingError: a font is not installed.

    """
    rng = stream("content", seed)
    hand = _hand(rng, spec, seed)
    content = _made(rng, hand, spec)
    if "names" in spec.traits:
        return with_invented_names(content, stream("names", seed))
    return content


def _made(rng: np.random.Generator, hand: dict[str, Any], spec: ContentSpec) -> Content:
    match spec.kind:
        case "telegram":
            return _telegram(rng, hand, spec)
        case "letter":
            return _letter(rng, hand, spec)
        case "list":
            return _list(rng, hand, spec)
        case "questionnaire":
            style = _body_style(rng, hand, {"measure": 1250, "gap": 0.0}, 690)
            return random_questionnaire(rng, style, _lines(rng, spec, (8, 20)), _fields(hand))
        case "spread":
            sides = [_paper(rng, hand, spec) for _ in range(2)]
            return Spread(left=sides[0], right=sides[1])
        case _:
            return _paper(rng, hand, spec)


def _paper(rng: np.random.Generator, hand: dict[str, Any], spec: ContentSpec) -> Paper:
    """One sheet of the kinds that ``papers.py`` makes."""
    layout = _layout(rng, hand)
    look = layout | _fields(hand)
    if spec.kind == "addressees":
        style = _body_style(rng, hand, layout, 520)
        return addressees(rng, style, _lines(rng, spec, (2, 8)), look)
    style = _body_style(rng, hand, layout, 2080 - layout["top"] - 3 * hand["leading"])
    if spec.kind == "posts":
        return posts(rng, style, _lines(rng, spec, (14, 30)), look)
    return running_page(rng, style, _lines(rng, spec, _PAGE_LINES), look)


def _lines(rng: np.random.Generator, spec: ContentSpec, usual: tuple[int, int]) -> int:
    least, most = spec.lines or usual
    return int(rng.integers(least, most + 1))


def _hand(rng: np.random.Generator, spec: ContentSpec, seed: int) -> dict[str, Any]:
    """Draw typewriter and typist: fields of the content by name, and the ``habits``."""
    habits = draw_habits(rng)
    pitch = one(rng, _PITCHES)
    # A single-spaced passage shows only where the rest is not single-spaced.
    leading = one(rng, _LEADINGS[2:] if spec.verse else _LEADINGS)
    if "single" in spec.traits:
        leading = one(stream("single", seed), _SINGLE_LEADINGS)
    hand = {
        "habits": habits,
        "typewriter": one(rng, spec.faces or tuple(typewriters())),
        "pitch": pitch,
        "leading": leading,
        "ones": struck_for_one(habits),
        "slips": spec.body is None,
        "traits": spec.traits,
    }
    if "machines" in spec.traits:
        others = [x for x in spec.faces or typewriters() if x != hand["typewriter"]]
        hand["second"] = one(stream("second face", seed), others)
    return hand


def _telegram(rng: np.random.Generator, hand: dict[str, Any], spec: ContentSpec) -> Telegram:
    names = spec.known
    office = one(rng, names.offices)
    special = int(rng.integers(100, 990))
    number = int(rng.integers(100000, 160000))
    count = int(rng.integers(3, 12))
    receivers = [person.dative for person in names.receivers]
    senders = [person.name for person in names.people if not person.receives]
    addressee, addressee_name = _addressee(rng, names.people)
    date = dt.date(1946, 1, 1) + dt.timedelta(days=int(rng.integers(0, 2900)))
    return Telegram(
        sheet_number=str(rng.integers(1, 200)),
        registry=f"{rng.integers(20, 900)}   № {rng.integers(1000, 9000)}",
        origin=office.typed,
        origin_name=office.name,
        numbers=tuple(str(number - i) for i in range(int(rng.integers(1, 3)))),
        time=f"{rng.integers(0, 24):02}:{rng.integers(0, 12) * 5:02}",
        date=date,
        special_numbers=tuple(str(special + i) for i in range(int(rng.integers(1, 4)))),
        urgency=one(rng, names.urgencies),
        addressee=addressee,
        addressee_name=addressee_name,
        signature=one(rng, senders).upper(),
        copies=dict(
            enumerate((str(x) for x in rng.choice(receivers, count, replace=False)), start=2)
        ),
        copies_made=str(count + 2),
        typist=one(rng, names.typists),
        typed_time=f"{rng.integers(8, 24)}-{rng.integers(10, 60)}",
        dispatched=f"{rng.integers(8, 24)}-{rng.integers(10, 60)} {date.day}/{date.month}.",
        released_by=one(rng, names.clerks),
        body=_body(rng, hand, spec, {"measure": 1250, "gap": 0.0}, room=800),
        **_fields(hand),
    )


def _letter(rng: np.random.Generator, hand: dict[str, Any], spec: ContentSpec) -> Paper:
    phrases = data.phrases()
    layout = _layout(rng, hand)
    person = one(rng, spec.known.people)
    head = [
        Aside(text=one(rng, phrases.offices), kind=LineKind.ADDRESSEE, align="right"),
        Aside(text=f"т. {person.dative.upper()}", kind=LineKind.ADDRESSEE, align="right"),
    ]
    dated = with_habits(filled(one(rng, phrases.dates), rng), hand["habits"], rng)
    head.append(Aside(text=dated, kind=LineKind.HEADING, gap=1.5))
    if rng.random() < 0.6:
        title = one(rng, phrases.letter_titles)
        head.append(Aside(text=title, kind=LineKind.HEADING, align="centre", gap=1.7))
    else:
        # The salutation follows the addressee's name and belongs to it.
        greeting = filled(one(rng, phrases.salutations), rng)
        head.append(Aside(text=greeting, kind=LineKind.ADDRESSEE, align="indent", gap=1.7))
    # Head and tail take up to 15 lines of their own.
    body = _body(rng, hand, spec, layout, room=1890 - 15 * hand["leading"])
    tail = _tail(rng, spec.known.people, closing=True)
    made = Paper(head=tuple(head), body=body, tail=tail, **layout, **_fields(hand))
    # Letters of old have no fields in their truth, and keep it.
    return msgspec.structs.replace(made, **_known_of(person, tail)) if spec.traits else made


def _known_of(person: Person, tail: Sequence[Aside]) -> dict[str, Any]:
    """What the fields of a letter hold: whom it goes to, who signed it in what post."""
    post, signer = [aside.text for aside in tail if aside.kind is LineKind.SIGNATURE][-2:]
    return {
        "addressees": (person.name.upper(),),
        "signature": signer.strip("/").split(".")[-1].strip(),
        "signature_post": post,
    }


def _list(rng: np.random.Generator, hand: dict[str, Any], spec: ContentSpec) -> Paper:
    layout = _layout(rng, hand)
    title = one(rng, data.phrases().list_titles)
    head = (Aside(text=title, kind=LineKind.HEADING, align="centre"),)
    body: Body
    if spec.body is not None:
        body = spec.body
    else:
        least, most = spec.lines or (4, 24)
        style = _body_style(rng, hand, layout, 1890 - 10 * hand["leading"])
        body = random_list(rng, int(rng.integers(least, most + 1)), style)
    tail = _tail(rng, spec.known.people, closing=False) if rng.random() < 0.6 else ()
    return Paper(head=head, body=body, tail=tail, signed=bool(tail), **layout, **_fields(hand))


def _layout(rng: np.random.Generator, hand: dict[str, Any]) -> dict[str, Any]:
    left = int(rng.integers(150, 290))
    characters = (1654 - left - int(rng.integers(70, 190))) * hand["pitch"] // 200
    return {
        "top": int(rng.integers(140, 290)),
        "left": left,
        "measure": characters * 200 // hand["pitch"],
        "gap": one(rng, (0, 0, 0.4)),
    }


def _tail(
    rng: np.random.Generator, people: Sequence[Person], *, closing: bool
) -> tuple[Aside, ...]:
    phrases = data.phrases()
    tail = []
    if closing and rng.random() < 0.5:
        text = one(rng, phrases.closings)
        tail.append(Aside(text=text, kind=LineKind.SIGNATURE, align="indent", gap=1.6))
    post = one(rng, phrases.posts).upper() if rng.random() < 0.5 else one(rng, phrases.posts)
    tail.append(Aside(text=post, kind=LineKind.SIGNATURE, gap=1.8))
    name, initial = one(rng, people).name, one(rng, "АБВГИМНПС")
    typed = one(rng, (f"/{initial}.{name}/", f"{initial}. {name.upper()}", f"/{name}/"))
    tail.append(Aside(text=typed, kind=LineKind.SIGNATURE, align="right"))
    marks = [filled(mark, rng) for mark in phrases.marks if rng.random() < 0.3]
    return (*tail, *(Aside(text=mark, kind=LineKind.FORM) for mark in marks))


def _body(
    rng: np.random.Generator,
    hand: dict[str, Any],
    spec: ContentSpec,
    layout: dict[str, Any],
    *,
    room: int,
) -> Body:
    if spec.body is not None:
        return spec.body
    # Only telegrams go on on a second sheet, where more lines are wished for than fit the form.
    endless = spec.kind == "telegram" and spec.lines is not None
    style = _body_style(rng, hand, layout, 10_000 if endless else room)
    least, most = spec.lines or (3, max(3, min(LONGEST, room // hand["leading"])))
    lines = int(rng.integers(least, most + 1))
    return random_body(rng, lines, style, _extras(rng, spec, lines))


def _extras(rng: np.random.Generator, spec: ContentSpec, lines: int) -> tuple[bool, bool]:
    free = spec.figures is None and spec.verse is None
    if free and lines >= _ROOM_FOR_EXTRA and rng.random() < _EXTRA:
        figures = bool(rng.random() < 0.6)
        return figures, not figures
    return bool(spec.figures), bool(spec.verse)


def _body_style(
    rng: np.random.Generator, hand: dict[str, Any], layout: dict[str, Any], room: int
) -> BodyStyle:
    return BodyStyle(
        habits=hand["habits"],
        width=layout["measure"] * hand["pitch"] // 200,
        leading=hand["leading"],
        gap=layout["gap"],
        room=room,
        rng=rng,
    )


def _fields(hand: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in hand.items() if name != "habits"}


def _addressee(rng: np.random.Generator, people: Sequence[Person]) -> tuple[str, str]:
    person = one(rng, people)
    name = person.name.upper()
    forms: Sequence[str] = (
        f"Для товарища {person.genitive.upper()}.",
        f"Товарищу {person.dative.upper()}.",
        f"Тов. {person.dative.upper()}.",
    )
    return one(rng, forms), name
