"""The words of stored results that may be wrong, with what either reader made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import Document, Line, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One unsure word.

    ``word`` is as the transcript has it, ``read`` as it was read before corrections;
    ``probability`` (0.0-1.0) is that of ``read`` being right, and says nothing of a correction.
    ``other``: what the other reader made of it, empty where the two agree; ``text``: the line
    as the transcript has it.
    """

    document: str
    page: int
    line: str
    word: str
    read: str
    probability: float
    other: str
    text: str


def doubts(document: Document, below: float) -> Iterator[Doubt]:
    """The words of ``document`` with a probability under ``below``, in reading order.

    Those of dropped lines are left out, those that a correction took out, and all that have no
    probability.
    """
    for page in document.pages:
        for line in page.lines:
            if line.verdict is not Verdict.DROP:
                yield from _of_line(document.id, page.number, line, below)


def _of_line(document: str, page: int, line: Line, below: float) -> Iterator[Doubt]:
    for word, (start, end) in zip(line.reading.words, line.reading.spans, strict=True):
        printed = line.printed(start, end)
        if word.confidence is not None and word.confidence < below and printed:
            yield Doubt(
                document=document,
                page=page,
                line=line.id,
                word=printed,
                read=word.text,
                probability=word.confidence,
                other=word.other or "",
                text=line.text.strip(),
            )
