"""Spaces that no typist struck, and those that a reader left out, by the fixed pitch.

Typists often left no space after a comma (``Голиков,Валя``); Tesseract, taught on printed
books, puts one there, and it closes up words that were spread out for emphasis (``о с о б
о``). On a typewriter every stroke takes one cell of the same width, so the gap between two
words says whether there is an empty cell between them, and the room that a word takes how
many strokes it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import regex

from pipeline.model import FILE, Edit, Layer, Line, Word
from pipeline.text import is_table_row

_PUNCTUATION = tuple(",.;:!?")
_NO_SPACE = 0.75
"""In cells, from a comma's ink to the next letter's: about 0.5 without a space, 1.5 with one."""

_TRUSTED = 0.8
"""Confidence in a line from which its punctuation is trusted (a blot is read as a comma), and in a
word from which it is taken for one that was typed spread out."""

_BEARING = 0.2
"""In cells: the white beside the first and last letter of a word, together."""

_MISFIT, _WIDE_GAP, _FILLED = 0.6, 1.8, 0.5
"""In cells: a word is off its letters' width, a gap is wider than one space, room is filled."""

_WIDE = regex.compile(r"(?<=\S)(?:\s{2,}|[^\S ])(?=\S)")
_SPREAD_OUT = regex.compile(r"(?<!\S)\S\s\S\s\S(?!\S)")
_LEAST_LETTERS = 4
_SPREAD = 0.08
_LEAST_WORDS = 4


def wide_gaps(line: Line) -> tuple[Edit, ...]:
    """One space for the white space by which another engine set a line out.

    Rows of tables keep theirs, and words that are spread out stay two spaces apart.
    """
    raw = line.raw
    if line.reading.reader != FILE or is_table_row(raw):
        return ()
    room = "  " if _SPREAD_OUT.search(raw) else " "
    return tuple(
        Edit(
            rule="wide-gap",
            start=match.start(),
            before=match[0],
            after=room,
            evidence="white space that only sets the line out",
        )
        for match in _WIDE.finditer(raw)
        if match[0] != room
    )


def pitch_of(words: Sequence[Word]) -> float | None:
    """The width of one typed cell in pixels; ``None`` where the type has no fixed pitch.

    Measured on words of three characters or more; their widths per character must agree
    within 8 % (median deviation), which printed type does not reach.
    """
    cells = [
        word.box.width / (len(word.text) - _BEARING)
        for word in words
        if word.box is not None and len(word.text) >= 3
    ]
    if len(cells) < _LEAST_WORDS:
        return None
    pitch = median(cells)
    spread = median(abs(cell - pitch) for cell in cells) / pitch
    return pitch if spread <= _SPREAD else None


@dataclass(frozen=True, slots=True)
class Cells:
    """The words of a line whose type has a fixed pitch (pixels), and where they stand in it.

    ``spans`` are those of :attr:`Reading.spans`.
    """

    words: tuple[Word, ...]
    spans: tuple[tuple[int, int], ...]
    pitch: float

    @classmethod
    def of(cls, line: Line) -> Cells | None:
        """The cells of ``line``; ``None`` where it has no boxes or its type no fixed pitch."""
        reading = line.reading
        pitch = pitch_of(reading.words)
        # The words must make up the whole text, with one space between.
        gaps = [word.gap for word in reading.words]
        if pitch is None or reading.tail or gaps != ["", *[" "] * (len(gaps) - 1)]:
            return None
        return cls(reading.words, reading.spans, pitch)

    def width(self, start: int, text: str) -> float | None:
        """Cells that the word ``text`` at ``start`` takes; ``None`` where it is no whole word."""
        for word, (first, _) in zip(self.words, self.spans, strict=True):
            if first == start and word.text == text and word.box is not None:
                return word.box.width / self.pitch + _BEARING
        return None

    def gap(self, place: int) -> float | None:
        """Cells from ink to ink over the space at ``place``; ``None`` where there is no gap."""
        for (left, right), (_, end) in zip(pairwise(self.words), self.spans, strict=False):
            if end == place:
                return _gap(left, right) / self.pitch
        return None


def false_spaces(line: Line) -> tuple[Edit, ...]:
    """Take out the spaces of ``line`` between neighbouring cells, after punctuation.

    No edits where the line has no words with boxes, its type no fixed pitch, or its reading a low
    confidence.
    """
    cells = Cells.of(line)
    confidence = line.reading.confidence
    if cells is None or (confidence is not None and confidence < _TRUSTED):
        return ()
    return tuple(
        Edit(
            rule="false-space",
            start=end,
            before=" ",
            after="",
            layer=Layer.DIPLOMATIC,
            evidence=f"no empty cell between {left.text} and {right.text}",
        )
        for (left, right), (_, end) in zip(pairwise(cells.words), cells.spans, strict=False)
        if _is_next_cell(left, right, cells.pitch)
    )


def letter_spaced(line: Line) -> tuple[Edit, ...]:
    """Edits that give words of ``line`` which were typed spread out their spaces again.

    Words that do not fill their cells are taken together; where their letters, each with
    an empty cell between it and the next, fill the room from the word before to the word
    after, they were spread out. Signs at the end stand close. None where :func:`false_spaces`
    has none for want of a pitch.
    """
    cells = Cells.of(line)
    if cells is None:
        return ()
    words, pitch = cells.words, cells.pitch
    edits: list[Edit] = []
    for first, last in _misfits(words, pitch):
        text = "".join(word.text for word in words[first : last + 1])
        spread = _spread(text)
        if spread is None or not _fills(words, first, last, len(spread), pitch):
            continue
        start = cells.spans[first][0]
        before = line.raw[start : cells.spans[last][1]]
        if before != spread:
            edits.append(
                Edit(
                    rule="letter-spaced",
                    start=start,
                    before=before,
                    after=spread,
                    layer=Layer.DIPLOMATIC,
                    evidence=f"its letters take {len(spread)} cells",
                )
            )
    return tuple(edits)


def _misfits(words: Sequence[Word], pitch: float) -> list[tuple[int, int]]:
    """First and last of each run of words with too much room, one of them too wide or narrow."""
    if any(word.box is None for word in words):
        return []
    legible = [word.confidence is None or word.confidence >= _TRUSTED for word in words]
    fits = [
        abs((word.box.width if word.box else 0) / pitch + _BEARING - len(word.text)) <= _MISFIT
        for word in words
    ]
    wide = [_gap(left, right) > _WIDE_GAP * pitch for left, right in pairwise(words)]
    runs: list[tuple[int, int]] = []
    for place, word in enumerate(words):
        roomy = any(wide[max(0, place - 1) : place + 1]) and len(word.text) <= 2
        if fits[place] and not roomy:
            continue
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return [
        (first, last)
        for first, last in runs
        if not all(fits[first : last + 1]) and all(legible[first : last + 1])
    ]


def _spread(text: str) -> str | None:
    """``text`` with spaces between its letters, punctuation close; ``None``: no such word."""
    word = text.rstrip(".,;:!?")
    if len(word) < _LEAST_LETTERS or not word.isalpha():
        return None
    return " ".join(word) + text[len(word) :]


def _fills(words: Sequence[Word], first: int, last: int, cells: int, pitch: float) -> bool:
    """Whether ``cells`` are just the room between the words before and after the run."""
    left, right = words[first].box, words[last].box
    assert left is not None and right is not None  # noqa: S101  misfits have boxes
    start, end = float(left.left), float(right.right)
    room = cells - _BEARING
    before = words[first - 1].box if first else None
    after = words[last + 1].box if last + 1 < len(words) else None
    if before is not None:
        start, room = before.right, room + 1 + _BEARING / 2
    if after is not None:
        end, room = after.left, room + 1 + _BEARING / 2
    return abs((end - start) / pitch - room) <= _FILLED


def _gap(left: Word, right: Word) -> float:
    if left.box is None or right.box is None:
        return 0.0
    return float(right.box.left - left.box.right)


def _is_next_cell(left: Word, right: Word, pitch: float) -> bool:
    if left.box is None or right.box is None or not left.text.endswith(_PUNCTUATION):
        return False
    # A letter stands before punctuation; what stands beside other damage is damage too.
    # After one small letter (т. Молотову) most typists struck a space.
    word = left.text[:-1]
    if not word[-1:].isalnum() or (len(word) == 1 and word.islower()):
        return False
    return right.text[0].isalnum() and _gap(left, right) < _NO_SPACE * pitch
