"""Where each line of a text differs from the truth, whatever lines the truth has."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipeline.evaluate.align import Operation, OpKind, align, reads_alike
from pipeline.evaluate.error_causes import BLOCK
from pipeline.text import Level, graphemes, normalise

Segment = int | tuple[str, str, bool]
"""So many equal code points, or ``(true, read, folded)``: level ``reading`` sees no difference."""


@dataclass(frozen=True, slots=True)
class LineDiffs:
    """``lines`` has the segments of each line, in order; ``missing`` what stands before a line.

    Its pairs are ``(index of the line, true text)``, the index being that of the line after
    it, or the number of lines.
    """

    lines: tuple[tuple[Segment, ...], ...]
    missing: tuple[tuple[int, str], ...]


def line_diffs(texts: Sequence[str], truth: str) -> LineDiffs:
    """``texts`` (lines as read, white space runs being one space) against ``truth``.

    The texts are aligned as a whole, joined by spaces. A stretch of truth without any
    counterpart that begins where a line begins is missing; a shorter one belongs to its line.
    """
    rows = [graphemes(text) for text in texts]
    units = tuple(unit for row in rows for unit in (*row, " "))[:-1]
    starts = tuple(accumulate((len(row) + 1 for row in rows), initial=0))[:-1]
    true = graphemes(normalise(truth, Level.STRICT))
    segments: list[list[Segment]] = [[] for _ in rows]
    missing: list[tuple[int, str]] = []
    operations = align(true, units)
    for number, operation in enumerate(operations):
        if operation.kind is OpKind.DELETE:
            after = operations[number + 1].kind if number + 1 < len(operations) else OpKind.EQUAL
            index = _gap_before(operation, after, starts, len(units))
            if index is not None:
                missing.append((index, "".join(true[operation.start : operation.stop]).strip()))
                continue
        gap = missing[-1][0] if missing else -1
        for index, segment in _segments(operation, true, units, starts, gap):
            _add(segments[index], segment)
    return LineDiffs(tuple(map(tuple, segments)), tuple(missing))


def _gap_before(
    operation: Operation, after: OpKind, starts: Sequence[int], length: int
) -> int | None:
    """The line before which a long deletion stands, ``None`` where it is inside one."""
    at = operation.other_start
    if not starts:
        return 0
    if operation.cost < BLOCK:
        return None
    if at >= length:
        return len(starts)
    index = bisect_right(starts, at) - 1
    if at == starts[index]:
        return index
    # Just before the space between two lines, and that is one in the truth too.
    following = index + 1
    border = following < len(starts) and at == starts[following] - 1
    return following if border and after is OpKind.EQUAL else None


def _segments(
    operation: Operation, true: Sequence[str], units: Sequence[str], starts: Sequence[int], gap: int
) -> Iterator[tuple[int, Segment]]:
    """What an operation means for the lines it touches; spaces between lines are left out.

    ``gap`` is the line before which the last missing stretch stands.
    """
    if operation.kind is OpKind.DELETE:
        index = max(0, bisect_right(starts, operation.other_start) - 1)
        if index > 0 and operation.other_start == starts[index] and index != gap:
            index -= 1  # what is lost at a border is rather a line's end: a hyphen, a word
        text = "".join(true[operation.start : operation.stop])
        yield index, (text, "", reads_alike(text, ""))
        return
    at = operation.other_start
    while at < operation.other_stop:
        index = bisect_right(starts, at) - 1
        end = starts[index + 1] - 1 if index + 1 < len(starts) else len(units)
        stop = min(end, operation.other_stop)
        read = "".join(units[at:stop])
        if operation.kind is OpKind.EQUAL:
            if read:
                yield index, len(read)
        elif operation.kind is OpKind.INSERT:
            if read:
                yield index, ("", read, reads_alike("", read))
        else:
            # The substituted space between two lines goes with the line before it.
            whole = min(stop + 1, operation.other_stop)
            offset = operation.start - operation.other_start
            text = "".join(true[at + offset : whole + offset])
            yield index, (text, read, reads_alike(text, read))
        at = stop + 1 if stop == end else stop


def _add(segments: list[Segment], segment: Segment) -> None:
    if segments and isinstance(segments[-1], int) and isinstance(segment, int):
        segments[-1] += segment
    else:
        segments.append(segment)
