"""Which engine reads: the fast one where it works, else the one that is always there."""

from __future__ import annotations

from functools import lru_cache

from pipeline.config import OcrSettings
from pipeline.errors import DepeshaError
from pipeline.ocr.engine import Engine, Provenance
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


@lru_cache(maxsize=2)
def provenance(settings: OcrSettings) -> Provenance:
    """What would read under ``settings``: engine, versions, hashes of the language data.

    Raises:
        DependencyMissingError: no engine is installed.
        LanguageMissingError: its language data is not.

    """
    return open_engine(settings).provenance()
