"""The other side of ``evaluation.py``: runs in a Python that has dinglehopper, prints JSON.

Usage: ``python dinglehopper_side.py distance PAIRS.json`` or ``... report TRUE READ OUT`` (files,
or folders of files). The time is the processor's, of its own function, without starting Python or
importing, and the best of three.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path

from dinglehopper import distance
from dinglehopper.cli import process, process_dir


def main(arguments: list[str]) -> int:
    logging.disable(logging.CRITICAL)
    if arguments[0] == "distance":
        pairs = json.loads(Path(arguments[1]).read_text(encoding="utf-8"))
        print(json.dumps([distance(true, read) for true, read in pairs]))
        return 0
    true, read, out = map(Path, arguments[1:])
    out.mkdir(parents=True, exist_ok=True)
    seconds = min(_timed(true, read, out) for _ in range(3))
    pages = sum(path.stat().st_size for path in out.glob("*.html"))
    print(json.dumps({"seconds": seconds, "bytes": pages}))
    return 0


def _timed(true: Path, read: Path, out: Path) -> float:
    started = time.process_time()
    if true.is_dir():
        process_dir(str(true), str(read), "report", str(out))
    else:
        process(str(true), str(read), "report", str(out), plain_encoding="utf-8")
    return time.process_time() - started


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
