"""Keyed pages of real typescript as the benchmarks take them: rows of a tag, a tab, a text.

The measure itself is :mod:`pipeline.evaluate.keyed`. Lines tagged B, H, A and S (body, heading,
addressee, signature) *must* be in a transcript; F, N and P (form marks, page numbers, print) may
be; W (handwriting) is left out. A row without a tab, such as the ``=`` between two facing sheets,
is no line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Self

from pipeline.evaluate.keyed import (
    KeyedCounts as Score,
)
from pipeline.evaluate.keyed import codes, cost, folded, keyed_counts, run_on, sides
from pipeline.ground_truth import Truth
from pipeline.model import LineKind

__all__ = [
    "Difference",
    "KeyedLine",
    "Score",
    "Sums",
    "differences",
    "drawn_lines",
    "folded",
    "has_facing_sheets",
    "keyed_lines",
    "run_on",
    "score",
]

MUST = frozenset("BHAS")
HANDWRITING = "W"

_TAGS = {
    LineKind.BODY: "B", LineKind.HEADING: "H", LineKind.ADDRESSEE: "A", LineKind.SIGNATURE: "S",
    LineKind.FORM: "F", LineKind.TABLE: "F", LineKind.PAGE_NUMBER: "N", LineKind.STAMP: "P",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeyedLine:
    """One typed line: its tag and its text as typed."""

    tag: str
    text: str

    @property
    def must(self) -> bool:
        """Whether a transcript must hold it."""
        return self.tag in MUST


class Sums:
    """Figures that are added up page by page, field by field."""

    __slots__ = ()

    def __add__(self, other: Self) -> Self:
        pairs = zip(astuple(self), astuple(other), strict=True)  # type: ignore[call-overload]
        return type(self)(*(a + b for a, b in pairs))


@dataclass(frozen=True, slots=True)
class Difference:
    """One error as :func:`differences` lists them, with the true text before it."""

    before: str
    true: str
    read: str
    cost: int


def keyed_lines(path: Path) -> tuple[KeyedLine, ...]:
    """The lines of the truth at ``path``, handwriting left out."""
    rows = (row.split("\t", 1) for row in path.read_text(encoding="utf-8").split("\n"))
    return tuple(KeyedLine(*row) for row in rows if len(row) == 2 and row[0] != HANDWRITING)


def drawn_lines(truth: Truth) -> tuple[KeyedLine, ...]:
    """The lines of a facsimile, tagged as those of a keyed page; what no hand keys left out."""
    return tuple(
        KeyedLine(_TAGS[line.kind], line.text)
        for line in truth.lines
        if line.text and line.kind in _TAGS
    )


def has_facing_sheets(path: Path) -> bool:
    """Whether the truth at ``path`` is of two facing sheets on one scan."""
    return "=" in path.read_text(encoding="utf-8").split("\n")


def score(lines: Sequence[KeyedLine], text: str) -> Score:
    """How well ``text`` holds the keyed ``lines``."""
    return keyed_counts([(line.text, line.must) for line in lines], text)


def differences(lines: Sequence[KeyedLine], text: str) -> Iterator[Difference]:
    """The errors that :func:`score` counts, in order."""
    true, read, must = sides([(line.text, line.must) for line in lines], text)
    for code in codes(true, read):
        _, start, stop, other_start, other_stop = code
        if found := cost(code, must):
            before = true[max(0, start - 15) : start]
            yield Difference(before, true[start:stop], read[other_start:other_stop], found)
