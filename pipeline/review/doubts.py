"""The words of stored results that may be wrong, with what either reader made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import Document, Line, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One unsure word.

    ``chance``: the probability (0.0-1.0) that ``word`` is right; ``other``: what the other reader
    made of it, empty where the two agree; ``text``: the line as it was read.
    """

    document: str
    page: int
    line: str
    word: str
    chance: float
    other: str
    text: str


def doubts(document: Document, below: float) -> Iterator[Doubt]:
    """The words of ``document`` with a probability under ``below``, in reading order.

    Those of dropped lines are left out, and all that have no probability.
    """
    for page in document.pages:
        for line in page.lines:
            if line.verdict is not Verdict.DROP:
                yield from _of_line(document.id, page.number, line, below)


def _of_line(document: str, page: int, line: Line, below: float) -> Iterator[Doubt]:
    for word in line.reading.words:
        if word.confidence is not None and word.confidence < below:
            yield Doubt(
                document=document,
                page=page,
                line=line.id,
                word=word.text,
                chance=word.confidence,
                other=word.other or "",
                text=line.raw.strip(),
            )
