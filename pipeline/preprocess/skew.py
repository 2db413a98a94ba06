"""Finding and undoing the skew of a page."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.pixels import Affine, Pixels

_WORK_WIDTH = 1000
_COARSE, _FINE = 0.25, 0.03
_MAX_INK = 0.35
"""Share of dark pixels above which a page is no text (a photograph, a black page)."""


def find_skew(grey: Pixels, largest: float) -> float:
    """The angle in degrees by which to turn the page (counter-clockwise) to level its lines.

    The angle within ``largest`` at which the row profile changes most from row to row
    (after Postl, 1986); 0.0 for a page without enough ink to tell.
    """
    ink = _small_ink(grey)
    if not 0.0005 < float(ink.mean()) / 255.0 < _MAX_INK or min(ink.shape) < 40:
        return 0.0
    coarse = _best(ink, np.arange(-largest, largest + _COARSE / 2, _COARSE))
    near = np.arange(coarse - _COARSE, coarse + _COARSE, _FINE)
    return float(np.clip(_best(ink, near), -largest, largest))


def rotate(grey: Pixels, angle: float) -> tuple[Pixels, Affine]:
    """``grey`` turned by ``angle`` degrees about its centre, same size, new corners white.

    Also the 2x3 transform from the turned page back to ``grey``.
    """
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    turned = cv2.warpAffine(
        grey,
        matrix,
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=255,
    )
    back = cv2.invertAffineTransform(matrix)
    return np.asarray(turned, dtype=np.uint8), np.asarray(back, dtype=np.float64)


def _small_ink(grey: Pixels) -> Pixels:
    scale = min(1.0, _WORK_WIDTH / max(1, grey.shape[1]))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, ink = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return np.asarray(ink, dtype=np.uint8)


def _best(ink: Pixels, angles: NDArray[np.float64]) -> float:
    scores = [_sharpness(ink, float(angle)) for angle in angles]
    return float(angles[int(np.argmax(scores))])


def _sharpness(ink: Pixels, angle: float) -> float:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_NEAREST)
    profile = turned.sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(profile)).sum())
