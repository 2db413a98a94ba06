"""What lies over the type: rubber stamps, strokes of the pen, a signature."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.facsimile.faces import Ink, glyph, put
from pipeline.facsimile.sheet import HEIGHT, OVERSAMPLING, WIDTH, Sheet

_STAMP_TEXTS = ("ОСОБАЯ ПАПКА", "АРХИВ", "СЕКРЕТНО", "ВХОДЯЩИЙ", "ПОЛУЧЕНО")


def stamp(sheet: Sheet, canvas: Ink, kind: int) -> None:
    """A boxed (even ``kind``) or round stamp, somewhat turned, worn, in the upper half."""
    rng = sheet.rng
    size = 240 * OVERSAMPLING
    ink = np.zeros((size, size), np.float32)
    middle = size // 2
    text = _STAMP_TEXTS[int(rng.integers(len(_STAMP_TEXTS)))]
    letters, _, _ = glyph(sheet.faces["printed_bold"], 24 * OVERSAMPLING, text)
    if kind % 2:
        cv2.circle(ink, (middle, middle), middle - 8, 1.0, 7)
        cv2.circle(ink, (middle, middle), middle - 60, 1.0, 4)
    else:
        cv2.rectangle(ink, (8, middle - 70), (size - 8, middle + 70), 1.0, 6)
    put(ink, letters, middle - letters.shape[1] // 2, middle - letters.shape[0] // 2)
    turn = cv2.getRotationMatrix2D((middle, middle), float(rng.uniform(-25, 25)), 1.0)
    ink = np.asarray(cv2.warpAffine(ink, turn, (size, size)), np.float32)
    worn = cv2.resize(rng.random((24, 24)).astype(np.float32), (size, size))
    ink *= np.clip(1.5 * worn, 0.15, 1.0) * 0.6
    left = int(rng.uniform(0.55, 0.8) * WIDTH) * OVERSAMPLING
    top = int(rng.uniform(0.03, 0.3) * HEIGHT) * OVERSAMPLING
    put(canvas, ink, left, top)


def stroke(sheet: Sheet, canvas: Ink, top: float, bottom: float) -> None:
    """A long stroke of the pen between the heights ``top`` and ``bottom`` (shares of the sheet)."""
    rng = sheet.rng
    start = np.array([rng.uniform(0.1, 0.6) * WIDTH, rng.uniform(top, bottom) * HEIGHT])
    reach = np.array([rng.uniform(150, 650), rng.normal(0, 60)])
    _draw(sheet, canvas, start, reach, bow=40.0)


def scribble(sheet: Sheet, canvas: Ink, x: float, y: float) -> None:
    """A signature or a resolution: loops of the pen from ``x``, ``y`` (200 dpi) on."""
    rng = sheet.rng
    steps = np.arange(0, 26, 0.2)
    loops = rng.uniform(0.8, 1.3)
    xs = x + steps * 9 + 14 * np.cos(steps * loops * 1.9)
    ys = y + 22 * np.sin(steps * loops) * np.exp(-steps / 30) + rng.normal(0, 1.0, len(steps))
    _polyline(sheet, canvas, np.stack([xs, ys], axis=1))


def _draw(sheet: Sheet, canvas: Ink, start: np.ndarray, reach: np.ndarray, bow: float) -> None:
    along = np.linspace(0, 1, 40)[:, None]
    bend = sheet.rng.normal(0, bow) * np.sin(np.pi * along)
    points = start + along * reach + np.concatenate([np.zeros_like(bend), bend], axis=1)
    _polyline(sheet, canvas, points)


def _polyline(sheet: Sheet, canvas: Ink, points: np.ndarray) -> None:
    ink = np.zeros_like(canvas)
    corners = np.rint(points * OVERSAMPLING).astype(np.int32).reshape(-1, 1, 2)
    width = int(sheet.rng.integers(2, 4)) * OVERSAMPLING
    cv2.polylines(
        ink, [corners], isClosed=False, color=float(sheet.rng.uniform(0.5, 0.8)), thickness=width
    )
    np.maximum(canvas, ink, out=canvas)
