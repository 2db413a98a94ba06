"""Columns of prose side by side in a text that was set out by the places of its words.

Read across they are nonsense. What is no prose (a post and its name, the rows of a table) is read
by row and stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import regex

_GAP = regex.compile(r"(?<=\S)[ ]{3,}(?=\S)")
_NEAR = 2
"""Characters by which the rows of the right column may begin apart."""

_LEAST_ROWS, _OF_ROWS = 5, 0.7
"""Rows that have both columns, and their share of all rows between the first and the last."""

_LETTERS, _WORDS, _OF_PROSE = 14, 3, 0.4
"""Letters and words of a row in one column, and the share of its rows that begin with a small
letter: prose goes on from row to row."""


def columns(rows: Sequence[str]) -> list[tuple[int, str]]:
    """The rows, each with its number (from 0); those of two columns cut, the left column first.

    What is cut from a row joins to it. Rows above, below and between columns keep their place: a
    row of one column alone goes with the column that it stands in.
    """
    numbered = list(enumerate(rows))
    gutter = _gutter(rows)
    if gutter is None:
        return numbered
    cuts = {number: cut for number, row in numbered if (cut := _cut(row, gutter)) is not None}
    first, last = min(cuts), max(cuts)
    while last + 1 < len(rows) and _stands_alone(rows[last + 1], gutter):
        last += 1
    left: list[tuple[int, str]] = []
    right: list[tuple[int, str]] = []
    for number, row in numbered[first : last + 1]:
        cut = cuts.get(number)
        if cut is None:
            alone = right if len(row) - len(row.lstrip()) >= gutter - _NEAR else left
            alone.append((number, row))
        else:
            left.append((number, row[:cut]))
            right.append((number, row[cut:]))
    return [*numbered[:first], *left, *right, *numbered[last + 1 :]]


def _stands_alone(row: str, gutter: int) -> bool:
    """Whether a row below the columns is of one of them, which is longer than the other."""
    return bool(row.strip()) and (
        len(row.rstrip()) < gutter or len(row) - len(row.lstrip()) >= gutter - _NEAR
    )


def _gutter(rows: Sequence[str]) -> int | None:
    """Where the right column begins; ``None`` where there is none."""
    ends = sorted(match.end() for row in rows for match in _GAP.finditer(row))
    if len(ends) < _LEAST_ROWS:
        return None
    best = max(ends, key=lambda end: sum(abs(end - x) <= _NEAR for x in ends))
    found = [(number, cut) for number, row in enumerate(rows) if (cut := _cut(row, best))]
    numbers = [number for number, _ in found]
    between = [row for row in rows[min(numbers) : max(numbers) + 1] if row.strip()]
    if len(found) < max(_LEAST_ROWS, _OF_ROWS * len(between)):
        return None
    sides = ([rows[n][:cut] for n, cut in found], [rows[n][cut:] for n, cut in found])
    return best if all(map(_is_prose, sides)) else None


def _cut(row: str, gutter: int) -> int | None:
    """Where the right column's part of ``row`` begins."""
    ends = (match.end() for match in _GAP.finditer(row))
    return next((end for end in ends if abs(end - gutter) <= _NEAR), None)


def _is_prose(cells: Sequence[str]) -> bool:
    words = [cell.split() for cell in cells]
    letters = [sum(map(str.isalpha, cell)) for cell in cells]
    small = sum(bool(row) and row[0][:1].islower() for row in words)
    return (
        median(letters) >= _LETTERS
        and median(map(len, words)) >= _WORDS
        and small >= _OF_PROSE * len(cells)
    )
