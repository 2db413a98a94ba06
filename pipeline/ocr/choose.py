"""Which engine reads: the fast one where it works, else the one that is always there."""

from __future__ import annotations

from pipeline.config import OcrSettings
from pipeline.errors import DepeshaError
from pipeline.ocr.engine import Engine
from pipeline.ocr.tesseract_api import TesseractLibrary
from pipeline.ocr.tesseract_cli import TesseractProgram


def open_engine(settings: OcrSettings) -> Engine:
    """The engine that ``settings`` ask for.

    Raises:
        DependencyMissingError: it is not installed.
        LanguageMissingError: its language data is not.

    """
    if settings.engine == "pytesseract":
        return TesseractProgram(settings)
    if settings.engine == "tesserocr":
        return TesseractLibrary(settings)
    try:
        return TesseractLibrary(settings)
    except DepeshaError:
        return TesseractProgram(settings)
