"""Which read lines stand on which true line, by their places on the scan."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.ground_truth import TruthLine
from pipeline.model import Box, Line

_NEAR = 0.6
"""Of the usual distance between true lines: a read line is at most so far from its own."""

_ALONE = 40.0
"""Pixels: the same where there is only one true line."""


def lines_on(true: Sequence[TruthLine], lines: Sequence[Line]) -> list[list[Line]] | None:
    """For each true line the read lines that stand on it; ``None`` where places are unknown.

    Both are of one page. A read line belongs to the true line whose baseline is nearest to
    the middle of its box, among those it overlaps from left to right. Baselines and boxes
    are pixels of the scan.
    """
    if not true or any(x.box is None or x.baseline is None for x in true):
        return None
    if any(line.box is None for line in lines):
        return None
    reach = _reach(true)
    found: list[list[Line]] = [[] for _ in true]
    for line in lines:
        box = line.box
        if box is None:
            continue
        places = [(_distance(label, box), i) for i, label in enumerate(true) if _beside(label, box)]
        if places and min(places)[0] <= reach:
            found[min(places)[1]].append(line)
    return found


def covered(label: TruthLine, lines: Sequence[Line]) -> float:
    """Share (0 to 1) of the true line's width over which some of ``lines`` stand."""
    if label.box is None:
        return 0.0
    spans = sorted((float(x.box.left), float(x.box.right)) for x in lines if x.box is not None)
    done, total = float(label.box.left), 0.0
    for left, right in spans:
        start, end = max(left, done), min(right, float(label.box.right))
        total += max(0.0, end - start)
        done = max(done, end)
    return min(1.0, total / label.box.width)


def _reach(true: Sequence[TruthLine]) -> float:
    heights = sorted(_height_at(label, _middle(label)) for label in true)
    gaps = sorted(b - a for a, b in pairwise(heights) if b - a > 5)
    return _NEAR * gaps[len(gaps) // 2] if gaps else _ALONE


def _middle(label: TruthLine) -> float:
    return (label.box.left + label.box.right) / 2 if label.box else 0.0


def _beside(label: TruthLine, box: Box) -> bool:
    return label.box is not None and label.box.left < box.right and box.left < label.box.right


def _distance(label: TruthLine, box: Box) -> float:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return abs(_height_at(label, x) - y)


def _height_at(label: TruthLine, x: float) -> float:
    (x0, y0), (x1, y1) = (label.baseline or ((0.0, 0.0), (1.0, 0.0)))[:2]
    return y0 if x1 == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)
