"""Ruling lines and pen strokes: found by their geometry, taken out, the letters mended."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.components import Components, connected_components, shrunk
from pipeline.pixels import Pixels

_WORK_X_HEIGHT = 7.0
"""Strokes are looked for on the page shrunk to this x-height: thick enough to see, and fast."""

_DARK = 180
"""Of the shrunk page (0-255): thin strokes are pale there."""

_STRONG, _KEPT, _WEAK = 4.0, 5.0, 2.5
"""In x-heights. No letter has a straight run of four; a stroke is five long in all, and
goes on wherever straight runs of two and a half touch it."""

_STEEPEST = 1.0
"""Slope up to which runs are looked for, across and down."""

_THICK = 0.75
"""In x-heights: what is thicker is a blot or a picture, no stroke."""

_LINE = 0.6
"""In x-heights: no pen or underline draws thicker lines."""

_BLOT = 1.7
"""In x-heights: a disc of this width fits into a punch hole, and into no letter."""

_MEND_RADIUS = 4
"""Pixels from which a mended pixel takes its grey."""

_JOINED, _WOBBLE = 2.0, 2.5
"""Parts so near on a row (in x-heights) are one stroke; pixels, of the shrunk page, by which
a straight one is thick and wavers."""

_RULE_LENGTH, _SLOPE = 12.0, 0.03
"""A rule is so many x-heights long and leaves the level (or upright) by no more than this."""


@dataclass(frozen=True, slots=True, eq=False)
class LongStrokes:
    """Where long strokes are: uint8 masks ``(H, W)``, 255 inside.

    ``ruling_lines`` are straight, long, and level or upright; ``pen_strokes`` are all
    others but underlining.
    """

    ruling_lines: Pixels
    pen_strokes: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Dark:
    """A page made so small that its type is 7 pixels high, ``pixels`` 255 where it is dark.

    ``shape`` is that of the page, ``scale`` by how much it was made smaller, ``unit`` the x-height.
    """

    pixels: Pixels
    shape: tuple[int, int]
    scale: float
    unit: float

    @classmethod
    def of(cls, grey: Pixels, x_height: float) -> Dark:
        """``grey``: an even page, uint8 ``(H, W)``, with type of ``x_height`` pixels."""
        scale = min(1.0, _WORK_X_HEIGHT / x_height)
        dark = (shrunk(grey, scale) < _DARK) * np.uint8(255)
        return cls(
            pixels=np.asarray(dark, np.uint8),
            shape=(grey.shape[0], grey.shape[1]),
            scale=scale,
            unit=x_height * scale,
        )


def find_long_strokes(page: Dark) -> LongStrokes:
    """The long strokes of a level, even page.

    Letters end after a stroke or two; ruled lines and lines of the pen go straight on.
    They are what an opening with a straight segment leaves (Serra, 1982), in steps of
    slope; slopes are had by shearing the page, so that each opening is a level one.
    """
    dark, unit = page.pixels, page.unit
    found = _parts_of_size(_straight_runs(dark, round(_STRONG * unit)), _KEPT * unit)
    found = _without_blots(found, dark, unit)
    if found.any():
        # Weak runs matter only in what hangs together with a strong one.
        around = _grown(found, dark)
        weak = _without_blots(_straight_runs(around, round(_WEAK * unit)), dark, unit)
        found = _thin(_grown(found, weak), unit)
    rules, pen = _kinds(found, unit)
    return LongStrokes(
        ruling_lines=_at_full_size(rules, page), pen_strokes=_at_full_size(pen, page)
    )


def find_blots(page: Dark) -> Pixels:
    """Solid dark spots far thicker than strokes, such as punch holes: mask ``(H, W)``, 255 inside.

    Clogged letters are thinner than their height.
    """
    side = int(_BLOT * page.unit) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    solid = np.asarray(cv2.morphologyEx(page.pixels, cv2.MORPH_OPEN, disc), dtype=np.uint8)
    return _at_full_size(cv2.dilate(solid, np.ones((3, 3), np.uint8)), page)


def mend(grey: Pixels, mask: Pixels) -> Pixels:
    """``grey`` with what ``mask`` covers filled in from around it.

    Letters that a stroke has crossed are joined again where they go on above and below
    (Telea, 2004); elsewhere paper comes in.
    """
    if not mask.any():
        return grey
    return np.asarray(cv2.inpaint(grey, mask, _MEND_RADIUS, cv2.INPAINT_TELEA), dtype=np.uint8)


def _straight_runs(dark: Pixels, length: int) -> Pixels:
    """The parts of ``dark`` that lie on straight runs of ``length`` pixels, at any slope.

    Worked on the pixels alone, not on the page: of a typed sheet hardly any hang together so far.
    """
    ys, xs = np.nonzero(_parts_of_size(dark, length))
    found = np.zeros_like(dark)
    if not len(ys):
        return found
    # Neighbouring slopes part by two pixels over the length.
    for slope in np.linspace(-_STEEPEST, _STEEPEST, int(_STEEPEST * length) | 1).tolist():
        for along, across, page in ((xs, ys, found), (ys, xs, found.T)):
            x, y = _runs_at(along, across, slope, length)
            page[y, x] = 255
    return found


def _runs_at(
    xs: NDArray[np.int64], ys: NDArray[np.int64], slope: float, length: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Those of the pixels that lie on a run of ``length`` at ``slope``, as ``(x, y)``.

    Runs are level once the page is sheared: along them the places of pixels count up by one. Runs
    that end at the first or last column may go on beyond it: half their length is enough. The
    first pixel of a run is left out: two strokes that meet at a corner are two.
    """
    first, wide = int(xs.min()), int(np.ptp(xs)) + 2
    shear = np.floor(slope * np.arange(wide) + 0.5).astype(np.int64)
    places = np.sort((ys - shear[xs - first]) * wide + xs - first)
    ends = np.flatnonzero(np.diff(places, append=places[:1] - 2) != 1)
    sizes = np.diff(ends, prepend=-1)
    start = ends - sizes + 1
    at_left, at_right = places[start] % wide == 0, places[ends] % wide == wide - 2
    half = length // 2
    least = np.where(at_left, length - half, np.where(at_right, half + 1, length))
    chosen = np.repeat(sizes >= least, sizes)
    if length % 2 == 0:
        chosen[start[~at_left]] = False
    kept = places[chosen]
    x = kept % wide
    return x + first, kept // wide + shear[x]


def _parts_of_size(dark: Pixels, least: float) -> Pixels:
    """The connected parts of ``dark`` that are at least ``least`` pixels wide or high."""
    found = connected_components(dark)
    large = found.stats[:, 2:4].max(axis=1) >= least
    large[0] = False
    return _chosen(found, large)


def _without_blots(found: Pixels, dark: Pixels, unit: float) -> Pixels:
    side = int(_THICK * unit) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    blots = cv2.dilate(cv2.morphologyEx(dark, cv2.MORPH_OPEN, disc), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.bitwise_and(found, cv2.bitwise_not(blots)), dtype=np.uint8)


def _thin(found: Pixels, unit: float) -> Pixels:
    """``found`` without what is thick in it: letters that an underline joins are full of runs."""
    side = int(_LINE * unit) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    thick = cv2.dilate(cv2.morphologyEx(found, cv2.MORPH_OPEN, disc), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.bitwise_and(found, cv2.bitwise_not(thick)), dtype=np.uint8)


def _grown(seeds: Pixels, weak: Pixels) -> Pixels:
    """``seeds`` and the parts of ``weak`` that touch them."""
    found = connected_components(seeds | weak)
    touched = np.zeros(len(found.stats), bool)
    touched[np.unique(found.labels[seeds > 0])] = True
    touched[0] = False
    return _chosen(found, touched)


def _kinds(found: Pixels, unit: float) -> tuple[Pixels, Pixels]:
    """The parts of ``found`` that are rules, and those that are the pen's.

    Straight level strokes too short for a rule are underlining, typed or by hand: below
    the letters they do no harm, and taking them out costs the letters their feet. Parts
    that letters have cut from each other are judged together.
    """
    parts = connected_components(found)
    reach = round(_JOINED * unit)
    joined = connected_components(
        np.asarray(cv2.dilate(found, np.ones((3, 2 * reach + 1), np.uint8)))
    )
    ys, xs = np.nonzero(found)
    group = np.zeros(len(parts.stats), np.int64)
    group[parts.labels[ys, xs]] = joined.labels[ys, xs]
    across, down = joined.stats[group, 2] - 2 * reach, joined.stats[group, 3] - 2
    level = (down <= _SLOPE * across + _WOBBLE) & (across > down)
    own = parts.stats[:, 2:4]
    upright = (own[:, 0] <= _SLOPE * own[:, 1] + _WOBBLE) & (own[:, 1] >= _RULE_LENGTH * unit)
    ruled = (level & (across >= _RULE_LENGTH * unit)) | upright
    pen = ~ruled & ~level
    ruled[0] = pen[0] = False
    return _chosen(parts, ruled), _chosen(parts, pen)


def _chosen(found: Components, which: NDArray[np.bool_]) -> Pixels:
    """A mask, 255 in the components for which ``which`` (bool ``(N,)``) holds."""
    return (which.astype(np.uint8) * np.uint8(255))[found.labels]


def _at_full_size(mask: cv2.typing.MatLike, page: Dark) -> Pixels:
    height, width = page.shape
    if not mask.any():
        return np.zeros(page.shape, np.uint8)
    full = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)
    # A shrunk pixel more on each side: the stroke's soft edge.
    side = 2 * round(1 / page.scale) + 1
    return np.asarray(cv2.dilate(full, np.ones((side, side), np.uint8)), dtype=np.uint8)
