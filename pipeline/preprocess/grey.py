"""Colour to grey."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.pixels import Pixels


def to_grey(pixels: Pixels) -> Pixels:
    """Grey uint8 ``(H, W)`` of grey or RGB ``pixels`` (luma of ITU-R BT.601)."""
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
