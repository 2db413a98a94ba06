"""Letters that follow each other: fragments of lines, before any line is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.layout.page_components import PageComponents

_GAP = 3.2
"""In x-heights: white between two letters of a fragment, a wide space between words."""

_STEP = 0.55
"""In x-heights: a letter's middle lies so near to the height of the one before."""

_CHUNK = 512


def find_chains(components: PageComponents, gap: float = _GAP) -> list[NDArray[np.int64]]:
    """The fragments of the lines: numbers of letters, left to right, each following the last.

    A letter follows the one whose right edge is nearest to its left, at most ``gap``
    x-heights away and about level with it. Every letter is in one chain.
    """
    letters = components.letters
    boxes = components.boxes[letters].astype(np.float64)
    unit = components.x_height
    left, right = boxes[:, 0], boxes[:, 0] + boxes[:, 2]
    middle = boxes[:, 1] + boxes[:, 3] / 2
    across = left + boxes[:, 2] / 2
    count = len(letters)
    after = np.full(count, -1)
    cost = np.full(count, np.inf)
    for start in range(0, count, _CHUNK):
        part = slice(start, start + _CHUNK)
        white = left[None, :] - right[part, None]
        rise = np.abs(middle[None, :] - middle[part, None])
        fits = (white > -0.6 * unit) & (white < gap * unit) & (rise < _STEP * unit)
        fits &= across[None, :] > across[part, None] + 0.2 * unit
        price = np.where(fits, np.maximum(white, 0.0) + 2.0 * rise, np.inf)
        best = price.argmin(axis=1)
        cost[part] = price[np.arange(len(best)), best]
        after[part] = np.where(np.isfinite(cost[part]), best, -1)
    _one_before(after, cost)
    return _walk(after, letters)


def _one_before(after: NDArray[np.int64], cost: NDArray[np.float64]) -> None:
    """Of several letters with the same next one, only the nearest keeps it, in ``after``."""
    known = np.flatnonzero(after >= 0)
    order = known[np.argsort(cost[known], kind="stable")]
    _, first = np.unique(after[order], return_index=True)
    kept = np.zeros(len(after), bool)
    kept[order[first]] = True
    after[~kept] = -1


def _walk(after: NDArray[np.int64], letters: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    follows = np.zeros(len(after), bool)
    follows[after[after >= 0]] = True
    chains: list[NDArray[np.int64]] = []
    for start in np.flatnonzero(~follows).tolist():
        chain = [start]
        while (following := int(after[chain[-1]])) >= 0:
            chain.append(following)
        chains.append(letters[np.array(chain)])
    return chains
