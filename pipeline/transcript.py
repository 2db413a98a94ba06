"""The transcript of a document, made from its stored lines alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pipeline.model import Document, Layer, Line, LineKind, Verdict

JOIN_HYPHEN = "join-hyphen"
"""Rule name of the edit that takes a line-end hyphen away and joins the next line on."""


def selected(lines: Iterable[Line], kinds: Collection[LineKind]) -> tuple[Line, ...]:
    """The lines that a transcript of ``kinds`` holds: kept or unsure, never dropped ones."""
    return tuple(x for x in lines if x.kind in kinds and x.verdict is not Verdict.DROP)


def render(document: Document, layer: Layer, kinds: Collection[LineKind]) -> str:
    """The text of ``document`` in ``layer``.

    Diplomatic: one line per typed line. Reading: one line per paragraph, hyphens joined.
    Ends with a line feed unless empty.
    """
    lines = selected(document.lines, kinds)
    if layer is Layer.DIPLOMATIC:
        return "".join(line.text_in(layer).strip() + "\n" for line in lines)
    return "".join(paragraph + "\n" for paragraph in _paragraphs(lines))


def raw_text(document: Document) -> str:
    """What the readers made of everything, before filter and corrections, line by line."""
    return "".join(line.raw.rstrip("\n") + "\n" for line in document.lines)


def _paragraphs(lines: tuple[Line, ...]) -> list[str]:
    paragraphs: list[str] = []
    glue = False
    before: Line | None = None
    for line in lines:
        text = line.text.strip()
        if glue and paragraphs:
            paragraphs[-1] += text
        elif before is None or line.starts_paragraph or line.kind is not before.kind:
            paragraphs.append(text)
        else:
            paragraphs[-1] += " " + text
        glue = bool(line.edits) and line.edits[-1].rule == JOIN_HYPHEN
        before = line
    return paragraphs
