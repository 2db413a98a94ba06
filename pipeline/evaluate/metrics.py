"""Error rates: CER over grapheme clusters and WER over words, at the named levels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipeline.evaluate.align import AlignedTexts, Operation, OpKind, align, align_texts
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

    @property
    def normalised(self) -> float | None:
        """``errors / (errors + matches)``, 0.0 to 1.0; ``None`` where both texts are empty.

        Unlike ``rate`` it never passes 1.0. It depends on how many matches the alignment
        has; here it is the one with the most (see :mod:`pipeline.evaluate.align`).
        """
        whole = self.length + self.insertions
        return self.errors / whole if whole else None

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
    true, read = normalise(reference, level), normalise(hypothesis, level)
    return count(words(true, level), words(read, level))


def compare_layers(reference: str, diplomatic: str, reading: str) -> ByLevel[AlignedTexts]:
    """A text in two layers against the truth, at each level.

    ``diplomatic`` is compared at levels ``strict`` and ``typewriter``, ``reading`` at
    level ``reading``: each layer with the truth as far as the level folds what tells the
    layer from the sheet.
    """

    def compared(level: Level) -> AlignedTexts:
        return align_texts(reference, reading if level is Level.READING else diplomatic, level)

    return ByLevel.of(compared)


def scores_of(pairs: ByLevel[AlignedTexts]) -> TextScore:
    """CER and WER of compared texts."""

    def characters(level: Level) -> Counts:
        pair = pairs.at(level)
        return counts_of(pair.operations, len(pair.true_units))

    def in_words(level: Level) -> Counts:
        pair = pairs.at(level)
        return counts_of(pair.word_operations, len(pair.true_words))

    return TextScore(cer=ByLevel.of(characters), wer=ByLevel.of(in_words))


def count(reference: Sequence[str], hypothesis: Sequence[str]) -> Counts:
    """The errors between two sequences of units: of the alignment that :func:`align` takes."""
    return counts_of(align(reference, hypothesis), len(reference))


def counts_of(operations: Iterable[Operation], length: int) -> Counts:
    """The errors of an alignment with a reference of ``length`` units."""
    sums = dict.fromkeys(OpKind, 0)
    for operation in operations:
        if operation.kind is not OpKind.EQUAL:
            sums[operation.kind] += operation.cost
    return Counts(
        substitutions=sums[OpKind.SUBSTITUTE],
        insertions=sums[OpKind.INSERT],
        deletions=sums[OpKind.DELETE],
        length=length,
    )


def total(counts: Iterable[Counts]) -> Counts:
    """The sum, whose rate is the micro-average: summed errors / summed lengths."""
    return sum(counts, Counts())
