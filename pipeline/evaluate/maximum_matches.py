"""Among alignments of equal cost, the one with the most matches.

With ``M`` matches, ``S`` substitutions and lengths ``n`` and ``m`` the cost is
``n + m - 2 M - S``: at equal cost every match more is two substitutions fewer. So only
stretches with at least two substitutions can be bettered, and each is aligned anew by dynamic
programming over (cost, substitutions): wholly where both texts are short, else stretch by
stretch. A stretch ends at an equal run at least twice as long as the errors beside it (or,
once it is long, at any of :data:`SURE` units): an alignment that leaves such a run for
another diagonal pays more than it can gain, save in text that repeats itself or is hardly
read at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Tag = Literal["equal", "replace", "insert", "delete"]
Code = tuple[Tag, int, int, int, int]
"""Tag, start and stop in the reference, start and stop in the hypothesis."""

SMALL = 600
"""Cells up to which plain Python is faster than numpy."""

LARGEST = 25_000_000
"""Cells of the largest stretch that is aligned anew; a larger one stays as it is."""

WHOLE = 10_000
"""Cells up to which the two texts are one stretch."""

NOISY = 250_000
"""The same where more than one unit in four is an error, and long equal runs are rare."""

APART = 4
"""The shortest equal run that can end a stretch."""

SURE = 8
"""The shortest that ends one of more than :data:`SPAN` units, whatever the errors."""

SPAN = 60

_GAP = 1 << 14
"""Cost of an insertion or deletion; a substitution is this and one more, to count them.

Sums of both stay within int32 up to ``LONGEST`` units; at most 5,000 substitutions fit into
``LARGEST`` cells.
"""

LONGEST = 100_000
"""Units of both sides of the largest stretch that is aligned anew."""

_SWAP = _GAP + 1


def most_matches(
    codes: Iterable[Code], left: Sequence[int] | str, right: Sequence[int] | str
) -> Iterator[Code]:
    """``codes`` (an optimal alignment, in order) with the matches at their most; cost unchanged."""
    found = list(codes)
    cells, errors = len(left) * len(right), sum(map(_errors, found))
    noisy = 4 * errors > min(len(left), len(right))
    whole = cells <= (NOISY if noisy else WHOLE)
    for stretch in [found] if whole else _stretches(found):
        if sum(x[2] - x[1] for x in stretch if x[0] == "replace") < 2:
            yield from stretch
            continue
        _, start, _, other_start, _ = stretch[0]
        _, _, stop, _, other_stop = stretch[-1]
        rows, columns = left[start:stop], right[other_start:other_stop]
        large = len(rows) * len(columns) > LARGEST or len(rows) + len(columns) > LONGEST
        if large or not _can_gain(stretch, rows, columns):
            yield from stretch
        else:
            yield from _runs(_best_path(rows, columns), start, other_start)


def _can_gain(
    stretch: Iterable[Code], left: Sequence[int] | str, right: Sequence[int] | str
) -> bool:
    """Whether more units of the stretch have an equal on the other side than are matched."""
    matches = sum(x[2] - x[1] for x in stretch if x[0] == "equal")
    return (Counter(left) & Counter(right)).total() > matches


def _stretches(codes: Sequence[Code]) -> Iterator[list[Code]]:
    """The codes in groups: long equal runs alone, all else between them together."""
    group: list[Code] = []
    errors = 0
    each = [*map(_errors, codes), 0]
    for index, code in enumerate(codes):
        tag, start, stop, _, _ = code
        if tag == "equal":
            following = each[index + 1]
            enough = max(APART, 2 * errors, 2 * following)
            if group and stop - group[0][1] > SPAN:
                enough = min(enough, SURE)
            if stop - start >= enough:
                if group:
                    yield group
                yield [code]
                group, errors = [], 0
                continue
        else:
            errors += each[index]
        group.append(code)
    if group:
        yield group


def _errors(code: Code) -> int:
    return 0 if code[0] == "equal" else max(code[2] - code[1], code[4] - code[3])


def _best_path(left: Sequence[int] | str, right: Sequence[int] | str) -> str:
    """One sign for each step: ``=`` match, ``~`` substitution, ``-`` deletion, ``+`` insertion."""
    small = len(left) * len(right) <= SMALL
    rows = _small_table(left, right) if small else _large_table(left, right)
    path: list[str] = []
    i, j = len(left), len(right)
    while i and j:
        here = rows[i][j]
        if left[i - 1] == right[j - 1]:
            path.append("=")  # matching equal ends is never dearer
            i, j = i - 1, j - 1
        elif here == rows[i - 1][j - 1] + _SWAP:
            path.append("~")
            i, j = i - 1, j - 1
        elif here == rows[i - 1][j] + _GAP:
            path.append("-")
            i -= 1
        else:
            path.append("+")
            j -= 1
    return "".join(reversed(path + ["-"] * i + ["+"] * j))


def _small_table(left: Sequence[int] | str, right: Sequence[int] | str) -> Sequence[Sequence[int]]:
    row = [j * _GAP for j in range(len(right) + 1)]
    rows = [row]
    for unit in left:
        above, cell = row, row[0] + _GAP
        row = [cell]
        for j, other in enumerate(right):
            diagonal = above[j] if unit == other else above[j] + _SWAP
            cell = min(diagonal, cell + _GAP, above[j + 1] + _GAP)
            row.append(cell)
        rows.append(row)
    return rows


def _large_table(left: Sequence[int] | str, right: Sequence[int] | str) -> NDArray[np.int32]:
    """The same, row by row; an insertion run is a running minimum along the row."""
    units, others = _numbers(left), _numbers(right)
    slope = np.arange(len(others) + 1, dtype=np.int32) * np.int32(_GAP)
    rows = np.empty((len(units) + 1, len(others) + 1), dtype=np.int32)
    rows[0] = slope
    for i, unit in enumerate(units, start=1):
        above = rows[i - 1]
        row = above + np.int32(_GAP)
        swap = np.where(others == unit, np.int32(0), np.int32(_SWAP))
        np.minimum(row[1:], above[:-1] + swap, out=row[1:])
        rows[i] = np.minimum.accumulate(row - slope) + slope
    return rows


def _numbers(units: Sequence[int] | str) -> NDArray[np.int64]:
    return np.fromiter((ord(x) if isinstance(x, str) else x for x in units), np.int64, len(units))


_TAGS: dict[str, Tag] = {"=": "equal", "~": "replace", "-": "delete", "+": "insert"}


def _runs(path: str, start: int, other_start: int) -> Iterator[Code]:
    """``path`` as codes, like steps together, from the place where it begins."""
    begin = 0
    for index in range(1, len(path) + 1):
        if index < len(path) and path[index] == path[begin]:
            continue
        sign, size = path[begin], index - begin
        stop = start + (0 if sign == "+" else size)
        other_stop = other_start + (0 if sign == "-" else size)
        yield _TAGS[sign], start, stop, other_start, other_stop
        start, other_start, begin = stop, other_stop, index
