"""What lies over the type: rubber stamps, strokes of the pen, signatures, notes by hand."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.config import table
from pipeline.facsimile.faces import Ink, glyph, put
from pipeline.facsimile.sheet import HEIGHT, WIDTH, Placed, Sheet
from pipeline.facsimile.strike import Rect
from pipeline.model import LineKind

Points = NDArray[np.float64]
"""float64 ``(N, 2)``: x, y in pixels at 200 dpi."""


def mark_sheet(sheet: Sheet, *, form: bool) -> None:
    """Stamps, strokes and underlining on a finished sheet, as many as its levels say."""
    levels, rng = sheet.machine.levels, sheet.rng
    if form:
        for _ in range(levels.stamps):
            _stamp(sheet, 0.05, 0.42)
        for _ in range(levels.form_strokes):
            _stroke(sheet, 0.05, 0.43)
        if levels.form_strokes:
            scribble(sheet, rng.uniform(0.25, 0.6) * WIDTH, rng.uniform(0.075, 0.1) * HEIGHT)
    for _ in range(levels.underlines):
        _underline(sheet)
    body = [rect for line in sheet.lines if line.kind is LineKind.BODY for rect in line.rects]
    if not body:
        return
    top, bottom = min(r[1] for r in body), max(r[3] for r in body)
    for number in range(levels.body_strokes):
        # Spread over the body, so that a wreck has no clean half.
        share = (number + rng.random()) / levels.body_strokes
        at = (top + share * (bottom - top)) / HEIGHT
        _stroke(sheet, at - 0.01, at + 0.01)


def write(sheet: Sheet, text: str, x: float, y: float, size: int, kind: LineKind) -> None:
    """``text`` by hand: slanted, uneven letters in pen from ``x`` on the baseline ``y``."""
    rng = sheet.rng
    path = sheet.faces["hand"]
    rects: list[Rect] = []
    for sign in text:
        tall = round(size * rng.uniform(0.92, 1.08))
        ink, left, top = glyph(path, tall, sign)
        turn = cv2.getRotationMatrix2D((0, 0), float(rng.normal(0, 4)), 1.0)
        ink = np.asarray(cv2.warpAffine(ink, turn, (ink.shape[1] + 4, ink.shape[0] + 4)))
        at_x, at_y = round(x) + left, round(y + rng.normal(0, 2)) + top
        put(sheet.pen, ink * np.float32(0.8), at_x, at_y)
        if not sign.isspace():
            rects.append((at_x, at_y, at_x + ink.shape[1], at_y + ink.shape[0]))
        x += tall * (0.30 if sign.isspace() else 0.52)
    sheet.lines.append(Placed(text=text, kind=kind, rects=tuple(rects), baseline=y))


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
    _pen(sheet, _smooth(np.array(corners)), rng.uniform(1.5, 3.0))


def _stroke(sheet: Sheet, top: float, bottom: float) -> None:
    """A long stroke of the pen that begins between two heights (shares of the sheet)."""
    rng = sheet.rng
    start = np.array([rng.uniform(0.08, 0.55) * WIDTH, rng.uniform(top, bottom) * HEIGHT])
    reach = np.array([rng.uniform(200, 760), rng.normal(0, 55)])
    along = np.linspace(0, 1, 6)[:, None]
    bend = rng.normal(0, 22) * np.sin(np.pi * along) + rng.normal(0, 2.5, (6, 1))
    points = start + along * reach
    points[:, 1:] += bend
    _pen(sheet, _smooth(points), rng.uniform(2.0, 4.2))


def _underline(sheet: Sheet) -> None:
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
    _pen(sheet, _smooth(points), rng.uniform(1.6, 3.0))


def _smooth(corners: Points) -> Points:
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


def _pen(sheet: Sheet, points: Points, width: float) -> None:
    """Draw ``points`` with a pen whose pressure changes, and remember it as handwriting."""
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
    np.maximum(sheet.pen[box], rows[box].astype(np.float32) / 255.0, out=sheet.pen[box])
    rect = (float(left), float(top), float(left + wide), float(top + high))
    sheet.lines.append(Placed(text=None, kind=LineKind.HANDWRITING, rects=(rect,)))


def _stamp(sheet: Sheet, top: float, bottom: float) -> None:
    """A rubber stamp, boxed or round, turned and worn, begun between two heights (shares)."""
    rng = sheet.rng
    names = table("names")
    if rng.random() < 0.5:
        texts = names["boxed_stamps"]
        text = texts[int(rng.integers(len(texts)))]
        ink = _boxed(sheet, text)
    else:
        texts = names["round_stamps"]
        text = texts[int(rng.integers(len(texts)))]
        ink = _round(sheet, text)
    high, wide = ink.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), float(rng.uniform(-18, 18)), 1.0)
    side = int(np.hypot(high, wide))
    turn[:, 2] += (side - wide) / 2, (side - high) / 2
    ink = np.asarray(cv2.warpAffine(ink, turn, (side, side)), np.float32)
    worn = cv2.resize(rng.random((side // 14, side // 14)).astype(np.float32), (side, side))
    ink *= np.clip(0.35 + 0.9 * worn, 0.1, 1.0) * np.float32(rng.uniform(0.45, 0.7))
    left = round(rng.uniform(0.45, 0.98 - side / WIDTH) * WIDTH)
    y = round(rng.uniform(top, bottom) * HEIGHT - high / 2)
    put(sheet.stamped, ink, left, y)
    rows, columns = np.nonzero(ink > 0.05)
    rect = (
        float(left + columns.min()),
        float(max(0, y + rows.min())),
        float(left + columns.max() + 1),
        float(y + rows.max() + 1),
    )
    sheet.lines.append(Placed(text=text, kind=LineKind.STAMP, rects=(rect,)))


def _boxed(sheet: Sheet, text: str) -> Ink:
    letters, _, _ = glyph(sheet.faces["stamp"], 34, text)
    rows, columns = letters.shape
    ink = np.zeros((rows + 44, columns + 52), np.float32)
    cv2.rectangle(ink, (4, 4), (columns + 47, rows + 39), 1.0, 4)
    put(ink, letters, 26, 22)
    return ink


def _round(sheet: Sheet, text: str) -> Ink:
    """Two circles with ``text`` running round between them, a star in the middle."""
    radius = 118
    ink = np.zeros((2 * radius, 2 * radius), np.float32)
    middle = (radius, radius)
    cv2.circle(ink, middle, radius - 5, 1.0, 5, cv2.LINE_AA)
    cv2.circle(ink, middle, radius - 46, 1.0, 2, cv2.LINE_AA)
    words = f"* {text} "
    for place, sign in enumerate(words):
        letter, _, _ = glyph(sheet.faces["stamp"], 26, sign)
        turn = -360.0 * place / len(words)
        upright = np.zeros_like(ink)
        put(upright, letter, radius - letter.shape[1] // 2, 25 - letter.shape[0] // 2)
        matrix = cv2.getRotationMatrix2D((float(radius), float(radius)), turn, 1.0)
        np.maximum(ink, cv2.warpAffine(upright, matrix, ink.shape), out=ink)
    tips = [(radius + r * np.sin(a), radius - r * np.cos(a)) for a, r in _star(44.0)]
    cv2.fillPoly(ink, [np.rint(np.array(tips)).astype(np.int32)], 0.9, cv2.LINE_AA)
    return ink


def _star(size: float) -> list[tuple[float, float]]:
    """Five tips: angle and radius of each corner."""
    return [(np.pi * i / 5, size if i % 2 == 0 else size * 0.42) for i in range(10)]
