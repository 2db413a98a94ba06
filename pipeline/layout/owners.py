"""Which line each pixel of the page belongs to."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.layout.curves import Curve
from pipeline.layout.page_components import PageComponents

_TALL = 2.2
"""In x-heights: a taller stroke is letters of two lines run together."""

_SIGN = 0.65
"""In x-heights: a small stroke so near to a line's middle is its dash, comma or stop."""

_REACH = 1.3
"""In x-heights: farther from every line, ink is no letter's."""


def pixel_owners(components: PageComponents, curves: list[Curve]) -> NDArray[np.int32]:
    """For each pixel the number of its line in ``curves``; int32 ``(H, W)``.

    A letter's pixels are its line's. PageComponents that reach over several lines, letters run
    together or joined by a pen, are cut in the middle between the lines. Everything else,
    paper, accents and specks, goes with the nearest letter: so й keeps its breve, however
    narrow the leading. ``curves`` holds at least one line.
    """
    owner_of = np.full(len(components.boxes), -1, np.int32)
    for index, curve in enumerate(curves):
        low = components.boxes[curve.letters, 3] <= _TALL * components.x_height
        owner_of[curve.letters[low]] = index
    _add_signs(owner_of, components, curves)
    seeds = np.asarray(owner_of[components.labels], dtype=np.int32)
    _cut_apart(seeds, owner_of, components, curves)
    known = seeds >= 0
    if not known.any():
        return np.zeros(seeds.shape, np.int32)
    _, nearest = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    lines = np.zeros(int(nearest.max()) + 1, np.int32)
    lines[nearest[known]] = seeds[known]
    return np.asarray(lines[nearest], dtype=np.int32)


def _add_signs(
    owner_of: NDArray[np.int32], components: PageComponents, curves: list[Curve]
) -> None:
    """Own the dashes, commas and stops that stand on a line, in ``owner_of``."""
    small = (owner_of < 0) & (components.boxes[:, 3] < components.x_height)
    small &= components.boxes[:, 2] < 2 * components.x_height
    small[0] = False
    signs = np.flatnonzero(small)
    line, apart = _nearest_line(components.middles[signs], curves)
    level = apart <= _SIGN * components.x_height
    owner_of[signs[level]] = line[level]


def _cut_apart(
    seeds: NDArray[np.int32],
    owner_of: NDArray[np.int32],
    components: PageComponents,
    curves: list[Curve],
) -> None:
    """Give each pixel of large components without a line to the nearest one, in ``seeds``."""
    large = (owner_of < 0) & (components.boxes[:, 2:].max(axis=1) >= components.x_height)
    large[0] = False
    ys, xs = np.nonzero(large[components.labels])
    line, apart = _nearest_line(np.stack([xs, ys], axis=1).astype(np.float64), curves)
    near = apart <= _REACH * components.x_height
    seeds[ys[near], xs[near]] = line[near]


def _nearest_line(
    points: NDArray[np.float64], curves: list[Curve]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """For each ``(x, y)`` of ``points`` the line whose curve is nearest, and how far (pixels)."""
    line = np.zeros(len(points), np.int32)
    least = np.full(len(points), np.inf)
    for index, curve in enumerate(curves):
        apart = np.abs(points[:, 1] - curve.at(points[:, 0]))
        nearer = apart < least
        line[nearer], least[nearer] = index, apart[nearer]
    return line, least
