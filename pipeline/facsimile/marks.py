"""What lies over the type: rubber stamps, pen strokes, notes, rules that run through letters."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.facsimile.faces import Ink, glyph, put
from pipeline.facsimile.handwriting import note, scribble, stroke, underline
from pipeline.facsimile.sheet import HEIGHT, WIDTH, Placed, Sheet
from pipeline.facsimile.streams import one
from pipeline.model import LineKind
from pipeline.resources import language


def mark_sheet(sheet: Sheet, *, form: bool) -> None:
    """Put stamps, strokes, notes and rules on a typed sheet, as many as its levels say."""
    levels, rng = sheet.machine.levels, sheet.rng
    if form:
        for _ in range(levels.stamps):
            stamp(sheet, 0.05, 0.42)
        for _ in range(levels.form_strokes):
            stroke(sheet, 0.05, 0.43)
        if levels.form_strokes:
            scribble(sheet, rng.uniform(0.25, 0.6) * WIDTH, rng.uniform(0.075, 0.1) * HEIGHT)
    else:
        # Plain paper has fewer stamps, and they stand below or beside the text.
        for _ in range(levels.stamps // 2):
            stamp(sheet, 0.05, 0.95)
    for _ in range(levels.underlines):
        underline(sheet)
    _strokes_through_the_body(sheet)
    for _ in range(levels.notes):
        note(sheet)
    for _ in range(levels.rules):
        _rule_through_letters(sheet)


def _strokes_through_the_body(sheet: Sheet) -> None:
    levels, rng = sheet.machine.levels, sheet.rng
    body = [rect for line in sheet.lines if line.kind is LineKind.BODY for rect in line.rects]
    if not body:
        return
    top, bottom = min(r[1] for r in body), max(r[3] for r in body)
    # A short text is not struck out altogether.
    count = min(levels.body_strokes, 1 + int((bottom - top) / 110))
    for number in range(count):
        # Spread over the body, so that a wreck has no clean half.
        share = (number + rng.random()) / count
        at = (top + share * (bottom - top)) / HEIGHT
        stroke(sheet, at - 0.01, at + 0.01)


def _rule_through_letters(sheet: Sheet) -> None:
    """A printed rule or a row of dots that a typed line was not set clear of."""
    rng = sheet.rng
    lines = [x for x in sheet.lines if x.kind is LineKind.BODY and x.baseline is not None]
    if not lines:
        return
    line = one(rng, lines)
    y = round((line.baseline or 0.0) - rng.uniform(-2, 14))
    left = min(r[0] for r in line.rects) - rng.uniform(0, 60)
    right = max(r[2] for r in line.rects)
    if rng.random() < 0.5:
        left += rng.uniform(0.2, 0.5) * (right - left)
    right = min(WIDTH - 40.0, right + rng.uniform(-200, 120))
    right = max(right, left + 150)
    sheet.rule(left, y, right, y, dotted=bool(rng.random() < 0.4))
    rect = (float(np.floor(left)), y - 2.0, float(np.ceil(right)), y + 2.0)
    sheet.lines.append(Placed(text=None, kind=LineKind.NOISE, rects=(rect,)))


def stamp(sheet: Sheet, top: float, bottom: float) -> None:
    """Stamp the sheet, boxed or round, turned and worn.

    The stamp begins about between ``top`` and ``bottom``, shares of the sheet's height.
    """
    rng = sheet.rng
    names = language.names()
    if rng.random() < 0.5:
        texts = names.boxed_stamps
        text = texts[int(rng.integers(len(texts)))]
        ink = _boxed(sheet, text)
    else:
        texts = names.round_stamps
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
    for place, character in enumerate(words):
        letter, _, _ = glyph(sheet.faces["stamp"], 26, character)
        turn = -360.0 * place / len(words)
        upright = np.zeros_like(ink)
        put(upright, letter, radius - letter.shape[1] // 2, 25 - letter.shape[0] // 2)
        matrix = cv2.getRotationMatrix2D((float(radius), float(radius)), turn, 1.0)
        np.maximum(ink, cv2.warpAffine(upright, matrix, ink.shape), out=ink)
    # The star's ten corners lie by turns on a wide and on a narrow circle.
    corners = [(np.pi * i / 5, 44.0 if i % 2 == 0 else 44.0 * 0.42) for i in range(10)]
    tips = [(radius + r * np.sin(a), radius - r * np.cos(a)) for a, r in corners]
    cv2.fillPoly(ink, [np.rint(np.array(tips)).astype(np.int32)], 0.9, cv2.LINE_AA)
    return ink
