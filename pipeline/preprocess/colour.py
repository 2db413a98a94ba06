"""Coloured ink on a page of black type: stamps, blue and red pencil, seen and taken out."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.pixels import Pixels
from pipeline.preprocess.background import flatten_background

_TYPE = 90
"""Darkness (0-255) from which a pixel counts as ink."""

_COLOURED_TYPE = 0.15
"""Share of colour in the usual ink from which the ribbon itself is coloured."""

_DEAD_ZONE, _STRENGTH = 0.08, 2.0
"""Colour below this share of the darkness is the scanner's fringe; above it, it is taken
off the darkness so many times."""


def without_colour(rgb: Pixels) -> tuple[Pixels, bool]:
    """Grey of ``rgb`` (uint8 ``(H, W, 3)``) in which coloured ink is pale, and whether it is.

    Every channel is evened first, so that the paper is white. Black ink is dark in all
    three, coloured ink not in that of its own colour. Where type and stamp lie over each
    other, the type stays. A page whose usual ink is coloured, typed with a violet ribbon
    or a carbon copy, keeps all of it.
    """
    dark = 255 - np.stack([flatten_background(rgb[:, :, c]) for c in range(3)])
    least, most = dark.min(axis=0), dark.max(axis=0)
    spread = most - least
    inked = most > _TYPE
    if not inked.any():
        return 255 - most, False
    usual = float(np.median(spread[inked] / most[inked]))
    if usual > _COLOURED_TYPE:
        return np.asarray(255 - cv2.transform(dark.transpose(1, 2, 0), _LUMA)), False
    colour = cv2.subtract(spread, cv2.convertScaleAbs(most, alpha=_DEAD_ZONE))
    pale = cv2.subtract(least, cv2.convertScaleAbs(colour, alpha=_STRENGTH))
    return np.asarray(255 - pale, dtype=np.uint8), bool((colour[inked] > 0.15 * most[inked]).any())


_LUMA = np.array([[0.299, 0.587, 0.114]])
"""ITU-R BT.601, as :func:`~pipeline.preprocess.grey.to_grey`."""
