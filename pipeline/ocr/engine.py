"""What every reader offers, and how its boxes get back to the scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pipeline.model import Box, Reading
from pipeline.pixels import Pixels, PreparedImage

Provenance = tuple[tuple[str, str], ...]
"""Names and values: engine, versions, languages, hashes of the language data."""


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
    """``reading`` of the line ``image``, its boxes moved to the scan."""
    words = tuple(
        word if word.box is None else replace(word, box=image.box_in_scan(word.box))
        for word in reading.words
    )
    return replace(reading, words=words)
