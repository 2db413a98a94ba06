"""Edit operations that turn one sequence of units (graphemes or words) into another.

The distance is Levenshtein's (insertion, deletion and substitution cost 1). Among the
optimal alignments the one with the **most matches** is taken (``maximum_matches.py``): ``ав``
against ``ба`` is an insertion, a match and a deletion rather than two substitutions. The
distance is exact up to :data:`pipeline.evaluate.cuts.LONG` units; longer texts are cut at
stretches that stand once in both (``cuts.py``), and what lies between two cuts is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.cuts import cuts
from pipeline.evaluate.maximum_matches import Code, most_matches
from pipeline.text import Level, graphemes, normalise, words

_CODE_POINTS = 0x110000
_EXPECTED = 64
"""One error in so many units is what RapidFuzz tries first; it widens its band as needed."""

_KEPT = 12
"""Alignments that are kept: levels and scopes often come to the same two texts."""


class OpKind(StrEnum):
    """What an operation does to the reference."""

    EQUAL = "equal"
    SUBSTITUTE = "substitute"
    INSERT = "insert"
    DELETE = "delete"


class Operation(NamedTuple):
    """One run of like operations; a tuple, for there are very many.

    Units ``start`` to ``stop`` (exclusive, from 0) of the reference became the units from
    ``other_start`` to ``other_stop`` of the hypothesis. ``after`` holds these where they
    are new (``SUBSTITUTE``, one for one, and ``INSERT``), and is empty otherwise.
    """

    kind: OpKind
    start: int
    stop: int
    other_start: int
    other_stop: int
    after: tuple[str, ...] = ()

    @property
    def cost(self) -> int:
        """Errors in this operation."""
        if self.kind is OpKind.EQUAL:
            return 0
        return max(self.stop - self.start, self.other_stop - self.other_start)


_KINDS = {
    "equal": OpKind.EQUAL,
    "replace": OpKind.SUBSTITUTE,
    "insert": OpKind.INSERT,
    "delete": OpKind.DELETE,
}


def align(reference: Sequence[str], hypothesis: Sequence[str]) -> tuple[Operation, ...]:
    """The operations from ``reference`` to ``hypothesis``, in order, covering both wholly."""
    plain = _joined(reference, hypothesis)
    return _characters(*plain) if plain else _units(tuple(reference), tuple(hypothesis))


@lru_cache(maxsize=_KEPT)
def _characters(left: str, right: str) -> tuple[Operation, ...]:
    return _operations(left, right, right)


@lru_cache(maxsize=_KEPT)
def _units(reference: tuple[str, ...], hypothesis: tuple[str, ...]) -> tuple[Operation, ...]:
    left, right = intern(reference, hypothesis)
    return _operations(left, right, hypothesis)


def _operations(
    left: Sequence[int] | str, right: Sequence[int] | str, hypothesis: Sequence[str]
) -> tuple[Operation, ...]:
    operations: list[Operation] = []
    for tag, start, stop, other_start, other_stop in most_matches(_codes(left, right), left, right):
        new = tag in ("replace", "insert")
        after = tuple(hypothesis[other_start:other_stop]) if new else ()
        operations.append(Operation(_KINDS[tag], start, stop, other_start, other_stop, after))
    return tuple(operations)


def _codes(left: Sequence[int] | str, right: Sequence[int] | str) -> list[Code]:
    """An alignment of lowest cost; equal stretches on both sides of a cut are one."""
    found: list[Code] = []
    start = other_start = 0
    for stop, other_stop in (*cuts(left, right), (len(left), len(right))):
        part, other = left[start:stop], right[other_start:other_stop]
        hint = max(8, max(len(part), len(other)) // _EXPECTED)
        # Plain tuples, whatever the stubs say.
        codes: list[Code] = Levenshtein.opcodes(part, other, score_hint=hint).as_list()  # type: ignore[assignment]
        if start or other_start:
            codes = [
                (tag, a + start, b + start, c + other_start, d + other_start)
                for tag, a, b, c, d in codes
            ]
            if found and codes and found[-1][0] == codes[0][0] == "equal":
                codes[0] = ("equal", found[-1][1], codes[0][2], found[-1][3], codes[0][4])
                found.pop()
        found += codes
        start, other_start = stop, other_stop
    return found


def replay(reference: Sequence[str], operations: Iterable[Operation]) -> tuple[str, ...]:
    """The hypothesis, from the reference and the operations alone."""
    result: list[str] = []
    for operation in operations:
        if operation.kind is OpKind.EQUAL:
            result += reference[operation.start : operation.stop]
        else:
            result += operation.after
    return tuple(result)


def intern(*sequences: Sequence[str]) -> tuple[Sequence[int] | str, ...]:
    """The sequences with each different unit replaced by one number, the same in all.

    As strings, whose code points are the numbers: RapidFuzz is fastest on these. Units that
    are all single code points stand for themselves. Only with more different units than
    there are code points they are lists of numbers.
    """
    plain = _joined(*sequences)
    if plain is not None:
        return plain
    numbers: dict[str, int] = {}
    numbered = [[numbers.setdefault(x, len(numbers)) for x in units] for units in sequences]
    if len(numbers) > _CODE_POINTS:
        return tuple(numbered)
    return tuple("".join(map(chr, units)) for units in numbered)


def _joined(*sequences: Sequence[str]) -> tuple[str, ...] | None:
    """The sequences as strings; ``None`` where not all units are single code points."""
    joined = tuple("".join(units) for units in sequences)
    same = all(len(text) == len(units) for text, units in zip(joined, sequences, strict=True))
    return joined if same and all(all(units) for units in sequences) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedTexts:
    """A truth and a reading at ``level``, normalised and aligned once for every measure.

    ``reference`` and ``hypothesis`` are as they came, ``true`` and ``read`` normalised;
    ``true_units`` and ``read_units`` are their graphemes, ``operations`` lead from the
    former to the latter; ``true_words``, ``read_words`` and ``word_operations`` likewise.
    """

    level: Level
    reference: str
    hypothesis: str
    true: str
    read: str
    true_units: tuple[str, ...]
    read_units: tuple[str, ...]
    operations: tuple[Operation, ...]
    true_words: tuple[str, ...]
    read_words: tuple[str, ...]
    word_operations: tuple[Operation, ...]


def align_texts(reference: str, hypothesis: str, level: Level) -> AlignedTexts:
    """``hypothesis`` against ``reference`` at ``level``."""
    true, read = normalise(reference, level), normalise(hypothesis, level)
    true_units, read_units = graphemes(true), graphemes(read)
    true_words, read_words = words(true, level), words(read, level)
    return AlignedTexts(
        level=level,
        reference=reference,
        hypothesis=hypothesis,
        true=true,
        read=read,
        true_units=true_units,
        read_units=read_units,
        operations=align(true_units, read_units),
        true_words=true_words,
        read_words=read_words,
        word_operations=align(true_words, read_words),
    )


@lru_cache(maxsize=20_000)
def reads_alike(true: str, read: str) -> bool:
    """Whether two short stretches differ only in what an editor settles anyway.

    That is what level ``reading`` folds, and hyphens and spaces, which differ with the
    breaking of words and lines. What a level folds by its surroundings (``I`` in a number)
    is not seen here.
    """
    return _bare(true) == _bare(read)


def _bare(text: str) -> str:
    return normalise(text, Level.READING).replace("-", "").replace(" ", "")
