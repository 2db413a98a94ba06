"""Edit operations that turn one sequence of units (graphemes or words) into another.

The distance is Levenshtein's, exactly (insertion, deletion and substitution cost 1). Of
the optimal alignments the one RapidFuzz finds is taken; it is the same on every run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

_CODE_POINTS = 0x110000


class OpKind(StrEnum):
    """What an operation does to the reference."""

    EQUAL = "equal"
    SUBSTITUTE = "substitute"
    INSERT = "insert"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One run of like operations.

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
    left, right = intern(reference, hypothesis)
    operations: list[Operation] = []
    for code in Levenshtein.opcodes(left, right):
        kind = _KINDS[code.tag]
        new = kind in {OpKind.SUBSTITUTE, OpKind.INSERT}
        operations.append(
            Operation(
                kind=kind,
                start=code.src_start,
                stop=code.src_end,
                other_start=code.dest_start,
                other_stop=code.dest_end,
                after=tuple(hypothesis[code.dest_start : code.dest_end]) if new else (),
            )
        )
    return tuple(operations)


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

    As strings, whose code points are the numbers: RapidFuzz is fastest on these. Only
    with more different units than there are code points they are lists of numbers.
    """
    numbers: dict[str, int] = {}
    numbered = [[numbers.setdefault(x, len(numbers)) for x in units] for units in sequences]
    if len(numbers) > _CODE_POINTS:
        return tuple(numbered)
    return tuple("".join(map(chr, units)) for units in numbered)
