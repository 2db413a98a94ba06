"""A line with a person's text: as edits over its reading, wherever edits can say it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import Levenshtein, Postfix, Prefix

from pipeline.model import Box, Edit, Layer, Line, Reading, Word, apply_edits
from pipeline.review.decisions import EDITOR

_TOKEN = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class _Hunk:
    """``after`` instead of ``[start, end)`` of a text."""

    start: int
    end: int
    after: str


def with_text(line: Line, text: str, evidence: str) -> Line:
    """``line``, its diplomatic text now ``text``, without edits of the reading layer.

    Each changed word is an edit of the rule ``editor``; the machine's edits elsewhere stay.
    """
    own = [edit for edit in line.edits if edit.layer is Layer.DIPLOMATIC]
    seen = _Seen(line.raw, own)
    if seen.text == text:
        return replace(line, edits=tuple(own))
    hunks = _word_hunks(seen.tokens, _TOKEN.findall(text))
    made = [
        ((at, 2 if edit.after else 0), edit)
        for edit, at in seen.placed
        if not any(_holds(hunk, at, at + len(edit.after)) for hunk in hunks)
    ]
    for hunk in hunks:
        start = seen.in_raw(hunk.start) if hunk.start else 0
        edit = _edit(line.raw, start, seen.in_raw(hunk.end), hunk.after, evidence)
        made.append(((hunk.start, 1), edit))
    edits: list[Edit] = []
    for _, edit in sorted(made, key=lambda x: x[0]):
        if edits and edits[-1].overlaps(edit):
            # Both put something in at one place.
            last = edits.pop()
            together = last.after + edit.after
            edits.append(_edit(line.raw, last.start, edit.end, together, evidence))
        else:
            edits.append(edit)
    return replace(line, edits=tuple(edits))


def _edit(raw: str, start: int, end: int, after: str, evidence: str) -> Edit:
    return Edit(
        rule=EDITOR,
        start=start,
        before=raw[start:end],
        after=after,
        layer=Layer.DIPLOMATIC,
        evidence=evidence,
    )


def with_conventions(line: Line, text: str, conventions: Iterable[Edit]) -> Line:
    """``line``, of the diplomatic text ``text``, with edits of the reading layer too.

    ``conventions`` are edits of ``text``. Where one falls into a word that the editor changed, that
    edit is narrowed to the letters it changes; where it falls on these, edits can no longer say
    it (two never overlap), and the person's text becomes the reading: the machine's is the first
    of the alternatives then.
    """
    some = tuple(conventions)
    for candidate in (line, _narrowed(line)):
        moved = _moved(candidate, some)
        if moved is not None:
            return replace(
                candidate,
                edits=tuple(sorted((*candidate.edits, *moved), key=lambda edit: edit.start)),
            )
    return _retyped(line, text, some)


def sliced(line: Line, start: int, end: int) -> Line:
    """What stands in ``raw[start:end]`` as a line, with the edits that lie wholly in it."""
    reading = line.reading.slice(start, end)
    edits = tuple(
        replace(edit, start=edit.start - start)
        for edit in line.edits
        if start <= edit.start and edit.end <= end
    )
    box = Box.around(word.box for word in reading.words if word.box is not None)
    if box is None and line.box is not None and end > start:
        length = max(1, len(line.raw))
        box = line.box.columns(start / length, end / length)
    return replace(line, reading=reading, edits=edits, box=box or line.box, alternatives=())


def joined(line: Line, other: Line) -> Line:
    """``line`` and ``other``, which goes on with it, as one; a space stands between them."""
    shift = len(line.raw) + 1
    alternatives = tuple(
        _joined_readings(reading, also)
        for reading in line.alternatives
        if (also := other.read_by(reading.reader)) is not None
    )
    edits = (*line.edits, *(replace(edit, start=edit.start + shift) for edit in other.edits))
    boxes = [box for box in (line.box, other.box) if box is not None]
    return replace(
        line,
        reading=_joined_readings(line.reading, other.reading),
        alternatives=alternatives,
        edits=edits,
        box=Box.around(boxes),
        reasons=(*line.reasons, *other.reasons),
    )


def cuts(raw: str, text: str) -> list[tuple[int, int]]:
    """Start and end in ``raw`` of what each line of ``text`` was made from; white space is left."""
    flat = text.replace("\n", " ")
    places = _places(raw, flat)
    found: list[tuple[int, int]] = []
    at = 0
    for part in text.split("\n"):
        start, end = places[at], places[at + len(part)]
        while start < end and raw[start].isspace():
            start += 1
        while end > start and raw[end - 1].isspace():
            end -= 1
        found.append((start, end))
        at += len(part) + 1
    return found


def unprobable(line: Line, seen: Iterable[int], *, all_words: bool = False) -> Line:
    """``line`` whose words that a person decided on have no probability of the machine's.

    Those of ``seen`` (indices), those that an edit of the editor changes, or all.
    """
    chosen = set(seen)
    own = [edit for edit in line.edits if edit.rule == EDITOR]
    if not (chosen or own or all_words):
        return line
    words = list(line.reading.words)
    for index, (start, end) in enumerate(line.reading.spans):
        changed = any(edit.start <= end and edit.end >= start for edit in own)
        if all_words or index in chosen or changed:
            words[index] = replace(words[index], confidence=None)
    return replace(line, reading=replace(line.reading, words=tuple(words)))


class _Seen:
    """What the editor saw of a line (``raw`` with the edits ``own``), in tokens.

    A token is a word or white space, or more where one edit made several. ``placed`` are the edits
    with their places in the text.
    """

    def __init__(self, raw: str, own: Sequence[Edit]) -> None:
        self.text = apply_edits(raw, own)
        self.placed: list[tuple[Edit, int]] = []
        shift = 0
        for edit in own:
            self.placed.append((edit, edit.start + shift))
            shift += edit.growth
        inside = {x for edit, at in self.placed for x in range(at + 1, at + len(edit.after))}
        starts = [at for at in _starts(_TOKEN.findall(self.text)) if at not in inside]
        self.tokens = [self.text[a:b] for a, b in pairwise(starts)]

    def in_raw(self, at: int) -> int:
        """The place in ``raw`` of a place between two tokens; after what was taken out there."""
        return at - sum(e.growth for e, start in self.placed if start + len(e.after) <= at)


def _holds(hunk: _Hunk, start: int, end: int) -> bool:
    """Whether a place of the text is in what ``hunk`` replaces; nothing belongs to its left."""
    if start < end:
        return hunk.start <= start and end <= hunk.end
    return hunk.start < start <= hunk.end or start == hunk.start == 0


def _word_hunks(old: Sequence[str], new: Sequence[str]) -> list[_Hunk]:
    """What makes the text of ``old`` into that of ``new``; changes side by side are one."""
    old_at = _starts(old)
    hunks: list[_Hunk] = []
    for op in Levenshtein.opcodes(old, new):
        if op.tag == "equal":
            continue
        start, end = old_at[op.src_start], old_at[op.src_end]
        after = "".join(new[op.dest_start : op.dest_end])
        if hunks and hunks[-1].end == start:
            before = hunks.pop()
            start, after = before.start, before.after + after
        hunks.append(_Hunk(start, end, after))
    return hunks


def _starts(tokens: Sequence[str]) -> list[int]:
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    return starts


def _places(raw: str, text: str) -> list[int]:
    """For each position of ``text``, and its end, the one of ``raw`` that it was made from."""
    places = [0] * (len(text) + 1)
    for op in Levenshtein.opcodes(raw, text):
        size = op.dest_end - op.dest_start
        for index in range(size):
            places[op.dest_start + index] = min(op.src_start + index, op.src_end)
    places[len(text)] = len(raw)
    return places


def _narrowed(line: Line) -> Line:
    """``line`` with the editor's edits cut down to the letters that change."""
    return replace(
        line,
        edits=tuple(_narrow(edit) if edit.rule == EDITOR else edit for edit in line.edits),
    )


def _narrow(edit: Edit) -> Edit:
    before, after = edit.before, edit.after
    start = Prefix.similarity(before, after)
    end = Postfix.similarity(before[start:], after[start:])
    return replace(
        edit,
        start=edit.start + start,
        before=before[start : len(before) - end],
        after=after[start : len(after) - end],
    )


def _moved(line: Line, conventions: Sequence[Edit]) -> list[Edit] | None:
    """``conventions`` of the line's text as edits of its reading; ``None`` where one cannot be."""
    moved: list[Edit] = []
    for edit in conventions:
        shift = 0
        for own in line.edits:
            at = own.start + shift
            if at + len(own.after) <= edit.start and not (at == edit.start and own.after == ""):
                shift += own.growth
            elif at < edit.end or at == edit.start:
                return None
        found = replace(edit, start=edit.start - shift)
        if line.raw[found.start : found.end] != found.before:
            return None
        if any(found.overlaps(own) for own in (*line.edits, *moved)):
            return None
        moved.append(found)
    return moved


def _retyped(line: Line, text: str, conventions: Sequence[Edit]) -> Line:
    """``line`` with ``text`` as its reading; words keep the boxes of those that they replace."""
    old = line.reading.words
    matches = _TOKEN.findall(text)
    new = [token for token in matches if not token.isspace()]
    boxes: list[Box | None] = [None] * len(new)
    for op in Levenshtein.opcodes([word.text for word in old], new):
        if op.src_end - op.src_start == op.dest_end - op.dest_start:
            for index in range(op.src_end - op.src_start):
                boxes[op.dest_start + index] = old[op.src_start + index].box
    words = [Word(text=word, box=box) for word, box in zip(new, boxes, strict=True)]
    reading = Reading.of(EDITOR, text, words)
    return replace(
        line,
        reading=reading,
        alternatives=(line.reading, *line.alternatives),
        edits=tuple(sorted(conventions, key=lambda edit: edit.start)),
    )


def _joined_readings(first: Reading, second: Reading) -> Reading:
    gap = first.tail + " "
    if not second.words:
        return replace(first, tail=gap + second.tail)
    head = replace(second.words[0], gap=gap + second.words[0].gap)
    known = [x.confidence for x in (first, second) if x.confidence is not None]
    return replace(
        first,
        words=(*first.words, head, *second.words[1:]),
        tail=second.tail,
        confidence=min(known) if len(known) == 2 else None,
    )
