"""What the text layers of scans decide: each word that the vote had, and what the layer made of it.

Usage: ``python benchmarks/text_layer.py FILE.pdf[:PAGE,PAGE...] ...``. Pages are read without their
layers, which are then asked; whether the layer is right, the picture must say.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from pipeline.config import load_settings
from pipeline.ocr import with_layer
from pipeline.recognize_page import recognize_page
from pipeline.scans import open_scan


def main() -> int:
    """Print the words page by page, then how many there were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", metavar="FILE[:PAGES]")
    settings = load_settings()
    words = places = decided = 0
    for name in parser.parse_args().files:
        path, _, pages = name.partition(":")
        with open_scan(Path(path), settings.input) as scan:
            for number in map(int, pages.split(",") if pages else range(1, scan.page_count + 1)):
                loaded = scan.load(number)
                if loaded.pixels is None or not loaded.layer:
                    print(f"{path}:{number}: no picture with a text layer")
                    continue
                _, page = recognize_page(loaded.pixels, replace(loaded, layer=()), settings)
                for own, line in zip(page.lines, with_layer(page.lines, loaded.layer), strict=True):
                    words += len(own.reading.words)
                    taken = [x for x in line.reading.words if x not in own.reading.words]
                    decided += len(taken)
                    for read in dict.fromkeys(x.other for x in taken):
                        places += 1
                        better = " ".join(x.text for x in taken if x.other == read)
                        print(f"{Path(path).stem}:{number} {line.id}: {read} -> {better}")
    print(f"{decided} of {words} words, in {places} places")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
