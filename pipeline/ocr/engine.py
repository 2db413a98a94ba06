"""What every reader offers, how its words become readings, and its boxes get back to the scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pipeline.model import Box, Reading, Word
from pipeline.pixels import Pixels, PreparedImage

Provenance = tuple[tuple[str, str], ...]
"""Names and values: engine, versions, languages, hashes of the language data."""

_LEAST_CONTRAST = 40
"""Grey levels between the lightest and the darkest pixel of an image that has ink."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLine:
    """A line that the engine found itself; ``box`` in pixels of the image it was given."""

    reading: Reading
    box: Box


class Engine(Protocol):
    """A reader of printed lines.

    Images are uint8 ``(H, W)``, dark on light. Boxes are in pixels of the image given,
    confidences 0.0-1.0 or ``None``. A blank image reads as empty text.
    """

    name: str
    version: str

    def read_lines(self, images: Sequence[Pixels], *, look_for_text: bool = True) -> list[Reading]:
        """One reading per line image, in order.

        ``look_for_text``: the engine may find that there is none; else what it is shown is
        a line from end to end.

        Raises:
            EngineError: the engine crashed or ran out of time.

        """
        ...

    def read_page(self, image: Pixels, psm: int) -> list[PageLine]:
        """The lines of a whole page as the engine itself segments it, in its order.

        ``psm`` is Tesseract's page segmentation mode (0-13).

        Raises:
            EngineError: the engine crashed or ran out of time.

        """
        ...

    def provenance(self) -> Provenance:
        """What this reader is, exactly: stored with every result."""
        ...


def reading_in_scan(reading: Reading, image: PreparedImage) -> Reading:
    """Move the boxes of ``reading``, which is of the line ``image``, to the scan."""
    words = tuple(
        word if word.box is None else replace(word, box=image.box_in_scan(word.box))
        for word in reading.words
    )
    return replace(reading, words=words)


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
    """Join the readings of a line's cells, left to right (one at least)."""
    if len(readings) == 1:
        return readings[0]
    return make_reading(readings[0].reader, [word for r in readings for word in r.words])


def make_page_line(reader: str, words: Iterable[Word]) -> PageLine | None:
    """A page's line; ``None`` where it has no text or no place."""
    reading = make_reading(reader, words)
    box = Box.around(word.box for word in reading.words if word.box is not None)
    return None if box is None else PageLine(reading=reading, box=box)
