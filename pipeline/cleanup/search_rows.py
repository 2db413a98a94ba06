"""The hypotheses of a search over many pieces, side by side in arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.word_trie import ROOT

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]


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
    order = np.lexsort((-rank, rows.words, rows.node, rows.piece))
    piece, node, words = rows.piece[order], rows.node[order], rows.words[order]
    new = np.ones(len(order), bool)
    new[1:] = (piece[1:] != piece[:-1]) | (node[1:] != node[:-1]) | (words[1:] != words[:-1])
    order = order[new]
    order = order[np.lexsort((-rank[order], rows.piece[order]))]
    piece = rows.piece[order]
    starts = np.flatnonzero(np.r_[True, piece[1:] != piece[:-1]])
    place = np.arange(len(piece)) - np.repeat(starts, np.diff(np.r_[starts, len(piece)]))
    return order[place < most]
