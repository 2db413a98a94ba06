"""Tone: grey of colour, even paper, and coloured ink taken out where the type is black."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.components import connected_components, find_ink, may_be_letters, shrunk, x_height_of
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

_TYPE_WIDTH = 1200
"""Pixels: letters are counted on a page of about this width."""

_NEGATIVE, _LEAST_AREA, _FILLED = 110, 0.03, 0.6
"""Dark areas have grey below this, cover so much of the scan, and fill so much of their box."""

_STROKE = 9
"""Pixels, wider than a stroke of a letter on that page."""

_LEAST_LETTERS, _LOWEST_TYPE, _ALIKE = 30, 6, 0.6
"""So many components are type, if they are so high (pixels), and so many of them alike."""

_FAINT_FROM, _FAINT, _DARK_TYPE = 150, 200.0, 180.0
"""Ink lighter than the first may be faint, ink lighter than the second is, whether or not it still
counts as ink; and the darkness (0-255) that faint type is given."""


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


def is_grey(rgb: Pixels) -> bool:
    """Whether ``rgb`` (uint8 ``(H, W, 3)``) is a grey page, stored as a coloured one."""
    for some in (rgb[::64], rgb):  # colour shows in a few rows already
        first, *others = cv2.split(np.ascontiguousarray(some))
        if any(not np.array_equal(first, other) for other in others):
            return False
    return True


def without_colour(rgb: Pixels) -> tuple[Pixels, bool]:
    """Grey of ``rgb`` (uint8 ``(H, W, 3)``) in which coloured ink is pale, and whether it is.

    Every channel is evened first, so that the paper is white. Black ink is dark in all
    three, coloured ink not in that of its own colour. Where type and stamp lie over each
    other, the type stays. A page whose usual ink is coloured, typed with a violet ribbon
    or a carbon copy, keeps all of it. A grey page is evened.
    """
    if rgb.ndim == 2 or is_grey(rgb):
        return flatten_background(to_grey(rgb)), False
    dark = [cv2.bitwise_not(flatten_background(np.asarray(c, np.uint8))) for c in cv2.split(rgb)]
    least, most = (
        np.asarray(of(of(dark[0], dark[1]), dark[2]), dtype=np.uint8) for of in (cv2.min, cv2.max)
    )
    spread = cv2.subtract(most, least)
    inked = most > _TYPE
    if not inked.any():
        return 255 - most, False
    if _colour_of_type(least, most) > _COLOURED_TYPE:
        return np.asarray(255 - cv2.transform(cv2.merge(dark), _LUMA)), False
    colour = cv2.subtract(spread, cv2.convertScaleAbs(most, alpha=_DEAD_ZONE))
    pale = cv2.subtract(least, cv2.convertScaleAbs(colour, alpha=_STRENGTH))
    return np.asarray(255 - pale, dtype=np.uint8), bool((colour[inked] > 0.15 * most[inked]).any())


def _colour_of_type(least: Pixels, most: Pixels) -> float:
    """The usual share of colour (0.0-1.0) in the letters of an even page.

    ``least``, ``most`` uint8 ``(H, W)``: how dark the lightest and the darkest channel is. Letters
    and not all ink: a pen, a stamp and the scanner's frame may be darker than a faint carbon copy.
    Where no letters are found, of all that is dark.
    """
    scale = min(1.0, _TYPE_WIDTH / most.shape[1])
    least, most = shrunk(least, scale), shrunk(most, scale)
    _, ink = cv2.threshold(
        np.maximum(255 - most, _FAINT_FROM), 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU
    )
    found = connected_components(np.asarray(ink, np.uint8))
    maybe = may_be_letters(found.stats, most.shape[0])
    chosen = most > _TYPE
    if maybe.sum() >= _LEAST_LETTERS:
        height = found.stats[:, 3]
        unit = x_height_of(height[maybe])
        letters = maybe & (height >= 0.6 * unit) & (height <= 2.0 * unit)
        chosen = letters[found.labels]
    if not chosen.any():
        return 0.0
    return float(np.median(1.0 - least[chosen] / most[chosen]))


_LUMA = np.array([[0.299, 0.587, 0.114]])
"""ITU-R BT.601, as :func:`to_grey`."""


def upright_tones(pixels: Pixels) -> tuple[Pixels, bool]:
    """``pixels`` with dark areas that bear light type turned to negatives, and whether any did.

    uint8 ``(H, W)`` or ``(H, W, 3)``. Photostats and microfilm show light type on black: a whole
    page, or a part of one. An area is turned where its strokes are lighter than what is around
    them (in a shadow, or on a photograph, paper can be dark and its type darker), and turning it
    shows letters, and what it was showed hardly any: a black frame or a cover has none either way.
    """
    grey = to_grey(pixels)
    scale = min(1.0, _TYPE_WIDTH / grey.shape[1])
    small = shrunk(grey, scale)
    turned = pixels
    for left, top, right, bottom in _dark_areas(small):
        area = small[top:bottom, left:right]
        if not _is_light_on_dark(area):
            continue
        negative = _count_letters(flatten_background(255 - area))
        if negative >= max(_LEAST_LETTERS, 2 * _count_letters(flatten_background(area))):
            if turned is pixels:
                turned = pixels.copy()
            rows = slice(int(top / scale), int(np.ceil(bottom / scale)))
            columns = slice(int(left / scale), int(np.ceil(right / scale)))
            turned[rows, columns] = 255 - turned[rows, columns]
    return turned, turned is not pixels


def _is_light_on_dark(area: Pixels) -> bool:
    """Whether thin strokes are more often lighter than their surroundings than darker."""
    kernel = np.ones((_STROKE, _STROKE), np.uint8)
    lighter = cv2.morphologyEx(area, cv2.MORPH_TOPHAT, kernel)
    darker = cv2.morphologyEx(area, cv2.MORPH_BLACKHAT, kernel)
    return bool(lighter.mean() > darker.mean())


def _dark_areas(grey: Pixels) -> list[tuple[int, int, int, int]]:
    """``(left, top, right, bottom)`` of the large dark areas of ``grey`` that fill their box."""
    dark = (grey < _NEGATIVE).astype(np.uint8)
    if dark.mean() < _LEAST_AREA:
        return []
    side = max(3, grey.shape[1] // 50) | 1
    # The type in a dark area is thin: closing fills it, and opening drops dark type on light.
    solid = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((2 * side, 2 * side), np.uint8))
    if not solid.any():
        return []
    stats = cv2.connectedComponentsWithStats(solid, connectivity=4)[2][1:]
    return [
        _where_dark(dark, x, y, x + width, y + height)
        for x, y, width, height, area in stats.tolist()
        if area >= _LEAST_AREA * grey.size and area >= _FILLED * width * height
    ]


def _where_dark(
    dark: Pixels, left: int, top: int, right: int, bottom: int
) -> tuple[int, int, int, int]:
    """The box without rows and columns at its ends that are light: the closing reached there."""
    inside = dark[top:bottom, left:right]
    rows = np.flatnonzero(inside.mean(axis=1) > 0.5)
    columns = np.flatnonzero(inside.mean(axis=0) > 0.5)
    if not len(rows) or not len(columns):
        return left, top, right, bottom
    return left + columns[0], top + rows[0], left + columns[-1] + 1, top + rows[-1] + 1


def strengthen(grey: Pixels) -> tuple[Pixels, float]:
    """Even ``grey`` with type so faint that it hardly counts as ink made dark, and how much.

    uint8 ``(H, W)`` in and out; 1.0 where the type is dark enough. Third and fourth carbons
    and scans made too light have ink of about 0.8 of the paper's tone. What is faint is told
    among the lighter tones alone, so that a dark stamp on the page does not hide it.
    """
    scale = min(1.0, _TYPE_WIDTH / grey.shape[1])
    small = shrunk(grey, scale)
    light = np.maximum(small, _FAINT_FROM)
    level, ink = cv2.threshold(light, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    # The soft edges of dark strokes are no faint ones.
    ink[cv2.dilate((small < _FAINT_FROM).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0] = 0
    if not 0 < cv2.mean(ink)[0] < 0.25 * 255 or level < _FAINT_FROM + 20:
        return grey, 1.0
    letters = _letters_in(np.asarray(ink, np.uint8))
    if letters < _LEAST_LETTERS:
        return grey, 1.0
    tone = float(np.median(small[ink > 0])) if ink.any() else 0.0
    seen = _count_letters(small) if tone < _FAINT else 0
    if letters < 2 * seen:
        return grey, 1.0
    faint = 255.0 - tone
    factor = _DARK_TYPE / max(faint, 1.0)
    return np.asarray(255 - cv2.convertScaleAbs(255 - grey, alpha=factor), np.uint8), factor


def _count_letters(even: Pixels) -> int:
    """How many components of an even page (uint8 ``(H, W)``) have a letter's size."""
    ink = find_ink(even)
    return 0 if ink is None else _letters_in(ink)


def _letters_in(ink: Pixels) -> int:
    """How many components of ``ink`` are about as high as most: type is, grain and dirt is not."""
    stats = connected_components(ink).stats
    heights = stats[may_be_letters(stats, ink.shape[0]), 3]
    if len(heights) < _LEAST_LETTERS:
        return len(heights)
    usual = x_height_of(heights)
    alike = (heights >= 0.75 * usual) & (heights <= 1.6 * usual)
    return int(alike.sum()) if usual >= _LOWEST_TYPE and alike.mean() >= _ALIKE else 0
