"""Where long texts may be cut so that their pieces can be aligned one by one.

An *anchor* is a stretch of at least :data:`GRAM` units that stands exactly once in each
text. Of all anchors the heaviest chain that runs forward in both texts is kept (so a moved
block is not followed), of these the ones that a neighbour supports, and about every
:data:`STEP` units the texts are cut in the middle of the longest anchor there. Time is
near-linear: hashing, one sort, and a chain over anchors.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

GRAM = 24
"""Units that must agree; shorter stretches may stand in both texts by chance."""

DRIFT = 0.1
"""Units lost or added per unit, at most, between anchors that support each other."""

SAMPLED = 8
"""One stretch in so many is looked at (a power of two)."""

STEP = 4_000
"""Units between two cuts, about."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_Anchor = tuple[int, int, int]


def cuts(left: str, right: str) -> tuple[tuple[int, int], ...]:
    """Places ``(i, j)`` to cut at: ``left[:i]`` belongs to ``right[:j]``; in order, may be none."""
    chosen: list[tuple[int, int]] = []
    best: _Anchor | None = None
    limit = STEP
    for anchor in _supported(_chain(list(_anchors(left, right)))):
        if best is not None and anchor[0] > limit:
            chosen.append(_middle(best))
            best, limit = None, anchor[0] + STEP
        if best is None or anchor[2] > best[2]:
            best = anchor
    if best is not None:
        chosen.append(_middle(best))
    return tuple(chosen)


def _supported(chain: Sequence[_Anchor]) -> Iterator[_Anchor]:
    """The anchors with a neighbour near their own diagonal.

    Texts that have nothing to do with each other share a phrase here and there, each on a
    diagonal of its own; texts that do share many, along nearly the same one.
    """
    close = [
        after[0] - before[0] <= STEP
        and abs((after[1] - after[0]) - (before[1] - before[0]))
        <= max(GRAM, DRIFT * (after[0] - before[0]))
        for before, after in pairwise(chain)
    ]
    for index, anchor in enumerate(chain):
        if any(close[max(0, index - 1) : index + 1]):
            yield anchor


def _middle(anchor: _Anchor) -> tuple[int, int]:
    start, other_start, length = anchor
    return start + length // 2, other_start + length // 2


def _anchors(left: str, right: str) -> Iterator[_Anchor]:
    """``(start, other start, length)`` of stretches that are unique in both, by ``start``."""
    here, there = _unique(_hashes(left)), _unique(_hashes(right))
    _, at, other = np.intersect1d(here[0], there[0], assume_unique=True, return_indices=True)
    pairs = sorted(zip(here[1][at].tolist(), there[1][other].tolist(), strict=True))
    held: _Anchor | None = None
    for start, other_start in pairs:
        if held is not None and other_start - start == held[1] - held[0]:
            # Further on along the same diagonal: one anchor, if all between them is equal.
            done = held[0] + held[2]
            if left[done : start + GRAM] == right[held[1] + held[2] : other_start + GRAM]:
                held = (held[0], held[1], start + GRAM - held[0])
                continue
        if held is not None:
            yield held
        # Hashes may collide, letters do not.
        same = left[start : start + GRAM] == right[other_start : other_start + GRAM]
        held = (start, other_start, GRAM) if same else None
    if held is not None:
        yield held


def _hashes(text: str) -> NDArray[np.uint64]:
    """A hash of each stretch of :data:`GRAM` units (wrapping polynomial), uint64 ``(n,)``."""
    units = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    count = len(units) - GRAM + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    spread = (units.astype(np.uint64) + np.uint64(1)) * _BASE
    spread ^= spread >> np.uint64(29)
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(GRAM):
        hashes = hashes * _BASE + spread[offset : offset + count]
    return hashes


def _unique(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes that come once, and where; of one stretch in :data:`SAMPLED`, told by its hash.

    What is chosen depends on the stretch alone, so it is chosen in both texts or in neither.
    """
    chosen = np.flatnonzero(hashes >> np.uint64(40) & np.uint64(SAMPLED - 1) == 0)
    values, first, counts = np.unique(hashes[chosen], return_index=True, return_counts=True)
    once = counts == 1
    return values[once], chosen[first[once]].astype(np.int64)


def _chain(anchors: Sequence[_Anchor]) -> list[_Anchor]:
    """The heaviest run of anchors (by units) that goes forward in both texts."""
    ends: list[int] = []
    """Ends in the other text, rising; ``weights`` rise with them (the rest is dominated)."""
    weights: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, other_start, length) in enumerate(anchors):
        place = bisect_right(ends, other_start)
        weight = length + (weights[place - 1] if place else 0)
        before.append(last[place - 1] if place else -1)
        end = other_start + length
        place = bisect_right(ends, end)
        if place and weights[place - 1] >= weight:
            continue
        stop = place
        while stop < len(ends) and weights[stop] <= weight:
            stop += 1
        ends[place:stop], weights[place:stop], last[place:stop] = [end], [weight], [index]
    chain: list[_Anchor] = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(anchors[index])
        index = before[index]
    return chain[::-1]
