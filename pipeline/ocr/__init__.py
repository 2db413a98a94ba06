"""Readers: one protocol, two adapters of Tesseract, recorded answers for tests."""

from __future__ import annotations

from pipeline.ocr.choose import open_engine, provenance
from pipeline.ocr.engine import Engine, PageLine, reading_in_scan
from pipeline.ocr.words import join_readings

__all__ = ["Engine", "PageLine", "join_readings", "open_engine", "provenance", "reading_in_scan"]
