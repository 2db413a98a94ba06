"""Error rates: CER over grapheme clusters and WER over words, at the named levels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.align import intern
from pipeline.text import Level, graphemes, normalise, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Errors of one alignment, or the sum over several (for the micro-average).

    ``length`` is the number of units in the reference.
    """

    substitutions: int = 0
    insertions: int = 0
    deletions: int = 0
    length: int = 0

    @property
    def errors(self) -> int:
        """Substitutions + insertions + deletions: the Levenshtein distance."""
        return self.substitutions + self.insertions + self.deletions

    @property
    def rate(self) -> float | None:
        """``errors / length``: 0.0 or more, over 1.0 where much was inserted.

        ``None`` for an empty reference: it has no rate, though its errors count in a sum.
        """
        return self.errors / self.length if self.length else None

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            substitutions=self.substitutions + other.substitutions,
            insertions=self.insertions + other.insertions,
            deletions=self.deletions + other.deletions,
            length=self.length + other.length,
        )


_Measure = TypeVar("_Measure")


@dataclass(frozen=True, slots=True, kw_only=True)
class ByLevel(Generic[_Measure]):
    """The same measure at the three levels."""

    strict: _Measure
    typewriter: _Measure
    reading: _Measure

    @classmethod
    def of(cls, measure: Callable[[Level], _Measure]) -> ByLevel[_Measure]:
        """The measure taken at each level."""
        return cls(
            strict=measure(Level.STRICT),
            typewriter=measure(Level.TYPEWRITER),
            reading=measure(Level.READING),
        )

    def at(self, level: Level) -> _Measure:
        """The measure at ``level``."""
        return {
            Level.STRICT: self.strict,
            Level.TYPEWRITER: self.typewriter,
            Level.READING: self.reading,
        }[level]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextScore:
    """Character and word errors of one text at the three levels."""

    cer: ByLevel[Counts]
    wer: ByLevel[Counts]


def cer(reference: str, hypothesis: str, level: Level = Level.STRICT) -> Counts:
    """Character errors: over grapheme clusters in NFC, both texts normalised at ``level``.

    ``rate`` = (S + I + D) / N with N the clusters of the reference (Levenshtein 1966;
    for OCR, Rice, Jenkins, Nartker 1996, "The Fifth Annual Test of OCR Accuracy").
    """
    return count(graphemes(normalise(reference, level)), graphemes(normalise(hypothesis, level)))


def wer(reference: str, hypothesis: str, level: Level = Level.STRICT) -> Counts:
    """Word errors: as :func:`cer` over :func:`pipeline.text.words`."""
    return count(
        words(normalise(reference, level), level), words(normalise(hypothesis, level), level)
    )


def score_texts(reference: str, hypothesis: str) -> TextScore:
    """CER and WER of plain texts at the three levels; the same hypothesis at each."""
    return score_layers(reference, hypothesis, hypothesis)


def score_layers(reference: str, diplomatic: str, reading: str) -> TextScore:
    """CER and WER of a text in two layers.

    ``diplomatic`` is compared at levels ``strict`` and ``typewriter``, ``reading`` at
    level ``reading``: each layer with the truth as far as the level folds what tells the
    layer from the sheet.
    """

    def texts(level: Level) -> tuple[str, str, Level]:
        return reference, layer_for(level, diplomatic, reading), level

    return TextScore(
        cer=ByLevel.of(lambda level: cer(*texts(level))),
        wer=ByLevel.of(lambda level: wer(*texts(level))),
    )


def layer_for(level: Level, diplomatic: str, reading: str) -> str:
    """The layer that is compared at ``level``: only ``reading`` takes the reading layer."""
    return reading if level is Level.READING else diplomatic


def count(reference: Sequence[str], hypothesis: Sequence[str]) -> Counts:
    """The errors of an optimal alignment of two sequences of units.

    Their sum is the exact distance. How it divides into kinds may differ between optimal
    alignments: two substitutions cost the same as one insertion and one deletion.
    """
    left, right = intern(reference, hypothesis)
    tags = [operation.tag for operation in Levenshtein.editops(left, right)]
    return Counts(
        substitutions=tags.count("replace"),
        insertions=tags.count("insert"),
        deletions=tags.count("delete"),
        length=len(reference),
    )


def total(counts: Iterable[Counts]) -> Counts:
    """The sum, whose rate is the micro-average: summed errors / summed lengths."""
    return sum(counts, Counts())
