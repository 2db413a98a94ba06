"""From where to where a line reaches, with the small signs at its ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.layout.curves import Curve
from pipeline.layout.paragraphs import Extent
from pipeline.layout.strokes import Strokes

_DASH_WIDTH, _DASH_REACH = 0.4, 4.0
_STOP_AREA, _STOP_REACH = 0.03, 1.3
"""In x-heights (area: square x-heights): a dash may stand apart (``- 2 -``), a stop may not."""

_LEVEL = 0.9


def find_extents(strokes: Strokes, curves: list[Curve]) -> list[Extent]:
    """The extents of all lines: their letters, and the dashes and stops before and after."""
    taken = np.zeros(len(strokes.boxes), bool)
    taken[0] = True
    for curve in curves:
        taken[curve.letters] = True
    small = np.flatnonzero(~taken & (strokes.boxes[:, 3] <= strokes.x_height))
    return [_extent(curve, strokes, small) for curve in curves]


def _extent(curve: Curve, strokes: Strokes, small: NDArray[np.int64]) -> Extent:
    boxes = strokes.boxes[curve.letters]
    left, right = int(boxes[:, 0].min()), int((boxes[:, 0] + boxes[:, 2]).max())
    unit = strokes.x_height
    near = small[
        np.abs(strokes.middles[small, 1] - curve.at(strokes.middles[small, 0])) < _LEVEL * unit
    ]
    signs = sorted(
        (int(x), int(x + w), reach * unit)
        for (x, _, w, h), area in zip(strokes.boxes[near], strokes.areas[near], strict=True)
        if (reach := _reach(w / unit, h / unit, area / unit**2)) > 0
    )
    for start, end, reach in signs:
        if right <= end and start - right <= reach:
            right = end
    for start, end, reach in reversed(signs):
        if start <= left and left - end <= reach:
            left = start
    return Extent(left=left, right=right, middle=float(curve.at((left + right) / 2)))


def _reach(width: float, height: float, area: float) -> float:
    """How far from the line's letters a sign of this size (in x-heights) may stand; 0: no sign."""
    if width >= _DASH_WIDTH and width > 1.5 * height and area >= 0.5 * width * height:
        return _DASH_REACH if width <= 2.0 else 0.0
    return _STOP_REACH if area >= _STOP_AREA and width <= 1.0 else 0.0
