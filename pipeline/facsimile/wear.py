"""What use does to a sheet: folds, creases, punch holes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.facsimile.levels import Levels
from pipeline.facsimile.sheet import HEIGHT, WIDTH

Field = NDArray[np.float32]
"""float32 ``(H, W)`` or ``(H, W, 3)``: greys or colours of the sheet, 0 to 255."""

_HOLE = 23
"""Radius of a punch hole: 6 mm across."""

_HOLES_APART = 630
"""80 mm between the middles of two holes."""


def wear(page: Field, levels: Levels, rng: np.random.Generator) -> None:
    """Fold, crease and punch ``page`` as its levels say, in place."""
    if levels.fold > 0:
        _fold(page, levels, rng)
    for _ in range(levels.creases):
        _slanting_crease(page, rng)
    if levels.holes:
        _punch(page, rng)


def _slanting_crease(page: Field, rng: np.random.Generator) -> None:
    """A sharp line across a corner or the sheet: a rubbed ridge beside its shadow."""
    mask = np.zeros(page.shape[:2], np.float32)
    start = np.array([rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)])
    angle = rng.uniform(0, np.pi)
    reach = rng.uniform(300, 1500)
    points = [start]
    for _ in range(int(reach / 60)):
        angle += rng.normal(0, 0.06)
        points.append(points[-1] + 60 * np.array([np.cos(angle), np.sin(angle)]))
    line = np.rint(np.array(points) * 16).astype(np.int32)
    cv2.polylines(mask, [line], isClosed=False, color=1.0, lineType=cv2.LINE_AA, shift=4)
    left, top, wide, high = cv2.boundingRect((mask > 0).astype(np.uint8))
    if not wide:
        return
    box = slice(max(0, top - 8), top + high + 8), slice(max(0, left - 8), left + wide + 8)
    ridge = cv2.GaussianBlur(mask[box], (0, 0), 0.8)
    patchy = cv2.resize(rng.uniform(0.2, 1, (40, 40)).astype(np.float32), ridge.shape[::-1])
    shadow = np.roll(cv2.GaussianBlur(mask[box], (0, 0), 2.5), 3, axis=0)
    light = np.asarray(np.clip(1.4 * ridge * patchy, 0, 0.8), np.float32)
    if page.ndim == 3:
        light, shadow = light[:, :, None], shadow[:, :, None]
    page[box] += (232.0 - page[box]) * light - np.float32(70.0) * shadow


def _punch(page: Field, rng: np.random.Generator) -> None:
    """Two or four holes in the left margin; behind them it is dark, or lighter than the paper."""
    count = 2 if rng.random() < 0.7 else 4
    x = int(rng.uniform(60, 95))
    middle = HEIGHT / 2 + rng.normal(0, 25)
    tone = float(rng.uniform(25, 90)) if rng.random() < 0.7 else 250.0
    for number in range(count):
        y = round(middle + (number - (count - 1) / 2) * _HOLES_APART / (1 if count == 2 else 1.3))
        box = slice(y - 40, y + 40), slice(max(0, x - 40), x + 40)
        part = page[box]
        mask = np.zeros(part.shape[:2], np.float32)
        centre = (x - max(0, x - 40), 40)
        cv2.circle(mask, centre, _HOLE, 1.0, -1, cv2.LINE_AA)
        rim = cv2.GaussianBlur(mask, (0, 0), 2.0) - mask
        hole = mask[:, :, None] if page.ndim == 3 else mask
        edge = rim[:, :, None] if page.ndim == 3 else rim
        part += (np.float32(tone) - part) * hole - np.float32(60) * np.clip(edge, 0, 1)


def _fold(page: Field, levels: Levels, rng: np.random.Generator) -> None:
    """Folded once across, and deeply worn sheets once lengthwise: ridge, shadow, lost ink."""
    _crease(page, rng.uniform(0.47, 0.53) * HEIGHT, levels.fold, rng)
    if levels.fold > 0.5:
        turned = page.swapaxes(0, 1)
        _crease(turned, rng.uniform(0.45, 0.55) * WIDTH, 0.6 * levels.fold, rng)


def _crease(page: Field, at: float, depth: float, rng: np.random.Generator) -> None:
    reach = 14
    length = page.shape[1]
    wander = np.cumsum(rng.normal(0, 0.12, length)) * 0.5
    middle = int(at)
    for offset in range(-reach, reach + 1):
        rows = np.clip(np.rint(middle + offset + wander).astype(int), 0, page.shape[0] - 1)
        columns = np.arange(length)
        if abs(offset) <= 1:
            rubbed = np.clip(rng.normal(0.35, 0.3, length), 0, 1) * depth
            lift = rubbed[:, None] if page.ndim == 3 else rubbed
            page[rows, columns] += ((235.0 - page[rows, columns]) * lift).astype(np.float32)
        else:
            shade = -22.0 if offset > 0 else 7.0
            page[rows, columns] += np.float32(shade * depth * np.exp(-abs(offset) / 4.5))
