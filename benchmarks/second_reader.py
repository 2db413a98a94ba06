"""What asking Tesseract brings and costs: for all lines, for the doubtful ones, and for none.

Usage: ``python benchmarks/second_reader.py [dev|test|train|check ...] [--real FOLDER] [--pages N]
[--only NAME ...] [--folder FOLDER]``. For each policy (``ocr.second_reader``, and ``ocr.readers =
typewriter``) the share of the lines' width that Tesseract is asked for, CER and figures right of
every line as it is read and of the transcript, by the measure of the keyed pages
(``docs/measures.md``), and CPU seconds a page beside one pass of the stock program, ``--psm 3``. Of
``--pages`` pages, spread over each set, or of those named. Run it with ``OPENBLAS_NUM_THREADS=1``,
as the workers of a run are.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from keyed_pages import KeyedLine, Score, keyed_lines, score
from typed_pages import ROOT, SETS, scans, truth_of

from pipeline.config import SecondReader, Settings, load_settings
from pipeline.ground_truth import find_truth
from pipeline.layout import Layout, find_lines
from pipeline.model import Layer, Line, LineKind, Page, Reading
from pipeline.ocr import PageLine, Readers, open_engine
from pipeline.ocr.ctc import LineRecognition
from pipeline.ocr.engine import Provenance
from pipeline.ocr.tesseract_cli import TesseractProgram
from pipeline.ocr.typewriter import Typewriter
from pipeline.pixels import Pixels
from pipeline.preprocess import prepare
from pipeline.preprocess.tone import to_grey
from pipeline.process import classify_page, finish
from pipeline.recognize_page import read_lines
from pipeline.scans import LoadedPage, open_scan
from pipeline.training.set_pages import set_pictures
from pipeline.transcript import render

POLICIES = ("all", "doubtful", "never")
_TAGS = {LineKind.BODY: "B", LineKind.HEADING: "H", LineKind.ADDRESSEE: "A",
         LineKind.SIGNATURE: "S", LineKind.PAGE_NUMBER: "N"}  # fmt: skip
_DRAWN = frozenset({LineKind.STAMP, LineKind.HANDWRITING, LineKind.NOISE})


class Once:
    """Readings of pictures, each made once.

    ``seconds``: CPU time of all that was asked for, whether it was known or not; ``spent``: what it
    took really.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, bool], tuple[Any, float]] = {}
        self.clear(forget=True)

    def clear(self, *, forget: bool = False) -> None:
        """Set the clocks to zero, and forget what was read."""
        self.seconds = self.spent = 0.0
        self.width = 0
        if forget:
            self._known.clear()

    def made(self, make: Callable[[Pixels], Any], image: Pixels, *, flag: bool = True) -> Any:
        """What ``make`` gives for ``image``, or gave; ``flag`` is a part of the question."""
        key = id(image), flag
        if key not in self._known:
            begun = time.process_time()
            made = make(image)
            taken = time.process_time() - begun
            self._known[key] = made, taken
            self.spent += taken
        made, taken = self._known[key]
        self.seconds += taken
        self.width += image.shape[1]
        return made


class OnceRead(Typewriter):
    """The recogniser, each picture read once."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.ocr)
        self.once = Once()

    def recognize(self, images: Sequence[Pixels]) -> list[LineRecognition]:
        """See :meth:`Typewriter.recognize`."""
        whole = super().recognize

        def recognised(image: Pixels) -> LineRecognition:
            return whole([image])[0]

        return [self.once.made(recognised, image) for image in images]


class OnceAsked:
    """Tesseract, each picture read once."""

    def __init__(self, settings: Settings) -> None:
        self._engine = open_engine(settings.ocr)
        self.name, self.version = self._engine.name, self._engine.version
        self.once = Once()

    def read_lines(self, images: Sequence[Pixels], *, look_for_text: bool = True) -> list[Reading]:
        """See :meth:`Engine.read_lines`."""

        def read(image: Pixels) -> Reading:
            return self._engine.read_lines([image], look_for_text=look_for_text)[0]

        return [self.once.made(read, image, flag=look_for_text) for image in images]

    def read_page(self, image: Pixels, psm: int) -> list[PageLine]:
        """See :meth:`Engine.read_page`."""
        return self._engine.read_page(image, psm)

    def provenance(self) -> Provenance:
        """See :meth:`Engine.provenance`."""
        return self._engine.provenance()


def main(arguments: list[str]) -> int:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sets", nargs="*", default=["dev", "train"])
    parser.add_argument("--real", type=Path, default=ROOT.parent / "shared" / "real")
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument("--folder", type=Path, default=Path("outputs") / "sets")
    options = parser.parse_args(arguments)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    cv2.setNumThreads(1)
    settings = load_settings()
    typewriter, engine = OnceRead(settings), OnceAsked(settings)
    stock = TesseractProgram(settings.ocr)
    for name in options.sets:
        pages = list(_pages(name, options.real, options.folder))
        pages = [page for page in pages if not options.only or page[0].stem in options.only]
        pages = pages[:: max(1, len(pages) // options.pages)][: options.pages]
        sums: dict[tuple[str, str], float] = defaultdict(float)
        scores: dict[tuple[str, str], Score] = {}
        for path, truth in pages:
            sums["stock", "seconds"] += _stock_seconds(stock, _loaded(path, settings))
            _measure(path, truth, settings, (typewriter, engine), sums, scores)
        _print(name, len(pages), sums, scores)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nat most {most} MB resident")
    return 0


def _measure(
    path: Path,
    truth: Sequence[KeyedLine],
    settings: Settings,
    readers: tuple[OnceRead, OnceAsked],
    sums: dict[tuple[str, str], float],
    scores: dict[tuple[str, str], Score],
) -> None:
    """One page under all policies, added to ``sums`` and ``scores``."""
    typewriter, engine = readers
    loaded = _loaded(path, settings)
    assert loaded.pixels is not None  # noqa: S101  a scan
    begun = time.process_time()
    prepared = prepare(loaded.pixels, settings.preprocess, pixel_aspect=loaded.pixel_aspect)
    layout = find_lines(prepared, settings.layout)
    before = time.process_time() - begun
    for policy in POLICIES:
        typewriter.once.clear()
        engine.once.clear()
        asked: SecondReader = "doubtful" if policy == "doubtful" else "all"
        reader = Readers(None if policy == "never" else engine, typewriter, asked)
        begun = time.process_time()
        page = _read(reader, layout, loaded)
        document = finish(path.stem, [classify_page(page, settings)], [], settings)
        transcript = render(document, Layer.DIPLOMATIC, settings.output.kinds)
        rest = time.process_time() - begun - typewriter.once.spent - engine.once.spent
        sums[policy, "seconds"] += before + rest + engine.once.seconds + typewriter.once.seconds
        sums[policy, "asked"] += engine.once.width
        sums[policy, "width"] += typewriter.once.width
        texts = {"read": "\n".join(line.raw for line in page.lines), "transcript": transcript}
        for column, text in texts.items():
            key = policy, column
            scores[key] = scores.get(key, Score()) + score(truth, text)
    typewriter.once.clear(forget=True)
    engine.once.clear(forget=True)


def _read(readers: Readers, layout: Layout, loaded: LoadedPage) -> Page:
    found = read_lines(readers, layout.lines)
    lines = [
        Line(id=f"l{n}", reading=first, alternatives=tuple(others), box=place.box, kind=place.kind,
             starts_paragraph=place.starts_paragraph)
        for n, (place, (first, *others)) in enumerate(zip(layout.lines, found, strict=True))
        if first.text.strip()
    ]  # fmt: skip
    return Page(number=1, scan=loaded.scan, lines=tuple(lines), regions=layout.regions)


def _loaded(path: Path, settings: Settings) -> LoadedPage:
    with open_scan(path, settings.input) as scan:
        return scan.load(1)


def _stock_seconds(stock: TesseractProgram, loaded: LoadedPage) -> float:
    assert loaded.pixels is not None  # noqa: S101  a scan
    grey = np.ascontiguousarray(to_grey(loaded.pixels))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    stock.read_page(grey, 3)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _pages(name: str, real: Path, folder: Path) -> Iterator[tuple[Path, Sequence[KeyedLine]]]:
    if name in SETS:
        for path in scans(real / "typed-pages" / name):
            yield path, keyed_lines(truth_of(path))
        return
    for path in set_pictures(name, folder):
        truth = find_truth(path.stem, path.parent)
        lines = truth.lines if truth is not None else ()
        yield (
            path,
            [
                KeyedLine(_TAGS.get(x.kind, "F"), x.text)
                for x in lines
                if x.text and x.kind not in _DRAWN
            ],
        )


def _print(
    name: str, pages: int, sums: dict[tuple[str, str], float], scores: dict[tuple[str, str], Score]
) -> None:
    stock = sums["stock", "seconds"]
    print(f"\n{name}, {pages} pages; stock `--psm 3`: {stock / pages:.2f} s a page")
    heads = ("asked", "read", "figures", "transcript", "figures", "s a page", "of stock")
    print(f"{'':10}" + "".join(f"{head:>12}" for head in heads))
    for policy in POLICIES:
        read, done = scores[policy, "read"], scores[policy, "transcript"]
        seconds = sums[policy, "seconds"]
        cells = (
            f"{sums[policy, 'asked'] / max(1, sums[policy, 'width']):.1%}",
            f"{read.rate or 0:.2%}",
            f"{read.digits_right}/{read.digits}",
            f"{done.rate or 0:.2%}",
            f"{done.digits_right}/{done.digits}",
            f"{seconds / pages:.2f}",
            f"{seconds / stock:.2f}",
        )
        print(f"{policy:10}" + "".join(f"{cell:>12}" for cell in cells))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
