"""Real typescript: stock Tesseract, each reader, their vote and the transcript on keyed pages.

Usage: ``python benchmarks/typed_pages.py [train|check ...] [--real FOLDER] [--pages ID,ID]
[--details] [--json FILE] [--jobs N] [--kept FOLDER]``. The pages stand beside the checkout
(``../shared/real``; else ``$DEPESHA_REAL`` or ``--real``); where they are missing this says so.
CER and digits right, per page, per group and in all, of

- ``stock``: ``tesseract -l rus --psm 3`` on the whole scan as it is loaded; ``stock x3``: on the
  scan enlarged three times, where it is less than 1,000 pixels wide;
- ``recogniser``: every line of ours as it reads it; ``vote``: with what Tesseract says of those
  that it was asked for (``second_reader.py``); both before the noise filter and corrections;
- ``transcript``: the diplomatic text of the kept lines.

Beside it how sure its words and figures were (``word_certainty.py``), what the transcript lost (and
how much of it was read and then dropped), what is extra, and what is out of order.
``docs/measures.md`` defines all figures. What the stock program reads is kept in ``--kept``, by the
picture and the program's version.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from keyed_pages import Score, differences, has_facing_sheets, keyed_lines, score
from line_places import Places, places
from word_certainty import Certainty, certainty_of, print_certainty

from pipeline.config import load_settings
from pipeline.model import Layer
from pipeline.pixels import Pixels
from pipeline.process import classify_page, finish, read_page
from pipeline.scans import open_scan
from pipeline.store import make_folder, write_atomic
from pipeline.training.set_pages import program_version
from pipeline.transcript import render, selected

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "real"
SETS = ("train", "check")
READERS = {"recogniser": "typewriter", "vote": "vote"}
"""Columns, and the names of their readers."""

TEXTS = ("stock", "stock x3", *READERS, "transcript")
SMALL = 1_000
"""Width in pixels under which a scan is given to the stock program enlarged as well."""


@dataclass(frozen=True)
class Result:
    """One page, or several added up: for each of :data:`TEXTS` its score and its places.

    ``unread``: characters that no line of ours holds, be it kept or dropped. ``notes``: details.
    """

    scores: Mapping[str, Score]
    places: Mapping[str, Places]
    unread: int = 0
    certainty: Certainty = field(default_factory=Certainty)
    notes: tuple[str, ...] = ()


def main(arguments: list[str]) -> int:
    """Print the tables; gives 2 where a folder or a page that was asked for is missing."""
    options = _options(arguments)
    real = options.real or Path(os.environ.get("DEPESHA_REAL", REAL))
    if not (real / "typed-pages").is_dir():
        print(f"{real}: there is no folder typed-pages; nothing is measured")
        return 2 if options.real else 0
    os.environ["OMP_THREAD_LIMIT"] = "1"
    found: dict[str, dict[str, Result]] = {}
    for name in options.sets or SETS:
        paths = [x for x in scans(real / "typed-pages" / name) if _wanted(x, options.pages)]
        with ProcessPoolExecutor(options.jobs) as pool:
            results = pool.map(partial(measure, kept=options.kept), paths)
            found[name] = {x.stem: result for x, result in zip(paths, results, strict=True)}
        if paths:
            groups = {path.stem: _group(path) for path in paths}
            print_tables(name, found[name], groups)
        for page, result in found[name].items() if options.details else ():
            print(f"\n{page}", *result.notes, sep="\n  ")
    if options.json:
        write_atomic(options.json, json.dumps(_plain(found), ensure_ascii=False).encode())
    missing = set(options.pages) - {page for pages in found.values() for page in pages}
    if missing:
        print(f"there is no page {', '.join(sorted(missing))}")
    return 2 if missing else 0


def measure(path: Path, kept: Path) -> Result:
    """The figures of the one page in the scan ``path``, whose truth stands beside it."""
    cv2.setNumThreads(1)
    settings = load_settings()
    with open_scan(path, settings.input) as scan:
        loaded = scan.load(1)
    if loaded.pixels is None:
        raise SystemExit(f"{path}: is no picture")
    texts = {"stock": stock_text(loaded.pixels, kept)}
    if loaded.pixels.shape[1] < SMALL:
        large = cv2.resize(loaded.pixels, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
        texts["stock x3"] = stock_text(large.astype(np.uint8), kept)
    page = read_page(loaded, settings)
    for column, reader in READERS.items():
        # A reading in Latin letters counts instead of a vote.
        found = [line.read_by(reader) or (line.reading if column == "vote" else None)
                 for line in page.lines]  # fmt: skip
        texts[column] = "\n".join(x.text for x in found if x is not None)
    document = finish(path.stem, [classify_page(page, settings)], [], settings)
    texts["transcript"] = render(document, Layer.DIPLOMATIC, settings.output.kinds)
    everything = "\n".join(line.text_in(Layer.DIPLOMATIC) for line in document.lines)
    lines = keyed_lines(truth_of(path))
    fates = {name: places(lines, text) for name, text in texts.items()}
    _, lost, extra = fates["transcript"]
    return Result(
        scores={name: score(lines, text) for name, text in texts.items()},
        places={name: fate[0] for name, fate in fates.items()},
        unread=places(lines, everything)[0].lost,
        certainty=certainty_of(lines, selected(document.lines, settings.output.kinds)),
        notes=(
            *(f"lost: {line}" for line in lost),
            *(f"extra: {piece}" for piece in extra),
            *(
                f"{x.cost:3}: {x.before}[{x.true}|{x.read}]"
                for x in differences(lines, texts["transcript"])
            ),
        ),
    )


def stock_text(pixels: Pixels, kept: Path) -> str:
    """What the stock program reads on a whole page (uint8, grey or RGB), from ``kept`` if known."""
    version = program_version()
    digest = hashlib.sha256(f"{version} --psm 3 {pixels.shape}".encode() + pixels.tobytes())
    file = kept / f"{digest.hexdigest()[:32]}.txt"
    if not file.exists():
        colours = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
        picture = cv2.imencode(".png", colours)[1].tobytes()
        command = ["tesseract", "stdin", "stdout", "-l", "rus", "--psm", "3"]
        done = subprocess.run(command, input=picture, capture_output=True, check=True, timeout=600)
        make_folder(kept)
        write_atomic(file, done.stdout)
    return file.read_text(encoding="utf-8").replace("\f", "")


def print_tables(name: str, results: Mapping[str, Result], groups: Mapping[str, str]) -> None:
    """Print the pages of the set ``name``, and sums by group and of all."""
    sums = {
        group: total([x for page, x in results.items() if groups[page] == group])
        for group in sorted(set(groups.values()), key=lambda name: (len(name), name))
    }
    sums["all"] = total(list(results.values()))
    print(f"\n{name}, {len(results)} pages ({program_version()}): CER %, digits right")
    _print_scores(results)
    print("by group: CER %, % of digits right")
    _print_scores(sums, shares=True)
    print("errors in the lines that were found, in whatever order, %")
    for label, result in sums.items():
        print(_row(label, [_percent(_line_rate(result.places.get(text))) for text in TEXTS]))
    print("the transcript's lines; characters without spaces")
    heads = ("characters", "lost", "dropped", "lines", "lines lost", "extra", "moved")
    print(_row("", list(heads), 11))
    for label, result in {**results, **sums}.items():
        x = result.places["transcript"]
        dropped = max(0, x.lost - result.unread)
        cells = (x.length, x.lost, dropped, x.lines, x.lines_lost, x.extra, x.moved)
        print(_row(label, [str(cell) for cell in cells], 11))
    print("words: calibration error, share of errors in the least certain; figures that look sure")
    print_certainty({label: result.certainty for label, result in sums.items()})


def total(results: Sequence[Result]) -> Result:
    """The sum of ``results``."""
    scores: dict[str, Score] = {}
    fates: dict[str, Places] = {}
    for result in results:
        for text, one in result.scores.items():
            scores[text] = scores.get(text, Score()) + one
            fates[text] = fates.get(text, Places()) + result.places[text]
    return Result(
        scores=scores,
        places=fates,
        unread=sum(x.unread for x in results),
        certainty=sum((x.certainty for x in results), Certainty()),
    )


def _print_scores(results: Mapping[str, Result], *, shares: bool = False) -> None:
    print(_row("", list(TEXTS)))
    for label, result in results.items():
        print(_row(label, [_score(result.scores.get(text), shares=shares) for text in TEXTS]))


def _score(one: Score | None, *, shares: bool) -> str:
    if one is None:
        return "-"
    digits = f"{one.digits_right}/{one.digits}"
    return f"{_percent(one.rate)} {_percent(one.digit_rate) if shares else digits:>7}"


def _line_rate(fate: Places | None) -> float | None:
    return fate.errors / fate.found if fate is not None and fate.found else None


def _percent(rate: float | None) -> str:
    return "-" if rate is None else f"{100 * rate:.2f}"


def _row(label: str, cells: Sequence[str], width: int = 14) -> str:
    return f"{label:8}" + "".join(f"{cell:>{width}}" for cell in cells)


def scans(folder: Path) -> list[Path]:
    return sorted(x for x in folder.glob("*") if x.suffix != ".tsv" and truth_of(x).is_file())


def truth_of(scan: Path) -> Path:
    return scan.with_suffix(".gt.tsv")


def _wanted(scan: Path, pages: Sequence[str]) -> bool:
    return not pages or scan.stem in pages


def _group(scan: Path) -> str:
    """Pages of a kind have one first letter; facing sheets on one scan are a group of their own."""
    return "facing" if has_facing_sheets(truth_of(scan)) else scan.stem[0]


def _plain(found: Mapping[str, Mapping[str, Result]]) -> dict[str, object]:
    pages = {name: {k: asdict(replace(x, notes=(), certainty=Certainty())) for k, x in some.items()}
             for name, some in found.items()}  # fmt: skip
    return {"tesseract": program_version(), "sets": pages}


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="train|check")
    parser.add_argument("--real", type=Path)
    parser.add_argument("--pages", type=lambda text: text.split(","), default=[])
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--kept", type=Path, default=ROOT / "outputs" / "typed-pages")
    options = parser.parse_args(arguments)
    if unknown := set(options.sets) - set(SETS):
        parser.error(f"there is no set {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
