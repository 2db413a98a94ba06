"""Writing by hand: numbers on the form, notes in the margin, between and over lines."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.config import table
from pipeline.facsimile.faces import Ink, font, glyph, put
from pipeline.facsimile.pen import Points, draw, pencil_taken, smooth
from pipeline.facsimile.sheet import HEIGHT, WIDTH, Placed, Sheet
from pipeline.facsimile.streams import one
from pipeline.model import LineKind


def write(
    sheet: Sheet, text: str, at: tuple[float, float], size: int, kind: LineKind,
    *, slope: float = 0.0, pencil: bool = False,
) -> None:  # fmt: skip
    """``text`` by hand: slanted, uneven letters from the point ``at`` on its baseline.

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


def note(sheet: Sheet) -> None:
    """A note in the margin, between two lines, or over the text; some of them nobody can read."""
    one(sheet.rng, (_in_the_margin, _between_lines, _over_the_text))(sheet)


def _in_the_margin(sheet: Sheet) -> None:
    rng = sheet.rng
    body = _body(sheet)
    first = min((min(r[0] for r in line.rects) for line in body), default=200.0)
    words = str(one(rng, table("names")["notes"])).split()
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
        text = str(one(rng, table("names")["notes"]))
        write(sheet, text, at, size, LineKind.HANDWRITING, pencil=pencil_taken(sheet))
    else:
        _scrawl(sheet, at, 0.45 * size)


def _over_the_text(sheet: Sheet) -> None:
    rng = sheet.rng
    at = (float(rng.uniform(0.1, 0.5) * WIDTH), float(rng.uniform(0.3, 0.9) * HEIGHT))
    size = int(rng.integers(44, 64))
    if rng.random() < 0.6:
        text = str(one(rng, table("names")["notes"]))
        slope = float(rng.uniform(4, 16))
        pencil = pencil_taken(sheet)
        write(sheet, text, at, size, LineKind.HANDWRITING, slope=slope, pencil=pencil)
    else:
        _scrawl(sheet, at, 0.4 * size)


def _scrawl(sheet: Sheet, at: tuple[float, float], height: float) -> None:
    """Two to four words that nobody can read: each a row of loops in one stroke."""
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
    """``text`` in ink, and where its picture's top left is from its first point."""
    rng = sheet.rng
    path = sheet.faces["hand"]
    margin = 2 * size
    canvas = np.zeros((2 * margin, round(0.62 * size * len(text)) + 2 * margin), np.float32)
    x, drift = float(margin), 0.0
    for sign in text:
        tall = round(size * rng.uniform(0.92, 1.08))
        ink, left, top = glyph(path, tall, sign)
        drift += rng.normal(0, 0.02 * size)
        put(canvas, ink, round(x) + left, round(margin + drift) + top)
        x += 0.96 * font(path, tall).getlength(sign)
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
