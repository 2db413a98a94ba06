"""A text made of lines as graphemes that still know their line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.align import intern
from pipeline.text import Level, graphemes, normalise

_Label = TypeVar("_Label")

Span = tuple[int, int]
"""Where a row begins and ends (exclusive) in the units of the whole text."""


@dataclass(frozen=True, slots=True)
class LabelledUnits:
    """The graphemes of a text normalised as one, and where each of its rows stands in it."""

    units: tuple[str, ...]
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, rows: Iterable[str], level: Level) -> LabelledUnits:
        """Of ``rows``, one to a line."""
        listed = list(rows)
        units = graphemes(normalise("\n".join(listed), level))
        return cls(units, tuple(row_spans([normalise(x, level) for x in listed], units)))

    def labels(self, of_rows: Sequence[_Label]) -> list[_Label | None]:
        """The label of each unit; between two rows theirs where it is the same, else ``None``."""
        found: list[_Label | None] = []
        last: _Label | None = None
        for (start, stop), label in zip(self.spans, of_rows, strict=True):
            if start == stop:
                continue
            found += [label if label == last or not found else None] * (start - len(found))
            found += [label] * (stop - start)
            last = label
        return found + [last] * (len(self.units) - len(found))


def row_spans(rows: Sequence[str], whole: Sequence[str]) -> list[Span]:
    """Where each of ``rows`` stands in ``whole``, the units of their text; all are normalised.

    A level also joins what lines part (hyphens, spaces after a full stop), so that the rows side by
    side are not the whole; where they cannot be told letter by letter, an alignment tells.
    """
    text = "".join(whole)
    if len(text) == len(whole):
        spans = _walk(rows, text)
        if spans is not None:
            return spans
    return _aligned([graphemes(row) for row in rows], whole)


def _walk(rows: Sequence[str], text: str) -> list[Span] | None:
    spans: list[Span] = []
    at = 0
    for row in rows:
        if row and spans and text.startswith(" ", at):
            at += 1
        stop = at + len(row)
        if not text.startswith(row, at):
            # A hyphen at the end of a line goes where the word runs on.
            stop -= 1
            if row[-1] != "-" or not text.startswith(row[:-1], at):
                return None
        spans.append((at, stop))
        at = stop
    return spans if at == len(text) else None


def _aligned(rows: Sequence[Sequence[str]], whole: Sequence[str]) -> list[Span]:
    units: list[str] = []
    starts: list[int] = []
    for row in rows:
        if units and row:
            units.append(" ")
        starts.append(len(units))
        units += row
    place = [0] * (len(units) + 1)
    for code in Levenshtein.opcodes(*intern(units, whole)):
        for step in range(code.src_end - code.src_start):
            place[code.src_start + step] = min(code.dest_start + step, code.dest_end)
    place[len(units)] = len(whole)
    spans: list[Span] = []
    at = 0
    for start, row in zip(starts, rows, strict=True):
        end = place[start + len(row) - 1] + 1 if row else at
        begin = max(at, min(place[start], len(whole)))
        at = max(begin, min(end, len(whole)))
        spans.append((begin, at))
    return spans
