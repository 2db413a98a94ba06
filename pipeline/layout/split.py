"""Read lines that hold two things side by side are cut in two; no character is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import regex

from pipeline.config import table
from pipeline.model import Line, Reading, Word, union

_LONGEST = 400
"""Lines over this many characters are paragraphs, not two columns read as one."""


def split_merged(lines: Iterable[Line]) -> tuple[Line, ...]:
    """``lines``, those that match a ``[[split]]`` rule of ``config/form.toml`` cut in two.

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
    rules: list[Mapping[str, Any]] = table("form")["split"]
    return tuple(
        (regex.compile(rule["left"], regex.I), regex.compile(rule["right"], regex.I))
        for rule in rules
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
    result: list[Reading] = []
    for reading in readings:
        words: tuple[Word, ...] = (
            reading.words[:left_words] if side == 0 else reading.words[left_words:]
        )
        text = reading.text[:cut] if side == 0 else reading.text[cut:]
        result.append(replace(reading, text=text, words=words))
    return tuple(result)
