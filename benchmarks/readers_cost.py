"""What each step of reading costs, beside one pass of the stock program on one core."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

import cv2
import numpy as np
from set_scans import drawn, engine, load

from pipeline.character_lm import CharacterLM
from pipeline.cleanup import clean
from pipeline.config import load_settings
from pipeline.layout import find_lines
from pipeline.model import Line, LineKind, Reading
from pipeline.noise import classify
from pipeline.ocr.ctc import LineRecognition
from pipeline.ocr.typewriter import Typewriter
from pipeline.ocr.vote import vote
from pipeline.pixels import Pixels
from pipeline.preprocess import prepare
from pipeline.preprocess.tone import to_grey

_T = TypeVar("_T")
_P = ParamSpec("_P")
_TIMES = 3
_JOBS = 2


class _Clock:
    """The shortest of some runs of each step, summed over pages, in seconds."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}

    def of(self, name: str, step: Callable[_P, _T], *given: _P.args, **named: _P.kwargs) -> _T:
        """What ``step`` gives; its time is counted for ``name``."""
        taken = []
        for _ in range(_TIMES):
            begun = time.perf_counter()
            result = step(*given, **named)
            taken.append(time.perf_counter() - begun)
        self.taken[name] = self.taken.get(name, 0.0) + min(taken)
        return result


def print_cost(paths: Sequence[Path]) -> None:
    """Print seconds a page and the ratio of each step to the stock program's ``--psm 3``."""
    cv2.setNumThreads(1)
    settings = load_settings(None, {})
    typewriter = Typewriter(settings.ocr)
    clock = _Clock()
    for path in paths:
        pixels = load(path)
        height = pixels.shape[0]
        grey = np.ascontiguousarray(to_grey(pixels))
        clock.of("stock", engine("pytesseract").read_page, grey, 3)
        page = clock.of("prepare", prepare, pixels, settings.preprocess)
        layout = clock.of("lines", find_lines, page, settings.layout)
        images = [image.pixels for line in layout.lines for image in line.images]
        others = clock.of("tesseract", engine("tesserocr").read_lines, images)
        seen = clock.of("recogniser", typewriter.recognize, images)
        voted = clock.of("vote", _voted, images, seen, others)
        lines = [Line(id=f"l{n}", reading=x, kind=LineKind.BODY) for n, x in enumerate(voted)]
        clock.of("corrections", clean, lines, settings.cleanup)
        clock.of("noise filter", classify, lines, settings.noise, height)
    stock = clock.taken.pop("stock")
    print(f"\ncost on {len(paths)} pages, stock `--psm 3`: {stock / len(paths):.2f} s a page")
    for name, seconds in clock.taken.items():
        print(f"{name:14}{seconds / len(paths):8.3f} s a page {seconds / stock:8.2f}")
    whole = sum(clock.taken.values())
    print(f"{'together':14}{whole / len(paths):8.3f} s a page {whole / stock:8.2f}")


def print_batch(paths: Sequence[Path]) -> None:
    """Print pages a second of a batch with two processes, and of a loop of the stock program."""
    alone = {**os.environ, "OMP_THREAD_LIMIT": "1"}

    def stock(path: Path) -> None:
        command = ["tesseract", str(path), "stdout", "-l", "rus"]
        subprocess.run(command, check=True, capture_output=True, env=alone)

    begun = time.perf_counter()
    with ThreadPoolExecutor(_JOBS) as executor:
        list(executor.map(stock, paths))
    loop = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as out:
        run = [sys.executable, "-m", "pipeline", "run", *map(str, paths)]
        options = ["--out", out, "--jobs", str(_JOBS), "--set", "report.write=false"]
        begun = time.perf_counter()
        subprocess.run([*run, *options], check=True, capture_output=True, env=alone)
        batch = time.perf_counter() - begun
    print(f"\n{len(paths)} pages, two processes, pages a second:")
    print(f"`tesseract` in a loop {len(paths) / loop:.2f}, `depesha run` {len(paths) / batch:.2f}")
    print(f"({batch / loop:.2f} of the loop's time)")


def print_memory() -> None:
    """Print the largest memory of a process that read a page, and the start of `depesha clean`."""
    # VmHWM and not ru_maxrss, which a child inherits from the process that started it.
    script = (
        "import sys; from pathlib import Path; from pipeline.config import Settings;"
        "from pipeline.process import process_file;"
        "[process_file(Path(p), p, Settings()) for p in sys.argv[1:]];"
        "status = Path('/proc/self/status').read_text();"
        "print(status.split('VmHWM:')[1].split()[0])"
    )
    pages = [str(path) for path in drawn("test")[:8]]
    done = subprocess.run([sys.executable, "-c", script, *pages], check=True, capture_output=True)
    print(f"\none process after eight pages: {int(done.stdout) // 1024} MB at most")
    command = [sys.executable, "-m", "pipeline", "clean", "-"]
    text = "Товарищ Рощин уназал на это, посоветовавщись с Филипповым.\n".encode()
    taken = []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run(command, input=text, check=True, capture_output=True)
        taken.append(time.perf_counter() - begun)
    print(f"`depesha clean` on a short text: {min(taken):.2f} to {max(taken):.2f} s wall")


def _voted(
    images: Sequence[Pixels], seen: Sequence[LineRecognition], others: Sequence[Reading]
) -> list[Reading]:
    chars = CharacterLM.load()
    return [
        vote(image, own, other, chars)
        for image, own, other in zip(images, seen, others, strict=True)
    ]
