"""Calibration: whether words are right as often as their confidences say, and review finds errors.

Words of the compared lines, as read, are aligned with the truth by characters. A word is
wrong where an edit that level ``reading`` does not fold away touches it; an edit between
two words belongs to the word before it. Truth that is missing where nothing was read
belongs to no word: no looking at words finds it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipeline.evaluate.align import Operation, OpKind, align, reads_alike
from pipeline.evaluate.error_causes import BLOCK
from pipeline.text import Level, graphemes, normalise

STEPS = 1000
"""Confidences are counted in steps of 1 / STEPS."""

BINS = 10
"""Bins of equal width in the reliability curve and the calibration error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordCounts:
    """Words of one confidence: how many, how many of them right, edits that touch them."""

    words: int = 0
    right: int = 0
    errors: int = 0

    def __add__(self, other: WordCounts) -> WordCounts:
        return WordCounts(
            words=self.words + other.words,
            right=self.right + other.right,
            errors=self.errors + other.errors,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """Words by confidence.

    ``steps`` are pairs ``(confidence in 1/1000, words of it)``, rising. ``unknown`` counts
    words without a confidence and ``unseen`` characters of the truth at which no word was
    read.
    """

    steps: tuple[tuple[int, WordCounts], ...] = ()
    unknown: WordCounts = WordCounts()
    unseen: int = 0

    def __add__(self, other: Confidence) -> Confidence:
        return add_confidences((self, other))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Words with a confidence from ``low`` to ``high``: the mean of it, and how many are right."""

    low: float
    high: float
    words: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPoint:
    """By looking at this share of the words, the least certain first, so many errors are found."""

    words: float
    errors: float


def confidence_of(reference: str, read: Iterable[tuple[str, float | None]]) -> Confidence:
    """What the confidences of the words ``read``, in order, are worth against ``reference``."""
    found = [(" ".join(text.split()), confidence) for text, confidence in read]
    words = [(graphemes(text), confidence) for text, confidence in found if text]
    true = graphemes(normalise(reference, Level.STRICT))
    units = tuple(unit for word, _ in words for unit in (*word, " "))[:-1]
    starts = list(accumulate((len(word) + 1 for word, _ in words), initial=0))
    errors = [0] * len(words)
    unseen = 0
    for operation in align(true, units):
        if operation.kind is OpKind.EQUAL or _folded(true, operation):
            continue
        if not words or (operation.kind is OpKind.DELETE and operation.cost >= BLOCK):
            unseen += operation.cost
        else:
            _charge(errors, starts, operation)
    by_step: dict[int, WordCounts] = {}
    unknown = WordCounts()
    for (_, confidence), wrong in zip(words, errors, strict=True):
        one = WordCounts(words=1, right=int(not wrong), errors=wrong)
        if confidence is None:
            unknown += one
        else:
            step = round(confidence * STEPS)
            by_step[step] = by_step.get(step, WordCounts()) + one
    return Confidence(steps=tuple(sorted(by_step.items())), unknown=unknown, unseen=unseen)


def add_confidences(confidences: Iterable[Confidence]) -> Confidence:
    """The sums over many documents."""
    steps: dict[int, WordCounts] = {}
    unknown, unseen = WordCounts(), 0
    for item in confidences:
        unknown, unseen = unknown + item.unknown, unseen + item.unseen
        for step, counts in item.steps:
            steps[step] = steps.get(step, WordCounts()) + counts
    return Confidence(steps=tuple(sorted(steps.items())), unknown=unknown, unseen=unseen)


def reliability(confidence: Confidence) -> tuple[ReliabilityBin, ...]:
    """The reliability curve: :data:`BINS` bins of equal width; empty ones are left out."""
    bins: list[ReliabilityBin] = []
    for index in range(BINS):
        low, high = index * STEPS // BINS, (index + 1) * STEPS // BINS
        chosen = [
            (step, counts)
            for step, counts in confidence.steps
            if low <= step < high or (step == high == STEPS)
        ]
        words = sum(counts.words for _, counts in chosen)
        if words:
            bins.append(
                ReliabilityBin(
                    low=low / STEPS,
                    high=high / STEPS,
                    words=words,
                    confidence=sum(step * counts.words for step, counts in chosen) / words / STEPS,
                    accuracy=sum(counts.right for _, counts in chosen) / words,
                )
            )
    return tuple(bins)


def calibration_error(confidence: Confidence) -> float | None:
    """Expected calibration error, 0.0 to 1.0; ``None`` where no confidence is known.

    The mean over the bins, weighted by words, of ``abs(accuracy - confidence)`` (Naeini, Cooper,
    Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning").
    """
    bins = reliability(confidence)
    words = sum(x.words for x in bins)
    if not words:
        return None
    return sum(x.words * abs(x.accuracy - x.confidence) for x in bins) / words


def review_curve(confidence: Confidence) -> tuple[ReviewPoint, ...]:
    """Share of the errors found by looking at the least certain words; from (0, 0), rising.

    Errors where nothing was read count in the whole and are never found, so the curve may
    end below 1. Words without a confidence are left out. Empty without errors or words.
    """
    words = sum(counts.words for _, counts in confidence.steps)
    errors = sum(counts.errors for _, counts in confidence.steps) + confidence.unseen
    if not words or not errors:
        return ()
    points = [ReviewPoint(words=0.0, errors=0.0)]
    seen = found = 0
    for _, counts in confidence.steps:
        seen, found = seen + counts.words, found + counts.errors
        points.append(ReviewPoint(words=seen / words, errors=found / errors))
    return tuple(points)


def found_by(curve: Sequence[ReviewPoint], share: float) -> float | None:
    """Share of the errors found by looking at ``share`` (0.0 to 1.0) of the words.

    Between two points of the curve in proportion; ``None`` where there is no curve.
    """
    if not curve:
        return None
    index = bisect_right([point.words for point in curve], share)
    if index == len(curve):
        return curve[-1].errors
    before, after = curve[index - 1], curve[index]
    part = (share - before.words) / (after.words - before.words)
    return before.errors + part * (after.errors - before.errors)


def _folded(true: Sequence[str], operation: Operation) -> bool:
    before = "".join(true[operation.start : operation.stop])
    return reads_alike(before, "".join(operation.after))


def _charge(errors: list[int], starts: Sequence[int], operation: Operation) -> None:
    """Count the single edits of ``operation`` at the words they touch."""
    last = len(errors) - 1
    if operation.kind is OpKind.DELETE:
        errors[max(0, min(last, bisect_right(starts, operation.other_start) - 1))] += operation.cost
        return
    for position in range(operation.other_start, operation.other_stop):
        errors[max(0, min(last, bisect_right(starts, position) - 1))] += 1
