"""A page as the rules see it: its lines' features and, where there are boxes, its measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.model import Box
from pipeline.noise.features import Features

_TYPED_LETTERS = 15
_NEAREST = 9
_FEWEST = 3
"""Typed lines from which a page can be measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Where the typed text of a page stands; all lengths in scan pixels.

    ``pitch`` is the width of a typed cell, ``height`` of a typed line's box; ``left`` and
    ``right`` are the margins. Measured on the lines that read as Russian text.
    """

    pitch: float
    height: float
    left: float
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A page. ``column`` is ``None`` without boxes, or where too little reads as text.

    ``height`` is the page's, in scan pixels, ``None`` where there is no box. ``beside``:
    for each line whether a longer line of text stands on the same row.
    """

    lines: Sequence[Features]
    column: Column | None
    height: int | None
    beside: Sequence[bool]


def view_of(lines: Sequence[Features], height: int | None) -> View:
    """The view of a page of ``lines``; ``height`` of the scan in pixels, if known."""
    boxes = [x.line.box for x in lines]
    lowest = max((box.bottom for box in boxes if box is not None), default=None)
    return View(
        lines=lines,
        column=_column(lines),
        height=max(height or 0, lowest) if lowest is not None else None,
        beside=_beside(lines),
    )


def _column(lines: Sequence[Features]) -> Column | None:
    typed = [
        (x.line.box, x) for x in lines if x.line.box is not None and is_typed(x, _TYPED_LETTERS)
    ]
    if len(typed) < _FEWEST:
        return None
    # Letters that were read together or apart change one line's measure, not the page's.
    return Column(
        pitch=max(1.0, median(box.width / max(1, len(x.line.raw.strip())) for box, x in typed)),
        height=median(box.height for box, _ in typed),
        left=_quantile([box.left for box, _ in typed], 0.1),
        right=_quantile([box.right for box, _ in typed], 0.9),
    )


def is_typed(line: Features, letters: int) -> bool:
    """Whether ``line`` reads as Russian text of at least ``letters`` known letters."""
    return line.russian_words >= 3 and line.known_letters >= letters


def _quantile(values: Sequence[int], share: float) -> float:
    ordered = sorted(values)
    return float(ordered[min(len(ordered) - 1, int(share * len(ordered)))])


def _beside(lines: Sequence[Features]) -> list[bool]:
    """Swept from the top: only boxes that cross a level, and the nearest of them, are compared."""
    found = [False] * len(lines)
    boxes = [line.line.box for line in lines]
    order = sorted((box.top, i) for i, box in enumerate(boxes) if box is not None)
    for place, (_, one) in enumerate(order):
        for top, other in order[place + 1 : place + _NEAREST]:
            here, there = boxes[one], boxes[other]
            if here is None or there is None or top > here.bottom:
                break
            for small, large in ((one, other), (other, one)):
                if _same_row(boxes[small], boxes[large]) and is_typed(lines[large], _TYPED_LETTERS):
                    found[small] = True
    return found


def _same_row(box: Box | None, other: Box | None) -> bool:
    """Whether half of ``box``'s height or more lies on the row of ``other``, which is longer."""
    if box is None or other is None:
        return False
    return other.width > 2 * box.width and box.beside(other) > 0.5 * min(box.height, other.height)
