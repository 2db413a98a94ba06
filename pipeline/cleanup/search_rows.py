"""The hypotheses of a search over many pieces, side by side in arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.word_trie import ROOT, STEP

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]


_NODES = 1 << 24
"""More than any tree has."""


class Rows(NamedTuple):
    """Hypotheses, one a row; all arrays are of one length.

    ``piece``: the piece of text that it is about; ``channel`` and ``words``: log-probabilities;
    ``node`` in the word tree, at the root between words; ``began``: where the word at hand began;
    ``number``: its own among all, ``before``: that of the one it came from, -1 for none; ``start``
    and ``end`` of its last step in what was read, and ``true``: the number of what stands there.
    """

    piece: _Ints
    channel: _Floats
    words: _Floats
    node: _Ints
    began: _Ints
    number: _Ints
    before: _Ints
    start: _Ints
    end: _Ints
    true: _Ints

    @classmethod
    def at_start(cls, size: int) -> Rows:
        """One hypothesis for each of ``size`` pieces, before anything is read."""
        none, zero = np.full(size, -1), np.zeros(size, np.int64)
        floats = np.zeros(size)
        return cls(
            np.arange(size), floats, floats, zero + ROOT, zero, none, none, none - 1, none, zero
        )

    def chosen(self, which: _Ints) -> Rows:
        """The rows ``which``."""
        return Rows._make(column[which] for column in self)

    def with_words(self, words: _Floats) -> Rows:
        """The rows with other log-probabilities of their words."""
        return self._replace(words=words)

    def numbered(self, numbers: _Ints) -> Rows:
        """The rows with numbers of their own."""
        return self._replace(number=numbers)

    def after(self, start: int, end: int, channel: _Floats, node: Any, true: Any) -> Rows:
        """What follows from each row with a step; ``node`` ``None`` for the same one."""
        size = len(self.piece)
        at = self.node if node is None else np.broadcast_to(np.asarray(node), size)
        # A word begins where a sign or a space ended.
        anew = (at == ROOT) if node is not None else np.zeros(size, bool)
        return self._replace(
            channel=np.broadcast_to(channel, size),
            node=at,
            began=np.where(anew, end, self.began),
            before=self.number,
            start=np.full(size, start),
            end=np.full(size, end),
            true=np.broadcast_to(np.asarray(true), size),
        )


def joined(rows: Sequence[Rows]) -> Rows:
    """All rows, one after the other."""
    return Rows._make(np.concatenate(columns) for columns in zip(*rows, strict=True))


def repeated(counts: _Ints) -> tuple[_Ints, _Ints]:
    """For ``counts`` 2, 0, 3: whose each is (0 0 2 2 2), and its place there (0 1 0 1 2)."""
    of = np.repeat(np.arange(len(counts)), counts)
    return of, np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)


def first_of_each(rows: Rows, rank: _Floats, most: int) -> _Ints:
    """The best of the rows that are alike in node and words; of each piece ``most`` at most."""
    # One number for what makes rows alike; words are sums of quantised log-probabilities.
    words = np.rint(rows.words / -STEP).astype(np.int64)
    alike = (rows.piece * _NODES + rows.node) * (int(words.max(initial=0)) + 1) + words
    order = np.argsort(-rank, kind="stable")
    order = order[np.argsort(alike[order], kind="stable")]
    new = np.ones(len(order), bool)
    new[1:] = alike[order[1:]] != alike[order[:-1]]
    order = order[new]
    return order[best_of_each(rows.piece[order], rank[order], most)]


def best_of_each(piece: _Ints, rank: _Floats, most: int) -> _Ints:
    """The places of the best rows of each piece, ``most`` at most, by piece, the best first."""
    order = np.lexsort((-rank, piece))
    piece = piece[order]
    starts = np.flatnonzero(np.r_[True, piece[1:] != piece[:-1]])
    place = np.arange(len(piece)) - np.repeat(starts, np.diff(np.r_[starts, len(piece)]))
    return order[place < most]


def traced(steps: Sequence[_Ints], numbers: _Ints) -> list[list[tuple[int, int, int]]]:
    """How the hypotheses ``numbers`` were reached: ``start``, ``end`` and ``true`` of each step.

    ``steps``: of all hypotheses, in the order of their numbers, ``(4, ...)``: ``before`` and these.
    """
    before, start, end, true = np.concatenate(steps, axis=1)
    ways: list[list[tuple[int, int, int]]] = [[] for _ in numbers]
    rows, at = np.arange(len(numbers)), numbers
    while len(rows):
        taken = before[at] >= 0
        rows, at = rows[taken], at[taken]
        columns = (x.tolist() for x in (rows, start[at], end[at], true[at]))
        for row, *step in zip(*columns, strict=True):
            ways[row].append((step[0], step[1], step[2]))
        at = before[at]
    for way in ways:
        way.reverse()
    return ways
