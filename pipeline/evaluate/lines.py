"""Which true line became which read line, where lines are missing, added, merged or split.

The alignment of the whole texts tells it: two lines belong together where at least half of the
shorter one's letters are equal. Lines that belong to
nobody are tried once more against each other, so that a moved line is found as such.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipeline.evaluate.align import AlignedTexts, Operation, OpKind
from pipeline.evaluate.labelled_units import row_spans
from pipeline.text import Level, normalise

TOGETHER = 0.5
"""Share of the shorter line's units that must be equal for two lines to belong together."""

MOVED = 75.0
"""Similarity (RapidFuzz's ratio, 0 to 100) from which a missing and an added line are one."""

TRIED = 1_000_000
"""Pairs of a missing and an added line up to which moved ones are looked for."""

_CLOSING = ",.;:!?"
"""Signs behind which the higher levels ignore a space."""


class LineMatchKind(StrEnum):
    """What became of true lines."""

    EQUAL = "equal"
    CHANGED = "changed"
    MISSING = "missing"
    EXTRA = "extra"
    MERGED = "merged"
    SPLIT = "split"
    MIXED = "mixed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMatch:
    """True lines and the read lines they became, by index from 0.

    ``MERGED``: several true lines in one read line; ``SPLIT``: the other way round;
    ``MIXED``: several against several. ``reference`` is empty for ``EXTRA``, ``hypothesis``
    for ``MISSING``.
    """

    kind: LineMatchKind
    reference: tuple[int, ...] = ()
    hypothesis: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCounts:
    """How many true lines became what; ``extra`` counts read lines instead."""

    equal: int = 0
    changed: int = 0
    missing: int = 0
    extra: int = 0
    merged: int = 0
    split: int = 0
    mixed: int = 0
    moved: int = 0

    def __add__(self, other: LineCounts) -> LineCounts:
        return LineCounts(
            **{name: getattr(self, name) + getattr(other, name) for name in self.__slots__}
        )


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a text (``rows``), and where they begin and end in its ``units``."""

    rows: tuple[str, ...]
    units: tuple[str, ...]
    starts: tuple[int, ...]
    stops: tuple[int, ...]

    @classmethod
    def of(cls, rows: tuple[str, ...], units: tuple[str, ...]) -> _Lines:
        spans = row_spans(rows, units)
        return cls(rows, units, tuple(x for x, _ in spans), tuple(x for _, x in spans))

    def at(self, position: int) -> int:
        return max(0, bisect_right(self.starts, position) - 1)

    def length(self, row: int) -> int:
        return self.stops[row] - self.starts[row]

    def text(self, row: int) -> tuple[str, ...]:
        return self.units[self.starts[row] : self.stops[row]]

    def joined(self, row: int) -> bool:
        """Whether nothing parts this row from the one before it."""
        return 0 < row < len(self.starts) and self.starts[row] == self.stops[row - 1]

    def end_of(self, row: int) -> int:
        """Where the row ends with the space behind it."""
        return self.starts[row + 1] if row + 1 < len(self.starts) else len(self.units)


@lru_cache(maxsize=64)
def line_texts(text: str, level: Level) -> tuple[str, ...]:
    """The lines of ``text`` that hold anything, each normalised at ``level``."""
    rows = (normalise(row, level) for row in text.splitlines())
    return tuple(row for row in rows if row)


def match_lines(pair: AlignedTexts) -> tuple[LineMatch, ...]:
    """What became of each line of the truth; every line of either side is in one match.

    In the order of the truth, ``EXTRA`` lines where they stand in what was read. Lines are counted
    as :func:`line_texts` gives them.
    """
    return _matches(*_sides(pair), pair.operations)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReport:
    """What became of the lines of a text, and how many of them (``total``) have no error."""

    counts: LineCounts
    perfect: int
    total: int


def line_report(pair: AlignedTexts) -> LineReport:
    """The figures of the lines of the truth.

    For ``perfect`` it does not matter where the other text breaks its lines; the line must
    stand between spaces there. A hyphen at a line's end is none at level ``reading``, where
    the word may also run on.
    """
    true, read = _sides(pair)
    counts: Counter[str] = Counter()
    for match in _matches(true, read, pair.operations):
        counts[match.kind.value] += len(match.reference) or len(match.hypothesis)
    perfect = _perfect(true, read, pair.operations, pair.level)
    return LineReport(counts=LineCounts(**counts), perfect=perfect, total=len(true.rows))


def _sides(pair: AlignedTexts) -> tuple[_Lines, _Lines]:
    return (
        _Lines.of(line_texts(pair.reference, pair.level), pair.true_units),
        _Lines.of(line_texts(pair.hypothesis, pair.level), pair.read_units),
    )


def _matches(true: _Lines, read: _Lines, operations: Sequence[Operation]) -> tuple[LineMatch, ...]:
    groups = _groups(_links(true, read, operations))
    paired = {i for rows, _ in groups for i in rows}
    others = {i for _, rows in groups for i in rows}
    alone = [i for i in range(len(true.rows)) if i not in paired]
    added = [i for i in range(len(read.rows)) if i not in others]
    moved = dict(_moved(alone, added, true.rows, read.rows))
    found = [
        LineMatch(kind=_kind(rows, read_rows, true, read), reference=rows, hypothesis=read_rows)
        for rows, read_rows in groups
    ]
    found += [
        LineMatch(kind=LineMatchKind.MOVED, reference=(i,), hypothesis=(moved[i],))
        if i in moved
        else LineMatch(kind=LineMatchKind.MISSING, reference=(i,))
        for i in alone
    ]
    taken = set(moved.values())
    found += [LineMatch(kind=LineMatchKind.EXTRA, hypothesis=(i,)) for i in added if i not in taken]
    return _ordered(found)


def _perfect(true: _Lines, read: _Lines, operations: Sequence[Operation], level: Level) -> int:
    equal = [x for x in operations if x.kind is OpKind.EQUAL]
    starts = [x.start for x in equal]
    begins, ends = {0, *read.starts}, {len(read.units), *read.stops}
    marks = "" if level is Level.STRICT else _CLOSING
    perfect = 0
    for index, (start, stop) in enumerate(zip(true.starts, true.stops, strict=True)):
        place = bisect_right(starts, start) - 1
        if place < 0 or equal[place].stop < stop:
            continue
        begin = equal[place].other_start + start - equal[place].start
        end = begin + stop - start
        # Where a level joins two lines of the truth, nothing needs to part them in what was read.
        opens = begin in begins or read.units[begin - 1] == " " or true.joined(index)
        closes = end in ends or read.units[end] == " " or true.joined(index + 1)
        opens = opens or read.units[begin - 1] in marks
        closes = closes or read.units[end - 1] in marks
        perfect += opens and closes
    return perfect


def _links(true: _Lines, read: _Lines, operations: Sequence[Operation]) -> list[tuple[int, int]]:
    """Pairs of lines that belong together, in order."""
    equal: Counter[tuple[int, int]] = Counter()
    for operation in operations:
        if operation.kind is not OpKind.EQUAL or not true.rows or not read.rows:
            continue
        position, other = operation.start, operation.other_start
        left = operation.stop - operation.start
        row, column = true.at(position), read.at(other)
        while left:
            step = min(left, true.end_of(row) - position, read.end_of(column) - other)
            equal[row, column] += step
            position, other, left = position + step, other + step, left - step
            row += position >= true.end_of(row)
            column += other >= read.end_of(column)
    return sorted(
        (row, column)
        for (row, column), count in equal.items()
        if count >= TOGETHER * min(true.length(row), read.length(column))
    )


def _groups(links: Sequence[tuple[int, int]]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Linked lines together; links run forward in both, so neighbours are enough to look at."""
    groups: list[tuple[list[int], list[int]]] = []
    for row, column in links:
        if groups and (row == groups[-1][0][-1] or column == groups[-1][1][-1]):
            rows, columns = groups[-1]
        else:
            rows, columns = [], []
            groups.append((rows, columns))
        if not rows or row != rows[-1]:
            rows.append(row)
        if not columns or column != columns[-1]:
            columns.append(column)
    return [(tuple(rows), tuple(columns)) for rows, columns in groups]


def _kind(rows: Sequence[int], others: Sequence[int], true: _Lines, read: _Lines) -> LineMatchKind:
    if len(rows) == len(others) == 1:
        same = true.text(rows[0]) == read.text(others[0])
        return LineMatchKind.EQUAL if same else LineMatchKind.CHANGED
    if len(others) == 1:
        return LineMatchKind.MERGED
    return LineMatchKind.SPLIT if len(rows) == 1 else LineMatchKind.MIXED


def _moved(
    alone: Sequence[int], added: Sequence[int], reference: Sequence[str], hypothesis: Sequence[str]
) -> Iterator[tuple[int, int]]:
    if not alone or not added or len(alone) * len(added) > TRIED:
        return
    free = list(added)
    for row in alone:
        choices = {i: hypothesis[i] for i in free}
        best = process.extractOne(
            reference[row], choices, scorer=fuzz.ratio, score_cutoff=MOVED, processor=None
        )
        if best is not None:
            free.remove(best[2])
            yield row, best[2]


def _ordered(found: Sequence[LineMatch]) -> tuple[LineMatch, ...]:
    """By the reference; an added line after the match that holds the read line before it."""
    place = {i: x.reference[0] for x in found if x.reference for i in x.hypothesis}
    before: dict[int, int] = {}
    last = -1
    for index in sorted({i for x in found for i in x.hypothesis}):
        before[index] = last
        last = place.get(index, last)

    def key(match: LineMatch) -> tuple[int, int, int]:
        if match.reference:
            return match.reference[0], 0, 0
        (index,) = match.hypothesis
        return before[index], 1, index

    return tuple(sorted(found, key=key))
