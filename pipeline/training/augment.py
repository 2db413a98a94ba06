"""A drawn line made different each time it is seen."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.typewriter import HEIGHT, to_ink
from pipeline.pixels import Pixels

Ink = NDArray[np.float32]
"""float32 ``(48, W)``: 0.0 paper to 1.0 ink."""


def varied(pixels: Pixels, other: Pixels, rng: np.random.Generator) -> Ink:
    """``pixels`` of another size and place in its strip, cleaner or dirtier.

    ``other``: some other line, parts of which may stick into the strip from above or below.
    """
    ink = to_ink(pixels)
    for chance, change in _CHANGES:
        if rng.random() < chance:
            ink = change(ink, rng)
    ink = _placed(ink, rng)
    if rng.random() < 0.12:
        ink = _with_neighbour(ink, to_ink(other), rng)
    if rng.random() < 0.5:
        ink = ink + np.float32(rng.uniform(0, 0.045)) * rng.standard_normal(ink.shape, np.float32)
    return np.asarray(np.clip(ink, 0, 1), np.float32)


def _placed(ink: Ink, rng: np.random.Generator) -> Ink:
    """Scaled, shifted up or down, with more or less paper at its ends."""
    high = float(np.clip(rng.normal(1.0, 0.06), 0.84, 1.14))
    wide = float(np.clip(high * rng.normal(1.0, 0.07), 0.8, 1.25))
    rows, columns = ink.shape
    left, right = (int(v) for v in rng.integers(-6, 22, 2) * (rng.random(2) < 0.5))
    width = max(16, round(columns * wide) + left + right)
    lean = rng.normal(0, 0.03)
    down = rng.normal(0, 1.4) + (rows - rows * high) / 2
    move = np.array([[wide, lean, left - lean * rows / 2], [0.0, high, down]])
    return np.asarray(
        cv2.warpAffine(ink, move, (width, HEIGHT), flags=cv2.INTER_LINEAR), np.float32
    )


def _clogged(ink: Ink, rng: np.random.Generator) -> Ink:
    """Counters filled, here and there or along the whole line."""
    size = int(rng.integers(2, 5))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size + 1, size + 1))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, kernel)
    return ink + (closed - ink) * (_patches(ink, rng) * np.float32(rng.uniform(0.3, 1.0)))


def _fatter(ink: Ink, rng: np.random.Generator) -> Ink:
    fat = cv2.dilate(ink, np.ones((2, 2), np.uint8))
    return ink + (fat - ink) * (_patches(ink, rng) * np.float32(rng.uniform(0.3, 1.0)))


def _thinner(ink: Ink, rng: np.random.Generator) -> Ink:
    thin = cv2.erode(ink, np.ones((2, 2), np.uint8))
    return ink + (thin - ink) * (_patches(ink, rng) * np.float32(rng.uniform(0.2, 0.8)))


def _faded(ink: Ink, rng: np.random.Generator) -> Ink:
    return ink * (1.0 - _patches(ink, rng) * np.float32(rng.uniform(0.1, 0.6)))


def _patches(ink: Ink, rng: np.random.Generator) -> Ink:
    """Weights from 0 to 1 that change along the line; for some lines 1 throughout."""
    if rng.random() < 0.4:
        return np.ones((1, ink.shape[1]), np.float32)
    knots = rng.uniform(-0.6, 1.6, (1, max(2, ink.shape[1] // 24))).astype(np.float32)
    along = cv2.resize(knots, (ink.shape[1], 1), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(along.reshape(1, -1), 0, 1), np.float32)


def _toned(ink: Ink, rng: np.random.Generator) -> Ink:
    return np.asarray(np.clip(ink, 0, 1) ** rng.uniform(0.6, 1.7), np.float32)


def _blurred(ink: Ink, rng: np.random.Generator) -> Ink:
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.3, 1.1)), np.float32)


def _coarse(ink: Ink, rng: np.random.Generator) -> Ink:
    scale = float(rng.uniform(0.45, 0.8))
    small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    back = cv2.resize(small, ink.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(back, 0, 1), np.float32)


def _hard(ink: Ink, rng: np.random.Generator) -> Ink:
    """As photocopied: greys pushed to black and white."""
    level, steep = rng.uniform(0.3, 0.6), rng.uniform(6, 25)
    return np.asarray(1.0 / (1.0 + np.exp(-(ink - level) * steep)), np.float32)


def _penned(ink: Ink, rng: np.random.Generator) -> Ink:
    """A stroke of the pen across, or a rule under, the letters."""
    columns = ink.shape[1]
    canvas = np.zeros_like(ink)
    start, end = rng.uniform(-0.2, 1.0) * columns, rng.uniform(0.1, 1.3) * columns
    heights = rng.uniform(0, HEIGHT) + rng.normal(0, 7, 4)
    xs = np.linspace(start, end, 40)
    ys = np.polyval(np.polyfit(np.linspace(start, end, 4), heights, 3), xs)
    points = np.rint(np.stack([xs, ys], axis=1) * 16).astype(np.int32)
    thickness = int(rng.integers(1, 3))
    tone = float(rng.uniform(0.3, 0.9))
    cv2.polylines(
        canvas, [points], isClosed=False, color=tone, thickness=thickness,
        lineType=cv2.LINE_AA, shift=4,
    )  # fmt: skip
    return np.asarray(np.maximum(ink, canvas), np.float32)


def _with_neighbour(ink: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    """``ink`` with the feet of a line above it, or the heads of one below."""
    rows = int(rng.integers(3, 10))
    part = np.zeros_like(ink)
    shift = int(rng.integers(0, 60))
    piece = other[:, shift : shift + ink.shape[1]]
    if rng.random() < 0.5:
        part[:rows, : piece.shape[1]] = piece[38 - rows : 38]
    else:
        part[-rows:, : piece.shape[1]] = piece[10 : 10 + rows]
    return np.asarray(np.maximum(ink, part * np.float32(rng.uniform(0.4, 1.0))), np.float32)


_CHANGES: tuple[tuple[float, Callable[[Ink, np.random.Generator], Ink]], ...] = (
    (0.22, _clogged),
    (0.15, _fatter),
    (0.10, _thinner),
    (0.15, _faded),
    (0.25, _toned),
    (0.15, _coarse),
    (0.20, _blurred),
    (0.06, _hard),
    (0.05, _penned),
)
"""The chance of each change of a line, in the order in which they are made."""
