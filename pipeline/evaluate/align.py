"""Edit operations that turn one sequence of units (graphemes or words) into another.

The distance is Levenshtein's (insertion, deletion and substitution cost 1). Among the
optimal alignments the one with the **most matches** is taken (``maximum_matches.py``): ``ав``
against ``ба`` is an insertion, a match and a deletion rather than two substitutions. Up to
:data:`LONG` units the distance is exact. Longer texts are cut at places that surely belong
together (:mod:`pipeline.evaluate.anchors`) and the pieces are aligned exactly; :func:`excess`
says by how many errors that may be too many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.anchors import cuts
from pipeline.evaluate.maximum_matches import Code, most_matches

LONG = 50_000
"""Units of the shorter side from which texts are aligned piece by piece."""

_CODE_POINTS = 0x110000
_EXPECTED = 64
"""One error in so many units is what RapidFuzz tries first; it widens its band as needed."""

_SUSPECT = 0.25
"""Errors per unit from which the cuts of a long text are not trusted ..."""

_AFFORDED = 1e11
"""... if it has no more cells than this (a second or two): then it is aligned whole."""

_CHECKED = 2e11
"""Length x errors up to which the exact distance of long texts is worth computing."""


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
    for tag, start, stop, other_start, other_stop in _codes(left, right):
        new = tag in ("replace", "insert")
        operations.append(
            Operation(
                kind=_KINDS[tag],
                start=start,
                stop=stop,
                other_start=other_start,
                other_stop=other_stop,
                after=tuple(hypothesis[other_start:other_stop]) if new else (),
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


def excess(
    reference: Sequence[str], hypothesis: Sequence[str], operations: Iterable[Operation]
) -> int:
    """A bound on the errors in ``operations`` over the exact distance; 0 where they are exact.

    Where the exact distance can be had in some seconds it is that difference itself, else
    the errors over what units without any counterpart cost at the least.
    """
    if min(len(reference), len(hypothesis)) < LONG:
        return 0
    cost = sum(operation.cost for operation in operations)
    left, right = intern(reference, hypothesis)
    if max(len(left), len(right)) * cost <= _CHECKED:
        return cost - Levenshtein.distance(left, right, score_hint=cost)
    common = sum((Counter(left) & Counter(right)).values())
    return cost - (max(len(left), len(right)) - common)


def intern(*sequences: Sequence[str]) -> tuple[Sequence[int] | str, ...]:
    """The sequences with each different unit replaced by one number, the same in all.

    As strings, whose code points are the numbers: RapidFuzz is fastest on these. Units that
    are all single code points stand for themselves. Only with more different units than
    there are code points they are lists of numbers.
    """
    joined = tuple("".join(units) for units in sequences)
    if all(len(text) == len(units) for text, units in zip(joined, sequences, strict=True)) and (
        all(all(units) for units in sequences)
    ):
        return joined
    numbers: dict[str, int] = {}
    numbered = [[numbers.setdefault(x, len(numbers)) for x in units] for units in sequences]
    if len(numbers) > _CODE_POINTS:
        return tuple(numbered)
    return tuple("".join(map(chr, units)) for units in numbered)


def _codes(left: Sequence[int] | str, right: Sequence[int] | str) -> list[Code]:
    long = min(len(left), len(right)) >= LONG
    places = cuts(left, right) if long and isinstance(left, str) and isinstance(right, str) else ()
    codes: list[Code] = []
    here, there = 0, 0
    for stop, other_stop in (*places, (len(left), len(right))):
        for tag, a, b, c, d in _exact(left[here:stop], right[there:other_stop]):
            codes.append((tag, a + here, b + here, c + there, d + there))
        here, there = stop, other_stop
    size = max(len(left), len(right))
    if places and _cost(codes) > _SUSPECT * size and len(left) * len(right) <= _AFFORDED:
        codes = _exact(left, right)
    return list(most_matches(_merged(codes), left, right))


def _cost(codes: Iterable[Code]) -> int:
    return sum(max(b - a, d - c) for tag, a, b, c, d in codes if tag != "equal")


def _exact(left: Sequence[int] | str, right: Sequence[int] | str) -> list[Code]:
    hint = max(8, max(len(left), len(right)) // _EXPECTED)
    # Plain tuples, whatever the stubs say.
    return Levenshtein.opcodes(left, right, score_hint=hint).as_list()  # type: ignore[return-value]


def _merged(codes: Iterable[Code]) -> Iterator[Code]:
    """Equal runs that a cut parted are one again."""
    held: Code | None = None
    for code in codes:
        if held is not None and held[0] == code[0]:
            held = (held[0], held[1], code[2], held[3], code[4])
            continue
        if held is not None:
            yield held
        held = code
    if held is not None:
        yield held
