"""What the filter costs: time a line, and loading the lexicon."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence

from pipeline.config import Settings
from pipeline.noise import classify
from pipeline.training.line_labels import own_lines
from pipeline.training.set_pages import SetPage

_LOAD = """
import json, resource, time
def memory():
    with open("/proc/self/status") as status:
        rows = dict(row.split(":", 1) for row in status)
    return [int(rows[k].split()[0]) / 1024 for k in ("VmRSS", "RssAnon")]
import pipeline.noise
before, started = memory(), time.perf_counter()
from pipeline.lexicon import knows, plausibility
knows("телеграмма"), plausibility("телеграмма")
seconds, after = time.perf_counter() - started, memory()
print(json.dumps([seconds, after[0] - before[0], after[1] - before[1]]))
"""


def print_speed(pages: Sequence[SetPage], settings: Settings) -> None:
    """Milliseconds a line over all ``pages``, and what a fresh process pays for the lexicon."""
    lines = [(own_lines(page), page.own.scan.height) for page in pages]
    classify(lines[0][0], settings.noise)  # loads the lexicon
    started = time.perf_counter()
    count = 0
    for some, height in lines:
        count += len(classify(some, settings.noise, height))
    each = (time.perf_counter() - started) / count * 1000
    print(f"\n{each:.2f} ms a line over {count} lines, lexicon loaded")
    done = subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, check=True)
    seconds, resident, private = json.loads(done.stdout)
    print(f"lexicon: {seconds:.2f} s, {resident:.0f} MB resident, {private:.0f} MB of them private")
