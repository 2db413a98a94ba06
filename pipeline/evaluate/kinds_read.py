"""Error rates by the true kind of a line, and how many of the true lines were found at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.evaluate.align import OpKind, align
from pipeline.evaluate.labelled_units import LabelledUnits
from pipeline.evaluate.metrics import Counts
from pipeline.ground_truth import Truth
from pipeline.model import Box, Document, LineKind
from pipeline.text import Level, graphemes, normalise

OVERLAP = 0.5
"""Intersection over union from which a box of the result is a true line found."""


def counts_by_kind(truth: Truth, text: str) -> tuple[tuple[LineKind, Counts], ...]:
    """The errors of ``text`` in the true lines of each kind, at level ``reading``.

    One alignment of all true lines whose text is known; an addition counts where the characters
    on both sides of it are of one kind, and belongs to that kind.
    """
    lines = truth.lines if truth.labelled else ()
    side = LabelledUnits.of([line.text or "" for line in lines], Level.READING)
    units, kinds = side.units, side.labels([line.kind for line in lines])
    if not units:
        return ()
    sums: dict[str, Counter[LineKind]] = {x: Counter() for x in OpKind}
    for x in align(units, graphemes(normalise(text, Level.READING))):
        if x.kind is OpKind.INSERT:
            near = set(kinds[max(0, x.start - 1) : x.start + 1])
            if len(near) == 1 and (kind := near.pop()) is not None:
                sums[x.kind][kind] += x.cost
        else:
            sums[x.kind].update(kind for kind in kinds[x.start : x.stop] if kind is not None)
    length = Counter(kind for kind in kinds if kind is not None)
    return tuple(
        (
            kind,
            Counts(
                substitutions=sums[OpKind.SUBSTITUTE][kind],
                insertions=sums[OpKind.INSERT][kind],
                deletions=sums[OpKind.DELETE][kind],
                length=length[kind],
            ),
        )
        for kind in LineKind
        if length[kind]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesFound:
    """True lines with a box, lines of the result with a box, and how many belong together."""

    found: int = 0
    true: int = 0
    read: int = 0

    @property
    def recall(self) -> float | None:
        """Share of the true lines that were found."""
        return self.found / self.true if self.true else None

    @property
    def precision(self) -> float | None:
        """Share of the lines of the result that are true ones."""
        return self.found / self.read if self.read else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both."""
        both = self.true + self.read
        return 2 * self.found / both if both else None

    def __add__(self, other: LinesFound) -> LinesFound:
        return LinesFound(
            found=self.found + other.found,
            true=self.true + other.true,
            read=self.read + other.read,
        )


def lines_found(document: Document, truth: Truth) -> LinesFound | None:
    """Which true lines were found, by place; ``None`` where the truth or the result has no boxes.

    Dropped lines were found too. Pairs are taken one to one, the best overlap first, from an
    intersection over union of :data:`OVERLAP` on. Pictures of lines differ in how much room they
    leave, so that 0.5 is a mild bound for lines.
    """
    total = LinesFound()
    pictures: dict[int, list[Box | None]] = {}
    for number, page in zip(document.picture_numbers, document.pages, strict=True):
        pictures.setdefault(number, []).extend(line.box for line in page.lines)
    for number, read in pictures.items():
        true = [x.box for x in truth.lines if x.page == number and _is_typed(x.kind)]
        boxes = [box for box in true if box is not None]
        others = [box for box in read if box is not None]
        if len(boxes) < len(true) or (read and not others):
            return None
        total += LinesFound(found=_pairs(boxes, others), true=len(boxes), read=len(others))
    return total if total.true else None


def _is_typed(kind: LineKind) -> bool:
    return kind not in (LineKind.HANDWRITING, LineKind.NOISE, LineKind.STAMP)


def _pairs(true: Sequence[Box], read: Sequence[Box]) -> int:
    overlaps = sorted(
        (
            (-share, i, j)
            for i, one in enumerate(true)
            for j, other in enumerate(read)
            if (share := overlap(one, other)) >= OVERLAP
        ),
    )
    taken_true: set[int] = set()
    taken_read: set[int] = set()
    for _, i, j in overlaps:
        if i not in taken_true and j not in taken_read:
            taken_true.add(i)
            taken_read.add(j)
    return len(taken_true)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes, 0.0 to 1.0."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (one.width * one.height + other.width * other.height - both)
