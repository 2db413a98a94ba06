"""Tone: grey of colour, even paper, and coloured ink taken out where the type is black."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.pixels import Pixels

_WORK_WIDTH = 700
"""The paper changes slowly: its grey is estimated on a page of about this many pixels."""

_DARKEST = 40
"""Paper nearly black is left dark: there is nothing to read on it."""

_TYPE = 90
"""Darkness (0-255) from which a pixel counts as ink."""

_COLOURED_TYPE = 0.15
"""Share of colour in the usual ink from which the ribbon itself is coloured."""

_DEAD_ZONE, _STRENGTH = 0.08, 2.0
"""Colour below this share of the darkness is the scanner's fringe; above it, it is taken
off the darkness so many times."""


def to_grey(pixels: Pixels) -> Pixels:
    """Grey uint8 ``(H, W)`` of grey or RGB ``pixels`` (luma of ITU-R BT.601)."""
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def flatten_background(grey: Pixels) -> Pixels:
    """``grey`` divided by its paper's grey, so that paper is white everywhere.

    The paper's grey is the morphological closing of the shrunk page (strokes are thin and
    vanish), smoothed. uint8 ``(H, W)`` in and out. Dark areas wider than about a
    fortieth of the page count as paper; where it is nearly black it is left dark.
    """
    height, width = grey.shape
    scale = min(1.0, _WORK_WIDTH / max(1, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    reach = max(3, size[0] // 40) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    paper = cv2.GaussianBlur(paper, (0, 0), max(1.0, reach / 2))
    full = cv2.resize(np.maximum(paper, _DARKEST), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, full, scale=255.0), dtype=np.uint8)


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
"""ITU-R BT.601, as :func:`to_grey`."""
