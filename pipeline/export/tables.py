"""CSV: a table of lines and a table of the form's fields, safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple

from pipeline.export.blocks import on_sheet
from pipeline.export.formats import Made
from pipeline.export.options import Options
from pipeline.export.safe import encoded, safe
from pipeline.export.source import Source, touched_by_hand
from pipeline.model import Box, Layer
from pipeline.store import csv_line, csv_table

LINES, FIELDS = ".lines.csv", ".fields.csv"
_BOX = ("left", "top", "right", "bottom")
LINE_COLUMNS = (
    "document", "title", "shelfmark", "path", "page", "line", "kind", "verdict", "by_hand",
    "starts_paragraph", "text", "diplomatic", "read", "confidence", "text_probability", *_BOX,
)  # fmt: skip
FIELD_COLUMNS = (
    "document", "title", "shelfmark", "path", "name", "number", "telegram", "value", "raw",
    "confidence", *_BOX,
)  # fmt: skip
_HEADS = ((LINES, LINE_COLUMNS), (FIELDS, FIELD_COLUMNS))

HEADS: Made = {ending: encoded(csv_table(head, ())) for ending, head in _HEADS}
TAILS: Made = {ending: b"" for ending, _ in _HEADS}


def export(source: Source, options: Options) -> Made:
    """Both tables, each with its heading."""
    rows = part(source, options)
    return {ending: HEADS[ending] + rows[ending] for ending in rows}


def part(source: Source, options: Options) -> Made:
    """The rows of both tables."""
    return {
        LINES: _rows(_lines(source, options)),
        FIELDS: _rows(_fields(source)),
    }


def _rows(rows: Iterator[Sequence[object]]) -> bytes:
    safe_rows = ([safe(x) if isinstance(x, str) else x for x in row] for row in rows)
    return encoded("".join(map(csv_line, safe_rows)))


def _about(source: Source) -> tuple[str, str, str, str]:
    known = source.metadata
    return source.document.id, known.get("title", ""), known.get("shelfmark", ""), source.run.source


def _sides(box: Box | None) -> Sequence[object]:
    return astuple(box) if box is not None else (None,) * 4


def _lines(source: Source, options: Options) -> Iterator[Sequence[object]]:
    for page in source.document.pages:
        for line in on_sheet(page, options):
            yield (
                *_about(source), page.number, line.id, str(line.kind), str(line.verdict),
                touched_by_hand(line), line.starts_paragraph, line.text.strip(),
                line.text_in(Layer.DIPLOMATIC).strip(), line.raw, line.reading.confidence,
                line.text_probability, *_sides(line.box),
            )  # fmt: skip


def _fields(source: Source) -> Iterator[Sequence[object]]:
    for field in source.document.fields:
        yield (
            *_about(source), field.name, field.number, field.telegram, field.value, field.raw,
            field.confidence, *_sides(field.box),
        )  # fmt: skip
