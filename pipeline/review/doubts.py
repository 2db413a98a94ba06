"""The words of stored results that may be wrong, with what either reader made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.lexicon import knows
from pipeline.model import GUESSES, Box, Document, Line, LineKind
from pipeline.transcript import selected

_SENTENCE_END = (".", "!", "?", ":")


class DoubtKind(StrEnum):
    """What is in doubt, in the order in which an editor wants to see it."""

    FIGURE = "figure"
    NAME = "name"
    WORD = "word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One unsure word.

    ``word`` is as the transcript has it, ``read`` as it was read before corrections;
    ``probability`` (0.0-1.0) is that of ``read`` being right, and says nothing of a correction.
    ``other``: what the other reader made of it, empty where the two agree or no other was asked;
    ``text``: the line as the transcript has it; ``box``: its place, in pixels of the scan of
    ``page`` (from 1).

    A word of another program's text that is none and was not mended: ``other`` is the best guess,
    empty where there is none, ``guess`` its probability (0.0-1.0), and ``probability`` what is left
    beside it.
    """

    document: str
    page: int
    line: str
    kind: DoubtKind
    word: str
    read: str
    probability: float
    other: str
    text: str
    box: Box | None
    guess: float | None = None


def doubts(document: Document, below: float, kinds: Sequence[LineKind]) -> Iterator[Doubt]:
    """The words of ``document`` with a probability under ``below``: figures, names, others.

    Of each the least certain first. Only what stands in the transcript of ``kinds``: words that a
    correction took out are left out, and all that have no probability. Words of raw text that are
    none are all there.
    """
    found = [
        doubt
        for page in document.pages
        for line in selected(page.lines, kinds)
        for doubt in _of_line(document.id, page.number, line, below)
    ]
    order = list(DoubtKind)
    yield from sorted(found, key=lambda doubt: (order.index(doubt.kind), doubt.probability))


def _of_line(document: str, page: int, line: Line, below: float) -> Iterator[Doubt]:
    yield from _guessed(document, page, line)
    before = ""
    for word, (start, end) in zip(line.reading.words, line.reading.spans, strict=True):
        printed = line.printed(start, end)
        if word.confidence is not None and word.confidence < below and printed:
            yield Doubt(
                document=document,
                page=page,
                line=line.id,
                kind=_kind(word.text, printed, before),
                word=printed,
                read=word.text,
                probability=word.confidence,
                other=word.other or "",
                text=line.text.strip(),
                box=word.box or line.box,
            )
        before = word.text


def _guessed(document: str, page: int, line: Line) -> Iterator[Doubt]:
    """The unmended words of another program's text that are none."""
    guesses = line.read_by(GUESSES)
    for word in () if guesses is None else guesses.words:
        read = word.other or ""
        yield Doubt(
            document=document,
            page=page,
            line=line.id,
            kind=_kind(read, read, ""),
            word=read,
            read=read,
            probability=round(1.0 - (word.confidence or 0.0), 4),
            other=word.text if word.confidence is not None else "",
            text=line.text.strip(),
            box=line.box,
            guess=word.confidence,
        )


def _kind(read: str, printed: str, before: str) -> DoubtKind:
    """What kind of word it is; ``before``: the word before it in the line, empty at its start."""
    if any(character.isdigit() for character in read + printed):
        return DoubtKind.FIGURE
    bare = printed.strip(".,:;!?\"'()«»-")
    if not bare[:1].isupper() or len(bare) < 2:
        return DoubtKind.WORD
    # A capital opens a sentence as well; a word of the language is a name only within one.
    opens = not before or before.endswith(_SENTENCE_END)
    return DoubtKind.WORD if opens and knows(bare.lower()) else DoubtKind.NAME
