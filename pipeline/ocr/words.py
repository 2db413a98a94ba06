"""From an engine's words to readings, the same for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.model import Box, Reading, Word
from pipeline.ocr.engine import PageLine
from pipeline.pixels import Pixels

_LEAST_CONTRAST = 40


def is_blank(image: Pixels) -> bool:
    """Whether ``image`` (uint8) has no ink at all: Tesseract reads letters even into that."""
    return image.size == 0 or int(image.max()) - int(image.min()) < _LEAST_CONTRAST


def make_word(text: str, sides: tuple[int, int, int, int], confidence: float) -> Word:
    """A word from its ``(left, top, right, bottom)`` and a confidence of 0-100."""
    left, top, right, bottom = sides
    box = None
    if right > left >= 0 and bottom > top >= 0:
        box = Box(left=left, top=top, right=right, bottom=bottom)
    known = 0.0 <= confidence <= 100.0
    return Word(text=text, box=box, confidence=confidence / 100.0 if known else None)


def make_reading(reader: str, words: Iterable[Word]) -> Reading:
    """A line's reading: its words with one space between, the mean of their confidences."""
    found = tuple(word for word in words if word.text.strip())
    known = [word.confidence for word in found if word.confidence is not None]
    confidence = sum(known) / len(known) if known else None
    return Reading.of_words(reader, found, confidence)


def join_readings(readings: Sequence[Reading]) -> Reading:
    """The readings of a line's cells, left to right, as one; at least one."""
    if len(readings) == 1:
        return readings[0]
    return make_reading(readings[0].reader, [word for r in readings for word in r.words])


def make_page_line(reader: str, words: Iterable[Word]) -> PageLine | None:
    """A page's line; ``None`` where it has no text or no place."""
    reading = make_reading(reader, words)
    box = Box.around(word.box for word in reading.words if word.box is not None)
    return None if box is None else PageLine(reading=reading, box=box)
