"""How long exports take, how large they are, and whether memory grows.

    python benchmarks/export_speed.py RESULTS [COUNT] [FORMAT ...]

RESULTS is a folder of ``depesha run``; its documents are linked again and again until there are
COUNT (1,000). Each format is exported by itself in this process; memory is that of the process
after a tenth, half and all of the documents.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

from pipeline.export import FORMATS, Order, export_results
from pipeline.store import DOCUMENT_FILE, is_failure, result_folders


def linked(results: Path, count: int, out: Path) -> None:
    """``count`` documents in ``out``, each a link to one of ``results``."""
    some = [folder for folder in result_folders(results) if not is_failure(folder)]
    for number, folder in zip(range(count), cycle(some), strict=False):
        target = out / f"{number:06d}"
        target.mkdir()
        os.link(folder / DOCUMENT_FILE, target / DOCUMENT_FILE)


def resident() -> int:
    """Megabytes of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def measure(results: Path, count: int, formats: list[str]) -> None:
    with tempfile.TemporaryDirectory(dir=results.parent) as folder:
        many, out = Path(folder) / "results", Path(folder) / "exports"
        many.mkdir()
        linked(results, count, many)
        for name in formats:
            memory: list[int] = []

            def note(done: int, total: int, memory: list[int] = memory) -> None:
                if done in (total // 10, total // 2, total):
                    memory.append(resident())

            before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
            made = export_results(Order(results=many, formats=[name], out=out), note)
            wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
            used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(
                f"{name:6} {made.documents} documents, {made.made[name]} files, "
                f"{made.bytes[name] / 1e6:8.1f} MB; {wall:7.1f} s, {used:6.1f} s of CPU; "
                f"memory {memory} MB; {len(made.failed)} failed"
            )


if __name__ == "__main__":
    measure(
        Path(sys.argv[1]).resolve(),
        int(sys.argv[2]) if len(sys.argv) > 2 else 1000,
        sys.argv[3:] or list(FORMATS),
    )
