"""Body loss: true body that was read and then dropped, the number that must be nearly zero."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.align import align, intern
from pipeline.evaluate.error_causes import error_extents
from pipeline.ground_truth import Truth, TruthLine
from pipeline.model import Box, Document, Layer, Line, LineKind, Verdict
from pipeline.text import Level, graphemes, normalise
from pipeline.transcript import render

ALIKE = 75.0
"""Similarity (RapidFuzz's partial ratio, 0 to 100) from which a line is taken for the truth."""

SHORT = 8
"""Anything with fewer graphemes must match to the letter: short texts are alike by chance."""

_NEAR = 0.6
"""Of the usual distance between true lines: a read line is at most so far from its own."""

_ALONE = 40.0
"""Pixels: the same where there is only one true line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLoss:
    """Characters (graphemes) of true body that were read and are not in the compared text.

    ``dropped`` stand on dropped lines, ``misfiled`` on lines kept under a kind that is not
    compared; ``length`` is the whole true body.
    """

    dropped: int = 0
    misfiled: int = 0
    length: int = 0

    @property
    def rate(self) -> float | None:
        """``dropped / length``, 0.0 to 1.0: the body loss; ``None`` where there is no body."""
        return self.dropped / self.length if self.length else None

    def __add__(self, other: BodyLoss) -> BodyLoss:
        return BodyLoss(
            dropped=self.dropped + other.dropped,
            misfiled=self.misfiled + other.misfiled,
            length=self.length + other.length,
        )


def body_loss(document: Document, truth: Truth, kinds: Collection[LineKind]) -> BodyLoss:
    """What the line filter cost of the true lines of ``kinds``.

    Where the truth labels the raw lines themselves (``raw`` of every true line), line by
    line. Where truth and result have places on the scan, by place: the part of a true line
    over which only lines stand that were left out. Elsewhere by comparing texts at level
    ``reading``: a dropped line counts as far as the truth holds it, and the compared text
    does not, at that place or anywhere.

    Raises:
        TruthError: the text of a true line of ``kinds`` is not known.

    """
    by_lines = _by_lines(document.lines, truth.lines, kinds) if truth.labelled else None
    if by_lines is not None:
        return by_lines
    by_places = _by_places(document, truth, kinds)
    return by_places if by_places is not None else _by_text(document, truth.text_of(kinds), kinds)


def _by_lines(
    lines: Sequence[Line], true: Sequence[TruthLine], kinds: Collection[LineKind]
) -> BodyLoss | None:
    labelled = [line for line in true if line.raw is not None]
    if not true or len(labelled) < len(true):
        return None
    left, right = intern([line.raw or "" for line in labelled], [line.raw for line in lines])
    loss, found = BodyLoss(), 0
    wanted = [line for line in labelled if line.kind in kinds]
    for code in Levenshtein.opcodes(left, right):
        if code.tag != "equal":
            continue
        pairs = zip(
            labelled[code.src_start : code.src_end],
            lines[code.dest_start : code.dest_end],
            strict=True,
        )
        for label, line in pairs:
            if label.kind in kinds:
                found += 1
                loss += _of_line(line, _size(label), kinds)
    # Lines that were cut or joined on the way have no counterpart: compare texts then.
    return loss + BodyLoss(length=sum(map(_size, wanted))) if found == len(wanted) else None


def _by_places(document: Document, truth: Truth, kinds: Collection[LineKind]) -> BodyLoss | None:
    loss = BodyLoss()
    if not truth.labelled:
        return None
    for number, lines in _by_scan(document).items():
        # Stamps and handwriting have no baseline, and no part in this.
        labels = [
            line
            for line in truth.lines
            if line.page == number and (line.kind in kinds or line.baseline is not None)
        ]
        found = lines_on(labels, lines)
        if found is None:
            return None
        for label, some in zip(labels, found, strict=True):
            if label.kind in kinds:
                loss += _lost_on(label, some, kinds)
    return loss


def _by_scan(document: Document) -> dict[int, list[Line]]:
    """The lines by the picture that they stand on: truths number those."""
    found: dict[int, list[Line]] = {}
    for number, page in zip(document.picture_numbers, document.pages, strict=True):
        found.setdefault(number, []).extend(page.lines)
    return found


def _lost_on(label: TruthLine, lines: Sequence[Line], kinds: Collection[LineKind]) -> BodyLoss:
    kept = [x for x in lines if x.verdict is not Verdict.DROP]
    compared = [x for x in kept if x.kind in kinds]
    shares = [covered(label, some) for some in (compared, kept, lines)]
    size = _size(label)
    return BodyLoss(
        dropped=round(size * (shares[2] - shares[1])),
        misfiled=round(size * (shares[1] - shares[0])),
        length=size,
    )


def _size(line: TruthLine) -> int:
    text = line.raw if line.text is None else line.text
    return len(graphemes(normalise(text or "", Level.READING)))


def _of_line(line: Line, size: int, kinds: Collection[LineKind]) -> BodyLoss:
    if line.verdict is Verdict.DROP:
        return BodyLoss(dropped=size)
    return BodyLoss() if line.kind in kinds else BodyLoss(misfiled=size)


def _by_text(document: Document, reference: str, kinds: Collection[LineKind]) -> BodyLoss:
    true = graphemes(normalise(reference, Level.READING))
    kept = normalise(render(document, Layer.READING, kinds), Level.READING)
    extents = error_extents(align(true, graphemes(kept)))
    missing = ["".join(true[a:b]) for a, b in extents if b > a]
    loss = BodyLoss()
    left_out = [x for x in document.lines if x.verdict is Verdict.DROP or x.kind not in kinds]
    # Short lines last: they could take a word out of the middle of a longer one's place.
    for line in sorted(left_out, key=lambda x: len(x.raw) < SHORT):
        text = normalise(line.raw, Level.READING)
        size = max(_take(missing, text), _found_nowhere_else(text, "".join(true), kept))
        loss += _of_line(line, min(size, len(true) - loss.dropped - loss.misfiled), kinds)
    return loss + BodyLoss(length=len(true))


def _found_nowhere_else(text: str, true: str, kept: str) -> int:
    """Graphemes of the truth that ``text`` holds and ``kept`` does not, wherever they stand.

    The alignment knows one order alone; where the kept lines stand in another one, it
    may find the letters of a lost line scattered over them.
    """
    if min(len(text), len(true)) < SHORT:
        return 0
    found = fuzz.partial_ratio_alignment(true, text, score_cutoff=ALIKE)
    if found is None:
        return 0
    part = true[found.src_start : found.src_end]
    covered = len(kept) >= len(part) and fuzz.partial_ratio(part, kept) >= ALIKE
    return 0 if covered else len(graphemes(part))


def _take(missing: list[str], text: str) -> int:
    """Graphemes of ``missing`` that ``text`` holds; they are taken out, each counts once."""
    best, where, start, stop = 0.0, -1, 0, 0
    for index, stretch in enumerate(missing):
        score, begin, end = _alike(stretch, text)
        if score > best:
            best, where, start, stop = score, index, begin, end
    if where < 0:
        return 0
    stretch = missing.pop(where)
    missing += [rest for rest in (stretch[:start], stretch[stop:]) if rest.strip()]
    return len(graphemes(stretch[start:stop]))


def _alike(stretch: str, text: str) -> tuple[float, int, int]:
    """How well the shorter is found in the longer, and the part of ``stretch`` meant.

    The score is weighted by the length found, so that the longest good match wins.
    """
    short, long = sorted((stretch.strip(), text.strip()), key=len)
    if len(short) < SHORT:
        return _to_the_letter(stretch, text)
    found = fuzz.partial_ratio_alignment(stretch, text, score_cutoff=ALIKE)
    if found is None or not long:
        return 0.0, 0, 0
    return found.score * (found.src_end - found.src_start), found.src_start, found.src_end


def _to_the_letter(stretch: str, text: str) -> tuple[float, int, int]:
    short, long = sorted((stretch.strip(), text.strip()), key=len)
    at = _find_whole(short, long) if short else -1
    if at < 0:
        return 0.0, 0, 0
    start = stretch.index(long) + at if long in stretch else stretch.index(short)
    return 100.0 * len(short), start, start + len(short)


def _find_whole(short: str, long: str) -> int:
    """Where ``short`` stands in ``long`` as whole words, -1 where it does not."""
    head = r"(?<![\p{L}\p{N}])" if short[0].isalnum() else ""
    tail = r"(?![\p{L}\p{N}])" if short[-1].isalnum() else ""
    found = regex.search(head + regex.escape(short) + tail, long)
    return found.start() if found else -1


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
