"""The corrector's decision, fitted: when a change is right.

Changes are proposed for keyed pages that another engine read, each with a channel that was fitted
without the page's document, for other keyed pages that were misread on purpose (see
``misread_pages.py``), and for clean prose, where every change is wrong. A change is right
where the truth has its words at that place. The weights are those of a logistic regression.
"""

from __future__ import annotations

import lzma
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein, Opcodes

from pipeline.cleanup.channel import TYPICAL, Channel
from pipeline.cleanup.correct import Found, features, found_in
from pipeline.cleanup.raw_text import RawText
from pipeline.errors import InputMissingError
from pipeline.resources import fitted
from pipeline.training.fit_channel import AlignedPage, Pair, fit, pages_in
from pipeline.training.misread_pages import garbled, pages_read

_WORDS = re.compile(r"\w+")
_PENALTY = 1.0
_ROUNDS = 50

_REAL, _GARBLED, _CLEAN = 3.0, 0.3, 5.0
"""Weights of changes on pages that a real engine read, of garbled ones, and in clean prose, against
those on pages read shrunk: garbled ones are many and the least real; prose must stay as it is."""

SENTENCES, SEED = 700, 1
"""Clean sentences in which every change is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A proposed change, and whether it is right; ``page`` names where it was proposed.

    ``weight``: how many changes it counts for.
    """

    page: str
    found: Found
    right: bool
    true: str = ""
    weight: float = 1.0


def make(real: Path, clean: Path, small: Path, target: Path) -> str:
    """Fit the decision on the pages of ``real`` and clean sentences; gives what was done.

    ``small``: folder of texts of keyed pages as read from shrunk pictures.
    """
    found = cases(real, clean, small)
    write_weights(target, fit_weights(found), found)
    return f"{target}: {len(found)} changes, {sum(case.right for case in found)} of them right"


def cases(real: Path, clean: Path, small: Path, *, without: str = "") -> list[Judged]:
    """Changes to fit on: none of the document ``without``, each with a channel without its own.

    Raises:
        InputMissingError: there is no text in ``small``.

    """
    by_look = fitted.channel().by_look()
    found: list[Judged] = []
    pages = [page for page in pages_in(real, without=without) if ".adobe-raw" in page.name]
    for document in sorted({page.document for page in pages}):
        shares = fit(pages_in(real, without=document), by_look)
        for page in pages:
            if page.document == document:
                found += judged(page, shares, _REAL)
    shares = fit(pages_in(real, without=without), by_look)
    read_small = pages_read(real, small)
    if not read_small:
        raise InputMissingError(small, "there are no texts of pages here")
    for page in read_small:
        found += judged(page, shares)
    # The channel of another engine, of which nothing but letters' look is known.
    for page in garbled(real, shares):
        found += judged(page, by_look, _GARBLED)
    with lzma.open(clean, "rt", encoding="utf-8") as rows:
        sentences = rows.read().split("\n")
    random.Random(SEED).shuffle(sentences)  # noqa: S311  a fixed choice, no secret
    found += wrong_in("\n".join(sentences[:SENTENCES]), fitted.confusions(), clean.name)
    return found


def judged(
    page: AlignedPage, shares: Mapping[Pair, float], weight: float = 1.0
) -> Iterator[Judged]:
    """The changes proposed for one page, each of this ``weight``."""
    raws = page.read.split("\n")
    read = "\n".join(raws)
    starts = np.concatenate([[0], np.cumsum([len(raw) + 1 for raw in raws])])
    codes = Levenshtein.opcodes(read, page.true)
    for found in found_in(RawText([raws]), Channel(shares, TYPICAL))[0]:
        first, last = found.slots[0], found.slots[-1]
        begin = int(starts[first.line]) + first.start
        end = int(starts[last.line]) + last.start + len(last.read)
        if last.broken is not None:
            end = int(starts[last.broken.below]) + last.broken.at + len(last.broken.rest)
        true = _whole_words(page.true, _placed(codes, begin), _placed(codes, end, ends=True))
        wanted, got = (_WORDS.findall(_folded(x)) for x in (true, found.change.text))
        places = range(len(wanted) - len(got) + 1)
        right = bool(got) and any(wanted[at : at + len(got)] == got for at in places)
        yield Judged(page=page.name, found=found, right=right, true=true, weight=weight)


def wrong_in(text: str, shares: Mapping[Pair, float], name: str) -> Iterator[Judged]:
    """The changes proposed for clean lines, all of them wrong."""
    for found in found_in(RawText([text.split("\n")]), Channel(shares, TYPICAL))[0]:
        yield Judged(page=name, found=found, right=False, weight=_CLEAN)


def fit_weights(cases: Sequence[Judged]) -> dict[str, float]:
    """The weights of :func:`~pipeline.cleanup.correct.features` for ``cases``."""
    names = list(features(cases[0].found))
    evidence = np.array([[features(case.found)[name] for name in names] for case in cases])
    right = np.array([case.right for case in cases], float)
    weight = np.array([case.weight for case in cases])
    mean = np.average(evidence, 0, weight)
    spread = np.sqrt(np.average((evidence - mean) ** 2, 0, weight))
    mean[0], spread[spread == 0] = 0.0, 1.0
    scaled = (evidence - mean) / spread
    weights = np.zeros(len(names))
    held = np.where(np.arange(len(names)) == 0, 0.0, _PENALTY)
    for _ in range(_ROUNDS):
        share = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (weight * (right - share)) - held * weights
        bend = (scaled * (weight * share * (1 - share))[:, None]).T @ scaled + np.diag(held + 1e-6)
        weights += np.linalg.solve(bend, slope)
    plain = weights / spread
    plain[0] -= float((weights * mean / spread)[1:].sum())
    return {name: float(weight) for name, weight in zip(names, plain, strict=True)}


def write_weights(target: Path, weights: Mapping[str, float], cases: Iterable[Judged]) -> None:
    """Write ``corrector.toml``."""
    cases = list(cases)
    rows = "".join(f"{name} = {weight:.4f}\n" for name, weight in weights.items())
    target.write_text(
        "# What speaks for a change of a misread word, in log-odds of its being right; fitted by\n"
        f"# `python -m pipeline.training fit-corrector` on {len(cases)} changes, of which\n"
        f"# {sum(case.right for case in cases)} are right. Example: `name = -1.0` means that the\n"
        "# odds fall by e^1 where what was read looks like a name.\n\n"
        f"[weights]\n{rows}",
        encoding="utf-8",
    )


def _placed(codes: Opcodes, place: int, *, ends: bool = False) -> int:
    """Where ``place`` of the read text lies in the true one."""
    for code in codes:
        if code.src_start <= place < code.src_end or (ends and place == code.src_end):
            if code.tag == "equal":
                return int(code.dest_start + place - code.src_start)
            return int(code.dest_end if ends else code.dest_start)
    return 1 << 60


def _whole_words(text: str, begin: int, end: int) -> str:
    begin, end = min(begin, len(text)), min(end, len(text))
    while begin > 0 and text[begin - 1].isalnum():
        begin -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return text[begin:end].replace("-\n", "")


def _folded(text: str) -> str:
    return text.replace("ё", "е").replace("Ё", "Е")
