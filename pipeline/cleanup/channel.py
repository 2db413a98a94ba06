"""The channel: what an engine may have made of true letters, and how likely.

A *confusion* is a piece of what was read, one to three characters, with what may have stood there,
none to three letters. Its log-probability is that of the true letters being read so. Letters are
small ones, ё as е; what was read keeps its script, and its case where it is no Cyrillic (``r`` and
``R`` look unlike).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

LONGEST = 3
"""Characters of a piece, read or true."""

ANYTHING = frozenset("~·•*^")
"""Signs that an engine puts where it makes nothing of a letter."""

SEAM = "\n"
"""Stands in what was read where a word was broken at a line's end, hyphen and all."""

_STRENGTH = 12.0
"""How many sightings what is known before a document weighs against those in it."""

Pieces = Mapping[str, tuple[tuple[str, float], ...]]


class Channel:
    """Confusions by what was read. ``keep`` is the log-probability that a letter is read right."""

    def __init__(self, shares: Mapping[tuple[str, str], float], rate: float) -> None:
        """Take in confusions.

        ``shares``: of (read, true) pairs, how often the true letters are read so where one letter
        in ten is misread; ``rate`` (0.0-1.0): how many of this document's are.
        """
        self._shares = shares
        self.rate = rate
        self.keep = math.log(1 - rate)

    @cached_property
    def pieces(self) -> Pieces:
        """What each piece read may have been, likeliest first, with its log-probability.

        Made where it is asked for: of a document's channels only some are searched.
        """
        scale = self.rate / (1 - self.rate) / (TYPICAL / (1 - TYPICAL))
        pieces: dict[str, list[tuple[str, float]]] = {}
        for (read, true), share in self._shares.items():
            pieces.setdefault(read, []).append((true, math.log(min(0.5, share * scale))))
        return {read: tuple(sorted(trues, key=lambda x: -x[1])) for read, trues in pieces.items()}

    def at(self, rate: float) -> Channel:
        """The channel of a document of which ``rate`` of the letters are misread."""
        return Channel(self._shares, rate)

    def adapted(
        self, seen: Iterable[tuple[str, str]], letters: Counter[str], rate: float
    ) -> Channel:
        """The channel of a document in which these confusions were ``seen``.

        ``letters``: how often each true letter stands in it.
        """
        counts = Counter(seen)
        shares = dict(self._shares)
        for (read, true), count in counts.items():
            before = shares.get((read, true), FLOOR)
            room = min((letters[letter] for letter in true), default=sum(letters.values()) / 30)
            shares[read, true] = min(
                0.5, (before * _STRENGTH + count) / (_STRENGTH + max(room, count))
            )
        return Channel(shares, rate)


TYPICAL = 0.1
"""Share of misread letters to which ``shares`` belong."""

FLOOR = 1e-5
"""Share of a confusion that was never seen and looks like nothing."""


def folded_read(text: str) -> str:
    """``text`` as confusions are looked up: Cyrillic in small letters, Latin as it is."""
    return "".join(c.lower() if "Ѐ" <= c <= "ӿ" else c for c in text).replace("ё", "е")
