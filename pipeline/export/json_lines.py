"""JSON Lines: an object for each line and one for each field, with everything in its type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from pipeline.export.blocks import on_sheet
from pipeline.export.formats import Made
from pipeline.export.options import Options
from pipeline.export.safe import encoded
from pipeline.export.source import Source, touched_by_hand
from pipeline.export.tokens import line_words
from pipeline.model import Layer
from pipeline.store import to_json

LINES, FIELDS = ".lines.jsonl", ".fields.jsonl"
HEADS: Made = {LINES: b"", FIELDS: b""}
TAILS: Made = HEADS


def export(source: Source, options: Options) -> Made:
    """Lines and fields, each object on a row of its own."""
    return {LINES: _rows(_lines(source, options)), FIELDS: _rows(_fields(source))}


part = export


def _rows(rows: Iterator[dict[str, Any]]) -> bytes:
    return encoded("".join(to_json(row, indent=None) for row in rows))


def _about(source: Source) -> dict[str, Any]:
    return {
        "document": source.document.id,
        "path": source.run.source,
        "metadata": dict(source.metadata),
    }


def _lines(source: Source, options: Options) -> Iterator[dict[str, Any]]:
    layer = options.layer_or(Layer.READING)
    for page in source.document.pages:
        for line in on_sheet(page, options):
            words = line_words(line, layer).tokens
            yield {
                **_about(source),
                "page": page.number,
                "line": line.id,
                "kind": line.kind,
                "verdict": line.verdict,
                "by_hand": touched_by_hand(line),
                "starts_paragraph": line.starts_paragraph,
                "text": line.text.strip(),
                "diplomatic": line.text_in(Layer.DIPLOMATIC).strip(),
                "read": line.raw,
                "confidence": line.reading.confidence,
                "text_probability": line.text_probability,
                "box": line.box,
                "words": [
                    {
                        "text": word.text,
                        "box": word.box,
                        "confidence": word.confidence,
                        "other": word.other,
                    }
                    for word in words
                ],
            }


def _fields(source: Source) -> Iterator[dict[str, Any]]:
    for field in source.document.fields:
        yield {**_about(source), **asdict(field)}
