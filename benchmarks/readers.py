"""What two readers are worth: Tesseract, the recogniser, their vote, and corrections.

Usage: ``python benchmarks/readers.py [--real FOLDER] [--set dev|test ...] [--cost]``. Prints, by
severity and for the real letter: CER (strict, typewriter) and WER of each set-up; words that both,
one or none of the readers got right, and how many of these the vote did; how well the
probabilities of words are calibrated, and how many errors the least certain words hold; with
``--cost`` what each step costs beside one stock pass. On the sets only lines within the body's
height that look typed count, as an ideal noise filter would have it; for the vote those in which
the recogniser sees no type are left out as well, as the real one is told to.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from readers_cost import print_batch, print_cost, print_memory
from set_scans import body_band, drawn, engine, load, typed_within, within

from pipeline.cleanup import clean
from pipeline.config import Settings, load_settings
from pipeline.evaluate import Counts, cer, wer
from pipeline.evaluate.align import OpKind, align
from pipeline.evaluate.confidence import (
    Confidence,
    calibration_error,
    confidence_of,
    found_by,
    reliability,
    review_curve,
)
from pipeline.ground_truth import find_truth
from pipeline.layout import LineImage, find_lines
from pipeline.model import Layer, Line, LineKind, Reading
from pipeline.ocr import Readers
from pipeline.ocr.ctc import greedy
from pipeline.ocr.typewriter import Typewriter
from pipeline.pixels import Pixels
from pipeline.preprocess import prepare
from pipeline.preprocess.tone import to_grey
from pipeline.recognize_page import read_lines
from pipeline.text import Level, words

STOCK = (3, 6)
SETUPS = (
    "stock psm 3", "stock psm 6", "tesseract", "greedy", "typewriter", "vote", "corrected",
)  # fmt: skip
LETTER = "typed-letter-1972"


@dataclass(kw_only=True)
class Result:
    """Sums over pages: errors by set-up, words by who read them right, confidences."""

    cer: dict[str, Counts] = field(default_factory=dict)
    typed: dict[str, Counts] = field(default_factory=dict)
    wer: dict[str, Counts] = field(default_factory=dict)
    who: Counter[str] = field(default_factory=Counter)
    mended: Counter[str] = field(default_factory=Counter)
    sure: Confidence = field(default_factory=Confidence)

    def add(self, true: str, texts: Mapping[str, str], voted: Sequence[Reading]) -> None:
        """One page: the truth, each set-up's text, the vote's readings of its lines."""
        for name, text in texts.items():
            _sum(self.cer, name, cer(true, text))
            _sum(self.typed, name, cer(true, text, Level.TYPEWRITER))
            _sum(self.wer, name, wer(true, text))
        right = {name: _right_words(true, texts[name]) for name in texts}
        for who, voted_right in _shares(right):
            self.who[who] += 1
            self.mended[who] += voted_right
        self.sure += confidence_of(
            true, [(w.text, w.confidence) for reading in voted for w in reading.words]
        )


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--real", type=Path, help="folder of the real material")
    parser.add_argument("--set", dest="sets", action="append", choices=("dev", "test"))
    parser.add_argument("--cost", action="store_true")
    options = parser.parse_args(arguments)
    settings = load_settings(None, {})
    typewriter = Typewriter(settings.ocr)
    print(f"recogniser {typewriter.version}, SHA-256 {typewriter.digest[:16]}")
    for name in options.sets or ("dev", "test"):
        results: dict[str, Result] = {}
        for path in drawn(name):
            _add(results, path, settings, typewriter)
        _print(f"set {name}", {key: results[key] for key in sorted(results)})
    letter = options.real / LETTER if options.real else None
    if letter is None or not letter.is_dir():
        print("the real letter is not there: left out")
    else:
        pages: dict[str, Result] = {}
        for path in sorted(letter.glob("page-*.jpg")):
            true = path.with_suffix(".gt.txt").read_text(encoding="utf-8")
            pages[path.stem] = Result()
            _add_page(pages[path.stem], load(path), true, None, settings, typewriter)
        _print("the real letter", pages)
    if options.cost:
        print_cost([path for path in drawn("test") if "-s1-" in path.stem or "-s2-" in path.stem])
        print_batch(drawn("test"))
        print_memory()
    return 0


def _add(
    results: dict[str, Result], path: Path, settings: Settings, typewriter: Typewriter
) -> None:
    truth = find_truth(path.stem, path.parent)
    if truth is None:
        raise SystemExit(f"{path}: has no truth beside it")
    band = body_band([line for line in truth.lines if line.kind is LineKind.BODY])
    key = f"severity {path.stem.split('-s')[1][0]}"
    result = results.setdefault(key, Result())
    _add_page(result, load(path), truth.text, band, settings, typewriter)


def _add_page(
    result: Result,
    pixels: Pixels,
    true: str,
    band: tuple[int, int] | None,
    settings: Settings,
    typewriter: Typewriter,
) -> None:
    layout = find_lines(prepare(pixels, settings.preprocess), settings.layout)
    texts = dict(_stock(pixels, band))
    lines = typed_within(layout, band)
    readers = Readers(engine("tesserocr"), typewriter)
    read = list(read_lines(readers, lines))
    texts["tesseract"] = "\n".join(other.text for _, _, other in read)
    # Where the recogniser sees no type the noise filter is told so: such lines are not body.
    read = [(voted, own, other) for voted, own, other in read if own.text.strip()]
    voted = [reading for reading, _, _ in read]
    texts["greedy"] = "\n".join(_greedy(lines, typewriter))
    texts["typewriter"] = "\n".join(own.text for _, own, _ in read)
    texts["vote"] = "\n".join(reading.text for reading in voted)
    texts["corrected"] = _corrected(read, settings)
    result.add(true, texts, voted)


def _stock(pixels: Pixels, band: tuple[int, int] | None) -> Iterator[tuple[str, str]]:
    grey = np.ascontiguousarray(to_grey(pixels))
    for psm in STOCK:
        found = engine("pytesseract").read_page(grey, psm)
        kept = [x.reading.text for x in found if band is None or within(x.box, band)]
        yield f"stock psm {psm}", "\n".join(kept)


def _greedy(lines: Sequence[LineImage], typewriter: Typewriter) -> Iterator[str]:
    for line in lines:
        parts = [greedy(typewriter.log_probs(image.pixels)).text for image in line.images]
        yield " ".join(part for part in parts if part)


def _corrected(read: Sequence[tuple[Reading, ...]], settings: Settings) -> str:
    lines = [
        Line(id=f"l{place}", reading=reading, alternatives=tuple(others))
        for place, (reading, *others) in enumerate(read)
    ]
    return "\n".join(x.text_in(Layer.DIPLOMATIC) for x in clean(lines, settings.cleanup))


def _right_words(true: str, text: str) -> list[str | None]:
    """For each true word what was read in its place; ``None``: exactly it."""
    reference, read = words(true), words(text)
    found: list[str | None] = [""] * len(reference)
    for op in align(reference, read):
        for place in range(op.start, op.stop):
            if op.kind is OpKind.EQUAL:
                found[place] = None
            elif op.kind is OpKind.SUBSTITUTE:
                found[place] = op.after[place - op.start]
    return found


def _shares(right: Mapping[str, Sequence[str | None]]) -> Iterator[tuple[str, bool]]:
    """Who read each true word right, and whether the vote did."""
    for own, other, voted in zip(
        right["typewriter"], right["tesseract"], right["vote"], strict=True
    ):
        if own is None and other is None:
            yield "both right", voted is None
        elif own is None or other is None:
            yield ("typewriter right" if own is None else "tesseract right"), voted is None
        else:
            yield ("both wrong alike" if own == other else "both wrong"), voted is None


def _sum(sums: dict[str, Counts], name: str, counts: Counts) -> None:
    sums[name] = sums[name] + counts if name in sums else counts


def _print(title: str, results: Mapping[str, Result]) -> None:
    head = "".join(f"{name:>13}" for name in SETUPS)
    for measure, label in (("cer", "CER strict"), ("typed", "CER typewriter"), ("wer", "WER")):
        print(f"\n{title}, {label}\n{'':14}{head}")
        for key, result in results.items():
            counts: Mapping[str, Counts] = getattr(result, measure)
            print(f"{key:14}" + "".join(f"{counts[name].rate or 0:13.2%}" for name in SETUPS))
    print(f"\n{title}, words: so many, of which the vote has right")
    whos = ("both right", "typewriter right", "tesseract right", "both wrong", "both wrong alike")
    print(f"{'':14}" + "".join(f"{who:>19}" for who in whos))
    for key, result in results.items():
        cells = (f"{result.who[who]} ({result.mended[who]})" for who in whos)
        print(f"{key:14}" + "".join(f"{cell:>19}" for cell in cells))
    print(f"\n{title}, probabilities of words: calibration error, errors in the least certain")
    everything = sum((result.sure for result in results.values()), Confidence())
    for key, sure in [(key, result.sure) for key, result in results.items()] + [
        ("all", everything)
    ]:
        curve = review_curve(sure)
        print(
            f"{key:14}{calibration_error(sure) or 0:8.2%}"
            f"   5 %: {found_by(curve, 0.05) or 0:6.1%}   10 %: {found_by(curve, 0.10) or 0:6.1%}"
        )
    print("\nof words given this probability, so many are right:")
    for part in reliability(everything):
        share = f"{part.low:.1f}-{part.high:.1f}: {part.words:6} words"
        print(f"{share}, {part.confidence:.1%} given, {part.accuracy:.1%} right")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
