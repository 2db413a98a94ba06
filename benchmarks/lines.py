"""From scans to lines: what is found, how it reads, which step earns what, and what it costs.

Usage: ``python benchmarks/lines.py [SET ...] [--letter FOLDER] [--ablation] [--heights]
[--speed]``; without arguments all: both sets, the letter, one step off in turn and heights of the
lines' pictures on ``dev``, speed and memory.
Tesseract is the only reader: as the stock program on untouched scans (``psm 3, 4, 6``, its
lines above and below the body left out, as an ideal filter would), and in-process on our lines
(``raw``; ``spaced`` with all repairs, of spaces and words). Body CER, level strict, micro-averaged.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from set_scans import STOCK, TEXT, body_band, drawn, engine, load, typed_within, within

from pipeline.cleanup import clean
from pipeline.config import CleanupSettings, Settings, load_settings
from pipeline.evaluate import Counts, cer
from pipeline.evaluate.metrics import total
from pipeline.facsimile import set_names
from pipeline.ground_truth import Truth, find_truth
from pipeline.layout import Layout, find_lines
from pipeline.model import Box, Layer, Line, LineKind, Reading
from pipeline.ocr import Readers
from pipeline.pixels import Pixels
from pipeline.preprocess import prepare
from pipeline.preprocess.tone import to_grey
from pipeline.recognize_page import read_lines

LETTER = Path(__file__).parents[2] / "shared" / "real" / "typed-letter-1972"
REAL = LETTER.parent / "typed-pages" / "train"
TIMED = ("k13p1", "k01p1", "b24", "c30x", "k09p3")
"""Pages of five documents, of 1,300 to 2,550 pixels across, whose costs are told."""

STEPS = (
    "colour", "border", "flatten", "orientation", "deskew", "blots", "ruling_lines", "pen",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScore:
    """One page. ``lines``: body lines found, of so many; ``right``: lines given that are there.

    ``errors`` by reader: ``psm 3`` ..., ``raw``, ``spaced``.
    """

    severity: int
    found: int
    lines: int
    right: int
    given: int
    errors: dict[str, Counts]


def main() -> int:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", choices=[*set_names(), []])
    parser.add_argument("--letter", type=Path)
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--heights", action="store_true")
    parser.add_argument("--speed", action="store_true")
    options = parser.parse_args()
    parts = (options.letter, options.ablation, options.heights, options.speed)
    everything = not (options.sets or any(parts))
    cv2.setNumThreads(1)
    settings = load_settings()
    for name in options.sets or (("dev", "test") if everything else ()):
        _by_severity(name, settings)
    if everything or options.letter:
        _letter(options.letter or LETTER, settings)
    if everything or options.ablation:
        _ablation()
    if everything or options.heights:
        _heights()
    if everything or options.speed:
        _speed(settings)
    return 0


def score(path: Path, settings: Settings, modes: Sequence[int] = STOCK) -> PageScore:
    """Our lines on ``path`` beside its truth, and the stock program's in ``modes``."""
    pixels = load(path)
    truth = find_truth(path.stem, path.parent)
    if truth is None:
        raise SystemExit(f"{path}: has no truth beside it")
    layout = find_lines(prepare(pixels, settings.preprocess), settings.layout)
    body = [line for line in truth.lines if line.kind is LineKind.BODY]
    band = body_band(body)
    boxes = [x.box for x in layout.lines if x.kind in TEXT and within(x.box, band)]
    errors = {f"psm {psm}": _stock(pixels, truth, psm) for psm in modes}
    return PageScore(
        severity=int(path.stem.split("-s")[1][0]),
        found=sum(is_there(line.box, boxes) for line in body),
        lines=len(body),
        right=sum(is_there(box, [x.box for x in truth.lines if x.text]) for box in boxes),
        given=len(boxes),
        errors=errors | _ours(layout, truth),
    )


def texts(layout: Layout, band: tuple[int, int] | None) -> dict[str, str]:
    """Our reading of the lines within ``band`` (all: ``None``), as read and with all repairs.

    Of the whole page every line counts; within a band only those that look typed or printed.
    """
    lines = typed_within(layout, band)
    read = read_lines(Readers(engine("tesserocr")), lines)
    readings = [reading for (reading,) in read]
    mended = clean([_line(r) for r in readings], CleanupSettings(conventions=False))
    return {
        "raw": "\n".join(r.text for r in readings),
        "spaced": "\n".join(line.text_in(Layer.DIPLOMATIC) for line in mended),
    }


def _ours(layout: Layout, truth: Truth) -> dict[str, Counts]:
    band = body_band([line for line in truth.lines if line.kind is LineKind.BODY])
    read = texts(layout, band)
    return {name: cer(truth.text, text) for name, text in read.items()}


def _line(reading: Reading) -> Line:
    return Line(id="", reading=reading)


def _stock(pixels: Pixels, truth: Truth, psm: int) -> Counts:
    """The stock program on the untouched scan, without what it read above and below the body."""
    band = body_band([line for line in truth.lines if line.kind is LineKind.BODY])
    lines = engine("pytesseract").read_page(np.ascontiguousarray(to_grey(pixels)), psm)
    return cer(truth.text, "\n".join(x.reading.text for x in lines if within(x.box, band)))


def is_there(box: Box | None, others: Sequence[Box | None]) -> bool:
    """Whether one of ``others`` is the same line: intersection over union of a half or more."""
    return box is not None and any(_overlap(box, x) >= 0.5 for x in others if x is not None)


def _overlap(a: Box, b: Box) -> float:
    across = min(a.right, b.right) - max(a.left, b.left)
    both = max(0, across) * a.beside(b)
    return both / (a.width * a.height + b.width * b.height - both)


def _scores(name: str, settings: Settings, modes: Sequence[int]) -> list[PageScore]:
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(partial(score, settings=settings, modes=modes), drawn(name)))


def _rate(counts: Iterable[Counts]) -> str:
    rate = total(counts).rate
    return "-" if rate is None else f"{rate:.2%}"


def _by_severity(name: str, settings: Settings) -> None:
    scores = _scores(name, settings, STOCK)
    readers = [f"psm {psm}" for psm in STOCK] + ["raw", "spaced"]
    print(f"\nset {name}, {len(scores)} pages; line recall and precision, body CER strict")
    print(_row("severity", "lines", "recall", "precision", *readers))
    groups = [[s for s in scores if s.severity == severity] for severity in range(4)]
    groups.append([s for s in scores if s.severity < 3])
    for label, group in zip(("0", "1", "2", "3", "0-2"), groups, strict=True):
        lines, given = sum(s.lines for s in group), sum(s.given for s in group)
        cells = [
            f"{sum(s.found for s in group) / lines:.2%}",
            f"{sum(s.right for s in group) / max(1, given):.2%}",
            *(_rate(s.errors[reader] for s in group) for reader in readers),
        ]
        print(_row(label, lines, *cells))


def _letter(folder: Path, settings: Settings) -> None:
    pages = sorted(p for p in folder.glob("*.jpg") if p.with_suffix(".gt.txt").is_file())
    if not pages:
        print(f"\n{folder}: no pages with a transcription; skipped")
        return
    print("\nreal letter, everything on the page, CER strict")
    print(_row("page", *(f"psm {psm}" for psm in STOCK), "raw", "spaced"))
    for path in pages:
        truth = path.with_suffix(".gt.txt").read_text(encoding="utf-8")
        pixels = load(path)
        grey, program = to_grey(pixels), engine("pytesseract")
        stock = ["\n".join(x.reading.text for x in program.read_page(grey, psm)) for psm in STOCK]
        read = [*stock, *texts(_find(pixels, settings), None).values()]
        print(_row(path.stem, *(_rate([cer(truth, text)]) for text in read)))


def _ablation() -> None:
    print("\nset dev, one step off in turn: body CER strict (raw) by severity, recall, precision")
    print(_row("off", "0", "1", "2", "3", "recall", "precision"))
    for step in ("-", *STEPS):
        overrides: dict[str, object] = {} if step == "-" else {f"preprocess.{step}": False}
        scores = _scores("dev", load_settings(None, overrides), ())
        cells = [_rate(s.errors["raw"] for s in scores if s.severity == n) for n in range(4)]
        recall = sum(s.found for s in scores) / sum(s.lines for s in scores)
        precision = sum(s.right for s in scores) / sum(s.given for s in scores)
        print(_row(step, *cells, f"{recall:.2%}", f"{precision:.2%}"))


def _heights() -> None:
    print("\nset dev, height of the lines' pictures (pixels): body CER strict (raw) by severity")
    print(_row("height", "0", "1", "2", "3"))
    for height in (36, 42, 48, 54, 60, 72, 90):
        scores = _scores("dev", load_settings(None, {"layout.line_height": height}), ())
        print(
            _row(
                height,
                *(_rate(s.errors["raw"] for s in scores if s.severity == n) for n in range(4)),
            )
        )


def _speed(settings: Settings) -> None:
    """Five pages of ``train``, where they are, and drawn ones of about 300 dpi."""
    print("\nCPU seconds a page (least of 3): the stock program, Tesseract in-process (both")
    print("--psm 3), ours before reading; ours as a share of either")
    print(_row("page", "pixels", "program", "in-process", "ours", "ratio", "ratio"))
    _print_times([path for page in TIMED for path in REAL.glob(f"{page}.p*")], settings)
    _print_times([path for path in drawn("dev") if max(load(path).shape) > 3300], settings)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process, Tesseract included: {peak:.0f} MiB")


def _print_times(paths: Sequence[Path], settings: Settings) -> None:
    sums = np.zeros(3)
    for path in paths:
        times, (height, width) = _times(load(path), settings)
        sums += times
        print(_costs(path.stem, f"{width}x{height}", times), flush=True)
    if paths:
        print(_costs("together", "", sums))


def _times(pixels: Pixels, settings: Settings) -> tuple[NDArray[np.float64], tuple[int, int]]:
    grey = to_grey(pixels)
    times = [
        _best(partial(engine("pytesseract").read_page, grey, 3), resource.RUSAGE_CHILDREN),
        _best(partial(engine("tesserocr").read_page, grey, 3)),
        _best(partial(_find, pixels, settings)),
    ]
    return np.array(times), (grey.shape[0], grey.shape[1])


def _costs(name: str, size: str, times: NDArray[np.float64]) -> str:
    ratios = (f"{times[2] / other:.2f}" for other in times[:2])
    return _row(name, size, *(f"{t:.2f}" for t in times), *ratios)


def _find(pixels: Pixels, settings: Settings) -> Layout:
    return find_lines(prepare(pixels, settings.preprocess), settings.layout)


def _best(run: Callable[[], object], whose: int = resource.RUSAGE_SELF) -> float:
    """The least CPU seconds of three runs, of this process or of its children."""
    times = []
    for _ in range(3):
        start = _cpu(whose)
        run()
        times.append(_cpu(whose) - start)
    return min(times)


def _cpu(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def _row(first: object, *cells: object) -> str:
    return f"{first!s:26}" + "".join(f"{cell!s:>11}" for cell in cells)


if __name__ == "__main__":
    raise SystemExit(main())
