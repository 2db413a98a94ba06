"""Lines of raw OCR text: where there is no picture, the layout is the characters' own."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from pipeline.model import FILE, Line, Reading

_LONG_LINE = 200
"""A longer line is a whole paragraph, not a typed line (at most about 100 components)."""

_LEADING = regex.compile(r"[\u200b-\u200f\u202a-\u202e\ufeff]*([ \t]*)")
_OF_LINES = 0.15
"""Share of a page's lines that begin at its margin, at least."""

_CHUNK = 4000
"""A longer line is cut at white space: no editor reads it, and rules must stay linear."""


def text_lines(text: str, page: int) -> tuple[Line, ...]:
    """The non-blank lines of ``text``, in order, as lines of page ``page`` (from 1).

    ``raw`` is the line byte for byte, tabs included, without its line end. A line opens a
    paragraph where a blank line or the page's start is above it, where it is indented (further
    than the page's margin), or where its neighbours are whole paragraphs (longer than a typed
    line). A line of more
    than 4,000 characters is cut at white space into several that join to the original.
    """
    lines: list[Line] = []
    open_above = True
    rows = text.splitlines()
    margin = _margin(rows)
    for number, row in enumerate(rows, start=1):
        if not row.strip():
            open_above = True
            continue
        for part, piece in enumerate(_pieces(row)):
            starts = part == 0 and (
                open_above or _indent(row) > margin + 1 or len(row) > _LONG_LINE
            )
            lines.append(_line(f"p{page}-l{number:03d}{_suffix(part)}", piece, starts))
        open_above = len(row) > _LONG_LINE
    return tuple(lines)


def _line(identifier: str, raw: str, starts: bool) -> Line:  # noqa: FBT001
    return Line(id=identifier, reading=Reading.of(FILE, raw), starts_paragraph=starts)


def _margin(rows: Sequence[str]) -> int:
    """The least indent that a good part of the lines have: where the page's text begins."""
    indents = sorted(_indent(row) for row in rows if row.strip())
    for indent in indents:
        if sum(indent <= x <= indent + 1 for x in indents) >= _OF_LINES * len(indents):
            return indent
    return 0


def _indent(row: str) -> int:
    """White space before the first sign, in characters; a tab counts for two."""
    found = _LEADING.match(row)
    return sum(2 if c == "\t" else 1 for c in found[1]) if found else 0


def _suffix(part: int) -> str:
    return "" if part == 0 else f".{part + 1}"


def _pieces(row: str) -> list[str]:
    pieces: list[str] = []
    start = 0
    while len(row) - start > _CHUNK:
        space = row.rfind(" ", start + 1, start + _CHUNK)
        end = space + 1 if space > start else start + _CHUNK
        pieces.append(row[start:end])
        start = end
    return [*pieces, row[start:]]
