"""Where paragraphs begin in a raw text: by blank rows, indents, and how full the rows are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import regex

from pipeline.model import Box, Line
from pipeline.stray_marks import is_marks, text_span
from pipeline.text import is_table_row

LONG_LINE = 200
"""A longer row is a whole paragraph, not a typed line (at most about 100 characters)."""

_LEADING = regex.compile(r"[\u200b-\u200f\u202a-\u202e\ufeff]*([ \t]*)")
_OF_ROWS = 0.15
"""Share of a page's rows that begin at its margin, at least."""

_LEAST_COLUMN, _FULL_ROW, _OF_FULL = 30, 20, 0.85
"""Characters of a column in which a short row tells anything; letters of a row that shows where the
column ends; and the share of these that end before it."""

_NEARLY, _SHORT, _ENDS_EARLY = 0.75, 0.6, 0.88
"""Shares of the column: from which a row is full, below which it is short, and below which a row
with a full stop may be a paragraph's last."""

_CENTRED, _FAR, _DRIFT = 8, 10, 3
"""Columns: least indent of a centred row; from where a margin shows that a page was set out by the
places of its words, and by how much its rows then begin differently.
"""

_DOUBLE = 0.6
"""Share of rows with a blank one above from which the text is double-spaced."""

_AROUND, _OF_NEAR, _WHITE = 5, 0.3, 1.6
"""Of lines with places: how many on each side show the margin, and which of their left edges it is;
and in distances of lines, from which on there is a blank row between two.
"""

_ENDED = regex.compile(r"[.!?:;…]\W*$")
_STOPPED = regex.compile(r"[.!?…][\"»”)]*$")
_NAME_APART = regex.compile(
    r"(?:\s{4,}|\s[-–—]\s?)(?:[-–—]\s?)?(?:\p{Lu}\.\s?){1,2}\p{Lu}[\p{L}-]+\W*$"
)
"""A post and its name at the right of it, or behind a dash."""

_OPENS = regex.compile(r"\W*(?:[\p{Lu}\d]|т{1,2}\.|тов\.)")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row without the marks beside it; ``indent`` and ``end`` in columns.

    ``cells``: it is one of a table.
    """

    text: str
    indent: int
    end: int
    after_blank: bool
    cells: bool = False


def paragraph_starts(rows: Sequence[str]) -> list[bool]:
    """For each row of a page whether a paragraph begins in it.

    It does where a row is indented, or a blank one is above it (in a double-spaced text, and within
    a sentence, blank rows part nothing); where the row above ends early with a full stop, or is
    short, and this one begins with a capital. Rows of marks alone are passed over.
    """
    starts = [False] * len(rows)
    found: list[tuple[int, _Row]] = []
    blank = True
    for number, row in enumerate(rows):
        if not row.strip():
            blank = True
        elif any(map(str.isalnum, row)) and not is_marks(row):
            found.append((number, _measured(row, blank)))
            blank = False
    for (number, _), begins in zip(found, _begins([row for _, row in found]), strict=True):
        starts[number] = begins
    return starts


def with_paragraphs(lines: Sequence[Line]) -> tuple[Line, ...]:
    """``lines`` with places, of a file that does not say where paragraphs begin, by the same rules.

    Lines of a file that says it, and lines without places, are given back as they are.
    """
    boxes = [line.box for line in lines if line.box is not None]
    if not lines or len(boxes) < len(lines) or sum(line.starts_paragraph for line in lines[1:]):
        return tuple(lines)
    rows = _placed(lines, boxes)
    pairs = zip(lines, _begins(rows), strict=True)
    return tuple(replace(line, starts_paragraph=begins) for line, begins in pairs)


def _begins(rows: Sequence[_Row]) -> list[bool]:
    page = _Page(rows)
    return [not place or page.begins(rows[place - 1], row) for place, row in enumerate(rows)]


def _placed(lines: Sequence[Line], boxes: Sequence[Box]) -> list[_Row]:
    """Rows of the places of lines: in columns of the page's mean width of a character."""
    cell = median([box.width / max(1, len(x.raw)) for box, x in zip(boxes, lines, strict=True)])
    steps = [below.top - box.top for box, below in pairwise(boxes)]
    down = [step for step in steps if step > 0]
    leading = median(down) if down else 0
    rows: list[_Row] = []
    for place, (line, box) in enumerate(zip(lines, boxes, strict=True)):
        near = sorted(x.left for x in boxes[max(0, place - _AROUND) : place + 1 + _AROUND])
        # The next column of a page has a margin of its own.
        margin = near[int(_OF_NEAR * (len(near) - 1))]
        rows.append(
            _Row(
                text=line.raw.strip(),
                indent=max(0, round((box.left - margin) / cell)),
                end=round((box.right - margin) / cell),
                after_blank=place > 0 and steps[place - 1] > _WHITE * leading,
            )
        )
    return rows


class _Page:
    """What the rows of a page have in common."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        long = [
            row
            for row in rows
            if len(row.text) <= LONG_LINE and sum(map(str.isalpha, row.text)) >= _FULL_ROW
        ]
        self.margin = _margin(long or rows)
        # Pages that lie askew on the sheet drift; a text that was typed as text does not.
        self.indented = self.margin + (1 if self.margin < _FAR else _DRIFT)
        ends = sorted(row.end for row in long)
        column = ends[round(_OF_FULL * (len(ends) - 1))] if ends else 0
        self.column = column if column - self.margin >= _LEAST_COLUMN else None
        blanks = sum(row.after_blank for row in rows[1:])
        self.double = len(rows) > 2 and blanks >= _DOUBLE * (len(rows) - 1)

    def begins(self, above: _Row, row: _Row) -> bool:
        """Whether ``row`` begins a paragraph below ``above``."""
        if max(len(above.text), len(row.text)) > LONG_LINE:
            return True
        small = row.text[:1].islower()
        open_end = _ENDED.search(above.text) is None
        within = small and open_end
        if row.indent >= above.end and open_end and not row.after_blank:
            return False  # a piece of the same line, which the engine set lower
        if row.cells or above.cells or (_NAME_APART.search(above.text) and _OPENS.match(row.text)):
            return True
        if row.indent > self.indented:
            # The lines of a heading are centred, each with an indent of its own.
            return not (within and min(row.indent, above.indent) >= self.margin + _CENTRED)
        if row.after_blank and not self._goes_on(above, within=within):
            return True
        return self._is_last(above, row)

    def _goes_on(self, above: _Row, *, within: bool) -> bool:
        """Whether the text goes on over a blank row."""
        if self.column is None or above.end < _NEARLY * self.column:
            return False
        return within or self.double

    def _is_last(self, above: _Row, row: _Row) -> bool:
        """Whether ``above`` ends too early to be followed by a row of its paragraph."""
        if self.column is None or _OPENS.match(row.text) is None:
            return False
        if above.text.isupper() and row.text.isupper():
            return False
        width = self.column - self.margin
        heads = len(row.text) < _SHORT * width and not _ENDED.search(row.text)
        if heads and _STOPPED.search(above.text):
            return True
        if _STOPPED.search(above.text) and above.end < self.margin + _ENDS_EARLY * width:
            return True
        return above.end - above.indent < _SHORT * width


def _measured(row: str, after_blank: bool) -> _Row:  # noqa: FBT001
    start, end = text_span(row)
    text = row[start:end].strip()
    # A mark in the margin is no indent: where the text begins behind it is.
    indent = _indent(row) if start == 0 else _columns(row[:start])
    width = _columns(text)
    return _Row(text, indent, indent + width, after_blank, cells=is_table_row(row))


def _margin(rows: Sequence[_Row]) -> int:
    """The least indent that a good part of the rows have: where the page's text begins."""
    indents = sorted(row.indent for row in rows)
    for indent in indents:
        if sum(indent <= x <= indent + 1 for x in indents) >= _OF_ROWS * len(indents):
            return indent
    return 0


def _indent(row: str) -> int:
    """White space before the first sign, in columns."""
    found = _LEADING.match(row)
    return _columns(found[1]) if found else 0


def _columns(text: str) -> int:
    """The width of ``text``; a tab counts for two."""
    return len(text) + text.count("\t")
