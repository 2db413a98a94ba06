"""Record our lines over one page of a benchmark set as a case of the noise filter's tests.

Usage: ``python benchmarks/noise_case.py FOLDER SET STEM``; prints JSON: for each line what the
filter gets (text, box, look, the engine's confidence), and what is wanted of it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from noise_scores import FORM, TEXT

from pipeline.config import load_settings
from pipeline.model import Line, LineKind
from pipeline.training.line_labels import labels, own_lines
from pipeline.training.set_pages import set_pages


def main(arguments: list[str]) -> int:
    """Print the case."""
    folder, name, stem = arguments
    for page in set_pages(name, load_settings(), Path(folder)):
        if page.stem == stem:
            lines = own_lines(page)
            kinds = labels(lines, page.truth.lines)
            rows = [_row(line, kind) for line, kind in zip(lines, kinds, strict=True)]
            shown = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows)
            print(f'{{"height": {page.own.scan.height}, "lines": [\n  {shown}\n]}}')
            return 0
    print(f"no page {stem} in {name}")
    return 1


def _row(line: Line, kind: LineKind | None) -> dict[str, object]:
    box = line.box
    return {
        "raw": line.raw,
        "box": [box.left, box.top, box.right, box.bottom] if box else None,
        "look": str(line.kind),
        "confidence": min((r.confidence or 0.0 for r in line.readings), default=None),
        "wanted": _wanted(kind),
    }


def _wanted(kind: LineKind | None) -> str:
    """``text``: must not be dropped; ``other``: must not be in the transcript; ``any``."""
    if kind in TEXT:
        return "text"
    return "other" if kind in FORM else "any"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
