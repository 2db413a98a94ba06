"""Readers: Tesseract, the recogniser, their vote; recorded answers for tests."""

from __future__ import annotations

from pipeline.ocr.engine import Engine, PageLine, join_readings, reading_in_scan
from pipeline.ocr.layer import with_layer
from pipeline.ocr.readers import Readers, ToRead, open_engine, open_readers, provenance

__all__ = [
    "Engine",
    "PageLine",
    "Readers",
    "ToRead",
    "join_readings",
    "open_engine",
    "open_readers",
    "provenance",
    "reading_in_scan",
    "with_layer",
]
