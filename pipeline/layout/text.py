"""Lines of raw OCR text: where there is no picture, the layout is the characters' own."""

from __future__ import annotations

from pipeline.layout.text_rows import paragraph_starts
from pipeline.model import FILE, Line, Reading

_CHUNK = 4000
"""A longer line is cut at white space: no editor reads it, and rules must stay linear."""


def text_lines(text: str, page: int) -> tuple[Line, ...]:
    """The non-blank lines of ``text``, in order, as lines of page ``page`` (from 1).

    ``raw`` is the line byte for byte, tabs included, without its line end. Where paragraphs begin
    :func:`~pipeline.layout.text_rows.paragraph_starts` says. A line of more than 4,000 characters
    is cut at white space into several that join to the original.
    """
    lines: list[Line] = []
    rows = text.splitlines()
    for number, (row, starts) in enumerate(zip(rows, paragraph_starts(rows), strict=True), start=1):
        if not row.strip():
            continue
        for part, piece in enumerate(_pieces(row)):
            name = f"p{page}-l{number:03d}{_suffix(part)}"
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
