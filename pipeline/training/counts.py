"""How the character model is made: period prose typed into lines, counted, thinned.

Each n-gram's probability is interpolated absolute discounting with a discount for counts of one,
two, and three and more (Chen and Goodman 1999, section 2.7 and 3.1.1). An n-gram stays only if
leaving it out would cost more than a threshold: its count times the difference it makes to the
logarithm of its probability (Seymore and Rosenfeld, Scalable backoff language models, 1996).
Only these figures leave this module, never the texts.
"""

from __future__ import annotations

import lzma
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.alphabet import ALPHABET
from pipeline.character_lm import (
    BEGIN_NUMBER,
    BITS,
    END_NUMBER,
    NUMBERS,
    ONE_FIGURE,
    CharacterLM,
    Order,
    packed,
    share_codes,
    unpacked,
    weight_codes,
)
from pipeline.errors import InputMissingError
from pipeline.facsimile.habits import draw_habits, with_habits
from pipeline.facsimile.line_breaking import typed_lines
from pipeline.facsimile.prose import TIE
from pipeline.facsimile.streams import stream
from pipeline.store import write_atomic
from pipeline.training.line_texts import Texts, read_words
from pipeline.training.texts import FOLDED, paragraphs

ORDER = 6
HELD_OUT = 50
"""Every so manieth file of the corpus is not learnt from but measured on."""

THRESHOLD = 0.4
"""Least worth of an n-gram that stays, in nats over the whole corpus; sets the file's size."""

_CAPITALS = 0.05
_NEWER = 4
"""By what the counts of newer texts are divided."""

_FIGURED = 30_000
"""Lines of figures and abbreviations that are made up beside the texts."""

_MASK = np.uint64((1 << BITS) - 1)
_PLACES = len(ALPHABET) + 1

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """The n-grams of one order: ``keys`` uint64 ``(M,)``, rising, and how often each was seen.

    A key is its context's key, moved up by ``BITS``, and the number of the follower.
    """

    keys: Keys
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """Of the n-grams of one order.

    ``own`` float64 ``(M,)``, the discounted relative count; ``whole`` float64 ``(M,)``, the
    probability with what the shorter context adds.
    """

    own: Floats
    whole: Floats


def build_character_lm(
    corpus: Path,
    out: Path,
    seed: int = 1,
    *,
    newer: Path | None = None,
    order: int = ORDER,
    threshold: float = THRESHOLD,
) -> dict[str, Any]:
    """Make the model of the texts under ``corpus`` and write it to ``out``.

    ``newer``: a folder of counts of other texts (see ``newer_counts``), and of words, with which
    lines of figures and abbreviations are made up beside the corpus.

    Returns its figures: ``digest``, ``bytes``, ``signs`` learnt from, ``ngrams`` that stayed at
    each order, ``bits``: bits a character (ends of lines counted) on the files held out, by the
    longest order used.

    Raises:
        InputMissingError: there is no text.

    """
    learnt, held = _divided(corpus)
    series = numbers_of(chain(typed(learnt, seed), _figured(learnt, newer, seed)))
    first, orders = estimated(series, order, threshold, newer)
    data = packed(first, orders)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(out, data)
    lines = list(typed(held, seed + 1))
    return {
        "digest": CharacterLM.load(out).digest,
        "bytes": len(data),
        "signs": len(series),
        "ngrams": [len(first), *(len(x.followers) for x in orders)],
        "bits": [bits(unpacked(packed(first, orders[:n])), lines) for n in range(order)],
    }


def typed(texts: Iterable[str], seed: int) -> Iterable[str]:
    """The lines of ``texts`` (paragraphs), each typed by a typist of habits of its own."""
    rng = stream("char-model", seed)
    for text in texts:
        own = with_habits(text, draw_habits(rng), rng).replace(TIE, " ")
        if rng.random() < _CAPITALS:
            own = own.upper()
        width, indent = int(rng.integers(40, 73)), int(rng.integers(0, 9))
        yield from typed_lines(own, width, indent)


def _figured(prose: Sequence[str], newer: Path | None, seed: int) -> Iterable[str]:
    """Made-up lines of figures, dates, names and abbreviations, of which prose has too few."""
    rng = stream("char-model-figures", seed)
    texts = Texts(prose, read_words(newer / "words.tsv.xz") if newer else ())
    for _ in range(_FIGURED if newer else 0):
        yield texts.figured(int(rng.integers(20, 73)), rng)


def newer_counts(folder: Path, order: int) -> Counted:
    """The counts of ``char-Ngrams.tsv.xz`` in ``folder`` (n-gram, tab, count) for one order.

    They are of far more text than the corpus has and so are divided; figures are one.
    """
    found: Counter[int] = Counter()
    with lzma.open(folder / f"char-{order}grams.tsv.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            ngram, _, count = line.rstrip("\n").rpartition("\t")
            numbers = [NUMBERS.get(x, 0) for x in ngram.translate(FOLDED).translate(ONE_FIGURE)]
            if len(numbers) == order and all(numbers):
                key = 0
                for number in numbers:
                    key = key << BITS | number
                found[key] += int(count)
    kept = sorted((key, count // _NEWER) for key, count in found.items() if count >= _NEWER)
    keys, counts = zip(*kept, strict=True) if kept else ((), ())
    return Counted(np.array(keys, np.uint64), np.array(counts, np.int64))


def _together(a: Counted, b: Counted) -> Counted:
    keys = np.union1d(a.keys, b.keys)
    counts = np.zeros(len(keys), np.int64)
    for part in (a, b):
        counts[np.searchsorted(keys, part.keys)] += part.counts
    return Counted(keys, counts)


def numbers_of(lines: Iterable[str]) -> NDArray[np.uint8]:
    """All lines after each other as numbers, each with its beginning and end; one figure for all.

    The model shall not tell one figure from another: all are counted as the same.
    """
    pieces = [
        bytes([BEGIN_NUMBER, *(NUMBERS[x] for x in line if x in NUMBERS), END_NUMBER])
        for line in (line.translate(ONE_FIGURE) for line in lines)
    ]
    return np.frombuffer(b"".join(pieces), np.uint8)


def counted(series: NDArray[np.uint8], order: int) -> Counted:
    """The n-grams of one order, none of them over the beginning of a line."""
    wide = series.astype(np.uint64)
    keys = np.zeros(max(0, len(wide) - order + 1), np.uint64)
    for place in range(order):
        keys = (keys << np.uint64(BITS)) | wide[place : place + len(keys)]
    # A line may begin with the first sign of an n-gram, and not within it.
    begun = np.concatenate([[0], np.cumsum(series == BEGIN_NUMBER)])
    inside = begun[order : order + len(keys)] - begun[1 : 1 + len(keys)]
    found, counts = np.unique(keys[inside == 0], return_counts=True)
    if order == 1:
        kept = found != BEGIN_NUMBER
        found, counts = found[kept], counts[kept]
    return Counted(found, counts.astype(np.int64))


def estimated(
    series: NDArray[np.uint8], order: int, threshold: float, newer: Path | None = None
) -> tuple[Floats, list[Order]]:
    """The probabilities without context, float64 ``(1 + signs,)``, and the orders above."""

    def all_counted(n: int) -> Counted:
        own = counted(series, n)
        return _together(own, newer_counts(newer, n)) if newer else own

    single = all_counted(1)
    first = _first(single)
    lower, below = single, Estimated(first[single.keys], first[single.keys])
    orders = []
    for n in range(2, order + 1):
        here = all_counted(n)
        shorter = below.whole[np.searchsorted(lower.keys, _shortened(here.keys, n))]
        made = _estimate(here, shorter)
        worth = here.counts * np.abs(np.log(made.whole) - np.log(shorter))
        orders.append(_thinned(here, made, worth >= threshold))
        lower, below = here, made
    return first, orders


def bits(model: CharacterLM, lines: Sequence[str]) -> float:
    """Bits a character, the end of a line being one."""
    signs = sum(len(line) + 1 for line in lines)
    return -sum(model.score(line) for line in lines) / math.log(2) / max(1, signs)


def _divided(corpus: Path) -> tuple[list[str], list[str]]:
    """The paragraphs to learn from, and those held out."""
    files = [paragraphs(x) for x in sorted(corpus.rglob("*")) if x.is_file()]
    held = [text for file in files[::HELD_OUT] for text in file]
    learnt = [text for place, file in enumerate(files) if place % HELD_OUT for text in file]
    if not learnt:
        raise InputMissingError(corpus, "has no text to learn from")
    return learnt, held


def _first(single: Counted) -> Floats:
    """Without context: one is added to each count, so that every sign is possible."""
    counts = np.ones(_PLACES)
    counts[single.keys] += single.counts
    shares: Floats = counts / counts.sum()
    return shares


def _shortened(keys: Keys, order: int) -> Keys:
    """The n-grams without their first sign."""
    return keys & np.uint64((1 << (BITS * (order - 1))) - 1)


def _estimate(here: Counted, shorter: Floats) -> Estimated:
    """``shorter``: the probabilities of the same followers after the shorter contexts."""
    place, total = _contexts(here)
    own = (here.counts - _discounts(here.counts)) / total[place]
    share = 1.0 - np.bincount(place, own)
    return Estimated(own, own + share[place] * shorter)


def _contexts(here: Counted) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """For each n-gram the place of its context, and how often each context was seen."""
    contexts = here.keys >> np.uint64(BITS)
    place = np.cumsum(np.diff(contexts, prepend=contexts[:1]) > 0, dtype=np.intp)
    return place, np.bincount(place, here.counts).astype(np.float64)


def _discounts(counts: NDArray[np.int64]) -> Floats:
    """What is taken off each count (Chen and Goodman 1999, equation 26)."""
    once, twice, thrice, more = (max(1, int((counts == n).sum())) for n in (1, 2, 3, 4))
    base = once / (once + 2 * twice)
    found = [1 - 2 * base * twice / once, 2 - 3 * base * thrice / twice]
    found.append(3 - 4 * base * more / thrice)
    # Of few texts the formula may give anything.
    taken = [0.0, *(min(max(value, 0.1), 0.9 * n) for n, value in enumerate(found, start=1))]
    return np.array(taken)[np.minimum(counts, 3)]


def _thinned(here: Counted, made: Estimated, stays: NDArray[np.bool_]) -> Order:
    """What stays; the probability of the rest goes to the shorter contexts."""
    keys, own = here.keys[stays], made.own[stays]
    contexts, starts = np.unique(keys >> np.uint64(BITS), return_index=True)
    kept = np.add.reduceat(own, starts) if len(own) else own
    return Order(
        contexts=contexts,
        starts=np.append(starts, len(keys)).astype(np.int64),
        followers=(keys & _MASK).astype(np.uint8),
        weights=weight_codes(own),
        shares=share_codes(1.0 - kept),
    )
