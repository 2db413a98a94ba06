"""What became of the lines of a keyed page, whatever the order in which they were read.

``docs/measures.md`` (keyed pages) defines the figures.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import chain, groupby, product

from keyed_pages import KeyedLine, Sums, folded
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq, Levenshtein

from pipeline.text import LATIN_TO_CYRILLIC

ALIKE = 60.0
"""RapidFuzz's partial ratio (0 to 100) from which two pieces of lines are one."""

SHORTEST = 4
"""Characters of a piece; shorter ones are found anywhere, so only whole equal lines count."""

EDGE = 6
"""Characters beside a found piece that may still belong to it: its window is fitted roughly."""


@dataclass(frozen=True)
class Places(Sums):
    """What became of the lines whatever their order; characters without spaces.

    ``lost``: of ``length`` characters that must be there, those that no read one stands for.
    ``extra``: read ones that stand for none on the sheet. ``errors`` and ``found``: errors
    within the stretches that were found, and their true characters. ``lines_lost``: of
    ``lines``, those of which less than half came through; ``moved``: out of order.
    """

    length: int = 0
    lost: int = 0
    extra: int = 0
    found: int = 0
    errors: int = 0
    lines: int = 0
    lines_lost: int = 0
    moved: int = 0


@dataclass(frozen=True, slots=True, order=True)
class _Span:
    """Characters ``start`` to ``stop`` (exclusive) of line ``row``."""

    row: int
    start: int
    stop: int

    @property
    def size(self) -> int:
        return self.stop - self.start


_Pair = tuple[_Span, _Span]
_Candidate = tuple[float, int, _Span, _Span, _Pair]


def places(lines: Sequence[KeyedLine], text: str) -> tuple[Places, list[str], list[str]]:
    """What became of ``lines``; the lines that were lost, and the pieces that are extra."""
    true = [_bare(line.text) for line in lines]
    read = [row for line in text.splitlines() if (row := _bare(line))]
    pairs = _found(true, read, [line.must for line in lines])
    lost, extra = _rest(true, [x for x, _ in pairs]), _rest(read, [x for _, x in pairs])
    missing = [0] * len(true)
    for span in lost:
        missing[span.row] += span.size
    added = sum(span.size for span in extra)
    errors = 0
    for own, other in pairs:
        codes = Levenshtein.editops(
            true[own.row][own.start : own.stop], read[other.row][other.start : other.stop]
        ).as_list()
        deleted = sum(code[0] == "delete" for code in codes)
        inserted = sum(code[0] == "insert" for code in codes)
        missing[own.row] += deleted
        added += inserted
        errors += len(codes) if lines[own.row].must else 0
    must = [i for i, line in enumerate(lines) if line.must and true[i]]
    gone = [i for i in must if 2 * missing[i] > len(true[i])]
    figures = Places(
        length=sum(len(true[i]) for i in must),
        lost=sum(missing[i] for i in must),
        extra=added,
        found=sum(own.size for own, _ in pairs if lines[own.row].must),
        errors=errors,
        lines=len(must),
        lines_lost=len(gone),
        moved=_out_of_order(pair for pair in pairs if lines[pair[0].row].must),
    )
    pieces = [read[span.row][span.start : span.stop] for span in extra]
    return figures, [lines[i].text for i in gone], pieces


def _bare(text: str) -> str:
    return folded(text).replace(" ", "").translate(LATIN_TO_CYRILLIC)


def _found(true: Sequence[str], read: Sequence[str], must: Sequence[bool]) -> list[_Pair]:
    """Pieces of ``true`` and of ``read`` lines that are one, whatever their order.

    Equal lines first; then again and again the two pieces that gain most by being taken for
    one, what is left of either going back to the others.
    """
    pairs = _equal(true, read, must)
    left, right = set(_rest(true, [x for x, _ in pairs])), set(_rest(read, [x for _, x in pairs]))
    heap: list[_Candidate] = []
    for own, other in product(left, right):
        _weigh(heap, own, other, true, read)
    while heap:
        *_, own, other, pair = heappop(heap)
        if own not in left or other not in right:
            continue
        pairs.append(pair)
        left.remove(own)
        right.remove(other)
        mine, its = _beside(own, pair[0]), _beside(other, pair[1])
        for piece, one in chain(product(mine, right), product(left, its), product(mine, its)):
            _weigh(heap, piece, one, true, read)
        left.update(mine)
        right.update(its)
    pairs = _grown(sorted(pairs), true, read)
    return sorted(pairs + _in_place(pairs, true, read))


def _equal(true: Sequence[str], read: Sequence[str], must: Sequence[bool]) -> list[_Pair]:
    """Equal lines: those that must be there first, in order where they can be.

    A page may hold a line twice, once as a form's mark: a read one is not that mark's as long as
    the other has none.
    """
    pairs: list[_Pair] = []
    free = list(range(len(read)))
    for wanted in (True, False):
        open_rows = [i for i, flag in enumerate(must) if flag is wanted and true[i]]
        while open_rows and free:
            a, b = [true[i] for i in open_rows], [read[j] for j in free]
            same = [
                (open_rows[code.src_start + k], free[code.dest_start + k])
                for code in LCSseq.opcodes(a, b)
                if code.tag == "equal"
                for k in range(code.src_end - code.src_start)
            ]
            if not same:
                break
            pairs += [(_Span(i, 0, len(true[i])), _Span(j, 0, len(read[j]))) for i, j in same]
            open_rows = [i for i in open_rows if i not in {i for i, _ in same}]
            free = [j for j in free if j not in {j for _, j in same}]
    return pairs


def _weigh(
    heap: list[_Candidate], own: _Span, other: _Span, true: Sequence[str], read: Sequence[str]
) -> None:
    size = min(own.size, other.size)
    if size < SHORTEST:
        return
    a = true[own.row][own.start : own.stop]
    b = read[other.row][other.start : other.stop]
    fit = fuzz.partial_ratio_alignment(a, b, score_cutoff=ALIKE)
    if fit is not None and fit.src_end > fit.src_start and fit.dest_end > fit.dest_start:
        pair = (
            _Span(own.row, own.start + fit.src_start, own.start + fit.src_end),
            _Span(other.row, other.start + fit.dest_start, other.start + fit.dest_end),
        )
        gain = (fit.score - 50) * size
        heappush(heap, (-gain, abs(own.row - other.row), own, other, pair))


def _beside(whole: _Span, part: _Span) -> list[_Span]:
    rest = (_Span(whole.row, whole.start, part.start), _Span(whole.row, part.stop, whole.stop))
    return [span for span in rest if span.size >= SHORTEST]


def _grown(pairs: Sequence[_Pair], true: Sequence[str], read: Sequence[str]) -> list[_Pair]:
    """Each pair with up to :data:`EDGE` free characters more at each of its four ends."""
    ours, theirs = _taken(true, [x for x, _ in pairs]), _taken(read, [x for _, x in pairs])
    return [(_wider(own, ours[own.row]), _wider(other, theirs[other.row])) for own, other in pairs]


def _wider(span: _Span, taken: bytearray) -> _Span:
    start, stop = span.start, span.stop
    while start > max(0, span.start - EDGE) and not taken[start - 1]:
        start -= 1
    while stop < min(len(taken), span.stop + EDGE) and not taken[stop]:
        stop += 1
    taken[start:stop] = b"\1" * (stop - start)
    return _Span(span.row, start, stop)


def _in_place(pairs: Sequence[_Pair], true: Sequence[str], read: Sequence[str]) -> list[_Pair]:
    """What is left over on both sides right after, or right before, the same pair.

    However badly it was read, it is what was read there, if either is at most twice as long.
    """
    found: list[_Pair] = []
    lost, extra = _rest(true, [x for x, _ in pairs]), _rest(read, [x for _, x in pairs])
    for place in (_begin, _end):
        free = {place(span, read): span for span in extra}
        opposite = _end if place is _begin else _begin
        after = {opposite(own, true): opposite(other, read) for own, other in pairs}
        for span in list(lost):
            other = free.get(after.get(place(span, true), (-1, -1)))
            if other is not None and max(span.size, other.size) <= 2 * min(span.size, other.size):
                found.append((span, other))
                lost.remove(span)
                extra.remove(other)
                del free[place(other, read)]
    return found


def _begin(span: _Span, rows: Sequence[str]) -> tuple[int, int]:
    """The place where ``span`` begins; at a line's begin the end of the line before."""
    if span.start or not span.row:
        return span.row, span.start
    return span.row - 1, len(rows[span.row - 1])


def _end(span: _Span, rows: Sequence[str]) -> tuple[int, int]:
    del rows
    return span.row, span.stop


def _taken(rows: Sequence[str], spans: Iterable[_Span]) -> list[bytearray]:
    taken = [bytearray(len(row)) for row in rows]
    for span in spans:
        taken[span.row][span.start : span.stop] = b"\1" * span.size
    return taken


def _rest(rows: Sequence[str], spans: Iterable[_Span]) -> list[_Span]:
    """The stretches of ``rows`` that none of ``spans`` covers."""
    rest: list[_Span] = []
    for row, taken in enumerate(_taken(rows, spans)):
        at = 0
        for used, group in groupby(taken):
            size = len(list(group))
            if not used:
                rest.append(_Span(row, at, at + size))
            at += size
    return rest


def _out_of_order(pairs: Iterable[_Pair]) -> int:
    """Lines that must move so that all stand in order: all but the longest rising sequence."""
    longest: dict[int, _Pair] = {}
    for pair in pairs:
        known = longest.get(pair[0].row)
        if known is None or pair[0].size > known[0].size:
            longest[pair[0].row] = pair
    ends: list[tuple[int, int]] = []
    for _, (_, other) in sorted(longest.items()):
        place = (other.row, other.start)
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(longest) - len(ends)
