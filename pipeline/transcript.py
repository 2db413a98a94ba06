"""The transcript of a document, and the texts beside it, made from its stored lines alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from pipeline.model import Document, Layer, Line, LineKind, Verdict

WORDING = frozenset({LineKind.BODY, LineKind.HEADING, LineKind.ADDRESSEE, LineKind.SIGNATURE})
"""The kinds of lines that are the document's own text."""

JOIN_HYPHEN = "join-hyphen"
"""Rule name of the edit that takes a line-end hyphen away and joins the next line on."""

TRANSCRIPT = "transcript.txt"
DIPLOMATIC = "diplomatic.txt"
DROPPED = "dropped.txt"
TEXT_FILES = (TRANSCRIPT, DIPLOMATIC, DROPPED)
"""The text files that stand beside ``document.json.xz``."""

_Placed = tuple[int, Line]


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
    return "".join(_in_one(paragraph) + "\n" for paragraph in paragraphs(lines))


def raw_text(document: Document) -> str:
    """What the readers made of everything, before filter and corrections, line by line."""
    return "".join(line.raw.rstrip("\n") + "\n" for line in document.lines)


def make_texts(document: Document, kinds: Collection[LineKind]) -> dict[str, str]:
    """File name to contents: the transcript in both layers, and what is not in it and why."""
    return {
        TRANSCRIPT: render(document, Layer.READING, kinds),
        DIPLOMATIC: render(document, Layer.DIPLOMATIC, kinds),
        DROPPED: explain(document, kinds),
    }


def explain(document: Document, kinds: Collection[LineKind]) -> str:
    """Every line that the transcript of ``kinds`` leaves out or doubts, with the reasons."""
    placed = [(page.number, line) for page in document.pages for line in page.lines]
    dropped = [x for x in placed if x[1].verdict is Verdict.DROP]
    unsure = [x for x in placed if x[1].verdict is Verdict.UNSURE and x[1].kind in kinds]
    other = [x for x in placed if x[1].verdict is not Verdict.DROP and x[1].kind not in kinds]
    return "\n".join(
        (
            _section(
                "Dropped: neither text of the document nor legible lines of its form", dropped
            ),
            _section("Kept in the transcript, but please check", unsure),
            _section(
                "Legible, but of a kind the transcript does not hold (the form's lines, mostly)",
                other,
            ),
        )
    )


def paragraphs(lines: Iterable[Line]) -> list[list[Line]]:
    """``lines`` in reading order, parted where a paragraph or another kind begins.

    A line that a broken word goes on in begins neither. Each line of a program stands by itself.
    """
    groups: list[list[Line]] = []
    for line in lines:
        if not line.text.strip():  # edits have taken it out
            continue
        before = groups[-1][-1] if groups else None
        if before is None or (not joins_next(before) and _parted(before, line)):
            groups.append([])
        groups[-1].append(line)
    return groups


def _parted(before: Line, line: Line) -> bool:
    """Whether ``line`` begins a paragraph after ``before``."""
    if line.starts_paragraph or line.kind is not before.kind:
        return True
    return any(reason.rule == "program-text" for x in (before, line) for reason in x.reasons)


def joins_next(line: Line) -> bool:
    """Whether the last word of ``line`` goes on in the next one."""
    return any(edit.rule == JOIN_HYPHEN for edit in line.edits)


def _in_one(lines: Iterable[Line]) -> str:
    """The text of one paragraph."""
    text = ""
    glue = True
    for line in lines:
        text += ("" if glue else " ") + line.text.strip()
        glue = joins_next(line)
    return text


def _section(title: str, placed: Sequence[_Placed]) -> str:
    heading = f"{title}: {len(placed)}\n"
    return heading + "".join(_entry(page, line) for page, line in placed)


def _entry(page: int, line: Line) -> str:
    kind = line.kind.replace("_", " ")
    parts = [f"page {page}", f"line {line.id}", kind]
    if line.text_probability is not None:
        parts.append(f"probability of being text {line.text_probability:.0%}")
    # Tabs and the like would break the layout; the line itself is whole in the stored document.
    shown = " ".join(line.raw.split())
    reasons = "".join(
        f"    - {reason.evidence} ({_side(reason.weight)}, rule {reason.rule})\n"
        for reason in sorted(line.reasons, key=lambda r: -abs(r.weight))
    )
    return f"\n  {shown}\n    {', '.join(parts)}\n{reasons}"


def _side(weight: float) -> str:
    if weight == 0:
        return "decides nothing"
    return f"speaks for {'text' if weight > 0 else 'noise'}, {weight:+.1f}"
