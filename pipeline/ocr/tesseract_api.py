"""Tesseract inside this process, through tesserocr: the fast one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PIL import Image

from pipeline.config import OcrSettings
from pipeline.errors import DependencyMissingError, EngineError
from pipeline.model import Word
from pipeline.ocr.engine import make_word
from pipeline.ocr.tesseract import DPI, Tesseract
from pipeline.pixels import Pixels


class TesseractLibrary(Tesseract):
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
        super().__init__(settings)
        self.version = tesserocr.tesseract_version().split("\n")[0].removeprefix("tesseract ")
        try:
            self._api: Any = tesserocr.PyTessBaseAPI(
                path=str(self.folder), lang=settings.language, psm=settings.line_psm
            )
        except RuntimeError as error:
            raise EngineError("tesserocr", f"could not be started: {error}") from error

    def read_words(self, image: Pixels, psm: int) -> Iterator[list[Word]]:
        """See :meth:`Tesseract.read_words`."""
        api, module = self._api, self._module
        try:
            api.SetPageSegMode(psm)
            api.SetImage(Image.fromarray(image))
            api.SetSourceResolution(DPI)
            done = api.Recognize(int(self.settings.timeout * 1000))
        except RuntimeError as error:
            raise EngineError("tesserocr", f"failed: {error}") from error
        if not done:
            raise EngineError("tesserocr", f"gave no answer in {self.settings.timeout:g} s")
        line: list[Word] = []
        iterator, level = api.GetIterator(), module.RIL.WORD
        empty = iterator is None or iterator.Empty(level)
        for item in () if empty else module.iterate_level(iterator, level):
            if item.IsAtBeginningOf(module.RIL.TEXTLINE) and line:
                yield line
                line = []
            text = item.GetUTF8Text(level)
            if text and text.strip():
                sides = item.BoundingBox(level)
                line.append(make_word(text, sides, item.Confidence(level)))
        if line:
            yield line
