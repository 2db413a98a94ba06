"""What lies over the type: stamps, strokes, notes by hand, rules that run through letters."""

from __future__ import annotations

import numpy as np

from pipeline.facsimile.handwriting import note
from pipeline.facsimile.pen import scribble, stroke, underline
from pipeline.facsimile.sheet import HEIGHT, WIDTH, Placed, Sheet
from pipeline.facsimile.stamps import stamp
from pipeline.facsimile.streams import one
from pipeline.model import LineKind


def mark_sheet(sheet: Sheet, *, form: bool) -> None:
    """Stamps, strokes, notes and rules on a finished sheet, as many as its levels say."""
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
