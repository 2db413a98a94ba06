"""Read lines that hold two things side by side are cut in two; no character is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import regex

from pipeline.model import Line, Reading, Word, union
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
    halves = (line.raw[:cut], line.raw[cut:])
    left_words = len(line.raw[:cut].split())
    readings = [_cut_readings(line.readings, cut, left_words, side) for side in (0, 1)]
    parts: list[Line] = []
    for side, raw in enumerate(halves):
        boxes = tuple(w.box for r in readings[side] for w in r.words if w.box is not None)
        parts.append(
            replace(
                line,
                id=f"{line.id}{'ab'[side]}",
                raw=raw,
                text=raw,
                readings=readings[side],
                box=union(boxes) or line.box,
                starts_paragraph=line.starts_paragraph if side == 0 else True,
            )
        )
    return parts


def _cut_readings(
    readings: tuple[Reading, ...], cut: int, left_words: int, side: int
) -> tuple[Reading, ...]:
    """The part of each reading on ``side``: of the first by its text, of others by place."""
    result: list[Reading] = []
    for place, reading in enumerate(readings):
        if place == 0:
            words, text = reading.words, reading.text
            words = words[:left_words] if side == 0 else words[left_words:]
            text = text[:cut] if side == 0 else text[cut:]
        else:
            words = _words_on(reading.words, _edge(readings[0].words, left_words), side)
            text = " ".join(word.text for word in words)
        result.append(replace(reading, text=text, words=words))
    return tuple(result)


def _edge(words: tuple[Word, ...], left_words: int) -> int | None:
    """Where the right part begins, in scan pixels; ``None`` where no place is known."""
    lefts = [word.box.left for word in words[left_words:] if word.box is not None]
    return min(lefts, default=None)


def _words_on(words: tuple[Word, ...], edge: int | None, side: int) -> tuple[Word, ...]:
    def right(word: Word) -> bool:
        box = word.box
        return edge is not None and box is not None and box.left + box.right >= 2 * edge

    return tuple(word for word in words if right(word) == bool(side))
