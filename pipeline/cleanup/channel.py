"""The channel: what an engine may have made of true letters, and how likely.

A *confusion* is a piece of what was read, one to three characters, with what may have stood there,
none to three letters. Its log-probability is that of the true letters being read so. Letters are
small ones, ё as е; what was read keeps its script, and its case where it is no Cyrillic (``r`` and
``R`` look unlike).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.text import LATIN_TO_CYRILLIC
from pipeline.word_trie import LETTERS

LONGEST = 3
"""Characters of a piece, read or true."""

ANYTHING = frozenset("~·•*^")
"""Signs that an engine puts where it makes nothing of a letter."""

SEAM = "\n"
"""Stands in what was read where a word was broken at a line's end, hyphen and all."""

NUMBERS = {letter: place for place, letter in enumerate(LETTERS)}

_STRENGTH = 12.0
"""How many sightings what is known before a document weighs against those in it."""

_MOST_SHARE = 0.5

Pair = tuple[str, str]
"""What was read, and what stands there in truth."""


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Confusions in flat arrays, sorted by what was read.

    ``rows``: the number of each piece read; its entries are ``starts[row]`` to ``starts[row + 1]``;
    ``places``: the entry of each pair; ``trues``: the true text of each entry, ``letters`` int64
    ``(entries, LONGEST)`` the numbers of its letters, -1 for none; ``shares``: see ``Channel``.
    """

    rows: Mapping[str, int]
    starts: NDArray[np.int64]
    places: Mapping[Pair, int]
    trues: tuple[str, ...]
    letters: NDArray[np.int64]
    shares: NDArray[np.float64]

    @staticmethod
    def of(shares: Mapping[Pair, float]) -> _Table:
        pairs = sorted(shares)
        rows: dict[str, int] = {}
        starts: list[int] = []
        for place, (read, _) in enumerate(pairs):
            if read not in rows:
                rows[read] = len(starts)
                starts.append(place)
        return _Table(
            rows=rows,
            starts=np.array([*starts, len(pairs)]),
            places={pair: place for place, pair in enumerate(pairs)},
            trues=tuple(true for _, true in pairs),
            letters=_numbers(true for _, true in pairs),
            shares=np.array([shares[pair] for pair in pairs], float),
        )

    def with_shares(self, changed: Mapping[Pair, float]) -> _Table:
        """The table with some shares changed, and pairs added that it did not have."""
        shares = self.shares.copy()
        new = [pair for pair in changed if pair not in self.places]
        for pair, share in changed.items():
            if pair in self.places:
                shares[self.places[pair]] = share
        if not new:
            return replace(self, shares=shares)
        rows = dict(self.rows)
        for read, _ in new:
            rows.setdefault(read, len(rows))
        row = np.repeat(np.arange(len(self.rows)), np.diff(self.starts))
        row = np.concatenate([row, np.array([rows[read] for read, _ in new])])
        order = np.argsort(row, kind="stable")
        trues = (*self.trues, *(true for _, true in new))
        pairs = [*self.places, *new]
        return _Table(
            rows=rows,
            starts=np.searchsorted(row[order], np.arange(len(rows) + 1)),
            places={pairs[old]: place for place, old in enumerate(order)},
            trues=tuple(trues[old] for old in order),
            letters=np.concatenate([self.letters, _numbers(true for _, true in new)])[order],
            shares=np.concatenate([shares, [changed[pair] for pair in new]])[order],
        )


def _numbers(trues: Iterable[str]) -> NDArray[np.int64]:
    rows = [[NUMBERS[c] for c in true] + [-1] * (LONGEST - len(true)) for true in trues]
    return np.array(rows, np.int64).reshape(-1, LONGEST)


class Channel:
    """Confusions by what was read. ``keep`` is the log-probability that a letter is read right."""

    def __init__(self, shares: Mapping[Pair, float] | _Table, rate: float) -> None:
        """Take in confusions.

        ``shares``: of (read, true) pairs, how often the true letters are read so where one letter
        in ten is misread; ``rate`` (0.0-1.0): how many of this document's are.
        """
        self._table = shares if isinstance(shares, _Table) else _Table.of(shares)
        self.rate = rate
        self.keep = math.log(1 - rate)

    @property
    def rows(self) -> Mapping[str, int]:
        """The number of each piece that is read for something else, "" for lost letters."""
        return self._table.rows

    @property
    def starts(self) -> NDArray[np.int64]:
        """The first entry of each piece in the arrays below, and their number."""
        return self._table.starts

    @property
    def trues(self) -> Sequence[str]:
        """What may have stood there, entry by entry."""
        return self._table.trues

    @property
    def letters(self) -> NDArray[np.int64]:
        """The numbers of its letters, int64 ``(entries, LONGEST)``, -1 for none."""
        return self._table.letters

    @property
    def costs(self) -> NDArray[np.float64]:
        """The log-probability of each entry."""
        scale = self.rate / (1 - self.rate) / (TYPICAL / (1 - TYPICAL))
        costs: NDArray[np.float64] = np.log(np.minimum(_MOST_SHARE, self._table.shares * scale))
        return costs

    @property
    def look_alikes(self) -> dict[Pair, float]:
        """The log-probability of each letter of another alphabet with a Cyrillic one's shape."""
        costs = self.costs
        pairs = ((read, read.translate(LATIN_TO_CYRILLIC)) for read in self.rows)
        alike = [(read, folded_read(true)) for read, true in pairs if true != read]
        places = self._table.places
        return {pair: float(costs[places[pair]]) for pair in alike if pair in places}

    def at(self, rate: float) -> Channel:
        """The channel of a document of which ``rate`` of the letters are misread."""
        return Channel(self._table, rate)

    def adapted(self, seen: Iterable[Pair], letters: Counter[str], rate: float) -> Channel:
        """The channel of a document in which these confusions were ``seen``.

        ``letters``: how often each true letter stands in it.
        """
        changed: dict[Pair, float] = {}
        for pair, count in Counter(seen).items():
            if len(pair[1]) > LONGEST:  # for a blot
                continue
            place = self._table.places.get(pair)
            before = FLOOR if place is None else float(self._table.shares[place])
            room = min((letters[letter] for letter in pair[1]), default=sum(letters.values()) / 30)
            share = (before * _STRENGTH + count) / (_STRENGTH + max(room, count))
            changed[pair] = min(_MOST_SHARE, share)
        return Channel(self._table.with_shares(changed), rate)


TYPICAL = 0.1
"""Share of misread letters to which ``shares`` belong."""

FLOOR = 1e-5
"""Share of a confusion that was never seen and looks like nothing."""


def folded_read(text: str) -> str:
    """``text`` as confusions are looked up: Cyrillic in small letters, Latin as it is."""
    return "".join(c.lower() if "Ѐ" <= c <= "ӿ" else c for c in text).replace("ё", "е")
