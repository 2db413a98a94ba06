"""Which kinds of lines a plain truth holds: one archive keys the body alone, another all there is.

A plain text does not say. But the result does: where most of what it filed as a heading stands in
the truth, the truth holds headings. So a result is never blamed for lines that the truth was meant
to leave out, nor praised for leaving out what the truth holds: the truth's text counts whole.
"""

from __future__ import annotations

from collections import Counter

from pipeline.evaluate.align import align
from pipeline.evaluate.body import equal_by_row
from pipeline.evaluate.labelled_units import LabelledUnits
from pipeline.evaluate.lines import line_texts
from pipeline.ground_truth import Truth
from pipeline.model import Document, LineKind, Verdict
from pipeline.text import Level, graphemes, normalise

HALF = 0.5
"""Share of a line's characters that must be equal, and of a kind's that must stand in the truth."""

SHORT = 8
"""Lines of fewer characters must be a line of the truth: they are alike by chance."""

_LEVEL = Level.READING


def kinds_held(document: Document, truth: Truth) -> tuple[LineKind, ...]:
    """The body, and every kind of which most characters of the kept lines stand in the truth."""
    kept = [x for x in document.lines if x.verdict is not Verdict.DROP]
    wanted = [x for x in kept if x.kind not in (LineKind.BODY, LineKind.NOISE)]
    if not wanted:
        return (LineKind.BODY,)
    true = graphemes(normalise(truth.text, _LEVEL))
    side = LabelledUnits.of([line.text for line in kept], _LEVEL)
    starts = [*(start for start, _ in side.spans), len(side.units)]
    equal = equal_by_row(align(true, side.units), starts)
    whole = set(line_texts(truth.text, _LEVEL))
    found: Counter[LineKind] = Counter()
    for line, same, (start, stop) in zip(kept, equal, side.spans, strict=True):
        size = stop - start
        short = size < SHORT
        stands = normalise(line.text, _LEVEL) in whole if short else same >= HALF * size
        found[line.kind] += size if stands else -size
    return tuple(
        kind
        for kind in LineKind
        if kind is LineKind.BODY or (kind is not LineKind.NOISE and found[kind] > 0)
    )
