"""Spaces that no typist struck: a reader's habit, undone by the typewriter's fixed pitch.

Typists often left no space after a comma (``Голиков,Валя``); Tesseract, taught on printed
books, puts one there. On a typewriter every stroke takes one cell of the same width, so the
gap between two words says whether there is an empty cell between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipeline.model import Edit, Layer, Line, Word

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


def false_spaces(line: Line) -> tuple[Edit, ...]:
    """Edits that take out the spaces of ``line`` between neighbouring cells, after a sign.

    None where the line has no words with boxes, or its type no fixed pitch.
    """
    words = line.readings[0].words if line.readings else ()
    pitch = pitch_of(words)
    if pitch is None or " ".join(word.text for word in words) != line.raw:
        return ()
    edits: list[Edit] = []
    place = 0
    for left, right in pairwise(words):
        place += len(left.text)
        if _is_next_cell(left, right, pitch):
            edits.append(
                Edit(
                    rule="false-space",
                    start=place,
                    before=" ",
                    after="",
                    layer=Layer.DIPLOMATIC,
                    evidence=f"no empty cell between {left.text} and {right.text}",
                )
            )
        place += 1
    return tuple(edits)


def _is_next_cell(left: Word, right: Word, pitch: float) -> bool:
    if left.box is None or right.box is None or not left.text.endswith(_SIGNS):
        return False
    return right.text[0].isalnum() and right.box.left - left.box.right < _NO_SPACE * pitch
