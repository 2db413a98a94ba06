"""Other engines' text of real typed pages: words that cleaning mends and words that it spoils.

Usage: ``python benchmarks/raw_ocr.py [ID ...] [--real FOLDER] [--kind layout|raw] [--words]
[--shipped] [--clean FILE --small FOLDER] [--ablation]``. Takes ``raw-ocr/ID.adobe-KIND.txt``
with its truth ``typed-pages/train/ID.gt.tsv`` in FOLDER (or ``$DEPESHA_REAL``).
A word is a run of letters and figures; it is right where a longest-common-subsequence alignment
of the words of truth and text meets it. The channel is fitted
anew without the document that a page belongs to (``--shipped``: the one that ships is used), and so
are the weights of the decision where ``--clean`` names the clean sentences they are fitted with
and ``--small`` the folder of texts that ``python -m pipeline.training read-small`` has read.
``--words`` shows each word that was mended, spoilt or left wrong. ``--ablation`` prints the sums of
the corrector without its parts, each row with one part more; the decision's weights stay the same.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from unittest import mock

from keyed_pages import KeyedLine, keyed_lines, run_on
from rapidfuzz.distance import LCSseq

from pipeline.cleanup import correct, corrector
from pipeline.cleanup.channel import TYPICAL, Channel
from pipeline.cleanup.corrector import LETTER_WEIGHT, Corrector
from pipeline.config import Settings, load_settings
from pipeline.model import Layer
from pipeline.process import process_text
from pipeline.resources import fitted
from pipeline.training.fit_channel import fit, pages_in
from pipeline.training.fit_corrector import cases, fit_weights
from pipeline.transcript import render

ROOT = Path(__file__).parents[1]
REAL = Path(os.environ.get("DEPESHA_REAL", ROOT.parent / "shared" / "real"))
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of one page's truth, each with whether it is right in the raw text and cleaned."""

    truth: tuple[str, ...]
    raw: tuple[bool, ...]
    cleaned: tuple[bool, ...]

    @property
    def wrong(self) -> list[str]:
        """Wrong in the raw text."""
        return [w for w, a in zip(self.truth, self.raw, strict=True) if not a]

    @property
    def mended(self) -> list[str]:
        """Wrong in the raw text, right in the cleaned one."""
        return [
            w for w, a, b in zip(self.truth, self.raw, self.cleaned, strict=True) if b and not a
        ]

    @property
    def spoilt(self) -> list[str]:
        """Right in the raw text, wrong in the cleaned one."""
        return [
            w for w, a, b in zip(self.truth, self.raw, self.cleaned, strict=True) if a and not b
        ]

    @property
    def left(self) -> list[str]:
        """Wrong in both."""
        pairs = zip(self.truth, self.raw, self.cleaned, strict=True)
        return [w for w, a, b in pairs if not a and not b]


def words_right(lines: Sequence[KeyedLine], raw: str, cleaned: str) -> Words:
    """Which words of the keyed ``lines`` stand in the raw text, and in the cleaned one."""
    text, must = run_on((line.text, line.must) for line in lines)
    truth = _words("".join(c if m else " " for c, m in zip(text, must, strict=True)))
    texts = (run_on((line, True) for line in x.splitlines())[0] for x in (raw, cleaned))
    found = [_right(truth, _words(x)) for x in texts]
    return Words(truth=tuple(truth), raw=found[0], cleaned=found[1])


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _right(truth: Sequence[str], found: Sequence[str]) -> tuple[bool, ...]:
    right = [False] * len(truth)
    for code in LCSseq.opcodes(truth, found):
        if code.tag == "equal":
            right[code.src_start : code.src_end] = [True] * (code.src_end - code.src_start)
    return tuple(right)


def main() -> int:
    """Print a row for each page, and the sum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--real", type=Path, default=REAL)
    parser.add_argument("--kind", choices=["layout", "raw"], default="layout")
    parser.add_argument("--layer", choices=list(Layer), default=Layer.READING)
    parser.add_argument("--shipped", action="store_true")
    parser.add_argument("--clean", type=Path, help="clean sentences, .txt.xz")
    parser.add_argument("--small", type=Path, help="texts of keyed pages, read shrunk")
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--ablation", action="store_true")
    options = parser.parse_args()
    settings = load_settings()
    found = sorted((options.real / "raw-ocr").glob(f"*.adobe-{options.kind}.txt"))
    if not found:
        print(f"{options.real}: no raw texts; skipped")
    steps = _STEPS if options.ablation else {"all": _whole}
    for name, step in steps.items():
        print(f"{name:26} words  wrong  mended  spoilt")
        total = [0, 0, 0, 0]
        for path in found:
            page = path.name.split(".")[0]
            if options.pages and page not in options.pages:
                continue
            with step():
                result = _page(path, page, options, settings)
            row = [len(result.truth), *map(len, (result.wrong, result.mended, result.spoilt))]
            total = [a + b for a, b in zip(total, row, strict=True)]
            if not options.ablation:
                print(_row(page, row))
            if options.words:
                print("    mended:", *result.mended)
                print("    SPOILT:", *result.spoilt)
                print("    left:  ", *result.left)
        print(_row("all", total), flush=True)
    return 0


@contextmanager
def _whole() -> Iterator[None]:
    """The corrector as it is."""
    yield


@contextmanager
def _without_adaptation() -> Iterator[None]:
    """A document's habits and words are not learnt."""
    once = partial(correct.found_in, adapt=False)
    with mock.patch.object(correct, "found_in", once):
        yield


@contextmanager
def _without_context() -> Iterator[None]:
    """Nor does what stands before a word count."""

    def alone(self: Corrector, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [
            LETTER_WEIGHT * log for log in self.letters.continued_each([("", t) for _, t in pairs])
        ]

    with _without_adaptation(), mock.patch.object(Corrector, "_spelled_each", alone):
        yield


@contextmanager
def _without_letters() -> Iterator[None]:
    """Nor how likely its letters are."""
    nothing = mock.patch.object(Corrector, "_spelled_each", lambda _, pairs: [0.0] * len(pairs))
    with _without_adaptation(), nothing:
        yield


@contextmanager
def _channel_alone() -> Iterator[None]:
    """Nor how frequent words are: all that the lexicon has are alike."""
    with _without_letters(), mock.patch.object(corrector, "WORD_WEIGHT", 0.0):
        yield


_STEPS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "channel alone": _channel_alone,
    "with the lexicon": _without_letters,
    "with the character model": _without_context,
    "with the context": _without_adaptation,
    "with adaptation": _whole,
}


def _page(path: Path, page: str, options: argparse.Namespace, settings: Settings) -> Words:
    if options.shipped:
        return _cleaned(path, page, options, settings)
    document = re.sub(r"p\d+$", "", page)
    channel = _without(options.real, document)
    weights = fitted.corrector()
    if options.clean is not None:
        weights = _weights_without(options.real, options.clean, options.small, document)
    with (
        mock.patch.object(correct, "channel_that_ships", lambda: channel),
        mock.patch.object(fitted, "corrector", lambda: weights),
    ):
        return _cleaned(path, page, options, settings)


@cache
def _weights_without(
    real: Path, clean: Path, small: Path, document: str
) -> fitted.CorrectorWeights:
    """The weights of the decision, fitted without a document."""
    found = fit_weights(cases(real, clean, small, without=document))
    return fitted.CorrectorWeights(weights=found)


@cache
def _without(real: Path, document: str) -> Channel:
    """The channel, fitted without a document."""
    return Channel(fit(pages_in(real, without=document), fitted.channel().by_look()), TYPICAL)


def _cleaned(path: Path, page: str, options: argparse.Namespace, settings: Settings) -> Words:
    raw = path.read_text(encoding="utf-8")
    lines = keyed_lines(options.real / "typed-pages" / "train" / f"{page}.gt.tsv")
    document = process_text(raw, page, settings, source=path.name)
    return words_right(lines, raw, render(document, Layer(options.layer), settings.output.kinds))


def _row(name: str, row: Sequence[int]) -> str:
    words, wrong, mended, spoilt = row
    return f"{name:26}{words:6}{wrong:7}{mended:8}{spoilt:8}"


if __name__ == "__main__":
    raise SystemExit(main())
