"""How often classes of words stand side by side, counted from period texts and newer sentences.

A word may be of several classes. Which of them stand in a pair is weighed by the ratios found so
far (expectation maximisation, four rounds; Dempster and others, 1977). Pairs of words over a sign
that ends a clause do not count. Only ratios of classes leave this module.
"""

from __future__ import annotations

import lzma
import re
from array import array
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipeline.agreement import classes_of
from pipeline.lexicon import folded
from pipeline.resources.fitted import Agreement
from pipeline.store import write_atomic
from pipeline.training.corpus_counts import read_texts

_PIECE = re.compile(r"[А-Яа-яЁё]+|\d+|[.,!?;:()\"«»—–]")
_FEWEST_WORDS, _LEAST = 2, 40.0
"""Times that a word must have been seen, and a class."""

_STRENGTH = 3.0
"""Pairs by chance that every pair of classes gets."""

_ROUNDS = 4
STEP = 0.05
"""Of the stored logarithms."""

_ABOUT = "How much likelier classes of words stand side by side than by chance; only these ratios"


def make(corpus: Path, sentences: Path, out: Path) -> str:
    """Count ``corpus`` (a tar) and ``sentences`` (``.txt.xz``); gives what was done.

    Raises:
        InputMissingError: a file is missing.
        InputUnreadableError: the corpus is no tar.

    """
    with lzma.open(sentences, "rt", encoding="utf-8") as rows:
        pairs, words = _counted([*read_texts(corpus), *rows])
    names, ratios = fit(pairs, words)
    codes = np.clip(np.rint(np.log(ratios) / STEP), -127, 127).astype(np.int8)
    stored = Agreement(about=_ABOUT, step=STEP, classes=names, codes=codes.tobytes())
    data = msgspec.msgpack.encode(stored)
    write_atomic(out, data)
    return f"{out}: {len(names)} classes from {pairs.total()} pairs, {len(data):,} bytes"


def fit(
    pairs: Counter[tuple[str, str]], words: Counter[str]
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The classes, and the ratios of their pairs ``(classes, classes)``."""
    seen: Counter[str] = Counter()
    for word, count in words.items():
        if count >= _FEWEST_WORDS:
            for name, share in classes_of(word).items():
                seen[name] += count * share  # type: ignore[assignment]
    names = tuple(sorted(name for name, count in seen.items() if count >= _LEAST))
    numbers = {name: number for number, name in enumerate(names)}
    size = len(names)
    counts = np.array(list(pairs.values()), float)
    which, left, right, weight = _ways(pairs, numbers)
    ratios = np.ones((size, size))
    for _ in range(_ROUNDS):
        ways = weight * ratios[left, right]
        whole = np.bincount(which, ways, len(counts))
        share = ways / np.maximum(whole[which], 1e-12) * counts[which]
        joint = np.bincount(left * size + right, share, size * size).reshape(size, size)
        chance = np.outer(joint.sum(1), joint.sum(0)) / max(1.0, joint.sum())
        ratios = (joint + _STRENGTH) / (chance + _STRENGTH)
    return names, ratios


def _ways(
    pairs: Iterable[tuple[str, str]], numbers: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """For each pair of words each pair of their classes: of which, the classes, their share."""
    which_of, left, right, weights = array("i"), array("i"), array("i"), array("d")
    for which, (before, after) in enumerate(pairs):
        for first, share in classes_of(before).items():
            for second, other in classes_of(after).items():
                if first in numbers and second in numbers:
                    which_of.append(which)
                    left.append(numbers[first])
                    right.append(numbers[second])
                    weights.append(share * other)
    columns = [
        np.frombuffer(column, np.int32).astype(np.int64) for column in (which_of, left, right)
    ]
    return columns[0], columns[1], columns[2], np.frombuffer(weights, np.float64)


def _counted(texts: Iterable[str]) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    pairs: Counter[tuple[str, str]] = Counter()
    words: Counter[str] = Counter()
    for text in texts:
        before = ""
        for piece in _PIECE.findall(text):
            word = folded(piece) if piece.isalpha() else ""
            if word:
                words[word] += 1
                if before:
                    pairs[before, word] += 1
            before = word
    return pairs, words
