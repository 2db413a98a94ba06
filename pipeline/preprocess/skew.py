"""Finding and undoing the skew of a page."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.pixels import Affine, Pixels

_WORK_WIDTH = 800
_MOST_POINTS = 60_000
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
    points = _ink_points(ink)
    coarse = _best(points, np.arange(-largest, largest + _COARSE / 2, _COARSE))
    near = np.arange(coarse - _COARSE, coarse + _COARSE, _FINE)
    return float(np.clip(_best(points, near), -largest, largest))


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


def _ink_points(ink: Pixels) -> NDArray[np.float64]:
    """``(2, N)``: y and x of the dark pixels of ``ink``, evenly thinned where there are many."""
    points = np.stack(np.nonzero(ink)).astype(np.float64)
    return points[:, :: -(-points.shape[1] // _MOST_POINTS)]


def _small_ink(grey: Pixels) -> Pixels:
    scale = min(1.0, _WORK_WIDTH / max(1, grey.shape[1]))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, ink = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return np.asarray(ink, dtype=np.uint8)


def _best(points: NDArray[np.float64], angles: NDArray[np.float64]) -> float:
    scores = [_sharpness(points, float(angle)) for angle in angles]
    return float(angles[int(np.argmax(scores))])


def _sharpness(points: NDArray[np.float64], angle: float) -> float:
    ys, xs = points
    # The rows of the page turned by ``angle``; the shear in place of the turn is exact to
    # the cosine of a few degrees.
    rows = ys - xs * np.tan(np.radians(angle))
    profile = np.bincount((rows - rows.min()).astype(np.int64)).astype(np.float64)
    return float(np.square(np.diff(profile)).sum())
