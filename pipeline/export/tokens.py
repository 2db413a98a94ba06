"""The words of a line as a layer has them, each with its place on the scan.

Readings have words with boxes; edits change, join and part them. Here the words of the text that
counts get the box of what they were read from, so that a file for others has both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.model import Box, Edit, Layer, Line, Word
from pipeline.transcript import JOIN_HYPHEN

EDITOR = "editor"
"""Rule of the edits and reasons that a person made."""

_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word of a line's text in a layer.

    ``start``, ``end``: the part of the raw text it comes from (the end is exclusive).
    ``box`` is ``None`` where the reader told none. ``confidence`` is the least of what it was
    read from, ``None`` where unknown; ``read`` is that, where an edit changed it, and ``other``
    what the other reader made of it, where the two differ. ``edits`` are those that changed it.
    """

    text: str
    start: int
    end: int
    box: Box | None = None
    confidence: float | None = None
    read: str | None = None
    other: str | None = None
    edits: tuple[Edit, ...] = ()

    @property
    def by_hand(self) -> bool:
        """Whether a person wrote or confirmed it."""
        return any(edit.rule == EDITOR for edit in self.edits)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWords:
    """The words of one line in a layer, and how its last one goes on in the next line.

    ``join`` is the edit that joins the last word to the line below, where there is one; the
    hyphen still stands at the end of the last token.
    """

    line: Line
    tokens: tuple[Token, ...]
    join: Edit | None = None

    @property
    def text(self) -> str:
        """The words with one space between them; a hyphen at the line's end stands."""
        return " ".join(token.text for token in self.tokens)


def line_words(line: Line, layer: Layer) -> LineWords:
    """The words of ``line`` in ``layer``; a hyphen at its end is told and not taken away."""
    edits = [e for e in line.edits if layer is Layer.READING or e.layer is Layer.DIPLOMATIC]
    join = next((e for e in line.edits if e.rule == JOIN_HYPHEN), None)
    edits = sorted((e for e in edits if e is not join), key=lambda e: (e.start, len(e.before)))
    return LineWords(line=line, tokens=tuple(_tokens(line, edits)), join=join)


def _tokens(line: Line, edits: Sequence[Edit]) -> Iterator[Token]:
    text, origin = _with_origin(line.raw, edits)
    words = tuple(zip(line.reading.words, line.reading.spans, strict=True))
    first = 0
    for match in _TOKEN.finditer(text):
        places = origin[match.start() : match.end()]
        start, end = min(p[0] for p in places), max(p[1] for p in places)
        while first < len(words) and words[first][1][1] <= start:
            first += 1
        touching = [
            (word, span) for word, span in words[first:] if span[0] < end and span[1] > start
        ]
        changed = tuple(e for e in edits if _touches(e, start, end, match[0], line.raw))
        yield _token(match[0], (start, end), touching, changed, line.raw)


def _with_origin(raw: str, edits: Sequence[Edit]) -> tuple[str, list[tuple[int, int]]]:
    """The text with ``edits`` applied, and for each character the raw span it comes from."""
    parts: list[str] = []
    origin: list[tuple[int, int]] = []
    done = 0
    for edit in edits:
        parts += [raw[done : edit.start], edit.after]
        origin += [(place, place + 1) for place in range(done, edit.start)]
        origin += _replaced(edit)
        done = edit.end
    parts.append(raw[done:])
    origin += [(place, place + 1) for place in range(done, len(raw))]
    return "".join(parts), origin


def _replaced(edit: Edit) -> list[tuple[int, int]]:
    """Where each character of ``edit.after`` comes from: those that are equal from themselves."""
    before, after = edit.before, edit.after
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    middle = (edit.start + head, edit.end - tail)
    return [
        *((edit.start + i, edit.start + i + 1) for i in range(head)),
        *([middle] * (len(after) - head - tail)),
        *((edit.end - tail + i, edit.end - tail + i + 1) for i in range(tail)),
    ]


def _touches(edit: Edit, start: int, end: int, text: str, raw: str) -> bool:
    """Whether ``edit`` is why the token reads ``text``; spaces put in or out beside it are not."""
    if edit.start == edit.end:
        return start < edit.start < end or (
            start <= edit.start <= end and bool(edit.after.strip()) and edit.after.strip() in text
        )
    if edit.start >= end or edit.end <= start:
        return False
    return raw[start:end] != text or edit.rule == EDITOR


def _token(
    text: str,
    span: tuple[int, int],
    touching: Sequence[tuple[Word, tuple[int, int]]],
    edits: tuple[Edit, ...],
    raw: str,
) -> Token:
    start, end = span
    boxes = []
    for word, (first, last) in touching:
        if word.box is not None:
            left, right = max(first, start) - first, min(last, end) - first
            boxes.append(word.part(left, right).box)
    known = [word.confidence for word, _ in touching if word.confidence is not None]
    whole = touching[0][0] if len(touching) == 1 and touching[0][0].text == raw[start:end] else None
    read = raw[start:end].strip()
    return Token(
        text=text,
        start=start,
        end=end,
        box=Box.around(box for box in boxes if box is not None),
        confidence=min(known, default=None),
        read=read if read and read != text else None,
        other=whole.other if whole is not None and whole.other != text else None,
        edits=edits,
    )


def joined(lines: Sequence[LineWords]) -> Iterator[tuple[LineWords, list[str]]]:
    """Each line with the texts of its tokens, words broken at a line's end made whole.

    The whole word is the text of its first part; that of the second part is empty then.
    """
    texts = [[token.text for token in words.tokens] for words in lines]
    for words, row in zip(lines, texts, strict=True):
        if words.join is not None and row:
            row[-1] = row[-1].removesuffix(words.join.before) + words.join.after
    # From below, for a word may run over more than two lines.
    for above, below, words in reversed(list(zip(texts, texts[1:], lines, strict=False))):
        if words.join is not None and above and below:
            above[-1] += below[0]
            below[0] = ""
    yield from zip(lines, texts, strict=True)
