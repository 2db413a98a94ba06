"""Bodies made up to measure: so many typed lines of paragraphs, figures, verse, or points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.config import table
from pipeline.facsimile.content import Body, Passage
from pipeline.facsimile.habits import with_habits
from pipeline.facsimile.prose import ended, filled, line_of_words, paragraph, sentence
from pipeline.facsimile.rows import SINGLE, body_rows, figure_columns
from pipeline.facsimile.streams import one


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dressing:
    """How a body is typed: the typist's habits, the line in strokes, leading in pixels (200 dpi).

    ``gap``: leadings more between paragraphs; ``room``: the height in pixels to be filled.
    """

    habits: frozenset[str]
    width: int
    leading: int
    gap: float
    room: int
    rng: np.random.Generator

    def typed(self, text: str) -> str:
        """``text`` as this typist types it."""
        return with_habits(text, self.habits, self.rng)

    def fits(self, body: Sequence[str | Passage], lines: int) -> bool:
        """Whether ``body`` takes at most so many lines, and the room there is."""
        rows = body_rows(body, self.width, self.leading, self.gap)
        return len(rows) <= lines and sum(row.above for row in rows[1:]) <= self.room


def made_up_body(
    rng: np.random.Generator, lines: int, dressing: Dressing, extras: tuple[bool, bool]
) -> Body:
    """A body of ``lines`` typed lines (fewer where the room ends); ``extras``: figures, verse."""
    figures, verse = extras
    body: list[str | Passage] = [dressing.typed(paragraph(rng))]
    if figures:
        body += _figures(rng, dressing)
    if verse:
        body.append(_verse(rng, dressing))
    # What comes before the passages is shortened first, so that these stay.
    while len(body) > 1 and not dressing.fits(body, lines):
        if not _shortened(body, 0):
            break
    while dressing.fits(body, lines):
        body.append(dressing.typed(paragraph(rng)))
    while not dressing.fits(body, lines) and _shortened(body, len(body) - 1):
        pass
    return tuple(body)


def made_up_list(rng: np.random.Generator, lines: int, dressing: Dressing) -> Body:
    """Numbered points, of words or of names with their posts, ``lines`` typed lines at most."""
    mark = one(rng, (".", ")", "."))
    named = rng.random() < 0.4
    body: list[str | Passage] = []
    if rng.random() < 0.5:
        body.append(dressing.typed(sentence(rng)[:-1] + ":"))
    items: list[str] = []
    people = list(rng.permutation(table("names")["people"]))
    while True:
        text = _person(people[len(items)], rng) if named else dressing.typed(sentence(rng))
        longer = [*items, f"{len(items) + 1}{mark} {text}"]
        if items and not dressing.fits([*body, Passage(items=tuple(longer))], lines):
            return (*body, Passage(items=tuple(items)))
        items = longer


def _person(person: dict[str, str], rng: np.random.Generator) -> str:
    role = one(rng, table("phrases")["roles"])
    initials = f"{one(rng, 'АБВГИМНПС')}.{one(rng, 'АБВГИМНПС')}."
    return f"{person['name']} {initials} - {role}"


def _shortened(body: list[str | Passage], place: int) -> bool:
    """Whether the last word of the paragraph at ``place`` could be taken away; an end is set."""
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


def _figures(rng: np.random.Generator, dressing: Dressing) -> list[str | Passage]:
    """A title that ends in a colon, and a table of names and figures under it."""
    words = table("phrases")
    title = filled(one(rng, words["table_titles"]), rng) + ":"
    columns = int(rng.integers(2, 5))
    heads = [filled(str(x), rng) for x in rng.choice(words["columns"], columns, replace=False)]
    names = [str(x) for x in rng.choice(words["goods"], int(rng.integers(3, 8)), replace=False)]
    size = int(rng.integers(2, 5))
    rows = [[name, *(_figure(rng, size) for _ in heads)] for name in names]
    if rng.random() < 0.6:
        rows.insert(0, ["", *heads])
    gap = int(rng.integers(3, 11))
    while gap > 3 and max(map(len, figure_columns(rows, gap))) > dressing.width:
        gap -= 1
    typed = tuple(tuple(dressing.typed(cell) for cell in row) for row in rows)
    leading = one(rng, (SINGLE, dressing.leading, dressing.leading))
    return [dressing.typed(title), Passage(table=typed, gap=gap, leading=leading)]


def _figure(rng: np.random.Generator, size: int) -> str:
    number = int(rng.integers(10 ** (size - 1), 10**size))
    kind = rng.random()
    if kind < 0.2:
        return f"{number / 10:.1f}".replace(".", ",")
    return "-" if kind < 0.25 else str(number)


def _verse(rng: np.random.Generator, dressing: Dressing) -> Passage:
    lines = [line_of_words(rng, int(rng.integers(18, 36))) for _ in range(int(rng.integers(3, 7)))]
    typed = tuple(dressing.typed(line) for line in lines)
    return Passage(verse=typed, leading=min(SINGLE, dressing.leading))
