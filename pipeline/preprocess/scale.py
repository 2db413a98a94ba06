"""The page at the size that readers like and that costs least."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.pixels import Affine, Pixels


def shrink(grey: Pixels, factor: float) -> tuple[Pixels, Affine]:
    """``grey`` scaled by ``factor`` (0.0-1.0, exclusive of 0), and the 2x3 way back to it."""
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    across, down = (grey.shape[1 - i] / small.shape[1 - i] for i in (0, 1))
    back = np.array([[across, 0.0, (across - 1) / 2], [0.0, down, (down - 1) / 2]])
    return np.asarray(small, dtype=np.uint8), back
