"""The invisible text of a page, as the operators of a content stream."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.export.geometry import Direction, Placed, placed
from pipeline.export.pdf_font import DESCENT, WIDTH, TextFont
from pipeline.export.safe import safe
from pipeline.export.tokens import LineWords

_ALIKE = (0.6, 1.6)
"""How much lower or higher than usual a line may be that is set in the usual size."""

_WIDE = 3.0
"""Cells of white between two words from which the space between them is set by itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """From pixels of the scan (y down) to points of a page (y up).

    ``x`` becomes ``a x + c y + e``, ``y`` becomes ``b x + d y + f``.
    """

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A place of the scan on the page."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def step(self, x: float, y: float) -> tuple[float, float]:
        """A distance on the scan as one on the page."""
        return self.a * x + self.c * y, self.b * x + self.d * y


def page_text(
    lines: Sequence[tuple[LineWords, Sequence[str]]],
    direction: Direction,
    place: Place,
    font: TextFont,
) -> bytes:
    """Operators that lay ``lines`` (with the texts of their words) invisibly over the scan.

    Each word covers its box. Spaces are signs of their own: readers that copy must not guess.
    Lines of about the page's usual height are set in one size, for readers take lines of one
    size for one text.
    """
    rows: list[list[tuple[Placed, str]]] = []
    for words, texts in lines:
        known = {id(token): safe(text) for token, text in zip(words.tokens, texts, strict=True)}
        row = [(one, known[id(one.token)]) for one in placed(words, direction)]
        if row := [(one, text) for one, text in row if text]:
            rows.append(row)
    if not rows:
        return b""
    usual = median(row[0][0].height for row in rows)
    setter = _Setter(direction, place, font, usual)
    return b"BT 3 Tr\n" + b"".join(map(setter.line, rows)) + b"ET\n"


@dataclass(frozen=True, slots=True)
class _Setter:
    """Sets lines of a page; ``usual`` is the height of most of them, in pixels."""

    direction: Direction
    place: Place
    font: TextFont
    usual: float

    def line(self, row: Sequence[tuple[Placed, str]]) -> bytes:
        """One line: its size, then each word with its place."""
        own = row[0][0].height
        height = self.usual if _ALIKE[0] < own / self.usual < _ALIKE[1] else own
        direction, place = self.direction, self.place
        along, up = place.step(*direction.along), place.step(*(-x for x in direction.down))
        size = round(height * math.hypot(*up), 2) or 1.0
        operators = [b"/DepeshaText %s Tf\n" % _number(size)]
        # The words stand on their boxes' lower side; in type of another size, in their middle.
        lower = (height - own) / 2 - DESCENT * height
        for index, (one, text) in enumerate(row):
            last = index == len(row) - 1
            room = 0.0 if last else _distance(one, row[index + 1][0], direction)
            for start, length, shown in _parts(one, text, room, last=last):
                codes, count = self.font.encode(shown)
                stretch = length / (count * WIDTH * size)
                x = one.x + start * direction.along[0] + lower * direction.down[0]
                y = one.y + start * direction.along[1] + lower * direction.down[1]
                matrix = (
                    *(stretch * step for step in along),
                    *(step / math.hypot(*up) for step in up),
                    *place.point(x, y),
                )
                numbers = b" ".join(map(_number, matrix))
                operators.append(b"%s Tm <%s> Tj\n" % (numbers, codes.hex().encode()))
        return b"".join(operators)


def _parts(
    one: Placed, text: str, room: float, *, last: bool
) -> Iterator[tuple[float, float, str]]:
    """What is set for a word: where it starts, its length in pixels, the signs.

    Up to the next word where that is near: type of a fixed pitch has a cell for the space.
    """
    cell = one.length / len(text)
    if last:
        yield 0.0, one.length, text
        return
    if 0.5 * one.length < room <= one.length + _WIDE * cell:
        # Where boxes touch, too: a reader that sees no gap takes two words for one.
        yield 0.0, room, text + " "
        return
    yield 0.0, one.length, text
    yield one.length, max(room - one.length, 0.2 * cell), " "


def _distance(one: Placed, other: Placed, direction: Direction) -> float:
    """How far ``other`` begins after ``one``, along the line."""
    step = direction.along
    return (other.x - one.x) * step[0] + (other.y - one.y) * step[1]


def _number(value: float) -> bytes:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return (text if text not in ("-0", "") else "0").encode()
