"""The invisible text of a page, as the operators of a content stream."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.export.geometry import Direction, Placed, placed
from pipeline.export.pdf_font import DESCENT, EM, WIDTH, TextFont
from pipeline.export.safe import safe
from pipeline.export.tokens import LineWords

_ALIKE = (0.6, 1.6)
"""How much lower or higher than usual a line may be that is set in the usual size."""

_SAME_WIDTH = 0.04
"""Share by which the widths of two words' signs may differ that are set alike."""

_STEP = 7
"""Thousandths of the size: a word that is off by less is not moved."""

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
    rows: list[tuple[list[tuple[Placed, str]], Direction]] = []
    for words, texts in lines:
        known = {id(token): safe(text) for token, text in zip(words.tokens, texts, strict=True)}
        found, own = placed(words, direction)
        row = [(one, known[id(one.token)]) for one in found]
        if row := [(one, text) for one, text in row if text]:
            rows.append((row, own))
    if not rows:
        return b""
    usual = median(row[0][0].height for row, _ in rows)
    operators = [_Setter(own, place, font, usual).line(row) for row, own in rows]
    return b"BT 3 Tr 100 Tz\n" + b"".join(operators) + b"ET\n"


@dataclass(frozen=True, slots=True)
class _Setter:
    """Sets lines that run in one direction; ``usual`` is the height of most, in pixels."""

    direction: Direction
    place: Place
    font: TextFont
    usual: float

    def line(self, row: Sequence[tuple[Placed, str]]) -> bytes:
        """One line: its size and its place, then its words, each at its own place."""
        own = row[0][0].height
        height = self.usual if _ALIKE[0] < own / self.usual < _ALIKE[1] else own
        along, up = self._steps()
        size = round(EM * height * math.hypot(*up), 2) or 1.0
        # The words stand on their boxes' lower side; in type of another size, in their middle.
        lower = (height - own) / 2 - DESCENT * height
        operators = [b"/DepeshaText %s Tf\n" % _number(size)]
        first = row[0][0]
        pieces = list(_pieces(row, self.direction))
        # Of lines that run up or down a page PDFium loses white where Tz makes type narrower.
        alone = abs(along[1]) > abs(along[0])
        for some in _straight(pieces, alone=alone):
            start, depth = some[0].start, some[0].depth + lower
            x = first.x + start * self.direction.along[0] + depth * self.direction.down[0]
            y = first.y + start * self.direction.along[1] + depth * self.direction.down[1]
            scale, stretch = math.hypot(*along), 1.0
            if alone:
                codes, count = self.font.encode(some[0].text)
                stretch = some[0].length * scale / (count * WIDTH * size)
            numbers = (*_unit(along, stretch), *_unit(up), *self.place.point(x, y))
            operators.append(b" ".join(map(_number, numbers)) + b" Tm\n")
            if alone:
                operators.append(b"<%s> Tj\n" % codes.hex().encode())
            else:
                operators += self._words(some, scale, size)
        return b"".join(operators)

    def _steps(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """On the page, in points: one pixel along a line, and one up from it."""
        direction, place = self.direction, self.place
        return place.step(*direction.along), place.step(*(-x for x in direction.down))

    def _words(self, some: Sequence[_Piece], scale: float, size: float) -> Iterator[bytes]:
        """Pieces on one straight line; ``scale`` in points a pixel.

        Type of one width goes into one operator, with what the next word is further on.
        """
        pen, width = 0.0, 0.0
        shown: list[bytes] = []
        for piece in some:
            codes, count = self.font.encode(piece.text)
            own = piece.length * scale / (count * WIDTH * size)
            if not width or not 1 - _SAME_WIDTH < own / width < 1 + _SAME_WIDTH:
                if shown:
                    yield b"[%s] TJ\n" % b"".join(shown)
                shown, width = [], round(own, 4) or 0.0001
                yield b"%s Tz\n" % _number(100 * width)
            # Numbers in a TJ are thousandths of the size, and move back.
            wanted = (piece.start - some[0].start) * scale
            back = round((pen - wanted) * 1000 / (size * width))
            if abs(back) > _STEP:
                shown.append(b"%d" % back)
                pen -= back * size * width / 1000
            shown.append(b"<%s>" % codes.hex().encode())
            pen += count * WIDTH * size * width
        yield b"[%s] TJ\n" % b"".join(shown)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Signs that are set: where they start on the line and how far below its first word."""

    start: float
    depth: float
    length: float
    text: str


def _straight(some: Sequence[_Piece], *, alone: bool) -> Iterator[Sequence[_Piece]]:
    """Pieces that stand on one straight line; each by itself where they shall be ``alone``."""
    begin = 0
    for index in range(1, len(some) + 1):
        straight = index < len(some) and abs(some[index].depth - some[begin].depth) <= 1.0
        if alone or not straight:
            yield some[begin:index]
            begin = index


def _pieces(row: Sequence[tuple[Placed, str]], direction: Direction) -> Iterator[_Piece]:
    """What is set, from left to right, in pixels."""
    first = row[0][0]
    for index, (one, text) in enumerate(row):
        last = index == len(row) - 1
        room = 0.0 if last else _distance(one, row[index + 1][0], direction)
        begin = _distance(first, one, direction)
        down = direction.down
        depth = (one.x - first.x) * down[0] + (one.y - first.y) * down[1]
        for start, length, shown in _parts(one, text, room, last=last):
            yield _Piece(begin + start, depth, length, shown)


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


def _unit(step: tuple[float, float], length: float = 1.0) -> tuple[float, float]:
    """A step in the same direction, ``length`` long."""
    factor = length / math.hypot(*step)
    return step[0] * factor, step[1] * factor
