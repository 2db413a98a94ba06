"""Flexible Character Accuracy: how well the characters are read, whatever their order.

After Clausner, Pletschacher, Antonacopoulos 2020, "Flexible character accuracy measure for
reading-order-independent evaluation" (Pattern Recognition Letters 131): the lines of the
truth, longest first, are each paired with the line of the result that costs least; where one
is longer, what it has over the match goes back to the lines still to be paired. That is done
for several weightings of the cost, and the best accuracy counts. Our choices: lines that are
equal in both, and then those that are nearly equal, are paired first; candidates are the
lines that share most rare letter triples; what is left over on both sides costs as much as
the longer of the two. All ties are broken by the lines' text, so that the figure does not
depend on the order of lines at all.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from heapq import nsmallest

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.align import intern
from pipeline.evaluate.lines import line_texts
from pipeline.text import Level, graphemes, is_plain

NEAR = 0.2
"""Share of a line's characters that may differ for it to be nearly equal: any weighting agrees."""

COMPARED = 5_000_000
"""Pairs of lines up to which nearly equal ones are looked for among all of them."""

CANDIDATES = 4
"""Lines of the result that are compared letter by letter with one of the truth."""

RARE = 8
"""Letter triples by which candidates are found: the rarest of a line are enough."""

ENOUGH = 100
"""Lines looked at for these triples, about: a common triple tells little and costs much."""

EDGE = 4
"""Characters by which the ends of a match are moved to where it costs least."""

WEIGHTS = ((25, 0, 0, 0), (25, 6, 1, 4), (30, 18, 2, 8))
"""Weights of edit distance, difference of length, offset, and (as a gain) length matched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flexible:
    """Character errors whatever the order; ``length`` is that of the truth without line ends."""

    errors: int = 0
    length: int = 0

    @property
    def accuracy(self) -> float | None:
        """``1 - errors / length``: 1.0 at most, below 0.0 for much noise; ``None``: no truth."""
        return 1 - self.errors / self.length if self.length else None

    def __add__(self, other: Flexible) -> Flexible:
        return Flexible(errors=self.errors + other.errors, length=self.length + other.length)


@dataclass(frozen=True, slots=True)
class _Match:
    """Where the shorter of two lines fits best in the longer one."""

    distance: int
    start: int
    stop: int


_Fit = Callable[[str, str], _Match]


def flexible_accuracy(reference: str, hypothesis: str, level: Level = Level.STRICT) -> Flexible:
    """The Flexible Character Accuracy of ``hypothesis``, line by line normalised at ``level``."""
    return _accuracy(line_texts(reference, level), line_texts(hypothesis, level))


@lru_cache(maxsize=4)
def _accuracy(true: tuple[str, ...], read: tuple[str, ...]) -> Flexible:
    rows = _one_each((*true, *read))
    left, right = Counter(rows[: len(true)]), Counter(rows[len(true) :])
    length = sum(len(row) * count for row, count in left.items())
    same = left & right
    lost, added = list((left - same).elements()), list((right - same).elements())
    if not lost or not added:
        return Flexible(errors=sum(map(len, lost)) + sum(map(len, added)), length=length)
    errors, lost, added = _pair_near(lost, added)
    cache: dict[tuple[str, str], _Match] = {}
    errors += min(_pair(lost, added, weights, cache) for weights in WEIGHTS)
    return Flexible(errors=errors, length=length)


def _one_each(lines: Sequence[str]) -> Sequence[str]:
    """The lines with one code point for each grapheme, the same in all lines."""
    if is_plain("".join(lines)):
        return lines
    units = intern(*(graphemes(line) for line in lines))
    return ["".join(map(str, x)) if isinstance(x, str) else "".join(map(chr, x)) for x in units]


def _order(row: str) -> tuple[int, str]:
    return -len(row), row


def _pair_near(lost: Sequence[str], added: Sequence[str]) -> tuple[int, list[str], list[str]]:
    """Errors of the lines that are nearly equal in both, and the lines that are left.

    The longest line of the truth chooses first, and takes what differs least.
    """
    if len(lost) * len(added) <= COMPARED:
        return _pair_near_by_all(lost, added)
    read = _Lines(added)
    errors, left = 0, list[str]()
    for row in sorted(lost, key=_order):
        limit = int(len(row) * NEAR)
        near = [
            (distance, _order(other), other)
            for other in read.candidates(row)
            if (distance := Levenshtein.distance(row, other, score_cutoff=limit)) <= limit
        ]
        if near:
            distance, _, best = min(near)
            read.remove(best)
            errors += distance
        else:
            left.append(row)
    return errors, left, list(read.counts.elements())


def _pair_near_by_all(
    lost: Sequence[str], added: Sequence[str]
) -> tuple[int, list[str], list[str]]:
    """The same with every line of the result as a candidate: a table of all distances."""
    rows, others = sorted(lost, key=_order), sorted(added, key=lambda x: (_order(x), x))
    most = int(len(rows[0]) * NEAR)
    table = process.cdist(
        rows, others, scorer=Levenshtein.distance, score_cutoff=most, dtype=np.uint32
    )
    taken = most + 1
    errors, left = 0, list[str]()
    free = [True] * len(others)
    for index, row in enumerate(rows):
        # Of equals the first counts: that is the order of the lines' texts, not of the lines.
        best = int(table[index].argmin())
        distance = int(table[index, best])
        if distance <= int(len(row) * NEAR):
            table[:, best] = taken
            free[best] = False
            errors += distance
        else:
            left.append(row)
    return errors, left, [other for other, stays in zip(others, free, strict=True) if stays]


def _pair(
    lost: Sequence[str],
    added: Sequence[str],
    weights: tuple[int, int, int, int],
    cache: dict[tuple[str, str], _Match],
) -> int:
    true, read = sorted(lost, key=_order), _Lines(added)
    fit = partial(_fit, cache)
    errors, unmatched = 0, 0
    while true and read.size:
        row = true.pop(0)
        found = read.candidates(row)
        if not found:
            unmatched += len(row)
            continue
        best = min(found, key=lambda other: (_penalty(fit, row, other, weights), _order(other)))
        read.remove(best)
        match = fit(*sorted((row, best), key=len))
        errors += match.distance
        long = row if len(row) > len(best) else best
        for rest in (long[: match.start].strip(), long[match.stop :].strip()):
            if rest and long is row:
                insort(true, rest, key=_order)
            elif rest:
                read.add(rest)
    return errors + max(unmatched + sum(map(len, true)), read.size)


class _Lines:
    """The lines still to be paired, found by the letter triples they hold."""

    def __init__(self, rows: Iterable[str]) -> None:
        self.counts: Counter[str] = Counter()
        self.by_triple: dict[str, set[str]] = {}
        self.size = 0
        for row in rows:
            self.add(row)

    def add(self, row: str) -> None:
        self.size += len(row)
        self.counts[row] += 1
        if self.counts[row] == 1:
            for triple in _triples(row):
                self.by_triple.setdefault(triple, set()).add(row)

    def remove(self, row: str) -> None:
        self.size -= len(row)
        self.counts[row] -= 1
        if not self.counts[row]:
            for triple in _triples(row):
                self.by_triple[triple].discard(row)

    def candidates(self, row: str) -> list[str]:
        """The lines that share most of the rarest triples of ``row``, the most likely first."""
        known = [(len(x), triple) for triple in _triples(row) if (x := self.by_triple.get(triple))]
        hits: Counter[str] = Counter()
        looked = 0
        for count, triple in nsmallest(RARE, known):
            if looked + count > ENOUGH and looked:
                break
            hits.update(self.by_triple[triple])
            looked += count
        likely = nsmallest(CANDIDATES, hits.items(), key=lambda item: (-item[1], _order(item[0])))
        return [other for other, _ in likely]


@lru_cache(maxsize=4_000)
def _triples(row: str) -> frozenset[str]:
    # Lines of one or two characters are their own triple.
    return frozenset(row[i : i + 3] for i in range(max(1, len(row) - 2)))


def _penalty(fit: _Fit, row: str, other: str, weights: tuple[int, int, int, int]) -> float:
    short, long = sorted((row, other), key=len)
    match = fit(short, long)
    edit, difference, offset, gain = weights
    apart = len(long) - len(short)
    shift = min(match.start, max(0, len(long) - match.stop)) if apart > 1 else 0
    return edit * match.distance + difference * apart + offset * shift - gain * len(short)


def _fit(cache: dict[tuple[str, str], _Match], short: str, long: str) -> _Match:
    key = (short, long)
    found = cache.get(key)
    if found is None:
        found = cache[key] = _best_fit(short, long)
    return found


def _best_fit(short: str, long: str) -> _Match:
    whole = _Match(Levenshtein.distance(short, long), 0, len(long))
    if len(short) == len(long):
        return whole
    window = fuzz.partial_ratio_alignment(short, long)
    if window is None or window.dest_end == window.dest_start:
        return whole
    part = _trimmed(short, long, window.dest_start, window.dest_end)
    # What is left over would come back as a line of its own; a few letters rather belong here.
    rest = len(long) - (part.stop - part.start)
    return whole if whole.distance <= part.distance + rest and rest <= 3 else part


def _trimmed(short: str, long: str, start: int, stop: int) -> _Match:
    """The window with each end where it costs least: RapidFuzz's is as long as ``short``."""
    best = _Match(Levenshtein.distance(short, long[start:stop]), start, stop)
    if not best.distance:
        return best
    for begin in _around(start, len(long)):
        distance = Levenshtein.distance(short, long[begin : best.stop])
        if distance < best.distance:
            best = _Match(distance, begin, best.stop)
    for end in _around(stop, len(long)):
        distance = Levenshtein.distance(short, long[best.start : end]) if end > best.start else 0
        if end > best.start and distance < best.distance:
            best = _Match(distance, best.start, end)
    return best


def _around(place: int, length: int) -> list[int]:
    """Places near ``place``, the nearest first."""
    near = sorted(range(place - EDGE, place + EDGE + 1), key=lambda x: (abs(x - place), x))
    return [x for x in near if 0 <= x <= length]
