"""What ``lines.py`` measures on one page: lines found, and how the body then reads."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from pipeline.cleanup import clean
from pipeline.config import CleanupSettings, InputSettings, Settings, load_settings
from pipeline.evaluate import Counts, cer
from pipeline.facsimile import make_set
from pipeline.ground_truth import Truth, TruthLine, find_truth
from pipeline.layout import Layout, LineImage, find_lines
from pipeline.model import Box, Layer, Line, LineKind, Reading
from pipeline.ocr import Engine, Readers, open_engine
from pipeline.pixels import Pixels
from pipeline.preprocess import prepare
from pipeline.preprocess.tone import to_grey
from pipeline.recognize_page import read_lines
from pipeline.scans import open_scan

STOCK = (3, 4, 6)
"""Page segmentation modes of the stock program."""

_TEXT = frozenset({LineKind.BODY, LineKind.FORM})
"""Kinds by which the layout means type or print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScore:
    """One page. ``lines``: body lines found, of so many; ``right``: lines given that are there.

    ``errors`` by reader: ``psm 3`` ..., ``raw``, ``spaced``.
    """

    severity: int
    found: int
    lines: int
    right: int
    given: int
    errors: dict[str, Counts]


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


def score(path: Path, settings: Settings, modes: Sequence[int] = STOCK) -> PageScore:
    """Our lines on ``path`` beside its truth, and the stock program's in ``modes``."""
    pixels = load(path)
    truth = find_truth(path.stem, path.parent)
    if truth is None:
        raise SystemExit(f"{path}: has no truth beside it")
    layout = find_lines(prepare(pixels, settings.preprocess), settings.layout)
    body = [line for line in truth.lines if line.kind is LineKind.BODY]
    band = body_band(body)
    boxes = [x.box for x in layout.lines if x.kind in _TEXT and _within(x.box, band)]
    errors = {f"psm {psm}": _stock(pixels, truth, psm) for psm in modes}
    return PageScore(
        severity=int(path.stem.split("-s")[1][0]),
        found=sum(_is_there(line.box, boxes) for line in body),
        lines=len(body),
        right=sum(_is_there(box, [x.box for x in truth.lines if x.text]) for box in boxes),
        given=len(boxes),
        errors=errors | _ours(layout, truth),
    )


def texts(layout: Layout, band: tuple[int, int] | None) -> dict[str, str]:
    """Our reading of the lines within ``band`` (all: ``None``), as read and with all repairs.

    Of the whole page every line counts; within a band only those that look typed or printed.
    """
    lines = typed_within(layout, band)
    read = read_lines(Readers(engine("tesserocr")), lines)
    readings = [reading for (reading,) in read]
    mended = clean([_line(r) for r in readings], CleanupSettings(conventions=False))
    return {
        "raw": "\n".join(r.text for r in readings),
        "spaced": "\n".join(line.text_in(Layer.DIPLOMATIC) for line in mended),
    }


def typed_within(layout: Layout, band: tuple[int, int] | None) -> list[LineImage]:
    """The lines that look typed or printed within ``band``; all where there is none."""
    return [x for x in layout.lines if band is None or (x.kind in _TEXT and _within(x.box, band))]


def _ours(layout: Layout, truth: Truth) -> dict[str, Counts]:
    band = body_band([line for line in truth.lines if line.kind is LineKind.BODY])
    read = texts(layout, band)
    return {name: cer(truth.text, text) for name, text in read.items()}


def _line(reading: Reading) -> Line:
    return Line(id="", reading=reading)


def _stock(pixels: Pixels, truth: Truth, psm: int) -> Counts:
    """The stock program on the untouched scan, without what it read above and below the body."""
    band = body_band([line for line in truth.lines if line.kind is LineKind.BODY])
    lines = engine("pytesseract").read_page(np.ascontiguousarray(to_grey(pixels)), psm)
    return cer(truth.text, "\n".join(x.reading.text for x in lines if _within(x.box, band)))


def body_band(body: Sequence[TruthLine]) -> tuple[int, int]:
    """The body's height on the page: from its first line's top to its last line's bottom."""
    boxes = [line.box for line in body if line.box is not None]
    return min(box.top for box in boxes), max(box.bottom for box in boxes)


def _within(box: Box, band: tuple[int, int]) -> bool:
    return band[0] <= (box.top + box.bottom) / 2 <= band[1]


def _is_there(box: Box | None, others: Sequence[Box | None]) -> bool:
    """Whether one of ``others`` is the same line: intersection over union of a half or more."""
    return box is not None and any(_overlap(box, x) >= 0.5 for x in others if x is not None)


def _overlap(a: Box, b: Box) -> float:
    across = min(a.right, b.right) - max(a.left, b.left)
    both = max(0, across) * a.beside(b)
    return both / (a.width * a.height + b.width * b.height - both)
