"""Single words in Latin letters on Russian lines: names of programs, firms, parameters.

The recogniser knows Latin capitals, and to both readers small Latin letters are Russian ones:
``Control Data`` is ``Сопо! Паа``. A doubtful word that is no Russian one is shown by itself to
Tesseract with the data of a Latin script, twice. What that reads counts where it is the same both
times, sure, about as long, and has letters that no Russian letter looks like: misread Russian reads
so with no confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np
import regex

from pipeline.lexicon import folded, knows
from pipeline.model import Reading, Word
from pipeline.ocr.engine import Engine
from pipeline.pixels import Pixels
from pipeline.text import LATIN_TO_CYRILLIC

_DOUBTFUL, _SURE = 0.75, 0.85
"""Probability under which a word is doubtful, and confidence from which its Latin reading
counts."""

_DOUBTFUL_LATIN, _SURE_LATIN = 0.65, 0.9
"""The same for a word that the recogniser read in Latin letters: it knows the capitals."""

_LETTERS, _LARGER = 4, 1.3
"""Letters that a word in Latin letters has at least; the second look at it is so much larger."""

_MOST = 0.6
"""Share of a line's words that may be doubtful: else it is no line with a word in it."""

_AROUND, _PAPER = 4, 12
"""Pixels of the line beside the word, and of white around them."""

_RUN = regex.compile(r"\p{L}{2,}")
_CORE = regex.compile(r"(\W*)(.*?)(\W*)", regex.DOTALL)
_NAME = regex.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-./][A-Za-z0-9]+)*")
_LOOKS_RUSSIAN = frozenset(
    chr(latin) for latin, russian in LATIN_TO_CYRILLIC.items() if "А" <= chr(russian) <= "я"
)


def with_latin_words(
    engine: Callable[[], Engine | None], images: Sequence[Pixels], readings: Sequence[Reading]
) -> list[Reading]:
    """The ``readings`` of a line's cells, with words that are better read in Latin letters.

    ``engine`` is asked for where a word wants it; it gives ``None`` where there is none.
    ``images``: the cells, uint8 ``(H, W)``, in whose pixels the words' boxes are.

    Raises:
        EngineError: Tesseract crashed or ran out of time.

    """
    words = [word for reading in readings for word in reading.words]
    asked = [word for word in words if _is_asked(word)]
    if not asked or len(asked) > max(1.0, _MOST * len(words)):
        return list(readings)
    latin = engine()
    if latin is None:
        return list(readings)
    return [_mended(latin, *cell) for cell in zip(images, readings, strict=True)]


def _mended(engine: Engine, image: Pixels, reading: Reading) -> Reading:
    places = [place for place, word in enumerate(reading.words) if _is_asked(word)]
    pictures = [_picture(image, reading.words[place]) for place in places]
    words = list(reading.words)
    looks = [engine.read_lines([look(x) for x in pictures]) for look in (np.asarray, _enlarged)]
    for place, *twice in zip(places, *looks, strict=True):
        old = words[place]
        text, again = (better_word(old.text, latin) for latin in twice)
        if text is not None and text == again:
            sure = min(latin.confidence or 0.0 for latin in twice)
            words[place] = replace(old, text=text, confidence=sure, other=old.text)
    return replace(reading, words=tuple(words))


def _is_asked(word: Word) -> bool:
    """Whether ``word`` is doubtful, long enough, and nothing Russian."""
    if word.confidence is None or word.confidence >= _DOUBTFUL or word.box is None:
        return False
    if word.text.isascii() and word.confidence >= _DOUBTFUL_LATIN:
        return False
    if sum(map(str.isalpha, word.text)) < _LETTERS - 1:
        return False
    runs = _RUN.findall(word.text.translate(LATIN_TO_CYRILLIC))
    return bool(runs) and not any(knows(folded(run)) for run in runs)


def _picture(image: Pixels, word: Word) -> Pixels:
    assert word.box is not None  # noqa: S101  what is asked has one
    left, right = max(0, word.box.left - _AROUND), word.box.right + _AROUND
    return np.pad(image[:, left:right], _PAPER, constant_values=255)


def _enlarged(picture: Pixels) -> Pixels:
    large = cv2.resize(picture, None, fx=_LARGER, fy=_LARGER, interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, dtype=np.uint8)


def better_word(read: str, latin: Reading) -> str | None:
    """The word ``read`` as its ``latin`` reading has it; ``None`` where that is not believed."""
    before, old, after = _parts(read)
    least = _SURE_LATIN if old.isascii() else _SURE
    if len(latin.words) != 1 or (latin.confidence or 0.0) < least:
        return None
    signs_before, new, signs_after = _parts(latin.text)
    if (signs_before, signs_after) != (before, after):
        return None  # a sign that one of them sees may be a letter
    return before + new + after if _is_name(new) and _may_stand_for(new, old) else None


def _is_name(new: str) -> bool:
    """Whether it is a word in Latin letters, and not in such alone as Russian ones look like."""
    letters = [c for c in new if c.isalpha()]
    return (
        _NAME.fullmatch(new) is not None
        and len(letters) >= _LETTERS
        and any(c not in _LOOKS_RUSSIAN for c in letters)
    )


def _may_stand_for(new: str, old: str) -> bool:
    """Whether ``new`` differs from ``old`` by more than its alphabet, but not in length or figures.

    What was read in Latin letters before keeps its length exactly.
    """
    if old.translate(LATIN_TO_CYRILLIC) == new.translate(LATIN_TO_CYRILLIC):
        return False
    if [c for c in old if c.isdecimal()] != [c for c in new if c.isdecimal()]:
        return False
    if old.isascii():
        return len(old) == len(new)
    return abs(len(old) - len(new)) <= 1 + len(old) // 8


def _parts(text: str) -> tuple[str, str, str]:
    """What stands before the word in ``text``, the word, and what stands behind it."""
    match = _CORE.fullmatch(text.strip())
    assert match is not None  # noqa: S101  it matches anything
    return match[1], match[2], match[3]
