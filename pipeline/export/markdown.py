"""Markdown (CommonMark): headings, paragraphs, the form's fields as a table, page marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.export.fields import field_rows, metadata_rows
from pipeline.export.formats import Made
from pipeline.export.options import Options
from pipeline.export.plain import by_line, by_paragraph, page_mark
from pipeline.export.safe import encoded, one_line
from pipeline.export.source import Source
from pipeline.model import Layer, LineKind

ENDING = ".md"
HEADS: Made = {ENDING: b""}
TAILS: Made = {ENDING: b""}

# What would be mark-up: these signs anywhere, and what opens a block at a line's beginning.
_SIGNS = re.compile(r"([\\`*_\[\]<>&|~])")
_OPENS = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+=](?=[\s=-]|$)|\d{1,9}(?=[.)](?:\s|$)))")


def export(source: Source, options: Options) -> Made:
    """The document under its title."""
    return {ENDING: encoded("".join(_parts(source, options)))}


def part(source: Source, options: Options) -> Made:
    """The document in a file of many."""
    return {ENDING: export(source, options)[ENDING] + b"\n"}


def escaped(text: str) -> str:
    """``text`` so that no sign of it is mark-up."""
    text = _SIGNS.sub(r"\\\1", text)
    found = _OPENS.match(text)
    if found is None:
        return text
    end = found.end()
    # A number is no list when its full stop is escaped; all else is escaped itself.
    return (
        f"{text[:end]}\\{text[end:]}"
        if found[2].isdigit()
        else f"{found[1]}\\{text[len(found[1]) :]}"
    )


def _parts(source: Source, options: Options) -> Iterator[str]:
    yield f"# {escaped(one_line(source.title))}\n\n"
    rows = [*metadata_rows(source), *field_rows(source.document)]
    if rows:
        yield "| | |\n|---|---|\n"
        yield from (f"| {escaped(name)} | {escaped(one_line(value))} |\n" for name, value in rows)
        yield "\n"
    if options.layer is Layer.DIPLOMATIC or options.line_numbers:
        for page, lines in by_line(source, options):
            yield f"{escaped(page_mark(page))}\n\n"
            for number, text in lines:
                mark = f"{number}\\. " if options.line_numbers else ""
                shown = escaped(one_line(text))
                # Two spaces at its end keep a line a line.
                yield f"{mark}{shown}  \n"
            yield "\n"
        return
    for line, text in by_paragraph(source, options):
        opening = "## " if line.kind is LineKind.HEADING else ""
        yield f"{opening}{escaped(one_line(text))}\n\n"
