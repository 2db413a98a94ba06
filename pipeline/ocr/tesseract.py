"""What both adapters of Tesseract have in common: from words to readings, and provenance."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from pipeline.config import OcrSettings
from pipeline.model import Reading, Word
from pipeline.ocr.engine import PageLine, Provenance
from pipeline.ocr.tessdata import data_hashes, find_tessdata
from pipeline.ocr.words import is_blank, make_page_line, make_reading
from pipeline.pixels import Pixels

_READER = "tesseract"

_RAW_LINE = 13
"""Tesseract's page segmentation mode that takes the image for a line without looking."""

DPI = 300
"""Told to Tesseract, which else guesses, and warns; it changes nothing for single lines."""


class Tesseract(ABC):
    """An :class:`~pipeline.ocr.engine.Engine` but for the one call that reads an image.

    Raises:
        LanguageMissingError: the data for the language is not installed.

    """

    name: str
    version: str

    def __init__(self, settings: OcrSettings) -> None:
        self.settings = settings
        self.folder = find_tessdata(settings)

    @abstractmethod
    def read_words(self, image: Pixels, psm: int) -> Iterable[list[Word]]:
        """The words of ``image`` (not blank), line by line, as segmented under ``psm``.

        Raises:
            EngineError: the engine crashed or ran out of time.

        """

    def read_lines(self, images: Sequence[Pixels], *, look_for_text: bool = True) -> list[Reading]:
        """See :meth:`Engine.read_lines`."""
        psm = self.settings.line_psm if look_for_text else _RAW_LINE
        return [self._read_line(image, psm) for image in images]

    def read_page(self, image: Pixels, psm: int) -> list[PageLine]:
        """See :meth:`Engine.read_page`."""
        lines = (make_page_line(_READER, words) for words in self._words(image, psm))
        return [line for line in lines if line is not None]

    def provenance(self) -> Provenance:
        """Engine, versions, language with the hash of its data, and how lines are segmented."""
        return (
            ("engine", self.name),
            ("tesseract", self.version),
            ("language", self.settings.language),
            ("line_psm", str(self.settings.line_psm)),
            *data_hashes(self.folder, self.settings.language),
        )

    def _read_line(self, image: Pixels, psm: int) -> Reading:
        lines = self._words(image, psm)
        return make_reading(_READER, [word for line in lines for word in line])

    def _words(self, image: Pixels, psm: int) -> Iterable[list[Word]]:
        return () if is_blank(image) else self.read_words(image, psm)
