"""Finding inputs and loading their pages: images, PDF and raw OCR text.

>>> with open_scan(path, settings.input) as scan:        # doctest: +SKIP
...     for number in range(1, scan.page_count + 1):
...         page = scan.load(number)
"""

from __future__ import annotations

from pipeline.scans.base import LoadedPage, ScanFile, file_of
from pipeline.scans.charsets import undone
from pipeline.scans.find import SUFFIXES, file_hash, open_scan
from pipeline.scans.rawtext import TextFile, decode_text
from pipeline.scans.survey import Found, LeftOut, refuse_own, survey

__all__ = [
    "SUFFIXES",
    "Found",
    "LeftOut",
    "LoadedPage",
    "ScanFile",
    "TextFile",
    "decode_text",
    "file_hash",
    "file_of",
    "open_scan",
    "refuse_own",
    "survey",
    "undone",
]
