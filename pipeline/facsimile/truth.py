"""The truth of a drawn page, in the format of ``STEM.gt.json`` (see ``ground_truth.py``)."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.facsimile.content import Content, Paper, Questionnaire, Telegram
from pipeline.facsimile.scanner import Move, Points
from pipeline.facsimile.sheet import Placed
from pipeline.model import LineKind

_STEP = 150.0
"""A baseline has a point at least every so many pixels of the sheet, so that it can bend."""


def page_truth(
    lines: list[Placed], fields: list[dict[str, object]], move: Move, source: str
) -> dict[str, Any]:
    """The JSON value: every line with its box and baseline in the scan, and the fields.

    A line that lies wholly off the scan is left out.
    """
    rows = [row for line in lines if (row := _row(line, move)) is not None]
    page = {"number": 1, "width": move.width, "height": move.height, "lines": rows}
    return {
        "format": "depesha-truth",
        "version": 1,
        "source": source,
        "text_kinds": [str(LineKind.BODY)],
        "pages": [page],
        "fields": fields,
    }


def body_text(truth: dict[str, Any]) -> str:
    """The body as typed, one line per typed line, each ended by a line feed."""
    rows = [row for page in truth["pages"] for row in page["lines"]]
    return "".join(f"{row['text']}\n" for row in rows if row["kind"] == LineKind.BODY)


def _row(line: Placed, move: Move) -> dict[str, object] | None:
    box = _box(line, move)
    if box is None:
        return None
    return {
        "text": line.text,
        "kind": str(line.kind),
        "box": box,
        "baseline": _baseline(line, move),
        "raw": None,
        "starts_paragraph": line.starts_paragraph,
    }


def _box(line: Placed, move: Move) -> list[int] | None:
    corners = [(x, y) for left, top, right, bottom in line.rects
               for x in (left, right) for y in (top, bottom)]  # fmt: skip
    points = move.points(np.array(corners, np.float64))
    left, top = np.maximum(np.floor(points.min(axis=0)), 0).astype(int)
    right, bottom = np.ceil(points.max(axis=0)).astype(int)
    right, bottom = min(right, move.width), min(bottom, move.height)
    if right <= left or bottom <= top:
        return None
    return [int(left), int(top), int(right), int(bottom)]


def _baseline(line: Placed, move: Move) -> list[list[float]] | None:
    if line.baseline is None:
        return None
    left = min(rect[0] for rect in line.rects)
    right = max(rect[2] for rect in line.rects)
    count = max(2, int(np.ceil((right - left) / _STEP)) + 1)
    xs = np.linspace(left, right, count)
    points: Points = np.stack([xs, np.full(count, line.baseline)], axis=1)
    return [[round(float(x), 1), round(float(y), 1)] for x, y in move.points(points)]


def fields_of(content: Content, number: int, *, last: bool) -> list[dict[str, object]]:
    """The fields that stand on sheet ``number``, by the names of the ground-truth format.

    Those of a telegram stand on its first; who signed a paper, on its ``last``.
    """
    if isinstance(content, Telegram):
        return _telegram_fields(content) if number == 1 else []
    values: dict[str, object] = {}
    if isinstance(content, Questionnaire) and last:
        values = {
            "signature": content.signature_name,
            "signature_post": content.signature_post,
        }
    elif isinstance(content, Paper):
        on_it = {
            "addressee": list(content.addressees) if number == 1 else [],
            "signature": content.signature if last else "",
            "signature_post": content.signature_post if last else "",
        }
        values = {name: value for name, value in on_it.items() if value}
    return [{"name": name, "value": value} for name, value in values.items()]


def _telegram_fields(telegram: Telegram) -> list[dict[str, object]]:
    values: dict[str, object] = {
        "origin": telegram.origin_name,
        "telegram_numbers": list(telegram.numbers),
        "date": telegram.date.isoformat(),
        "time": telegram.time,
        "special_numbers": list(telegram.special_numbers),
        "urgency": telegram.urgency,
        "addressee": telegram.addressee_name,
        "signature": telegram.signature,
        "copy_list": [{"number": n, "name": name} for n, name in telegram.copies.items()],
        "copies_made": telegram.copies_made,
        "typed_at": f"{telegram.day} {telegram.typed_time}",
        "released_by": telegram.released_by,
        "released_date": telegram.date.isoformat(),
        "sheet_number": telegram.sheet_number,
    }
    return [{"name": name, "value": value} for name, value in values.items()]
