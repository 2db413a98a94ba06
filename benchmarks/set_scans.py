"""The pages of the benchmark sets, and who reads them: what several benchmarks share."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pipeline.config import InputSettings, load_settings
from pipeline.facsimile import make_set
from pipeline.ground_truth import TruthLine
from pipeline.layout import Layout, LineImage
from pipeline.model import Box, LineKind
from pipeline.ocr import Engine, open_engine
from pipeline.pixels import Pixels
from pipeline.scans import open_scan

STOCK = (3, 4, 6)
"""Page segmentation modes of the stock program."""

TEXT = frozenset({LineKind.BODY, LineKind.FORM})
"""Kinds by which the layout means type or print."""


@cache
def drawn(name: str) -> tuple[Path, ...]:
    """The pages of the set ``name``, drawn anew once a run."""
    folder = Path(tempfile.gettempdir()) / f"depesha-set-{name}"
    return make_set(name, folder)


def load(path: Path) -> Pixels:
    """The one page of ``path``."""
    with open_scan(path, InputSettings()) as scan:
        pixels = scan.load(1).pixels
    if pixels is None:
        raise SystemExit(f"{path}: is no picture")
    return pixels


@cache
def engine(name: str) -> Engine:
    """Tesseract as ``tesserocr`` (ours) or ``pytesseract`` (the stock program)."""
    return open_engine(load_settings(None, {"ocr.engine": name}).ocr)


def typed_within(layout: Layout, band: tuple[int, int] | None) -> list[LineImage]:
    """The lines that look typed or printed within ``band``; all where there is none."""
    return [x for x in layout.lines if band is None or (x.kind in TEXT and within(x.box, band))]


def body_band(body: Sequence[TruthLine]) -> tuple[int, int]:
    """The body's height on the page: from its first line's top to its last line's bottom."""
    boxes = [line.box for line in body if line.box is not None]
    return min(box.top for box in boxes), max(box.bottom for box in boxes)


def within(box: Box, band: tuple[int, int]) -> bool:
    return band[0] <= (box.top + box.bottom) / 2 <= band[1]
