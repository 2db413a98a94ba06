"""The body inside a page: what the figures would be if the noise around it were cut away.

Truth often holds the body alone while a result holds the whole page. Here lines of the
result that have no counterpart in the truth are skipped and the rest is compared. So that a
wrong text cannot win by skipping, words decide and not letters (two unrelated Russian texts
agree in every fourth letter, hardly ever in a word):

- a line is skipped only where fewer than a third of its words are aligned with the same word
  of the truth and fewer than half of its characters with the same character;
- a line that holds words of the truth which the kept lines lack comes back, if these are at
  least half of its words;
- at least half of the truth's words must be found in what is kept. Where they are not, nothing
  is skipped, and the text counts as it stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from pipeline.evaluate.align import OpKind, align
from pipeline.evaluate.lines import line_texts
from pipeline.evaluate.metrics import Counts, cer
from pipeline.text import Level, graphemes, normalise, words

WORDS = 1 / 3
CHARACTERS = 0.5
FOUND = 0.5
"""Share of the truth's words that must be found for anything to be skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyMatch:
    """Character errors with the noise cut away.

    ``skipped`` characters of the result are not counted; ``refused`` tells how often (for
    one text: whether) the guard refused to skip, because the text is not of this truth.
    """

    counts: Counts = field(default_factory=Counts)
    skipped: int = 0
    refused: int = 0

    def __add__(self, other: BodyMatch) -> BodyMatch:
        return BodyMatch(
            counts=self.counts + other.counts,
            skipped=self.skipped + other.skipped,
            refused=self.refused + other.refused,
        )


def match_body(reference: str, hypothesis: str, level: Level = Level.STRICT) -> BodyMatch:
    """The errors of ``hypothesis`` against the body ``reference``, line by line guarded."""
    rows = line_texts(hypothesis, level)
    true = words(normalise(reference, level), level)
    split = [words(row, level) for row in rows]
    kept = _kept(reference, true, rows, split, level)
    found = sum((Counter(true) & _bag(split, kept)).values())
    refused = found < FOUND * len(true)
    if refused:
        kept = [True] * len(rows)
    text = "\n".join(row for row, stays in zip(rows, kept, strict=True) if stays)
    skipped = sum(len(graphemes(x)) for x, stays in zip(rows, kept, strict=True) if not stays)
    whole = all(kept)
    return BodyMatch(
        counts=cer(reference, hypothesis if whole else text, level),
        skipped=skipped,
        refused=int(refused and bool(rows)),
    )


def _kept(
    reference: str,
    true: Sequence[str],
    rows: Sequence[str],
    split: Sequence[Sequence[str]],
    level: Level,
) -> list[bool]:
    same_words = _equal_by_row(true, split, 0)
    units = [graphemes(row) for row in rows]
    same = _equal_by_row(graphemes(normalise(reference, level)), units, 1)
    kept = [
        same_words[i] >= WORDS * len(split[i]) or same[i] >= CHARACTERS * len(units[i])
        for i in range(len(rows))
    ]
    lacking = Counter(true) - _bag(split, kept)
    for index, row in enumerate(split):
        held = sum((Counter(row) & lacking).values())
        if not kept[index] and held and held >= 0.5 * len(row):
            kept[index] = True
            lacking -= Counter(row)
    return kept


def _bag(split: Sequence[Sequence[str]], kept: Sequence[bool]) -> Counter[str]:
    return Counter(word for row, stays in zip(split, kept, strict=True) if stays for word in row)


def _equal_by_row(
    reference: Sequence[str], rows: Sequence[Sequence[str]], between: int
) -> list[int]:
    """How many units of each row the alignment of all of them finds in the reference."""
    joined = [unit for row in rows for unit in (*row, *[" "] * between)]
    starts = list(accumulate((len(row) + between for row in rows), initial=0))
    equal = [0] * len(rows)
    for operation in align(reference, joined):
        if operation.kind is not OpKind.EQUAL:
            continue
        position = operation.other_start
        while position < operation.other_stop:
            row = bisect_right(starts, position) - 1
            step = min(operation.other_stop, starts[row + 1]) - position
            equal[row] += step
            position += step
    return equal
