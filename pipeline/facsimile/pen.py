"""Pen and pencil: strokes, underlining, signatures that nobody can read."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.facsimile.sheet import HEIGHT, WIDTH, Placed, Sheet
from pipeline.model import LineKind

Points = NDArray[np.float64]
"""float64 ``(N, 2)``: x, y in pixels at 200 dpi."""


def pencil_taken(sheet: Sheet) -> bool:
    """Whether the next mark is made in pencil."""
    return bool(sheet.rng.random() < sheet.machine.levels.pencil)


def scribble(sheet: Sheet, x: float, y: float) -> None:
    """A signature nobody can read: a tall first letter, loops that flatten, a flourish."""
    rng = sheet.rng
    count = int(rng.integers(4, 8))
    corners = [np.array([x, y])]
    for number in range(count):
        height = (60 if number == 0 else 26) * rng.uniform(0.5, 1.2) * (1 - 0.06 * number)
        x += rng.uniform(8, 16)
        corners += [np.array([x, y - height]), np.array([x + rng.uniform(-8, 10), y + 6])]
        x += rng.uniform(6, 14)
    corners += [np.array([x + rng.uniform(30, 90), y - rng.uniform(-20, 30)])]
    draw(sheet, smooth(np.array(corners)), rng.uniform(1.5, 3.0))


def stroke(sheet: Sheet, top: float, bottom: float) -> None:
    """A long stroke of the pen that begins between two heights (shares of the sheet)."""
    rng = sheet.rng
    start = np.array([rng.uniform(0.08, 0.55) * WIDTH, rng.uniform(top, bottom) * HEIGHT])
    reach = np.array([rng.uniform(200, 760), rng.normal(0, 55)])
    along = np.linspace(0, 1, 6)[:, None]
    bend = rng.normal(0, 22) * np.sin(np.pi * along) + rng.normal(0, 2.5, (6, 1))
    points = start + along * reach
    points[:, 1:] += bend
    draw(sheet, smooth(points), rng.uniform(1.8, 3.6), pencil=pencil_taken(sheet))


def underline(sheet: Sheet) -> None:
    """Some words of a body line underlined by hand, not quite level."""
    rng = sheet.rng
    lines = [line for line in sheet.lines if line.kind is LineKind.BODY and len(line.rects) > 8]
    if not lines:
        return
    line = lines[int(rng.integers(len(lines)))]
    first = int(rng.integers(0, len(line.rects) - 6))
    last = min(len(line.rects) - 1, first + int(rng.integers(6, 30)))
    x0, x1 = line.rects[first][0], line.rects[last][2]
    y = (line.baseline or 0) + rng.uniform(8, 14)
    xs = np.linspace(x0, x1, 5)
    points = np.stack([xs, y + rng.normal(0, 1.6, 5)], axis=1)
    draw(sheet, smooth(points), rng.uniform(1.6, 3.0), pencil=pencil_taken(sheet))


def smooth(corners: Points) -> Points:
    """A curve through ``corners`` (Catmull-Rom), eight points to a corner."""
    padded = np.vstack([corners[:1], corners, corners[-1:]])
    t = np.linspace(0, 1, 8, endpoint=False)[:, None]
    parts = []
    for i in range(len(corners) - 1):
        a, b, c, d = padded[i : i + 4]
        linear, square = c - a, 2 * a - 5 * b + 4 * c - d
        cubic = 3 * b - a - 3 * c + d
        parts.append(0.5 * (2 * b + linear * t + square * t**2 + cubic * t**3))
    return np.vstack([*parts, corners[-1:]])


def draw(sheet: Sheet, points: Points, width: float, *, pencil: bool = False) -> None:
    """Draw ``points`` with a pen or pencil whose pressure changes; remember it as handwriting."""
    rng = sheet.rng
    rows = np.zeros((HEIGHT, WIDTH), np.uint8)
    phase, tone = rng.uniform(0, 6.28), rng.uniform(0.55, 0.9)
    fixed = np.rint(points * 16).astype(int)
    for number in range(len(fixed) - 1):
        press = 1.0 + 0.35 * np.sin(phase + number / 6.0)
        a, b = fixed[number], fixed[number + 1]
        colour = int(255 * min(1.0, tone * (0.85 + 0.15 * press)))
        thickness = max(1, round(width * press))
        ends = (int(a[0]), int(a[1])), (int(b[0]), int(b[1]))
        cv2.line(rows, *ends, colour, thickness, cv2.LINE_AA, 4)
    left, top, wide, high = cv2.boundingRect(rows)
    if wide == 0:
        return
    box = slice(top, top + high), slice(left, left + wide)
    layer = sheet.pencil if pencil else sheet.pen
    np.maximum(layer[box], rows[box].astype(np.float32) / 255.0, out=layer[box])
    rect = (float(left), float(top), float(left + wide), float(top + high))
    sheet.lines.append(Placed(text=None, kind=LineKind.HANDWRITING, rects=(rect,)))
