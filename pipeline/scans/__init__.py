"""Finding inputs and loading their pages: images, PDF and raw OCR text.

>>> with open_scan(path, settings.input) as scan:        # doctest: +SKIP
...     for number in range(1, scan.page_count + 1):
...         page = scan.load(number)
"""

from __future__ import annotations

from pipeline.scans.base import LoadedPage, ScanFile
from pipeline.scans.charsets import undone
from pipeline.scans.find import SUFFIXES, LeftOut, discover, file_hash, left_out, open_scan
from pipeline.scans.rawtext import decode_text

__all__ = [
    "SUFFIXES",
    "LeftOut",
    "LoadedPage",
    "ScanFile",
    "decode_text",
    "discover",
    "file_hash",
    "left_out",
    "open_scan",
    "undone",
]
