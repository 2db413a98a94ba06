"""The words that a misread word may have been, in a tree of their letters.

The tree lies in flat arrays, breadth first: the children of a node follow each other, in the order
of their letters, and so do the children of neighbouring nodes. It is searched letter by letter,
with the best word below each node known, so that a search can follow the likeliest first. How the
file is made stands in ``pipeline/training/word_trie.py``.
"""

from __future__ import annotations

import io
import math
import zipfile
from array import array
from collections.abc import Mapping, Sequence
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import InputMissingError, InputUnreadableError

WORDS = Path(__file__).parent / "models" / "words.npz"
"""The tree in the package."""

LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
"""Of the words; ё is as е. The label of a node is a letter's place here."""

VERSION = 1
STEP = 0.1
"""Of the quantised log-probabilities: code ``c`` (from 1) is ``-STEP * c``; 0 is no word."""

ROOT = 0

_LONGEST = 64
"""Letters of a word beyond which none is raised."""


class Case(IntEnum):
    """How a word is mostly written."""

    SMALL = 0
    CAPITALISED = 1
    CAPITALS = 2


class WordTrie:
    """Words with their log-probabilities, by letters.

    ``first[n]`` to ``first[n + 1]`` are the children of node ``n``; ``codes[n]`` says how likely
    the word is that ends there, ``best[n]`` the likeliest below (log-probabilities);
    ``letters[n]`` has a bit for each letter of a child; ``above[n]`` is the node above, -1 at the
    root.
    """

    def __init__(self, labels: bytes, counts: bytes, codes: bytes, cases: bytes) -> None:
        self.labels, self.codes, self.cases = labels, codes, cases
        sizes = np.frombuffer(counts, np.uint8).astype(np.int64)
        self.first = array("i", np.concatenate([[1], 1 + np.cumsum(sizes)]).astype("i").tobytes())
        self.best = array("f", _best(sizes, np.frombuffer(codes, np.uint8)).tobytes())
        self.letters = _letters(sizes, np.frombuffer(labels, np.uint8))
        self.above = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        self.above = np.concatenate([np.full(1, -1, np.int32), self.above])

    def child(self, node: int, letter: int) -> int:
        """The child of ``node`` for a letter (its place in ``LETTERS``); -1 where there is none."""
        return self.labels.find(letter, self.first[node], self.first[node + 1])

    def find(self, word: str) -> int:
        """The node of ``word`` (small letters, ё as е); -1 where no word begins so."""
        node = ROOT
        for letter in word:
            place = LETTERS.find(letter)
            node = self.child(node, place) if place >= 0 else -1
            if node < 0:
                return -1
        return node

    def log_prob(self, word: str) -> float:
        """Log-probability of ``word`` among running words; minus infinity where it is none."""
        node = self.find(word)
        return -STEP * self.codes[node] if node > ROOT and self.codes[node] else -math.inf

    def paths(self, words: Sequence[str]) -> NDArray[np.int64]:
        """The nodes that each of ``words`` goes through, int64 ``(words, 1 + longest)``.

        The root comes first; -1 where no word begins so, or behind a word's end.
        """
        longest = max(map(len, words), default=0)
        numbers = np.full((len(words), longest), -1)
        for row, word in enumerate(words):
            numbers[row, : len(word)] = [LETTERS.find(letter) for letter in word]
        first = np.frombuffer(self.first, np.int32)
        nodes = np.full((len(words), longest + 1), -1)
        nodes[:, 0] = ROOT
        for place in range(longest):
            here = np.flatnonzero((nodes[:, place] >= 0) & (numbers[:, place] >= 0))
            bits = np.uint32(1) << numbers[here, place].astype(np.uint32)
            has = self.letters[nodes[here, place]]
            below = np.bitwise_count(has & (bits - np.uint32(1)))
            child = first[nodes[here, place]].astype(np.int64) + below
            nodes[here, place + 1] = np.where((has & bits) != 0, child, -1)
        return nodes

    def raised(self, log_probs: Mapping[str, float]) -> WordTrie:
        """A tree of the same words in which some are at least as likely as given."""
        log_probs = {word: log for word, log in log_probs.items() if len(word) <= _LONGEST}
        if not log_probs:
            return self
        other = object.__new__(WordTrie)
        other.labels, other.first, other.cases = self.labels, self.first, self.cases
        other.letters, other.above = self.letters, self.above
        paths = self.paths(list(log_probs))
        sizes = np.array([len(word) for word in log_probs])
        ends = paths[np.arange(len(sizes)), sizes]
        new = np.clip(np.rint(np.array(list(log_probs.values())) / -STEP), 1, 255)
        codes = np.frombuffer(self.codes, np.uint8).copy()
        likelier = (ends > ROOT) & (codes[ends] > new)
        np.minimum.at(codes, ends[likelier], new[likelier].astype(np.uint8))
        best = np.frombuffer(self.best, np.float32).copy()
        for nodes in paths[likelier].T:
            on = nodes >= 0
            np.maximum.at(best, nodes[on], (-STEP * new[likelier][on]).astype(np.float32))
        other.codes, other.best = codes.tobytes(), array("f", best.tobytes())
        return other

    @staticmethod
    @cache
    def load(path: Path = WORDS) -> WordTrie:
        """The tree of a file.

        Raises:
            InputMissingError: there is no such file.
            InputUnreadableError: it is no tree of this version.

        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                if int(stored["version"]) != VERSION:
                    raise InputUnreadableError(path, "is a word tree of another version")
                names = ("labels", "counts", "codes", "cases")
                return WordTrie(*(stored[name].tobytes() for name in names))
        except FileNotFoundError as error:
            raise InputMissingError(path, "there is no such word tree") from error
        except (KeyError, OSError, EOFError, ValueError, zipfile.BadZipFile) as error:
            raise InputUnreadableError(path, f"is no word tree: {error}") from error


def _letters(sizes: NDArray[np.int64], labels: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The letters of each node's children, a bit each."""
    found = np.zeros(len(sizes), np.uint32)
    inner = np.flatnonzero(sizes)
    starts = 1 + np.cumsum(sizes) - sizes
    bits = np.uint32(1) << np.minimum(labels, 31).astype(np.uint32)
    found[inner] = np.bitwise_or.reduceat(bits, starts[inner]) if len(inner) else 0
    return found


def _best(sizes: NDArray[np.int64], codes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The likeliest word at or below each node, level by level from the leaves."""
    own = np.where(codes > 0, -STEP * codes.astype(np.float64), -np.inf)
    starts = np.concatenate([[1], 1 + np.cumsum(sizes)])
    levels = [(0, 1)]
    while levels[-1][0] < levels[-1][1]:
        low, high = levels[-1]
        levels.append((int(starts[low]), int(starts[high])))
    best = own.copy()
    for low, high in reversed(levels):
        inner = np.flatnonzero(sizes[low:high]) + low
        if len(inner):
            end = int(starts[high])
            below = np.maximum.reduceat(best[:end], starts[inner])
            best[inner] = np.maximum(own[inner], below)
    return best.astype(np.float32)


def packed(words: Mapping[str, tuple[float, Case]]) -> bytes:
    """The file of ``words`` with their log-probabilities and how they are written."""
    labels, counts, codes, cases = bytearray(b"\xff"), bytearray(), bytearray(), bytearray()
    rows = sorted(words)
    level = [(0, len(rows))]
    depth = 0
    while level:
        deeper: list[tuple[int, int]] = []
        for low, high in level:
            ends = low < high and len(rows[low]) == depth
            log_prob, case = words[rows[low]] if ends else (0.0, Case.SMALL)
            codes.append(min(255, max(1, round(-log_prob / STEP))) if ends else 0)
            cases.append(int(case))
            at = low + ends
            children = 0
            while at < high:
                letter, start = rows[at][depth], at
                while at < high and rows[at][depth] == letter:
                    at += 1
                labels.append(LETTERS.index(letter))
                deeper.append((start, at))
                children += 1
            counts.append(children)
        level, depth = deeper, depth + 1
    out = io.BytesIO()
    names = ("labels", "counts", "codes", "cases")
    arrays: dict[str, Any] = {"version": np.array(VERSION)}
    for name, data in zip(names, (labels, counts, codes, cases), strict=True):
        arrays[name] = np.frombuffer(bytes(data), np.uint8)
    np.savez_compressed(out, **arrays)
    return out.getvalue()
