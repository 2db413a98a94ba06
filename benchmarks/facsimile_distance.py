"""How far facsimiles are from real pages: error rates and confusions of two readers on both.

Usage: ``python benchmarks/facsimile_distance.py [SET ...] [--real FOLDER] [--kept FOLDER]
[--every N]``; sets are those of ``depesha facsimile --set`` (``dev-2`` and ``test-2`` where none is
named), ``--every 4`` takes every fourth page of each. The real pages are ``train`` of the keyed
pages beside the checkout. Readers: ``stock`` (``tesseract -l rus --psm 3`` on the untouched scan)
and ``recogniser`` (on our lines, before filter and corrections). The recogniser learned from
``train``: there its rate without that is the one of ``docs/model.md``, read by networks that had
not seen the document; the others are printed too.

``CER`` and ``found`` are as in ``typed_pages.py``: errors over all that must be there, and those
in the lines that were found, in whatever order. Confusions are replacements of at most two
characters, per 10,000 characters that must be there. ``alike`` is the share of its confusions,
weighed by how often they occur, that a set has in common with ``train`` (0 to 1).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import cv2
from keyed_pages import KeyedLine, Score, differences, drawn_lines, keyed_lines, score
from line_places import Places, places
from typed_pages import REAL, stock_text

from pipeline.config import load_settings
from pipeline.facsimile import set_names
from pipeline.ground_truth import find_truth
from pipeline.scans import open_scan
from pipeline.training.set_pages import own_page, set_pictures

ROOT = Path(__file__).parents[1]
READERS = ("stock", "recogniser")
SHOWN = 14
LEFT_OUT = "0.56 % as read, 0.43 % with the character model (lines that layout cut right)"
"""The recogniser on ``train``, each document by a network that had not seen it: docs/model.md."""


@dataclass
class Sums:
    """What one reader made of some pages."""

    score: Score = field(default_factory=Score)
    places: Places = field(default_factory=Places)
    confusions: Counter[str] = field(default_factory=Counter)

    def add(self, lines: Sequence[KeyedLine], text: str) -> None:
        """Count in a page with the true ``lines`` that was read as ``text``."""
        self.score += score(lines, text)
        self.places += places(lines, text)[0]
        for one in differences(lines, text):
            if 0 < len(one.true) <= 2 and 0 < len(one.read) <= 2:
                self.confusions[f"{one.true}>{one.read}"] += 1


def main(arguments: list[str]) -> int:
    """Print the tables; gives 2 where the real pages are missing and were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", choices=[*set_names(), []])
    parser.add_argument("--real", type=Path)
    parser.add_argument("--kept", type=Path, default=ROOT / "outputs" / "facsimile-distance")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    options = parser.parse_args(arguments)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    cv2.setNumThreads(1)
    groups: dict[str, dict[str, Sums]] = {}
    real = (options.real or Path(os.environ.get("DEPESHA_REAL", REAL))) / "typed-pages" / "train"
    if real.is_dir():
        measure(groups, islice(_real_pages(real), 0, None, options.every), options.kept)
    elif options.real:
        print(f"{real}: is not there")
        return 2
    for name in options.sets or ("dev-2", "test-2"):
        drawn = islice(_drawn_pages(name, options.kept), 0, None, options.every)
        measure(groups, drawn, options.kept)
    print_rates(groups)
    print_confusions(groups, [name for name in groups if " " not in name])
    return 0


Page = tuple[Path, Sequence[KeyedLine], Sequence[str]]
"""A picture, its true lines, and the groups it counts in."""


def _real_pages(folder: Path) -> Iterator[Page]:
    for truth in sorted(folder.glob("*.gt.tsv")):
        stem = truth.name.removesuffix(".gt.tsv")
        (picture,) = (x for x in folder.glob(f"{stem}.*") if x != truth)
        yield picture, keyed_lines(truth), ("train", f"train {stem[0]}")


def _drawn_pages(name: str, folder: Path) -> Iterator[Page]:
    for picture in set_pictures(name, folder):
        truth = find_truth(picture.stem, picture.parent)
        if truth is None:
            raise SystemExit(f"{picture}: has no truth beside it")
        rest = picture.stem.removeprefix(f"{name}-s")
        ends = [f"{name} s{rest[0]}", f"{name} {rest[2:]}"]
        yield picture, drawn_lines(truth), (name, *([f"{name} s0-2"] * (rest[0] != "3")), *ends)


def measure(groups: dict[str, dict[str, Sums]], pages: Iterator[Page], kept: Path) -> None:
    """Read ``pages`` with both readers and add them to their groups."""
    settings = load_settings()
    for picture, lines, names in pages:
        with open_scan(picture, settings.input) as scan:
            pixels = scan.load(1).pixels
        if pixels is None:
            raise SystemExit(f"{picture}: is no picture")
        own = own_page(picture, settings, kept / "readings")
        read = [reading.text for x in own.lines if (reading := x.read_by("typewriter"))]
        texts = {"stock": stock_text(pixels, kept), "recogniser": "\n".join(read)}
        for name in names:
            sums = groups.setdefault(name, {reader: Sums() for reader in READERS})
            for reader, text in texts.items():
                sums[reader].add(lines, text)


def print_rates(groups: dict[str, dict[str, Sums]]) -> None:
    """Error rates of each group and reader, and how alike its confusions are to ``train``'s."""
    print(f"{'':28}{'characters':>11}" + "".join(f"{x + ' CER':>16}{'found':>8}{'alike':>7}"
                                                  for x in READERS))  # fmt: skip
    for name, readers in groups.items():
        cells = f"{name:28}{readers['stock'].score.length:>11}"
        for reader in READERS:
            sums = readers[reader]
            rates = (sums.score.rate, sums.places.errors / max(1, sums.places.found))
            cells += f"{rates[0] or 0.0:>16.2%}{rates[1]:>8.2%}"
            other = groups.get("train", {}).get(reader)
            cells += f"{alike(sums.confusions, other.confusions):>7.2f}" if other else " " * 7
        print(cells)
    if "train" in groups:
        print(f"recogniser on train without having seen the document: {LEFT_OUT}")


def alike(a: Counter[str], b: Counter[str]) -> float:
    """The common share of two distributions, 0 to 1."""
    sums = max(1, a.total()), max(1, b.total())
    return sum(min(a[x] / sums[0], b[x] / sums[1]) for x in a.keys() & b.keys())


def print_confusions(groups: dict[str, dict[str, Sums]], names: Sequence[str]) -> None:
    """The main confusions of each group, true and read, per 10,000 characters."""
    for reader in READERS:
        print(f"\nmain confusions of {reader}, per 10,000 characters")
        for name in names:
            sums = groups[name][reader]
            each = 10_000 / max(1, sums.score.length)
            rows = [f"{x} {n * each:.1f}" for x, n in sums.confusions.most_common(SHOWN)]
            print(f"{name:8} {'  '.join(rows)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
