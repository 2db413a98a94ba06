"""Where paragraphs begin: by indent, or by a wider gap above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_INDENT = 2.5
"""In x-heights (a typist's indent is five components, about five x-heights)."""

_GAP = 1.45
_UNLIKE = 1.25
"""A gap opens a paragraph when it is so many times the usual leading, and so many times
the narrower of the gaps beside it: evenly set lines are one paragraph at any leading."""


@dataclass(frozen=True, slots=True)
class Extent:
    """From where to where a line's ink reaches, and the height of its middle (pixels)."""

    left: int
    right: int
    middle: float


def paragraph_starts(extents: Sequence[Extent], x_height: float) -> list[bool]:
    """For each line, from top to bottom, whether it opens a paragraph."""
    if not extents:
        return []
    gaps = np.diff([extent.middle for extent in extents])
    return [
        index == 0 or _is_indented(extents, index, x_height) or _has_gap(gaps, index - 1)
        for index in range(len(extents))
    ]


def _is_indented(extents: Sequence[Extent], index: int, x_height: float) -> bool:
    """Right of the line above; or in line with it, but the line below goes back to the left."""
    edge = float(np.percentile([extent.left for extent in extents], 25))
    here, indent = extents[index].left, _INDENT * x_height
    if here > extents[index - 1].left + indent:
        return True
    below = extents[index + 1].left if index + 1 < len(extents) else here
    return here > edge + indent and here > below + indent


def _has_gap(gaps: np.ndarray[tuple[int], np.dtype[np.float64]], index: int) -> bool:
    """Whether the gap number ``index`` is wide, for the page and beside its neighbours."""
    near = [gaps[i] for i in (index - 1, index + 1) if 0 <= i < len(gaps)]
    wide = gaps[index] > _GAP * float(np.median(gaps))
    return bool(wide and (not near or gaps[index] > _UNLIKE * min(near)))
