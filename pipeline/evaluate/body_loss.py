"""Body loss: true body that was read and then dropped, the number that must be nearly zero."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import regex
from rapidfuzz import fuzz

from pipeline.evaluate.align import align
from pipeline.evaluate.error_causes import BLOCK, error_extents
from pipeline.evaluate.filing import ALIKE, SHORT, fates, summed
from pipeline.ground_truth import Truth
from pipeline.model import Document, Layer, Line, LineKind, Verdict
from pipeline.text import Level, graphemes, normalise
from pipeline.transcript import render


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLoss:
    """Characters (graphemes) of true body that are not in the compared text, and why.

    ``dropped`` stand on dropped lines, ``misfiled`` on lines kept under a kind that is not
    compared, ``unread`` on no line at all; ``length`` is the whole true body.
    """

    dropped: int = 0
    misfiled: int = 0
    unread: int = 0
    length: int = 0

    @property
    def rate(self) -> float | None:
        """``dropped / length``, 0.0 to 1.0: the body loss; ``None`` where there is no body."""
        return self.dropped / self.length if self.length else None

    def __add__(self, other: BodyLoss) -> BodyLoss:
        return BodyLoss(
            dropped=self.dropped + other.dropped,
            misfiled=self.misfiled + other.misfiled,
            unread=self.unread + other.unread,
            length=self.length + other.length,
        )


def body_loss(document: Document, truth: Truth, kinds: Collection[LineKind]) -> BodyLoss:
    """What the line filter cost of the true lines of ``kinds``.

    Where the truth labels its lines, line by line: see :mod:`pipeline.evaluate.filing`. Elsewhere
    by comparing texts at level ``reading``: a dropped line counts as far as the truth holds it,
    and the compared text does not, at that place or anywhere.

    Raises:
        TruthError: the text of a true line of ``kinds`` is not known.

    """
    found = fates(document, truth)
    if not found:
        return _by_text(document, truth.text_of(kinds), kinds)
    dropped, misfiled, unread, length = summed(found, kinds)
    return BodyLoss(dropped=dropped, misfiled=misfiled, unread=unread, length=length)


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
    rest = sum(len(graphemes(x)) for x in missing if len(x) >= BLOCK)
    unread = max(0, min(rest, len(true) - loss.dropped - loss.misfiled))
    return loss + BodyLoss(unread=unread, length=len(true))


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
