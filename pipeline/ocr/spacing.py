"""Spaces that no typist struck: a reader's habit, undone by the typewriter's fixed pitch.

Typists often left no space after a comma (``Голиков,Валя``); Tesseract, taught on printed
books, puts one there. On a typewriter every stroke takes one cell of the same width, so the
gap between two words says whether there is an empty cell between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from pipeline.model import Word, union

_SIGNS = tuple(",.;:!?")
_NO_SPACE = 0.95
"""In cells, from a sign's ink to the next letter's: about 0.5 without a space, 1.5 with one."""

_BEARING = 0.2
"""In cells: the white beside the first and last letter of a word, together."""

_SPREAD = 0.08
_LEAST_WORDS = 4


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


def without_false_spaces(words: Sequence[Word]) -> tuple[Word, ...]:
    """``words`` of one line, those joined that stand in neighbouring cells after a sign.

    The joined word's box is around both; its confidence is the lower one.
    """
    pitch = pitch_of(words)
    if pitch is None:
        return tuple(words)
    result: list[Word] = []
    for word in words:
        if result and _is_next_cell(result[-1], word, pitch):
            result[-1] = _joined(result[-1], word)
        else:
            result.append(word)
    return tuple(result)


def _is_next_cell(left: Word, right: Word, pitch: float) -> bool:
    if left.box is None or right.box is None or not left.text.endswith(_SIGNS):
        return False
    return right.text[0].isalnum() and right.box.left - left.box.right < _NO_SPACE * pitch


def _joined(left: Word, right: Word) -> Word:
    boxes = tuple(box for box in (left.box, right.box) if box is not None)
    known = [c for c in (left.confidence, right.confidence) if c is not None]
    confidence = min(known) if len(known) == 2 else None
    return Word(text=left.text + right.text, box=union(boxes), confidence=confidence)
