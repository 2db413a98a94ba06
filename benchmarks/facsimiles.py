"""Made-up facsimiles by severity: stock Tesseract, our lines, the transcript, body loss.

Usage: ``python benchmarks/facsimiles.py [PAGES [SEED]]``, by default 6 pages of each severity from
seed 300 on. Body CER, level strict, micro-averaged; ``stock body`` is the stock reading
(``tesseract --psm 3``) without all lines above and below the true body.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from main_job import stock_readings

from pipeline.config import load_settings
from pipeline.evaluate import cer, score_document, summarise
from pipeline.evaluate.metrics import total
from pipeline.facsimile import make_facsimiles
from pipeline.ground_truth import find_truth
from pipeline.ocr import open_engine
from pipeline.process import process_file

ROW = "{:>8} {:>6} {:>9} {:>11} {:>9} {:>9} {:>12} {:>9}"


def main(arguments: list[str]) -> int:
    """Print one row per severity."""
    pages = int(arguments[0]) if arguments else 6
    seed = int(arguments[1]) if len(arguments) > 1 else 300
    settings = load_settings()
    program = open_engine(load_settings(None, {"ocr.engine": "pytesseract"}).ocr)
    print(
        ROW.format(
            *[
                "severity",
                "pages",
                "stock",
                "stock body",
                "raw",
                "clean",
                "body dropped",
                "misfiled",
            ]
        )
    )
    for severity in range(4):
        scores, stock = [], []
        with tempfile.TemporaryDirectory() as folder:
            made = make_facsimiles(
                Path(folder), source=None, severity=severity, seed=seed, count=pages
            )
            for path in made:
                truth = find_truth(path.stem, path.parent)
                if truth is None:
                    continue
                document = process_file(path, path.stem, settings)
                scores.append(score_document(document, truth, settings.evaluate))
                texts = stock_readings(path, truth, program)
                stock.append([cer(truth.text, text) for text in texts])
        found = summarise(scores)
        loss = found.body_loss
        rates = [total(column).rate for column in zip(*stock, strict=True)]
        rates += [found.raw.cer.strict.rate if found.raw else None, found.clean.cer.strict.rate]
        cells = [f"{rate:.2%}" if rate is not None else "-" for rate in rates]
        counts = (loss.dropped, loss.misfiled) if loss else ("-", "-")
        print(ROW.format(severity, len(scores), *cells, *counts))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
