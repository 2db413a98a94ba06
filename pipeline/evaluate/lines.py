"""Which true line became which read line, where lines are missing, added, merged or split.

One alignment of the whole texts, lines joined by spaces, tells it: two lines belong
together where at least half of the shorter one's letters are equal. Lines that belong to
nobody are tried once more against each other, so that a moved line is found as such.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

from rapidfuzz import fuzz, process

from pipeline.evaluate.align import Operation, OpKind, align
from pipeline.text import Level, graphemes, normalise

TOGETHER = 0.5
"""Share of the shorter line's units that must be equal for two lines to belong together."""

MOVED = 75.0
"""Similarity (RapidFuzz's ratio, 0 to 100) from which a missing and an added line are one."""

TRIED = 1_000_000
"""Pairs of a missing and an added line up to which moved ones are looked for."""


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
class _JoinedLines:
    """Lines as units, joined by one space; ``starts`` is where each begins."""

    lines: tuple[tuple[str, ...], ...]
    units: tuple[str, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, texts: Sequence[str]) -> _JoinedLines:
        lines = tuple(graphemes(text) for text in texts)
        starts = tuple(accumulate((len(line) + 1 for line in lines), initial=0))[:-1]
        plain = " ".join(texts)
        # Where each code point is a grapheme, as nearly always, the text is its own units.
        simple = len(plain) == sum(map(len, lines)) + max(0, len(lines) - 1)
        units = tuple(plain) if simple else tuple(u for x in lines for u in (*x, " "))[:-1]
        return cls(lines, units, starts)

    def at(self, position: int) -> int:
        return bisect_right(self.starts, position) - 1


@lru_cache(maxsize=64)
def line_texts(text: str, level: Level) -> tuple[str, ...]:
    """The lines of ``text`` that hold anything, each normalised at ``level``."""
    rows = (normalise(row, level) for row in text.splitlines())
    return tuple(row for row in rows if row)


def match_lines(reference: Sequence[str], hypothesis: Sequence[str]) -> tuple[LineMatch, ...]:
    """What became of each line of ``reference``; every line of either side is in one match.

    The lines are compared as they are (see :func:`line_texts`) and must not be empty. In
    the order of the reference, ``EXTRA`` lines where they stand in the hypothesis.
    """
    return _matches(reference, hypothesis, _Aligned.of(reference, hypothesis))


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReport:
    """What became of the lines of a text, and how many of them (``total``) have no error."""

    counts: LineCounts
    perfect: int
    total: int


def line_report(reference: str, hypothesis: str, level: Level) -> LineReport:
    """The figures of the lines of ``reference``, each line normalised at ``level``.

    For ``perfect`` it does not matter where the hypothesis breaks its lines; the line must
    stand between spaces there. A hyphen at a line's end is none at level ``reading``, where
    the word may also run on.
    """
    true, open_ends = _without_hyphens(line_texts(reference, level), level)
    read, _ = _without_hyphens(line_texts(hypothesis, level), level)
    aligned = _Aligned.of(true, read)
    counts: Counter[str] = Counter()
    for match in _matches(true, read, aligned):
        counts[match.kind.value] += len(match.reference) or len(match.hypothesis)
    perfect = _perfect(aligned, open_ends)
    return LineReport(counts=LineCounts(**counts), perfect=perfect, total=len(true))


@dataclass(frozen=True, slots=True)
class _Aligned:
    """Two texts as rows of lines, and the operations between them."""

    true: _JoinedLines
    read: _JoinedLines
    operations: tuple[Operation, ...]

    @classmethod
    def of(cls, reference: Sequence[str], hypothesis: Sequence[str]) -> _Aligned:
        true, read = _JoinedLines.of(reference), _JoinedLines.of(hypothesis)
        return cls(true, read, align(true.units, read.units))


def _without_hyphens(texts: Sequence[str], level: Level) -> tuple[list[str], list[bool]]:
    """The lines without a hyphen at their end (at level ``reading``), and which had one."""
    hyphens = [level is Level.READING and len(x) > 1 and x.endswith("-") for x in texts]
    return [x[:-1] if cut else x for x, cut in zip(texts, hyphens, strict=True)], hyphens


def _matches(
    reference: Sequence[str], hypothesis: Sequence[str], aligned: _Aligned
) -> tuple[LineMatch, ...]:
    groups = _groups(_links(aligned.true, aligned.read, aligned.operations))
    paired = {i for rows, _ in groups for i in rows}
    others = {i for _, rows in groups for i in rows}
    alone = [i for i in range(len(reference)) if i not in paired]
    added = [i for i in range(len(hypothesis)) if i not in others]
    moved = dict(_moved(alone, added, reference, hypothesis))
    found = [
        LineMatch(
            kind=_kind(rows, read_rows, reference, hypothesis), reference=rows, hypothesis=read_rows
        )
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


def _perfect(aligned: _Aligned, open_ends: Sequence[bool]) -> int:
    true, read = aligned.true, aligned.read
    equal = [x for x in aligned.operations if x.kind is OpKind.EQUAL]
    starts = [x.start for x in equal]
    perfect = 0
    for index, (start, line) in enumerate(zip(true.starts, true.lines, strict=True)):
        place = bisect_right(starts, start) - 1
        if place < 0 or equal[place].stop < start + len(line):
            continue
        begin = equal[place].other_start + start - equal[place].start
        end = begin + len(line)
        opens = begin == 0 or read.units[begin - 1] == " " or (index > 0 and open_ends[index - 1])
        closes = end == len(read.units) or read.units[end] == " " or open_ends[index]
        perfect += opens and closes
    return perfect


def _links(
    true: _JoinedLines, read: _JoinedLines, operations: Sequence[Operation]
) -> list[tuple[int, int]]:
    """Pairs of lines that belong together, in order."""
    equal: Counter[tuple[int, int]] = Counter()
    for operation in operations:
        if operation.kind is not OpKind.EQUAL:
            continue
        position, other = operation.start, operation.other_start
        left = operation.stop - operation.start
        while left:
            row, column = true.at(position), read.at(other)
            rest = true.starts[row] + len(true.lines[row]) + 1 - position
            other_rest = read.starts[column] + len(read.lines[column]) + 1 - other
            step = min(left, rest, other_rest)
            equal[row, column] += step
            position, other, left = position + step, other + step, left - step
    return sorted(
        (row, column)
        for (row, column), count in equal.items()
        if count >= TOGETHER * min(len(true.lines[row]), len(read.lines[column]))
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


def _kind(
    rows: Sequence[int], others: Sequence[int], reference: Sequence[str], hypothesis: Sequence[str]
) -> LineMatchKind:
    if len(rows) == len(others) == 1:
        same = reference[rows[0]] == hypothesis[others[0]]
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
