"""Rows that more than one hand made: words written in by hand, a part from another machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.facsimile.rows import TypedRow
from pipeline.model import LineKind
from pipeline.resources import facsimile as data

_LEAST_WORD = 5
"""Letters of a word for which the typist left room."""


def with_written_words(rows: Sequence[TypedRow], rng: np.random.Generator) -> list[TypedRow]:
    """Leave out some words of the body, for each of which a hand writes it in."""
    least, most = data.pages().hand_words
    out = list(rows)
    body = [place for place, row in enumerate(rows) if row.kind is LineKind.BODY]
    wanted = int(rng.integers(least, most + 1))
    for place in rng.permutation(body)[:wanted] if body else ():
        out[int(place)] = _left_out(out[int(place)], rng)
    return out


def _left_out(row: TypedRow, rng: np.random.Generator) -> TypedRow:
    words, at = [], 0
    for word in row.cells.split(" "):
        if len(word) >= _LEAST_WORD and word.isalpha():
            words.append((at, word))
        at += len(word) + 1
    # A row of one word would be left without any type.
    if len(words) < 2 or row.under or row.lined:
        return row
    first, word = words[int(rng.integers(len(words)))]
    cells = row.cells[:first] + " " * len(word) + row.cells[first + len(word) :]
    return replace(row, cells=cells.rstrip(), written=((first, word),))


def on_second_machine(rows: Sequence[TypedRow], rng: np.random.Generator) -> list[TypedRow]:
    """Type a part on another machine: from a paragraph of the body on, or one within it."""
    starts = [n for n, row in enumerate(rows) if row.starts_paragraph and n]
    if not starts:
        return [replace(row, second=row.kind is not LineKind.BODY) for row in rows]
    first = starts[int(rng.integers(len(starts)))]
    after = [n for n in starts if n > first]
    end = after[0] if after and rng.random() < 0.5 else len(rows)
    return [replace(row, second=first <= n < end) for n, row in enumerate(rows)]
