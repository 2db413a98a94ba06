"""What lies at a sheet's edges: the shadow of a binding, another sheet that sticks out."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.facsimile.sheet import HEIGHT, WIDTH
from pipeline.facsimile.traits import Binding
from pipeline.pixels import Pixels

_PALE = 0.35
"""Shadows less dark than this are of scans whose lid was white."""

_LINES_BEGIN = 190
"""Where lines begin about; the next sheet's are cut from there."""


def shaded(page: Pixels, binding: Binding, spine: float) -> Pixels:
    """Darken ``page`` towards a binding at the column ``spine``.

    Left of a single sheet's binding there is none of it to be seen.
    """
    away = np.arange(page.shape[1], dtype=np.float32) - np.float32(spine)
    near = np.abs(away)
    deep = 0.7 * np.exp(-near / (0.45 * binding.reach)) + 0.3 * np.exp(-near / 14.0)
    light = 1.0 - np.float32(binding.shadow) * deep
    if page.shape[1] == WIDTH:
        page = page.copy()
        page[:, away < 0] = 235 if binding.shadow < _PALE else 30
    shade = light[None, :] if page.ndim == 2 else light[None, :, None]
    return np.asarray(page * shade, np.uint8)


def with_next_sheet(page: Pixels, wide: float, rng: np.random.Generator) -> Pixels:
    """Let another sheet stick out from under ``page`` by ``wide`` pixels (negative: right).

    Its lines are cut by the upper sheet's edge; its paper has its own grey.
    """
    page = page.copy()
    right, count = wide < 0, round(abs(wide))
    edge = WIDTH - count if right else count
    # The lines of the sheet itself, moved down, stand in for the other's.
    begin = WIDTH - 150 - count if right else _LINES_BEGIN
    other = np.roll(page[:, begin : begin + count], int(rng.integers(40, HEIGHT // 2)), axis=0)
    tone = float(rng.uniform(0.86, 1.06))
    strip = np.asarray(np.clip(other * np.float32(tone), 0, 255), np.uint8)
    lean = rng.uniform(-0.5, 0.5) * min(14.0, count / 2)
    rows = np.linspace(-1, 1, HEIGHT)
    ends = np.rint(edge + lean * rows).astype(int)
    columns = np.arange(WIDTH)
    outside = columns[None, :] >= ends[:, None] if right else columns[None, :] < ends[:, None]
    laid = page.copy()
    laid[:, WIDTH - count :] = strip if right else laid[:, WIDTH - count :]
    if not right:
        laid[:, :count] = strip
    page[outside] = laid[outside]
    return _edge_shadow(page, ends, right=right, depth=float(rng.uniform(25, 80)))


def _edge_shadow(page: Pixels, ends: np.ndarray, *, right: bool, depth: float) -> Pixels:
    """The upper sheet's edge: a light rim, and its shadow on the sheet below."""
    away = np.arange(WIDTH)[None, :] - ends[:, None]
    below = away if right else -away
    dark = np.where(below >= 0, np.exp(-below / 4.0), 0.0).astype(np.float32) * depth
    rim = (below < 0) & (below >= -2)
    dark = np.asarray(np.where(rim, -8.0, dark), np.float32)
    dark = np.asarray(cv2.GaussianBlur(dark, (0, 0), 0.7), np.float32)
    change = dark if page.ndim == 2 else dark[:, :, None]
    return np.asarray(np.clip(page - change, 0, 255), np.uint8)
