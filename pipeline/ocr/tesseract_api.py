"""Tesseract inside this process, through tesserocr: the fast one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from PIL import Image

from pipeline.config import OcrSettings
from pipeline.errors import DependencyMissingError, EngineError
from pipeline.model import Reading, Word
from pipeline.ocr.engine import PageLine, Provenance
from pipeline.ocr.tessdata import data_hashes, find_tessdata
from pipeline.ocr.words import is_blank, make_page_line, make_reading, make_word
from pipeline.pixels import Pixels

_READER = "tesseract"
_DPI = 300


class TesseractLibrary:
    """An :class:`~pipeline.ocr.engine.Engine` over tesserocr, which carries Tesseract itself.

    The language data comes from the system. One object per process; not for threads.

    Raises:
        DependencyMissingError: tesserocr is not installed, or cannot be loaded.
        LanguageMissingError: the data for the language is not installed.

    """

    name = "tesserocr"

    def __init__(self, settings: OcrSettings) -> None:
        try:
            import tesserocr  # noqa: PLC0415  not on every platform
        except ImportError as error:
            raise DependencyMissingError("tesserocr", f"cannot be imported: {error}") from error
        self._module: Any = tesserocr
        self._settings = settings
        self._folder = find_tessdata(settings)
        self.version = tesserocr.tesseract_version().split("\n")[0].removeprefix("tesseract ")
        try:
            self._api: Any = tesserocr.PyTessBaseAPI(
                path=str(self._folder), lang=settings.language, psm=settings.line_psm
            )
        except RuntimeError as error:
            raise EngineError("tesserocr", f"could not be started: {error}") from error

    def read_lines(self, images: Sequence[Pixels]) -> list[Reading]:
        """See :meth:`Engine.read_lines`."""
        readings: list[Reading] = []
        for image in images:
            words = [word for line in self._read(image, self._settings.line_psm) for word in line]
            readings.append(make_reading(_READER, words))
        return readings

    def read_page(self, image: Pixels, psm: int) -> list[PageLine]:
        """See :meth:`Engine.read_page`."""
        lines = (make_page_line(_READER, words) for words in self._read(image, psm))
        return [line for line in lines if line is not None]

    def provenance(self) -> Provenance:
        """Engine, versions, language, and the hash of its data."""
        return (
            ("engine", self.name),
            ("tesseract", self.version),
            ("language", self._settings.language),
            *data_hashes(self._folder, self._settings.language),
        )

    def _read(self, image: Pixels, psm: int) -> Iterator[list[Word]]:
        if is_blank(image):
            return
        api, module = self._api, self._module
        try:
            api.SetPageSegMode(psm)
            api.SetImage(Image.fromarray(image))
            api.SetSourceResolution(_DPI)
            done = api.Recognize(int(self._settings.timeout * 1000))
        except RuntimeError as error:
            raise EngineError("tesserocr", f"failed: {error}") from error
        if not done:
            raise EngineError("tesserocr", f"gave no answer in {self._settings.timeout:g} s")
        line: list[Word] = []
        for item in self._words(api.GetIterator(), module.RIL.WORD):
            if item.IsAtBeginningOf(module.RIL.TEXTLINE) and line:
                yield line
                line = []
            text = item.GetUTF8Text(module.RIL.WORD)
            if text and text.strip():
                sides = item.BoundingBox(module.RIL.WORD)
                line.append(make_word(text, sides, item.Confidence(module.RIL.WORD)))
        if line:
            yield line

    def _words(self, iterator: Any, level: Any) -> Iterator[Any]:
        if iterator is None or iterator.Empty(level):
            return
        yield from self._module.iterate_level(iterator, level)
