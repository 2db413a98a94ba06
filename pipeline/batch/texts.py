"""The text files that stand beside ``document.json``."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.config import OutputSettings
from pipeline.model import Document, Layer, Line, LineKind, Verdict
from pipeline.transcript import render

TRANSCRIPT = "transcript.txt"
DIPLOMATIC = "diplomatic.txt"
DROPPED = "dropped.txt"
NAMES = (TRANSCRIPT, DIPLOMATIC, DROPPED)

_Placed = tuple[int, Line]


def make_texts(document: Document, output: OutputSettings) -> dict[str, str]:
    """File name to contents: the transcript in both layers, and what is not in it and why."""
    return {
        TRANSCRIPT: render(document, Layer.READING, output.kinds),
        DIPLOMATIC: render(document, Layer.DIPLOMATIC, output.kinds),
        DROPPED: explain(document, output.kinds),
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


def _section(title: str, placed: Sequence[_Placed]) -> str:
    heading = f"{title}: {len(placed)}\n"
    return heading + "".join(_entry(page, line) for page, line in placed)


def _entry(page: int, line: Line) -> str:
    kind = line.kind.replace("_", " ")
    parts = [f"page {page}", f"line {line.id}", kind]
    if line.text_probability is not None:
        parts.append(f"probability of being text {line.text_probability:.0%}")
    # Tabs and the like would break the layout; the line itself is whole in document.json.
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
