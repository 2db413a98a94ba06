"""Evening out the paper: stains, shadows and grey go, strokes stay."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.pixels import Pixels

_WORK_WIDTH = 700
"""The paper changes slowly: its grey is estimated on a page of about this many pixels."""

_DARKEST = 40
"""Paper nearly black is left dark: there is nothing to read on it."""


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
