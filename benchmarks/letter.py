"""CER of stock Tesseract and of our lines on pages with a plain transcription beside them.

Usage: ``python benchmarks/letter.py [FOLDER]``, a folder of ``NAME.jpg`` and ``NAME.gt.txt``;
by default the real typed letter beside the checkout. All columns are read by the same engine,
nothing is filtered; level strict. `mended` is our lines with the corrections of the diplomatic
layer (false spaces, look-alike letters). Tesseract's own segmentation depends on the resolution
it is told: the adapters tell it 300 dpi, the bare command guesses.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from rapidfuzz.distance import Levenshtein

from pipeline.cleanup import clean
from pipeline.config import CleanupSettings, Settings, load_settings
from pipeline.edits import layer_text
from pipeline.layout import find_lines
from pipeline.model import Layer, Line, Reading
from pipeline.ocr import open_engine
from pipeline.preprocess import prepare
from pipeline.text import Level, graphemes, normalise

DEFAULT = Path(__file__).parents[2] / "shared" / "real" / "typed-letter-1972"


def cer(truth: str, text: str) -> float:
    """Errors over the truth's length, level strict."""
    wanted, got = (graphemes(normalise(t, Level.STRICT)) for t in (truth, text))
    return Levenshtein.distance(wanted, got) / len(wanted)


def main(arguments: list[str]) -> int:
    """Print one row per page."""
    folder = Path(arguments[0]) if arguments else DEFAULT
    pages = sorted(p for p in folder.glob("*.jpg") if p.with_suffix(".gt.txt").is_file())
    if not pages:
        print(f"{folder}: no pages with a transcription; skipped")
        return 0
    for name in ("tesserocr", "pytesseract"):
        _measure(pages, load_settings(None, {"ocr.engine": name}))
    return 0


def _measure(pages: Sequence[Path], settings: Settings) -> None:
    engine = open_engine(settings.ocr)
    print(f"{engine.name} {engine.version}")
    print(f"{'page':24} {'psm 3':>8} {'psm 6':>8} {'our lines':>10} {'mended':>8}")
    for path in pages:
        truth = path.with_suffix(".gt.txt").read_text(encoding="utf-8")
        grey = np.asarray(Image.open(path).convert("L"))
        stock = [
            cer(truth, "\n".join(x.reading.text for x in engine.read_page(grey, psm)))
            for psm in (3, 6)
        ]
        prepared = prepare(grey, settings.preprocess)
        height, width = grey.shape
        found = find_lines(prepared, width, height, settings.layout)
        readings = engine.read_lines([line.image.pixels for line in found])
        text = "\n".join(reading.text for reading in readings)
        ours, mended = cer(truth, text), cer(truth, _mended(readings))
        print(f"{path.stem:24} {stock[0]:8.2%} {stock[1]:8.2%} {ours:10.2%} {mended:8.2%}")
        if "-v" in sys.argv:
            print(text)


def _mended(readings: Sequence[Reading]) -> str:
    lines = [
        Line(id=str(number), raw=reading.text, text=reading.text, readings=(reading,))
        for number, reading in enumerate(readings)
    ]
    cleaned = clean(lines, CleanupSettings(conventions=False))
    return "\n".join(layer_text(line, Layer.DIPLOMATIC) for line in cleaned)


if __name__ == "__main__":
    raise SystemExit(main([a for a in sys.argv[1:] if a != "-v"]))
