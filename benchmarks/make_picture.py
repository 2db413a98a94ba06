"""Make ``docs/before-after.png``: a scan, what stock Tesseract reads, what Depesha gives.

The scan is a facsimile of a running page (a carbon copy in a binding): made-up text, drawn damage.
"""

from __future__ import annotations

import tempfile
import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.config import load_settings
from pipeline.facsimile import draw_facsimile
from pipeline.model import Layer
from pipeline.ocr import open_engine
from pipeline.process import process_file
from pipeline.transcript import render

ROOT = Path(__file__).parents[1]
FACE = "/usr/share/fonts/truetype/freefont/FreeMono.ttf"
SIZE, LEFT = (1560, 700), (520, 1040)
SEED = 7


def main() -> int:
    """Draw the three side by side."""
    (sheet,) = draw_facsimile(
        None, severity=2, seed=SEED, kind="page", traits=("carbon", "binding")
    )
    scan = Image.fromarray(sheet.pixels).convert("L")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        scan.save(path)
        document = process_file(path, path.stem, load_settings())
    stock_engine = open_engine(load_settings(None, {"ocr.engine": "pytesseract"}).ocr)
    stock = "\n".join(x.reading.text for x in stock_engine.read_page(np.asarray(scan), 3))
    clean = render(document, Layer.DIPLOMATIC, load_settings().output.kinds)
    picture = Image.new("L", SIZE, 255)
    picture.paste(scan.resize((500, round(500 * scan.height / scan.width))), (0, 36))
    draw = ImageDraw.Draw(picture)
    columns = ((LEFT[0], "Tesseract --psm 3", stock), (LEFT[1], "depesha run", clean))
    title, body = ImageFont.truetype(FACE, 20), ImageFont.truetype(FACE, 12)
    draw.text((10, 8), "A page (drawn)", font=title, fill=0)
    for x, name, text in columns:
        draw.text((x, 8), name, font=title, fill=0)
        rows = [r for line in text.splitlines() if line.strip() for r in textwrap.wrap(line, 70)]
        for number, row in enumerate(rows[:40]):
            draw.text((x, 44 + 16 * number), row, font=body, fill=30)
    out = ROOT / "docs" / "before-after.png"
    picture.quantize(32).save(out, optimize=True)
    print(f"{out.name}: {out.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
