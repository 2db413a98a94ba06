"""Lines of raw OCR text: where there is no picture, the layout is the characters' own."""

from __future__ import annotations

import regex

from pipeline.layout.text_columns import columns
from pipeline.layout.text_rows import paragraph_starts
from pipeline.model import FILE, Line, Reading

_STOP = regex.compile(r"[.!?…]\W*$")
_CHUNK = 4000
"""A longer line is cut at white space: no editor reads it, and rules must stay linear."""


def text_lines(text: str, page: int) -> tuple[Line, ...]:
    """The non-blank lines of ``text``, in order, as lines of page ``page`` (from 1).

    ``raw`` is the line byte for byte, tabs included, without its line end. Where paragraphs begin
    :func:`~pipeline.layout.text_rows.paragraph_starts` says. A line of more than 4,000 characters
    is cut at white space into several that join to the original. Of two columns of prose the left
    one comes first.
    """
    lines: list[Line] = []
    found = columns(text.splitlines())
    seen: set[int] = set()
    for (number, row), begins in zip(found, paragraph_starts([x for _, x in found]), strict=True):
        if not row.strip():
            continue
        side = "b" if number in seen else ""
        # Where the left column ends a sentence, the right one begins with its own text.
        turns = bool(side) and bool(lines) and not lines[-1].id.endswith("b")
        starts = _STOP.search(lines[-1].raw) is not None if turns else begins
        seen.add(number)
        for part, piece in enumerate(_pieces(row)):
            name = f"p{page}-l{number + 1:03d}{side}{_suffix(part)}"
            lines.append(_line(name, piece, starts and part == 0))
    return tuple(lines)


def _line(identifier: str, raw: str, starts: bool) -> Line:  # noqa: FBT001
    return Line(id=identifier, reading=Reading.of(FILE, raw), starts_paragraph=starts)


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
