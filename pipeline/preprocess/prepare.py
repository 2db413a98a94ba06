"""The preprocessing stage: which steps a page goes through, in which order."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from pipeline.components import measure_x_height
from pipeline.config import PreprocessSettings
from pipeline.model import Step
from pipeline.pixels import Affine, Pixels, PreparedImage, PreparedPage, compose, identity
from pipeline.preprocess.border import find_border, without_frame
from pipeline.preprocess.broken import run_together
from pipeline.preprocess.geometry import (
    find_skew,
    find_turn,
    measure_letters,
    rescale,
    rotate,
    shrink,
    turn,
)
from pipeline.preprocess.ruling_lines import Dark, LongStrokes, find_blots, find_long_strokes, mend
from pipeline.preprocess.tone import (
    flatten_background,
    is_grey,
    strengthen,
    to_grey,
    upright_tones,
    without_colour,
)

_VERSION = "2"
_LEAST_SKEW = 0.05
"""Degrees: turning by less blurs the letters and straightens nothing."""

_STEEPEST = 15.0
"""Degrees up to which skew is looked for where none within ``max_skew`` fits."""

_LARGE_PAGE = 3_000_000
"""Pixels: no smaller page is shrunk; its letters are small, or few."""

_LEAST_SHRINK = 1.15
"""Times too large: shrinking by less costs sharpness and saves nothing."""

_SMALL_PAGE, _TINY_PAGE = 1_000_000, 300_000
"""Pixels: the type of larger pages than the first is large enough, that of pages smaller than
the second is not, whatever can be measured in it."""

_COARSE_COLOUR = 10.0
"""Pixels of x-height: of smaller type, colour is not taken out."""

_SMALL_TYPE, _ENLARGED_TYPE, _MOST_ENLARGED = 6.5, 14.0, 4.0
"""Pixels of x-height: smaller type is enlarged to that size, at most so many times."""

_LEAST_TYPE = 4.0
"""Pixels: lower letters are no letters, and all that is measured in them is chance."""


def prepare(
    pixels: Pixels,
    settings: PreprocessSettings,
    *,
    pixel_aspect: float = 1.0,
    other_way_up: bool = False,
    in_pieces: float | None = None,
) -> PreparedPage:
    """A grey, even, level page with nothing on it but type, and the steps that made it.

    ``pixels``: uint8 ``(H, W)`` or ``(H, W, 3)`` RGB. Every step can be turned off in
    ``settings``; those that were on are recorded, with what they found. ``pixel_aspect`` is
    how many times a pixel of the scan is higher than wide. ``other_way_up`` turns the page by
    another half after its orientation was found: the caller knows better. So with ``in_pieces``,
    the x-height of letters in pieces, which are made whole.
    """
    height, width = pixels.shape[:2]
    coloured = pixels.ndim == 3
    work = _Work(grey=to_grey(pixels))
    work.note("grey")
    if coloured and is_grey(pixels):
        pixels = work.grey
    if settings.flatten:
        pixels, negative = upright_tones(pixels)
        if negative:
            work.grey = to_grey(pixels)
            work.note("negative")
    if pixel_aspect != 1.0:
        pixels = _squared(work, pixels, pixel_aspect)
    small_type = _small_type(work.grey)
    if small_type is not None and small_type < _COARSE_COLOUR:
        # Pictures keep colour at half the fineness: it would eat the strokes of small letters.
        coloured, pixels = False, work.grey
    tiny = work.grey.size < _TINY_PAGE
    if small_type is not None and (tiny or small_type < _SMALL_TYPE):
        pixels = _enlarged(work, pixels, small_type)
    if settings.largest_x_height:
        pixels = _shrunk(work, pixels, settings.largest_x_height)
    if settings.colour and coloured:
        work.grey, seen = without_colour(pixels)
        work.note("colour", found=str(seen).lower())
    _even(work, settings)
    if in_pieces is not None:
        work.grey = run_together(work.grey, in_pieces)
        work.note("pieces", x_height=f"{in_pieces:.1f}")
    _upright(work, settings, half=other_way_up)
    _take_out(work, settings)
    return PreparedPage(
        image=PreparedImage(pixels=work.grey, to_scan=work.to_scan, scan_size=(width, height)),
        ruling_lines=work.strokes.ruling_lines,
        pen_strokes=work.strokes.pen_strokes,
        steps=tuple(work.steps),
    )


@dataclass(slots=True, eq=False)
class _Work:
    grey: Pixels
    to_scan: Affine = field(default_factory=identity)
    steps: list[Step] = field(default_factory=list)
    strokes: LongStrokes = field(init=False)

    def note(self, name: str, **found: str) -> None:
        pairs = tuple(sorted(found.items()))
        self.steps.append(Step(name=name, settings=pairs, version=_VERSION))

    def moved(self, grey: Pixels, back: Affine) -> None:
        """``grey`` is the page from now on; ``back`` leads from it to the page before."""
        self.grey, self.to_scan = grey, compose(self.to_scan, back)


def _squared(work: _Work, pixels: Pixels, aspect: float) -> Pixels:
    """``pixels`` with square ones: the coarser direction is made as fine as the other."""
    square, back = rescale(pixels, max(1.0, 1 / aspect), max(1.0, aspect))
    work.moved(to_grey(square), back)
    work.note("square-pixels", aspect=f"{aspect:.2f}")
    return square


def _small_type(grey: Pixels) -> float | None:
    """The x-height of a small page, in pixels; ``None`` for a larger one, or without letters."""
    if grey.size > _SMALL_PAGE:
        return None
    twice, _ = rescale(grey, 2.0, 2.0)
    x_height = measure_x_height(flatten_background(twice))
    return None if x_height is None else x_height / 2


def _enlarged(work: _Work, pixels: Pixels, x_height: float) -> Pixels:
    """``pixels``, larger where the type is so small that its letters cannot be told apart."""
    factor = float(np.clip(_ENLARGED_TYPE / x_height, 1.0, _MOST_ENLARGED))
    large, back = rescale(pixels, factor, factor)
    work.moved(to_grey(large), back)
    work.note("enlarge", factor=f"{factor:.1f}", x_height=f"{x_height:.1f}")
    return large


def _shrunk(work: _Work, pixels: Pixels, largest: float) -> Pixels:
    """``pixels`` as large as type of ``largest`` pixels needs; measured on the halved page."""
    if work.grey.size < _LARGE_PAGE:
        return pixels
    half = flatten_background(shrink(work.grey, 0.5)[0])
    x_height = 2 * (measure_x_height(half) or 0.0)
    work.note("scale", x_height=f"{x_height:.0f}")
    if x_height < _LEAST_SHRINK * largest:
        return pixels
    small, back = shrink(pixels, largest / x_height)
    work.moved(to_grey(small), back)
    return small


def _even(work: _Work, settings: PreprocessSettings) -> None:
    """White paper to the edges of the image."""
    frame = find_border(work.grey) if settings.border else None
    if settings.flatten:
        work.grey = flatten_background(work.grey)
        work.note("flatten")
        work.grey, factor = strengthen(work.grey)
        if factor > 1.0:
            work.note("strengthen", factor=f"{factor:.1f}")
    if frame is not None:
        work.grey, share = without_frame(work.grey, frame)
        work.note("border", share=f"{share:.3f}")


def _upright(work: _Work, settings: PreprocessSettings, *, half: bool) -> None:
    """Right way up, lines level."""
    letters = measure_letters(work.grey) if settings.orientation or settings.deskew else None
    if settings.orientation:
        quarters = (find_turn(work.grey, letters) + (2 if half else 0)) % 4
        if quarters:
            work.moved(*turn(work.grey, quarters))
            letters = measure_letters(work.grey)
        work.note("orientation", degrees=str(90 * quarters))
    if settings.deskew:
        angle = find_skew(work.grey, letters, settings.max_skew, _STEEPEST)
        if abs(angle) >= _LEAST_SKEW:
            work.moved(*rotate(work.grey, angle))
        work.note("deskew", degrees=f"{angle:.3f}")


def _take_out(work: _Work, settings: PreprocessSettings) -> None:
    """No punch holes, no ruling lines, no strokes of the pen."""
    nothing = np.zeros_like(work.grey)
    work.strokes = LongStrokes(ruling_lines=nothing, pen_strokes=nothing)
    x_height = measure_x_height(work.grey)
    if x_height is None or x_height < _LEAST_TYPE:
        return
    dark = Dark.of(work.grey, x_height)
    if settings.blots:
        blots = find_blots(dark)
        if blots.any():
            work.grey = np.asarray(cv2.bitwise_or(work.grey, blots), dtype=np.uint8)
            dark = Dark.of(work.grey, x_height)
        work.note("blots", share=f"{blots.mean() / 255:.4f}")
    if settings.ruling_lines or settings.pen:
        found = find_long_strokes(dark)
        work.strokes = LongStrokes(
            ruling_lines=found.ruling_lines if settings.ruling_lines else nothing,
            pen_strokes=found.pen_strokes if settings.pen else nothing,
        )
        work.grey = mend(work.grey, work.strokes.ruling_lines | work.strokes.pen_strokes)
        work.note(
            "strokes",
            ruling_lines=str(settings.ruling_lines).lower(),
            pen=str(settings.pen).lower(),
        )
