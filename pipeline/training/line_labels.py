"""What every read line of a benchmark page really is, by its place over the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from pipeline.evaluate.places import covered, lines_on
from pipeline.ground_truth import TruthLine
from pipeline.layout.split import split_merged
from pipeline.model import Box, Line, LineKind, Word
from pipeline.text import Level, normalise
from pipeline.training.set_pages import SetPage

OTHER = 35.0
"""rapidfuzz partial ratio below which a scrap on a true line's row is not its text."""

_SCRAP = 0.25


def own_lines(page: SetPage) -> tuple[Line, ...]:
    """Our lines of ``page``, not judged, as the filter gets them."""
    return split_merged(page.own.lines)


def stock_lines(page: SetPage) -> tuple[Line, ...]:
    """The lines of the stock text of ``page``, not judged, without boxes."""
    return split_merged(page.stock.lines)


def with_places(lines: Sequence[Line], places: Sequence[Word]) -> tuple[Line, ...]:
    """Stock ``lines`` (judged or not) with their boxes, for scoring by place."""
    numbers: list[str] = []
    placed: list[Line] = []
    for line in lines:
        # The parts of a line that was cut in two share its place.
        stem = line.id.rstrip("ab")
        if not numbers or numbers[-1] != stem:
            numbers.append(stem)
        placed.append(replace(line, box=places[len(numbers) - 1].box))
    return tuple(placed)


def labels(lines: Sequence[Line], truth: Sequence[TruthLine]) -> list[LineKind | None]:
    """For each of ``lines`` (with boxes) its true kind; ``noise`` where nothing is typed.

    ``None`` where it cannot be told: a short scrap on the row of a true line that does not
    read like it may be a stroke across that line or a badly read piece of it.
    """
    typed = [x for x in truth if x.baseline is not None and x.text and x.kind not in _DRAWN]
    drawn = [x for x in truth if x.kind in _DRAWN and x.box is not None]
    found = lines_on(typed, lines) or [[] for _ in typed]
    on = {line.id: label for label, some in zip(typed, found, strict=True) for line in some}
    typed += [x for x in truth if x.baseline is None and x.text and x.kind not in _DRAWN]
    return [_label(line, on.get(line.id) or _over(line, typed), drawn) for line in lines]


_DRAWN = frozenset({LineKind.STAMP, LineKind.HANDWRITING, LineKind.NOISE})


def _label(line: Line, label: TruthLine | None, drawn: Sequence[TruthLine]) -> LineKind | None:
    seen = _drawn_at(line.box, drawn)
    if label is None:
        return seen or LineKind.NOISE
    text, raw = (_plain(t or "") for t in (label.text, line.raw))
    alike = fuzz.partial_ratio(text, raw)
    if (alike >= OTHER and len(raw) > 3) or raw in text:
        return label.kind
    if covered(label, [line]) >= _SCRAP and len(raw) > 3:
        return label.kind
    return seen if seen is not None and covered(label, [line]) < 0.1 else None


def _plain(text: str) -> str:
    return normalise(text, Level.READING).lower().replace(" ", "")


def _over(line: Line, typed: Sequence[TruthLine]) -> TruthLine | None:
    """The true line that most of ``line`` lies over: boxes of skewed lines overlap."""
    shares = [
        (fuzz.partial_ratio(_plain(x.text or ""), _plain(line.raw)), i)
        for i, x in enumerate(typed)
        if x.box is not None and line.box is not None and _overlap(line.box, x.box) > 0.4
    ]
    return typed[max(shares)[1]] if shares else None


def _overlap(box: Box, other: Box) -> float:
    return max(box.share_inside(other), other.share_inside(box))


def _drawn_at(box: Box | None, drawn: Sequence[TruthLine]) -> LineKind | None:
    for other in drawn:
        if box is not None and other.box is not None and box.share_inside(other.box) > 0.5:
            return other.kind
    return None
