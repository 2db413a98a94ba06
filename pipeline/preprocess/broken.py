"""Letters in pieces, as a threshold leaves them that was set too high for thin or faint type."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.components import measure_x_height
from pipeline.pixels import Pixels

_GAP, _TALLER = 0.4, 1.5
"""In heights of the pieces: gaps that are closed, upwards; and so many times higher are whole
letters."""

_BLUR, _DARKER = 0.06, 1.6
"""Spread, in x-heights, by which the pieces run into each other; how much darker they become."""


def whole_height(even: Pixels) -> float | None:
    """The x-height (pixels) of an even page whose letters are in pieces; ``None`` of all others.

    ``even``: uint8 ``(H, W)``. Between the pieces of a letter the gaps are smaller than they are.
    """
    pieces = measure_x_height(even)
    if pieces is None:
        return None
    rows = round(_GAP * pieces) | 1
    closed = cv2.morphologyEx(even, cv2.MORPH_OPEN, np.ones((rows, 1), np.uint8))
    whole = measure_x_height(np.asarray(closed, dtype=np.uint8))
    return whole if whole is not None and whole >= _TALLER * pieces else None


def run_together(even: Pixels, x_height: float) -> Pixels:
    """The even page (uint8 ``(H, W)``) with the pieces of its letters run into each other."""
    soft = cv2.GaussianBlur(255 - even, (0, 0), max(0.5, _BLUR * x_height))
    return np.asarray(255 - cv2.convertScaleAbs(soft, alpha=_DARKER), dtype=np.uint8)
