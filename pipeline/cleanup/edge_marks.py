"""Marks of a pen beside a typed line that were read as a part of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

import regex
from rapidfuzz.distance import Levenshtein

from pipeline.model import FILE, VOTE, Edit, Layer, Line, Word
from pipeline.stray_marks import text_span

RULE = "edge-mark"

_GAP = 6.0
"""Typed cells of empty paper between a mark and the line; words of a line stand nearer."""

_LONGEST = 3
"""Characters: longer ones may be the name of an entry that is explained beside it."""

_DOUBTED, _ALIKE = 0.9, 0.5
"""A mark is a word of less confidence, of which the two readers agree on less than so much."""

_STRAY = regex.compile(r"[~·•\\^¬]|\s{8}")
_DISAGREED = "stands far from the typed line, and the readers disagree on what it says"
_NOBODYS = "a mark beside the line: nobody types it there"

_REST = 10
"""Letters and figures that must stay of the line: a line of scraps is the noise filter's."""


def edge_marks(line: Line, *, soiled: bool = True) -> tuple[Edit, ...]:
    """The edits that take marks off both ends of ``line``.

    Of lines that two readers read: a mark stands far from the type, and the readers disagree on
    what it says. Of another engine's text: signs that nobody types there, scraps in the margin;
    where it is not ``soiled``, only those that are no typewriter's, or far out.
    """
    if line.reading.reader == FILE:
        start, end = text_span(line.raw)
        spans = ((0, start), (end, len(line.raw)))
        found = (_edit(line.raw, *span, _NOBODYS) for span in spans if span[0] < span[1])
        return tuple(edit for edit in found if soiled or _STRAY.search(edit.before))
    words = line.reading.words
    cell = _cell(words)
    if line.reading.reader != VOTE or cell is None:
        return ()
    first, last = _marks(words, cell), _marks(words[::-1], cell)
    rest = words[first : len(words) - last]
    if sum(c.isalnum() for w in rest for c in w.text) < _REST:
        return ()
    starts = list(_starts(words))
    edits: list[Edit] = []
    if first:
        edits.append(_edit(line.raw, 0, starts[first], _DISAGREED))
    if last:
        end = starts[-last - 1] + len(words[-last - 1].text)
        edits.append(_edit(line.raw, end, len(line.raw), _DISAGREED))
    return tuple(edits)


def without_marks(line: Line) -> str:
    """The reading of ``line``, as long as it is, with spaces for the marks that were taken off."""
    text = line.raw
    for edit in line.edits:
        if edit.rule == RULE:
            text = text[: edit.start] + " " * len(edit.before) + text[edit.end :]
    return text


def _marks(words: Sequence[Word], cell: float) -> int:
    """Words before the first wide gap, if all of them are marks; else 0."""
    letters = 0
    for place, (word, inner) in enumerate(pairwise(words), start=1):
        letters += len(word.text)
        if letters > _LONGEST or not _is_doubted(word) or word.box is None or inner.box is None:
            return 0
        near = max(inner.box.left - word.box.right, word.box.left - inner.box.right)
        if near >= _GAP * cell:
            return place
    return 0


def _is_doubted(word: Word) -> bool:
    if word.other is None or word.confidence is None or word.confidence >= _DOUBTED:
        return False
    if word.other and any(c.isdecimal() for c in word.text):
        return False  # badly read, perhaps, but a number of a list
    return Levenshtein.normalized_similarity(word.text.lower(), word.other.lower()) < _ALIKE


def _cell(words: Sequence[Word]) -> float | None:
    """The width of a typed cell in pixels, by the longer words; ``None`` where there are few."""
    widths = [w.box.width / len(w.text) for w in words if w.box is not None and len(w.text) > 3]
    return median(widths) if len(widths) > 1 else None


def _starts(words: Sequence[Word]) -> Iterator[int]:
    """Where each word begins in the text that they make."""
    at = 0
    for word in words:
        at += len(word.gap)
        yield at
        at += len(word.text)


def _edit(raw: str, start: int, end: int, evidence: str) -> Edit:
    return Edit(
        rule=RULE,
        start=start,
        before=raw[start:end],
        after="",
        layer=Layer.DIPLOMATIC,
        evidence=evidence,
    )
