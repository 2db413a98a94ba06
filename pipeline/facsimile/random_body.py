"""Random bodies: paragraphs, tables of figures, single-spaced passages, numbered points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.facsimile.content import Body, Passage
from pipeline.facsimile.habits import with_habits
from pipeline.facsimile.prose import ended, filled, line_of_words, paragraph, sentence
from pipeline.facsimile.streams import one
from pipeline.facsimile.typesetting import SINGLE, body_rows, figure_columns
from pipeline.resources import facsimile as data
from pipeline.resources import language
from pipeline.resources.language import Person


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BodyStyle:
    """How a body is typed: habits, line width in characters, leading in pixels at 200 dpi.

    ``gap``: leadings more between paragraphs; ``room``: the height in pixels to be filled.
    """

    habits: frozenset[str]
    width: int
    leading: int
    gap: float
    room: int
    rng: np.random.Generator

    def typed(self, text: str) -> str:
        """Type ``text`` with the typist's habits."""
        return with_habits(text, self.habits, self.rng)

    def fits(self, body: Sequence[str | Passage], lines: int) -> bool:
        """Whether ``body`` takes at most so many lines, and the room there is."""
        rows = body_rows(body, self.width, self.leading, self.gap)
        return len(rows) <= lines and sum(row.above for row in rows[1:]) <= self.room


def random_body(
    rng: np.random.Generator, lines: int, style: BodyStyle, extras: tuple[bool, bool]
) -> Body:
    """A body of ``lines`` typed lines (fewer where the room ends); ``extras``: figures, verse."""
    figures, verse = extras
    body: list[str | Passage] = [style.typed(paragraph(rng))]
    if figures:
        body += _figures(rng, style)
    if verse:
        count = int(rng.integers(3, 7))
        rows = [line_of_words(rng, int(rng.integers(18, 36))) for _ in range(count)]
        typed = tuple(style.typed(row) for row in rows)
        body.append(Passage(verse=typed, leading=min(SINGLE, style.leading)))
    # What comes before the passages is shortened first, so that these stay.
    while len(body) > 1 and not style.fits(body, lines):
        if not _shortened(body, 0):
            break
    while style.fits(body, lines):
        body.append(style.typed(paragraph(rng)))
    while not style.fits(body, lines) and _shortened(body, len(body) - 1):
        pass
    return tuple(body)


def random_list(rng: np.random.Generator, lines: int, style: BodyStyle) -> Body:
    """At most ``lines`` typed lines of numbered points: sentences, or names with posts."""
    mark = one(rng, (".", ")", "."))
    named = rng.random() < 0.4
    body: list[str | Passage] = []
    if rng.random() < 0.5:
        body.append(style.typed(sentence(rng)[:-1] + ":"))
    items: list[str] = []
    known = language.names().people
    people = [known[place] for place in rng.permutation(len(known))]
    while True:
        text = _person(rng, people[len(items)]) if named else style.typed(sentence(rng))
        longer = [*items, f"{len(items) + 1}{mark} {text}"]
        if items and not style.fits([*body, Passage(items=tuple(longer))], lines):
            return (*body, Passage(items=tuple(items)))
        items = longer


def _person(rng: np.random.Generator, person: Person) -> str:
    role = one(rng, data.phrases().roles)
    initials = f"{one(rng, 'АБВГИМНПС')}.{one(rng, 'АБВГИМНПС')}."
    return f"{person.name} {initials} - {role}"


def _shortened(body: list[str | Passage], place: int) -> bool:
    """Take the last word of the paragraph at ``place`` away; whether that was possible."""
    text = body[place]
    if not isinstance(text, str):
        return False
    words = text.split()
    if len(words) > 2:
        body[place] = " ".join(ended(words[:-1])).rstrip(' .,:;-?("/') + "."
        return True
    if place and len(body) > 1:
        body.pop()
        return True
    return False


def _figures(rng: np.random.Generator, style: BodyStyle) -> list[str | Passage]:
    """A title that ends in a colon, and under it a table of names and figures."""
    phrases = data.phrases()
    title = filled(one(rng, phrases.table_titles), rng) + ":"
    columns = int(rng.integers(2, 5))
    heads = [filled(str(x), rng) for x in rng.choice(phrases.columns, columns, replace=False)]
    names = [str(x) for x in rng.choice(phrases.goods, int(rng.integers(3, 8)), replace=False)]
    size = int(rng.integers(2, 5))
    rows = [[name, *(_figure(rng, size) for _ in heads)] for name in names]
    if rng.random() < 0.6:
        rows.insert(0, ["", *heads])
    gap = int(rng.integers(3, 11))
    while gap > 3 and max(map(len, figure_columns(rows, gap))) > style.width:
        gap -= 1
    typed = tuple(tuple(style.typed(cell) for cell in row) for row in rows)
    leading = one(rng, (SINGLE, style.leading, style.leading))
    return [style.typed(title), Passage(table=typed, gap=gap, leading=leading)]


def _figure(rng: np.random.Generator, size: int) -> str:
    number = int(rng.integers(10 ** (size - 1), 10**size))
    kind = rng.random()
    if kind < 0.2:
        return f"{number / 10:.1f}".replace(".", ",")
    return "-" if kind < 0.25 else str(number)
