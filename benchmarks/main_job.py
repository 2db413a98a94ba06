"""The main job's figures: stock Tesseract and Depesha on the scans of the repository.

Usage: ``python benchmarks/main_job.py``. Body CER, level strict, against the body of the truth:
``stock`` is the ``tesseract`` program on the untouched scan (``--psm 3``, whole page),
``stock body`` the same without the lines that stand above and below the body in the truth
(what an ideal filter would leave of it), ``raw`` our lines before filter and corrections,
``clean`` our transcript of the body. For raw text ``stock`` is the text itself.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from set_scans import body_band, engine, within

from pipeline.config import load_settings
from pipeline.errors import DepeshaError
from pipeline.evaluate import cer, score_document
from pipeline.ground_truth import Truth, find_truth
from pipeline.model import LineKind
from pipeline.ocr import Engine, PageLine
from pipeline.process import process_file

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Print one row per document."""
    settings = load_settings()
    program = engine("pytesseract")
    print(f"stock: tesseract {program.version}, --psm 3; body CER, level strict")
    head = ("document", "stock", "stock body", "raw", "clean", "body loss")
    print("{:28} {:>9} {:>11} {:>9} {:>9} {:>10}".format(*head))
    for path in sorted((ROOT / "scans").iterdir()):
        truth = find_truth(path.stem, ROOT / "ground_truth")
        if truth is None or path.suffix not in (".txt", ".jpg"):
            continue
        try:
            document = process_file(path, path.stem, settings)
        except DepeshaError as error:
            print(error)
            continue
        score = score_document(document, truth, settings.evaluate)
        raw = score.raw.scores.cer.strict.rate if score.raw else None
        clean = score.clean.scores.cer.strict.rate
        loss = score.body_loss.rate if score.body_loss else None
        stock, within = raw, None
        if path.suffix == ".jpg":
            texts = stock_readings(path, truth, program)
            stock, within = (cer(truth.text, text).rate for text in texts)
        cells = [_percent(x) for x in (stock, within, raw, clean, loss)]
        print("{:28} {:>9} {:>11} {:>9} {:>9} {:>10}".format(path.stem, *cells))
    return 0


def stock_readings(path: Path, truth: Truth, program: Engine) -> tuple[str, str]:
    """What ``program`` reads on the scan (``--psm 3``): all, and the lines of the body alone."""
    lines = program.read_page(np.asarray(Image.open(path).convert("L")), 3)
    return _text(lines), _text(_inside(lines, truth))


def _inside(lines: list[PageLine], truth: Truth) -> list[PageLine]:
    band = body_band([x for x in truth.lines if x.kind is LineKind.BODY])
    return [x for x in lines if within(x.box, band)]


def _text(lines: list[PageLine]) -> str:
    return "\n".join(line.reading.text for line in lines)


def _percent(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.2%}"


if __name__ == "__main__":
    raise SystemExit(main())
