"""What became of every true line: filed as what it is, as another kind, dropped, or never read.

The characters of a true line go to what the lines that hold them were filed as, and add up to
the line. Which lines hold it is told by the labels of raw lines where the truth has them, else by
places on the scan where both sides have them, else by comparing texts, order aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.align import OpKind, align, intern
from pipeline.evaluate.places import covered, lines_on
from pipeline.ground_truth import Truth, TruthLine
from pipeline.model import Document, Line, LineKind, Verdict
from pipeline.text import Level, graphemes, normalise
from pipeline.transcript import WORDING

DROPPED = "dropped"
UNREAD = "unread"

ALIKE = 75.0
"""Similarity (RapidFuzz's partial ratio, 0 to 100) from which a line is taken for the truth."""

SHORT = 8
"""Anything with fewer graphemes must match to the letter: short texts are alike by chance."""

_HALF = 0.5
_EDGE = 3
"""Characters at the ends of a line that may be misread and still belong to what holds the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """``characters`` of true lines of the kind ``true`` came out as ``filed``.

    ``filed`` is a kind, or :data:`DROPPED`, or :data:`UNREAD`.
    """

    true: LineKind
    filed: str
    characters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Kinds as filed against kinds as true, in characters; sorted, without empty cells."""

    cells: tuple[Filed, ...] = ()

    @classmethod
    def of(cls, counts: Mapping[tuple[LineKind, str], int]) -> Filing:
        """The table of ``counts`` by true kind and filed one."""
        order = [*map(str, LineKind), DROPPED, UNREAD]
        kept = [(key, count) for key, count in counts.items() if count]
        kept.sort(key=lambda x: (order.index(x[0][0]), order.index(x[0][1])))
        return cls(cells=tuple(Filed(true=a, filed=str(b), characters=n) for (a, b), n in kept))

    def __add__(self, other: Filing) -> Filing:
        counts: Counter[tuple[LineKind, str]] = Counter()
        for x in (*self.cells, *other.cells):
            counts[x.true, x.filed] += x.characters
        return Filing.of(counts)


def filing(document: Document, truth: Truth) -> Filing:
    """The table of a document; empty where the truth does not label its lines."""
    counts: Counter[tuple[LineKind, str]] = Counter()
    for label, fate in fates(document, truth):
        for filed, size in fate.items():
            counts[label.kind, filed] += size
    return Filing.of(counts)


Fate = tuple[TruthLine, dict[str, int]]
"""A true line, and its characters by what they were filed as; they add up to the line."""


def fates(document: Document, truth: Truth) -> list[Fate]:
    """What became of each true line whose text is known; none where kinds are not labelled."""
    if not truth.labelled:
        return []
    by_labels = _by_labels(document.lines, truth.lines)
    if by_labels is not None:
        return by_labels
    by_places = _by_places(document, truth)
    return by_places if by_places is not None else _by_text(document.lines, truth.lines)


def filed_as(line: Line) -> str:
    """What a read line was filed as: its kind, or that it was dropped."""
    return DROPPED if line.verdict is Verdict.DROP else str(line.kind)


def size_of(line: TruthLine) -> int:
    """Graphemes of a true line at level ``reading``; of its raw text where no other is known."""
    text = line.raw if line.text is None else line.text
    return len(graphemes(normalise(text or "", Level.READING)))


def _by_labels(lines: Sequence[Line], true: Sequence[TruthLine]) -> list[Fate] | None:
    labelled = [line for line in true if line.raw is not None]
    if not true or len(labelled) < len(true):
        return None
    left, right = intern([line.raw or "" for line in labelled], [line.raw for line in lines])
    found: dict[int, Line] = {}
    for code in Levenshtein.opcodes(left, right):
        if code.tag == "equal":
            some = lines[code.dest_start : code.dest_end]
            found.update(enumerate(some, start=code.src_start))
    # Lines that were cut or joined on the way have no counterpart: compare texts then.
    wanted = [i for i, line in enumerate(labelled) if line.text is not None]
    if any(i not in found for i in wanted):
        return None
    return [(labelled[i], {filed_as(found[i]): size_of(labelled[i])}) for i in wanted]


def _by_places(document: Document, truth: Truth) -> list[Fate] | None:
    made: list[Fate] = []
    by_picture = _by_picture(document)
    if any(line.page not in by_picture for line in truth.lines):
        return None
    for number, lines in by_picture.items():
        # Stamps and handwriting have no baseline, and no part in this.
        labels = [
            line
            for line in truth.lines
            if line.page == number and (line.baseline is not None or line.kind in WORDING)
        ]
        found = lines_on(labels, lines) if labels else []
        if found is None:
            return None
        made += [(x, _shares(x, some)) for x, some in zip(labels, found, strict=True)]
    return made


def _by_picture(document: Document) -> dict[int, list[Line]]:
    """The lines by the picture that they stand on: truths number those."""
    found: dict[int, list[Line]] = {}
    for number, page in zip(document.picture_numbers, document.pages, strict=True):
        found.setdefault(number, []).extend(page.lines)
    return found


def _shares(label: TruthLine, lines: Sequence[Line]) -> dict[str, int]:
    """By how much of the true line's width the lines of each filing cover, the best first."""
    order = sorted({filed_as(x) for x in lines}, key=lambda x: (x != label.kind, x == DROPPED, x))
    size, so_far, done = size_of(label), list[Line](), 0
    fate: dict[str, int] = {}
    for filed in order:
        so_far += [x for x in lines if filed_as(x) == filed]
        reach = round(size * covered(label, so_far))
        fate[filed] = reach - done
        done = reach
    fate[UNREAD] = size - done
    return fate


def _by_text(lines: Sequence[Line], true: Sequence[TruthLine]) -> list[Fate]:
    known = [line for line in true if line.text is not None]
    rows = [graphemes(normalise(line.text or "", Level.READING)) for line in known]
    read = [graphemes(normalise(line.text, Level.READING)) for line in lines]
    held = _extents(rows, read)
    _find_moved(held, rows, read)
    made: list[Fate] = []
    for index, (label, row) in enumerate(zip(known, rows, strict=True)):
        fate: Counter[str] = Counter()
        for at, size in held[index].items():
            fate[filed_as(lines[at])] += size
        rest = len(row) - fate.total()
        if rest > _EDGE or not fate:
            fate[UNREAD] += rest
        else:
            fate[max(fate, key=lambda x: fate[x])] += rest
        made.append((label, dict(fate)))
    return made


def _extents(rows: Sequence[Sequence[str]], read: Sequence[Sequence[str]]) -> list[dict[int, int]]:
    """For each true row: index of a read line to the graphemes of the row that it holds."""
    left, right = _Joined(rows), _Joined(read)
    spans: dict[tuple[int, int], list[int]] = {}
    for operation in align(left.units, right.units):
        if operation.kind is not OpKind.EQUAL:
            continue
        for step in range(operation.stop - operation.start):
            row, place = left.places[operation.start + step]
            at, _ = right.places[operation.other_start + step]
            if place < 0 or at < 0:
                continue
            span = spans.setdefault((row, at), [place, place, 0])
            span[1] = place
            span[2] += 1
    held: list[dict[int, int]] = [{} for _ in rows]
    for (row, at), (first, last, equal) in spans.items():
        extent = last - first + 1
        whole = equal in (len(rows[row]), len(read[at]))
        if whole or (equal >= _HALF * extent and equal >= min(SHORT, _HALF * len(rows[row]))):
            head = first if first <= _EDGE else 0
            tail = len(rows[row]) - 1 - last
            held[row][at] = extent + head + (tail if tail <= _EDGE else 0)
    return held


def _find_moved(
    held: list[dict[int, int]], rows: Sequence[Sequence[str]], read: Sequence[Sequence[str]]
) -> None:
    """Give true rows that no line holds yet to read lines that hold nothing: they were moved."""
    used: Counter[int] = Counter()
    for some in held:
        used.update(some)
    free = {
        at: "".join(units)
        for at, units in enumerate(read)
        if units and used[at] < _HALF * len(units)
    }
    for index, row in enumerate(rows):
        if not row or sum(held[index].values()) >= _HALF * len(row):
            continue
        text = "".join(row)
        if len(row) < SHORT:
            best = next((at for at, other in free.items() if other == text), None)
        else:
            long = {at: other for at, other in free.items() if len(other) >= SHORT}
            found = process.extractOne(
                text, long, scorer=fuzz.partial_ratio, score_cutoff=ALIKE, processor=None
            )
            best = None if found is None else found[2]
        if best is None:
            continue
        size = min(len(row), len(free[best]))
        held[index] = {best: size}
        if len(free[best]) - size < SHORT:
            del free[best]


class _Joined:
    """Rows as units with a space between them; of each unit its row and its place there."""

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        self.units: list[str] = []
        self.places: list[tuple[int, int]] = []
        for index, row in enumerate(rows):
            self.units += [*row, " "]
            self.places += [*((index, place) for place in range(len(row))), (index, -1)]


def summed(found: Iterable[Fate], kinds: Collection[LineKind]) -> tuple[int, int, int, int]:
    """Of the true lines of ``kinds``: characters dropped, misfiled, unread, and all of them."""
    dropped = misfiled = unread = length = 0
    for label, fate in found:
        if label.kind not in kinds:
            continue
        length += sum(fate.values())
        dropped += fate.get(DROPPED, 0)
        unread += fate.get(UNREAD, 0)
        misfiled += sum(n for filed, n in fate.items() if filed not in (*kinds, DROPPED, UNREAD))
    return dropped, misfiled, unread, length
