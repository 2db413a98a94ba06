"""Read lines that hold two things side by side are cut in two; no character is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import regex

from pipeline.model import Box, Line, Reading, Word
from pipeline.resources import language

_LONGEST = 400
"""Lines over this many characters are paragraphs, not two columns read as one."""


def split_merged(lines: Iterable[Line]) -> tuple[Line, ...]:
    """``lines``, those that match a ``[[split]]`` rule of ``config/language/form.toml`` cut in two.

    The parts' ``raw`` joined together are the original's. Their ids are the original's with
    ``a`` and ``b``; words and boxes go to the part they stand in.
    """
    result: list[Line] = []
    for line in lines:
        cut = _cut(line.raw)
        result += [line] if cut is None else _parts(line, cut)
    return tuple(result)


def _cut(raw: str) -> int | None:
    if len(raw) > _LONGEST:
        return None
    for left, right in _rules():
        start = left.search(raw)
        end = right.search(raw)
        if start and end and end.start() > start.end():
            return int(end.start())
    return None


@cache
def _rules() -> tuple[tuple[regex.Pattern[str], regex.Pattern[str]], ...]:
    return tuple(
        (regex.compile(rule.left, regex.I), regex.compile(rule.right, regex.I))
        for rule in language.form().split
    )


def _parts(line: Line, cut: int) -> list[Line]:
    own = line.reading
    halves = (own.slice(0, cut), own.slice(cut, len(own.text)))
    edge = min((w.box.left for w in halves[1].words if w.box is not None), default=None)
    parts: list[Line] = []
    for side, reading in enumerate(halves):
        others = tuple(_half(other, edge, side) for other in line.alternatives)
        words = [word for part in (reading, *others) for word in part.words]
        parts.append(
            replace(
                line,
                id=f"{line.id}{'ab'[side]}",
                reading=reading,
                alternatives=others,
                box=Box.around(word.box for word in words if word.box is not None) or line.box,
                starts_paragraph=line.starts_paragraph if side == 0 else True,
            )
        )
    return parts


def _half(reading: Reading, edge: int | None, side: int) -> Reading:
    """What another reader read left (``side`` 0) or right of ``edge``, by its words' middles.

    ``edge`` is in scan pixels; where it is ``None``, all stands on the left.
    """

    def is_right(word: Word) -> bool:
        box = word.box
        return edge is not None and box is not None and box.left + box.right >= 2 * edge

    words = [word for word in reading.words if is_right(word) == bool(side)]
    return Reading.of_words(reading.reader, words, reading.confidence)
