"""The body inside a page: what the figures would be if the noise around it were cut away.

Truth often holds the body alone while a result holds the whole page. Here lines of the
result that have no counterpart in the truth are skipped and the rest is compared. So that a
wrong text cannot win by skipping, words decide and not letters (two unrelated Russian texts
agree in every fourth letter, hardly ever in a word). Which lines are skipped is decided once
for all levels, at level ``typewriter``, where words still end with their lines:

- a line is skipped only where fewer than a third of its words are aligned with the same word
  of the truth and fewer than half of its characters with the same character;
- a line that holds words of the truth which the kept lines lack comes back, if these are at
  least half of its words;
- at least a fifth of the truth's words of four letters or more must be found in what is kept
  (unrelated texts share hardly any). Where they are not, nothing is skipped, and the text
  counts as it stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from pipeline.evaluate.align import AlignedTexts, Operation, OpKind, align
from pipeline.evaluate.labelled_units import row_spans
from pipeline.evaluate.metrics import ByLevel, Counts, cer, counts_of
from pipeline.text import Level, graphemes, normalise, words

WORDS = 1 / 3
CHARACTERS = 0.5
FOUND = 0.2
"""Share of the truth's long words that must be found for anything to be skipped."""

LONG = 4
"""Characters that make a word long: shorter ones stand in any text."""


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


def match_body(pairs: ByLevel[AlignedTexts]) -> ByLevel[BodyMatch]:
    """The errors of what was read against the body, line by line guarded.

    ``pairs`` are the whole texts, the same at each level.
    """
    reference, hypothesis = pairs.strict.reference, pairs.strict.hypothesis
    typed = [row for row in hypothesis.splitlines() if row.strip()]
    kept, refused = _kept(pairs.at(_LEVEL), typed)
    text = "\n".join(row for row, stays in zip(typed, kept, strict=True) if stays)
    left = [row for row, stays in zip(typed, kept, strict=True) if not stays]

    def at(level: Level) -> BodyMatch:
        whole = pairs.at(level)
        return BodyMatch(
            counts=cer(reference, text, level)
            if left
            else counts_of(whole.operations, len(whole.true_units)),
            skipped=sum(len(graphemes(normalise(row, level))) for row in left),
            refused=int(refused),
        )

    return ByLevel.of(at)


_LEVEL = Level.TYPEWRITER


def _kept(pair: AlignedTexts, typed: Sequence[str]) -> tuple[list[bool], bool]:
    """Whether each row stays, and whether the guard refused to skip any."""
    rows = [normalise(row, _LEVEL) for row in typed]
    true, split = pair.true_words, [words(row, _LEVEL) for row in rows]
    joined = tuple(word for row in split for word in row)
    same_words = equal_by_row(
        pair.word_operations if joined == pair.read_words else align(true, joined),
        list(accumulate(map(len, split), initial=0)),
    )
    spans = row_spans(rows, pair.read_units)
    same = equal_by_row(pair.operations, [*(start for start, _ in spans), len(pair.read_units)])
    kept = [
        same_words[i] >= WORDS * len(split[i])
        or same[i] >= CHARACTERS * (spans[i][1] - spans[i][0])
        for i in range(len(rows))
    ]
    lacking = Counter(true) - _bag(split, kept)
    for index, row in enumerate(split):
        held = 0 if kept[index] else (Counter(row) & lacking).total()
        if held and held >= 0.5 * len(row):
            kept[index] = True
            lacking -= Counter(row)
    wanted = Counter(word for word in true if len(word) >= LONG) or Counter(true)
    found = (wanted & _bag(split, kept)).total()
    if all(kept) or found >= FOUND * wanted.total():
        return kept, False
    return [True] * len(rows), True


def _bag(split: Sequence[Sequence[str]], kept: Sequence[bool]) -> Counter[str]:
    return Counter(word for row, stays in zip(split, kept, strict=True) if stays for word in row)


def equal_by_row(operations: Iterable[Operation], starts: Sequence[int]) -> list[int]:
    """How many units of each row are equal; ``starts`` ends with where the last row does."""
    equal = [0] * (len(starts) - 1)
    row = 0
    for operation in operations:
        if operation.kind is not OpKind.EQUAL:
            continue
        position = operation.other_start
        while position < operation.other_stop and row < len(equal):
            if position >= starts[row + 1]:
                row += 1
                continue
            step = min(operation.other_stop, starts[row + 1]) - position
            equal[row] += step
            position += step
    return equal
