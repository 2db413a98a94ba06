"""Make ``docs/before-after.png``: a facsimile, what stock Tesseract reads, what Depesha gives."""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.config import load_settings
from pipeline.model import Layer
from pipeline.ocr import open_engine
from pipeline.process import process_file
from pipeline.transcript import render

ROOT = Path(__file__).parents[1]
FACE = "/usr/share/fonts/truetype/freefont/FreeMono.ttf"
SIZE = (1500, 760)


def main() -> int:
    """Draw the three side by side."""
    path = ROOT / "scans" / "roshchin-facsimile-medium.jpg"
    settings = load_settings()
    scan = Image.open(path).convert("L")
    stock_engine = open_engine(load_settings(None, {"ocr.engine": "pytesseract"}).ocr)
    stock = "\n".join(x.reading.text for x in stock_engine.read_page(np.asarray(scan), 3))
    document = process_file(path, path.stem, settings)
    clean = render(document, Layer.READING, settings.output.kinds)
    picture = Image.new("L", SIZE, 255)
    picture.paste(scan.resize((500, round(500 * scan.height / scan.width))), (0, 40))
    draw = ImageDraw.Draw(picture)
    columns = ((510, "Stock Tesseract, --psm 3", stock), (1010, "depesha run", clean))
    title, body = ImageFont.truetype(FACE, 20), ImageFont.truetype(FACE, 13)
    draw.text((10, 8), "A facsimile of a telegram of 1950", font=title, fill=0)
    for x, name, text in columns:
        draw.text((x, 8), name, font=title, fill=0)
        rows = [r for line in text.splitlines() if line.strip() for r in textwrap.wrap(line, 58)]
        for number, row in enumerate(rows[:44]):
            draw.text((x, 44 + 16 * number), row, font=body, fill=30)
    out = ROOT / "docs" / "before-after.png"
    picture.quantize(32).save(out, optimize=True)
    print(f"{out.name}: {out.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
