"""How sure words and figures were, and how many of them were right, on the lines of keyed pages.

Lines of the transcript are matched with keyed ones by their texts; of these, words count as in
``pipeline.evaluate.confidence``. A figure of the truth is wrong where another character, or none,
was read in its place; it looks sure where its word has a probability of over ``SURE``. One that was
left out is charged to the words that it would touch; where none of these has a figure, it is
counted apart as well: no word carries it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from keyed_pages import KeyedLine
from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.confidence import (
    Confidence,
    calibration_error,
    confidence_of,
    found_by,
    review_curve,
)
from pipeline.model import Line
from pipeline.training.keyed import folded, typed
from pipeline.training.keyed_match import matches

SURE = 0.95
_ONE = frozenset("IІl")
"""Typed for 1, and right as that."""


@dataclass(frozen=True)
class Certainty:
    """Sums: words by their probability; figures, those wrong, and of these those that look sure.

    ``carried_by_none``: of those that look sure the ones that were left out beside words without a
    figure. ``confusions``: pairs of the true figure and what was read (empty: nothing).
    """

    words: Confidence = field(default_factory=Confidence)
    figures: int = 0
    wrong: int = 0
    wrong_but_sure: int = 0
    carried_by_none: int = 0
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __add__(self, other: Self) -> Certainty:
        return Certainty(
            self.words + other.words,
            self.figures + other.figures,
            self.wrong + other.wrong,
            self.wrong_but_sure + other.wrong_but_sure,
            self.carried_by_none + other.carried_by_none,
            self.confusions + other.confusions,
        )


def certainty_of(keyed: Sequence[KeyedLine], lines: Sequence[Line]) -> Certainty:
    """The certainty of the ``lines`` of a transcript against the ``keyed`` ones."""
    total = Certainty()
    texts = [typed(line.text) for line in keyed]
    pairs = matches([folded(text) for text in texts], [folded(line.raw) for line in lines])
    for number, place in pairs:
        total += _of_line(texts[number], lines[place])
    return total


def _of_line(true: str, line: Line) -> Certainty:
    words = [(word.text, word.confidence) for word in line.reading.words]
    wrong, sure, none = 0, 0, 0
    confusions: Counter[tuple[str, str]] = Counter()
    for edit in Levenshtein.editops(true, line.raw):
        if edit.tag == "insert" or not true[edit.src_pos].isdigit():
            continue
        read = line.raw[edit.dest_pos] if edit.tag == "replace" else ""
        if true[edit.src_pos] == "1" and read in _ONE:
            continue
        wrong += 1
        confusions[true[edit.src_pos], read] += 1
        near = line.reading.touching(edit.dest_pos, edit.dest_pos)
        looks_sure = any((word.confidence or 0.0) > SURE for word in near)
        sure += looks_sure
        touched = "".join(word.text for word in near)
        none += looks_sure and not read and not any(map(str.isdigit, touched))
    return Certainty(
        confidence_of(true, words), sum(map(str.isdigit, true)), wrong, sure, none, confusions
    )


def print_certainty(results: dict[str, Certainty]) -> None:
    """Print a row for each of ``results``, and the figures that were misread."""
    heads = (
        "words",
        "calibration",
        "5 % hold",
        "10 % hold",
        "figures",
        "wrong",
        "look sure",
        "by none",
    )
    print(f"{'':8}" + "".join(f"{head:>12}" for head in heads))
    for name, one in results.items():
        curve = review_curve(one.words)
        count = sum(step.words for _, step in one.words.steps)
        cells = (
            str(count),
            f"{calibration_error(one.words) or 0:.2%}",
            f"{found_by(curve, 0.05) or 0:.1%}",
            f"{found_by(curve, 0.10) or 0:.1%}",
            str(one.figures),
            str(one.wrong),
            str(one.wrong_but_sure),
            str(one.carried_by_none),
        )
        print(f"{name:8}" + "".join(f"{cell:>12}" for cell in cells))
    everything = sum((x.confusions for name, x in results.items() if name == "all"), Counter())
    shown = (f"{true}>{read or '-'} {count}" for (true, read), count in everything.most_common(16))
    print("figures misread: " + ", ".join(shown))
