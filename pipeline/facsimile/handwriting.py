"""What is written by hand: numbers, notes, pen strokes, underlining and signatures."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.facsimile.faces import Ink, font, glyph, put
from pipeline.facsimile.rows import Spot
from pipeline.facsimile.sheet import HEIGHT, WIDTH, Placed, Sheet
from pipeline.facsimile.streams import one
from pipeline.model import LineKind
from pipeline.resources import language

Points = NDArray[np.float64]
"""float64 ``(N, 2)``: x, y in pixels at 200 dpi."""


def write(
    sheet: Sheet, text: str, at: tuple[float, float], size: int, kind: LineKind,
    *, slope: float = 0.0, pencil: bool = False,
) -> None:  # fmt: skip
    """Write ``text`` by hand: slanted, uneven letters from the point ``at`` on its baseline.

    ``size`` in pixels an em, ``slope`` in degrees upwards. What is written on a slope has a
    box in the truth and no baseline.
    """
    ink, left, top = _written(sheet, text, size, slope)
    ink *= np.float32(0.75 if pencil else 0.85)
    x, y = round(at[0]) + left, round(at[1]) + top
    put(sheet.pencil if pencil else sheet.pen, ink, x, y)
    rows, columns = np.nonzero(ink > 0.15)
    if not len(rows):
        return
    rect = (
        float(x + columns.min()), float(y + rows.min()),
        float(x + columns.max() + 1), float(y + rows.max() + 1),
    )  # fmt: skip
    baseline = None if slope else at[1]
    sheet.lines.append(Placed(text=text, kind=kind, rects=(rect,), baseline=baseline))


def write_in(sheet: Sheet, spot: Spot) -> None:
    """Write by hand the words for which a typed row left room."""
    for cell, word in spot.row.written:
        # An italic letter is about 0.47 of its size wide; the word fills its gap, more or less.
        size = round(sheet.pitch / 0.47 * sheet.rng.uniform(0.92, 1.1))
        at = (spot.x + cell * sheet.pitch, spot.y + sheet.rng.normal(0, 2.0))
        write(sheet, word, at, size, LineKind.HANDWRITING, pencil=pencil_taken(sheet))


def note(sheet: Sheet) -> None:
    """Write a note in the margin, between two lines, or over the text; some are illegible."""
    one(sheet.rng, (_in_the_margin, _between_lines, _over_the_text))(sheet)


def _in_the_margin(sheet: Sheet) -> None:
    rng = sheet.rng
    body = _body(sheet)
    first = min((min(r[0] for r in line.rects) for line in body), default=200.0)
    words = one(rng, language.names().notes).split()
    size = int(rng.integers(30, 40))
    x = max(12.0, first - 150)
    y = float(rng.uniform(0.35, 0.8) * HEIGHT)
    pencil = pencil_taken(sheet)
    # One word below the other: the margin is narrow.
    for place, word in enumerate(words):
        at = (x + rng.normal(0, 4), y + place * size * 1.2)
        write(sheet, word, at, size, LineKind.HANDWRITING, pencil=pencil)


def _between_lines(sheet: Sheet) -> None:
    rng = sheet.rng
    lines = [line for line in _body(sheet) if line.baseline is not None]
    if not lines:
        return
    line = one(rng, lines)
    above = [(line.baseline or 0) - (x.baseline or 0) for x in lines]
    gap = min((step for step in above if step > 0), default=50.0)
    left, right = line.rects[0][0], line.rects[-1][2]
    at = (float(rng.uniform(left, max(left + 1, right - 300))), (line.baseline or 0) - 0.42 * gap)
    size = int(np.clip(0.62 * gap, 22, 36))
    if rng.random() < 0.5:
        text = one(rng, language.names().notes)
        write(sheet, text, at, size, LineKind.HANDWRITING, pencil=pencil_taken(sheet))
    else:
        _scrawl(sheet, at, 0.45 * size)


def _over_the_text(sheet: Sheet) -> None:
    rng = sheet.rng
    at = (float(rng.uniform(0.1, 0.5) * WIDTH), float(rng.uniform(0.3, 0.9) * HEIGHT))
    size = int(rng.integers(44, 64))
    if rng.random() < 0.6:
        text = one(rng, language.names().notes)
        slope = float(rng.uniform(4, 16))
        pencil = pencil_taken(sheet)
        write(sheet, text, at, size, LineKind.HANDWRITING, slope=slope, pencil=pencil)
    else:
        _scrawl(sheet, at, 0.4 * size)


def _scrawl(sheet: Sheet, at: tuple[float, float], height: float) -> None:
    """Two to four illegible words, each a row of loops in one stroke."""
    rng = sheet.rng
    x, y = at
    pencil, width = pencil_taken(sheet), rng.uniform(1.4, 2.4)
    for _ in range(int(rng.integers(2, 5))):
        corners: list[tuple[float, float]] = []
        for _ in range(int(rng.integers(3, 8))):
            tall = height * rng.uniform(0.5, 1.0) * (1.7 if rng.random() < 0.15 else 1.0)
            corners += [(x, y), (x + 0.45 * height, y - tall)]
            x += height * rng.uniform(0.5, 0.8)
        points: Points = np.array([*corners, (x, y)])
        draw(sheet, smooth(points), width, pencil=pencil)
        x += 0.9 * height


def _body(sheet: Sheet) -> list[Placed]:
    return [line for line in sheet.lines if line.kind is LineKind.BODY]


def _written(sheet: Sheet, text: str, size: int, slope: float) -> tuple[Ink, int, int]:
    """Draw ``text``; also where the picture's top left lies, seen from the text's first point."""
    rng = sheet.rng
    path = sheet.faces["hand"]
    margin = 2 * size
    canvas = np.zeros((2 * margin, round(0.62 * size * len(text)) + 2 * margin), np.float32)
    x, drift = float(margin), 0.0
    for character in text:
        tall = round(size * rng.uniform(0.92, 1.08))
        ink, left, top = glyph(path, tall, character)
        drift += rng.normal(0, 0.02 * size)
        put(canvas, ink, round(x) + left, round(margin + drift) + top)
        x += 0.96 * font(path, tall).getlength(character)
    # A hand leans and wavers: no letter is quite like another, no line quite level.
    ys, xs = np.indices(canvas.shape, dtype=np.float32)
    phase = rng.uniform(0, 6.28, 2)
    xs += (ys - margin) * np.float32(rng.uniform(0.05, 0.25))
    xs += np.float32(0.03 * size) * np.sin(ys / (0.4 * size) + phase[0])
    ys += np.float32(0.05 * size) * np.sin(xs / (0.9 * size) + phase[1])
    canvas = np.asarray(cv2.remap(canvas, xs, ys, cv2.INTER_LINEAR), np.float32)
    if slope:
        turn = cv2.getRotationMatrix2D((float(margin), float(margin)), slope, 1.0)
        high, wide = canvas.shape
        lift = int(wide * np.sin(np.radians(slope)))
        turn[1, 2] += lift
        canvas = np.asarray(cv2.warpAffine(canvas, turn, (wide, high + lift)), np.float32)
        return canvas, -margin, -margin - lift
    return canvas, -margin, -margin


def pencil_taken(sheet: Sheet) -> bool:
    """Draw whether the next mark is made in pencil."""
    return bool(sheet.rng.random() < sheet.machine.levels.pencil)


def scribble(sheet: Sheet, x: float, y: float) -> None:
    """Write an illegible signature: a tall first letter, loops that flatten, a flourish."""
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
    """Draw a long pen stroke that begins between two heights (shares of the sheet)."""
    rng = sheet.rng
    start = np.array([rng.uniform(0.08, 0.55) * WIDTH, rng.uniform(top, bottom) * HEIGHT])
    reach = np.array([rng.uniform(200, 760), rng.normal(0, 55)])
    along = np.linspace(0, 1, 6)[:, None]
    bend = rng.normal(0, 22) * np.sin(np.pi * along) + rng.normal(0, 2.5, (6, 1))
    points = start + along * reach
    points[:, 1:] += bend
    draw(sheet, smooth(points), rng.uniform(1.8, 3.6), pencil=pencil_taken(sheet))


def underline(sheet: Sheet) -> None:
    """Underline some words of a body line by hand, not quite level."""
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
    """Draw a line through ``points`` with changing pressure; it enters the truth as handwriting."""
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
