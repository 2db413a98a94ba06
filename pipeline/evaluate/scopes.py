"""One result at three scopes: the body, what a transcript holds, all that is on the sheet.

Which lines a truth holds decides a rate more than most programs do, so every rate names its scope.
At each scope a result is compared in two ways, where the truth labels its lines:

- **as filed**: both sides are cut to the lines of the scope's kinds. A line of body that was filed
  as a table is missing here. Known only where the result says kinds.
- **as read**: the whole text of the result, and the true lines outside the scope may be in it or
  not, at no cost. Fair to programs that say no kinds, and so the first figure between programs.

A truth that does not label its lines is taken to hold the scope, whichever it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.evaluate.align import Operation, OpKind, align
from pipeline.evaluate.labelled_units import LabelledUnits
from pipeline.evaluate.metrics import Counts, cer, counts_of
from pipeline.ground_truth import Truth, TruthLine
from pipeline.model import Document, Layer, LineKind
from pipeline.text import Level, graphemes, normalise
from pipeline.transcript import render


class Scope(StrEnum):
    """What is compared, from the least to the most."""

    BODY = "body"
    DOCUMENT = "document"
    PAGE = "page"


KINDS: dict[Scope, tuple[LineKind, ...]] = {
    Scope.BODY: (LineKind.BODY,),
    Scope.DOCUMENT: (LineKind.ADDRESSEE, LineKind.HEADING, LineKind.BODY, LineKind.SIGNATURE),
    Scope.PAGE: tuple(x for x in LineKind if x not in (LineKind.HANDWRITING, LineKind.NOISE)),
}
"""The kinds of lines of each scope. Handwriting and noise are in none: nobody is to read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeCounts:
    """Character errors of one result at one scope and level.

    ``filed`` is ``None`` where the result says no kinds or the truth labels none; ``read`` is
    ``None`` where the text of a true line of the scope is not known. ``digits`` are those of the
    truth in the scope, and those read right, as read.
    """

    filed: Counts | None = None
    read: Counts | None = None
    digits_right: int = 0
    digits: int = 0

    def __add__(self, other: ScopeCounts) -> ScopeCounts:
        return ScopeCounts(
            filed=_sum(self.filed, other.filed),
            read=_sum(self.read, other.read),
            digits_right=self.digits_right + other.digits_right,
            digits=self.digits + other.digits,
        )


def _sum(one: Counts | None, other: Counts | None) -> Counts | None:
    return one + other if one is not None and other is not None else one or other


ByScope = tuple[tuple[Scope, tuple[tuple[Level, ScopeCounts], ...]], ...]
"""The counts of a result at every scope and level; empty where nothing tells scopes apart."""


def scope_counts(truth: Truth, document: Document | None, text: str = "") -> ByScope:
    """``document`` (or, where it is ``None``, the plain ``text``) at the three scopes.

    Empty where neither side says kinds: there is one text against one, and no scope is known.
    """
    if not truth.labelled and document is None:
        return ()
    lines = _known(truth)
    sides = {
        level: LabelledUnits.of([x.text or "" for x in lines] if truth.labelled else (), level)
        for level in Level
    }
    found = []
    for scope in Scope:
        levels = tuple(
            (level, _at(truth, lines, sides[level], document, text, scope, level))
            for level in Level
        )
        found.append((scope, levels))
    return tuple(found)


def _known(truth: Truth) -> list[TruthLine]:
    """The labelled lines that are on the sheet for a reader: typed or printed, text known."""
    page = KINDS[Scope.PAGE]
    return [x for x in truth.lines if x.text is not None and x.kind in page]


def _at(
    truth: Truth,
    lines: Sequence[TruthLine],
    side: LabelledUnits,
    document: Document | None,
    text: str,
    scope: Scope,
    level: Level,
) -> ScopeCounts:
    kinds = KINDS[scope]
    layer = Layer.READING if level is Level.READING else Layer.DIPLOMATIC
    if not truth.labelled:
        filed = render(document, layer, kinds) if document is not None else text
        return ScopeCounts(filed=cer(truth.text, filed, level))
    if any(x.text is None and x.kind in kinds for x in truth.lines):
        return ScopeCounts()
    cut = None
    if document is not None:
        text = render(document, layer, KINDS[max(scope, Scope.DOCUMENT, key=list(Scope).index)])
        wanted = "".join(f"{x.text}\n" for x in lines if x.kind in kinds)
        cut = cer(wanted, render(document, layer, kinds), level)
    pair = FreeLines.of(side, [x.kind in kinds for x in lines], level)
    read, right = pair.errors(text)
    return ScopeCounts(filed=cut, read=read, digits_right=right, digits=pair.digits)


@dataclass(frozen=True, slots=True)
class FreeLines:
    """A truth some of whose lines need not be read: its graphemes, and which of them must be."""

    level: Level
    units: tuple[str, ...]
    must: tuple[bool, ...]

    @classmethod
    def of(cls, side: LabelledUnits, needed: Sequence[bool], level: Level) -> FreeLines:
        """Of a text, with whether each of its lines must be read."""
        return cls(level, side.units, tuple(bool(flag) for flag in side.labels(needed)))

    @property
    def digits(self) -> int:
        """Digits that must be read."""
        return sum(need and x[0].isdigit() for x, need in zip(self.units, self.must, strict=True))

    def errors(self, text: str) -> tuple[Counts, int]:
        """The errors of ``text`` in what must be read, and how many of its digits are right.

        What was added counts where its neighbours in the truth must be read.
        """
        read = graphemes(normalise(text, self.level))
        operations = align(self.units, read)
        if all(self.must):
            return counts_of(operations, len(self.units)), self._right(operations)
        substitutions = insertions = deletions = 0
        for index, x in enumerate(operations):
            if x.kind is OpKind.SUBSTITUTE:
                substitutions += sum(self.must[x.start : x.stop])
            elif x.kind is OpKind.DELETE:
                deletions += self._lacking(operations, index)
            elif x.kind is OpKind.INSERT and all(self.must[max(0, x.start - 1) : x.start + 1]):
                insertions += x.cost
        counts = Counts(
            substitutions=substitutions,
            insertions=insertions,
            deletions=deletions,
            length=sum(self.must),
        )
        return counts, self._right(operations)

    def _lacking(self, operations: Sequence[Operation], index: int) -> int:
        """What a deletion lacks of what must be read, moved to where it lacks least.

        An alignment may match the last letter of a free line in place of the same letter after
        the gap: moving the gap along equal letters costs nothing and changes no distance.
        """
        start, stop = operations[index].start, operations[index].stop
        lacking = best = sum(self.must[start:stop])
        for step in (-1, 1):
            beside = index + step
            if not best or not 0 <= beside < len(operations):
                continue
            neighbour = operations[beside]
            room = neighbour.stop - neighbour.start if neighbour.kind is OpKind.EQUAL else 0
            left, right, cost = start, stop, lacking
            for _ in range(room):
                gone, come = (right - 1, left - 1) if step < 0 else (left, right)
                if self.units[gone] != self.units[come]:
                    break
                cost += self.must[come] - self.must[gone]
                left, right = left + step, right + step
                best = min(best, cost)
        return best

    def _right(self, operations: Iterable[Operation]) -> int:
        return sum(
            self.must[i] and self.units[i][0].isdigit()
            for x in operations
            if x.kind is OpKind.EQUAL
            for i in range(x.start, x.stop)
        )


def add_scopes(one: ByScope, other: ByScope) -> ByScope:
    """The sums over two results; where one has no scopes, the other's."""
    if not one or not other:
        return one or other
    return tuple(
        (scope, tuple((level, a + b) for (level, a), (_, b) in zip(left, right, strict=True)))
        for (scope, left), (_, right) in zip(one, other, strict=True)
    )


def at_scope(found: ByScope, scope: Scope, level: Level) -> ScopeCounts | None:
    """The counts at one scope and level; ``None`` where no scopes are known."""
    return next((dict(levels)[level] for name, levels in found if name is scope), None)
