"""What stands at each place of the pieces that are searched: letters, signs, blots, seams."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.channel import ANYTHING, LONGEST, NUMBERS, SEAM, folded_read

_SIGNS = frozenset(".,;:!?()\"'-«»„“”—–")
_OPENING = frozenset("\"(«'„")
_INNER = {",": -3.0, ".": -4.0, "-": -2.0}
"""Signs that part two words without a space, with what that costs."""

_LEADING = -4.0
"""A sign before the words that opens nothing."""

_SIGN_GONE, _MARK_GONE = -5.0, -3.0
"""A sign read for nothing, inside a word or at its edge; an odd mark."""

_STRANGE = -2.5
"""A figure, or a letter of another alphabet, for letters that it was never seen for; added to what
a blot costs."""

_Ints = NDArray[np.int64]


class Signs(NamedTuple):
    """What stands at each place of each piece, ``(pieces, places)``; costs are infinite if none.

    ``letter``: its number, -1 for no letter; ``gone``: cost of its being nothing; ``opens``,
    ``ends``: of a sign before words, and between two or after; ``blot``: of its
    standing for any letters; ``seam``: whether it is one.
    """

    letter: _Ints
    gone: NDArray[np.float64]
    opens: NDArray[np.float64]
    ends: NDArray[np.float64]
    blot: NDArray[np.float64]
    seam: NDArray[np.bool_]
    true: _Ints
    pieces: _Ints


def signs_of(
    reads: Sequence[str], rows: Mapping[str, int], number_of: Callable[[str], int]
) -> Signs:
    """What stands at each place of ``reads``.

    ``rows``: the numbers of the pieces that are read for something else; ``number_of``: that of a
    true text.
    """
    shape = (len(reads), max(map(len, reads)))
    found = Signs(
        letter=np.full(shape, -1),
        gone=np.full(shape, -np.inf),
        opens=np.full(shape, -np.inf),
        ends=np.full(shape, -np.inf),
        blot=np.full(shape, -np.inf),
        seam=np.zeros(shape, bool),
        true=np.zeros(shape, np.int64),
        pieces=np.full((*shape, LONGEST), -1),
    )
    for row, read in enumerate(reads):
        low = folded_read(read)
        for place, sign in enumerate(read):
            _tell(found, row, place, read, low)
            found.true[row, place] = number_of(sign)
            for length in range(1, min(LONGEST, len(read) - place) + 1):
                found.pieces[row, place, length - 1] = rows.get(low[place : place + length], -1)
    return found


def _tell(found: Signs, row: int, place: int, read: str, low: str) -> None:
    at, sign = (row, place), read[place]
    found.letter[at] = NUMBERS.get(low[place], -1)
    found.seam[at] = sign == SEAM
    if sign in ANYTHING:
        found.blot[at] = 0.0
    elif sign.isalnum() and low[place] not in NUMBERS:
        found.blot[at] = _STRANGE
    if sign in _SIGNS:
        inside = low[place + 1 : place + 2] in NUMBERS
        found.ends[at] = _INNER.get(sign, -math.inf) if inside else 0.0
        found.opens[at] = 0.0 if sign in _OPENING else _LEADING
    if sign not in (SEAM, " ") and not sign.isalnum():
        found.gone[at] = _SIGN_GONE if sign in _SIGNS else _MARK_GONE
