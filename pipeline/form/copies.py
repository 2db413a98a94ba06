"""The copy list: which copy went to whom, out of the ruins of a ruled table.

The form has three printed columns of seven numbered places, names typed behind some. Whether one
line holds a whole row or one cell of it, a row's numbers differ by seven: legible ones tell the
one that is not. Where nothing tells it, the number is absent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from pipeline.form.found import Found
from pipeline.form.names import receiver
from pipeline.model import Line
from pipeline.resources import language

# A number sign, as it is read, and the number before "-й"; or "Экз." and what follows.
_MARK = regex.compile(
    r"(?:№|[NМMΝм][eéoоº°ėė_]{0,2}(?=[\s\d:.]))[^\p{L}\d]{0,4}(?:\d\s)?(?P<number>[\dОоЗ]{1,2}|П|Щ)?"
    r"\W{0,3}\w?[-–—]\s?\S{1,2}|№\W{0,2}(?P<bare>\d{1,2})\s?й?"
)
_FIGURES = str.maketrans("ОоЗ", "003")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyCell:
    """One cell of the list: its number as read (``None`` where not legible) and its text."""

    number: int | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRow:
    """Cells on one row, left to right, and the line that each came from."""

    cells: tuple[CopyCell, ...]
    lines: tuple[Line, ...]


def copy_list(lines: Sequence[Line]) -> Iterator[tuple[Found, Line]]:
    """Read the entries of the copy list in ``lines`` (of its kind, in reading order)."""
    rows = [row for group in _on_rows(lines) if (row := _row(group)) is not None]
    for row, (base, why) in zip(rows, _bases(rows), strict=True):
        for place, (cell, line) in enumerate(zip(row.cells, row.lines, strict=True)):
            name = receiver(cell.text, line)
            if name is None:
                continue
            number, known = _number(cell, base, place, len(row.cells))
            found = Found.named(
                "copy_list",
                replace(name, why=f"{name.why}; {known or why}"),
                cell.text.strip(),
                number=number,
                doubtful=0.0 if known else 0.5 if number is not None else 1.0,
            )
            yield found, line


def _on_rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines side by side, left to right; without boxes each line is a row."""
    rows: list[list[Line]] = []
    for line in lines:
        if rows and _beside(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _beside(one: Line, other: Line) -> bool:
    if one.box is None or other.box is None or other.box.left < one.box.right:
        return False
    return one.box.beside(other.box) > 0.4 * min(one.box.height, other.box.height)


def _row(lines: Sequence[Line]) -> CopyRow | None:
    cells: list[tuple[CopyCell, Line]] = []
    for line in lines:
        marks = list(_MARK.finditer(line.raw))
        if not marks:
            if receiver(line.raw, line) is not None:
                cells.append((CopyCell(number=None, text=line.raw), line))
            continue
        ends = [*(mark.start() for mark in marks[1:]), len(line.raw)]
        cells += [
            (CopyCell(number=_read(mark), text=line.raw[mark.end() : end]), line)
            for mark, end in zip(marks, ends, strict=True)
        ]
    if not cells:
        return None
    return CopyRow(cells=tuple(c for c, _ in cells), lines=tuple(x for _, x in cells))


def _read(mark: regex.Match[str]) -> int | None:
    read = mark["number"] or mark["bare"]
    if read is None:
        return None
    if read in "ПЩ":
        return 11
    number = int(read.translate(_FIGURES))
    return number if 0 < number <= _columns() * _rows() else None


def _bases(rows: Sequence[CopyRow]) -> list[tuple[int | None, str]]:
    """Each row's number in the first column: what most of its marks say, or its neighbours."""
    votes = [
        Counter((c.number - 1) % _rows() + 1 for c in row.cells if c.number is not None)
        for row in rows
    ]
    bases: list[tuple[int | None, str]] = []
    for index, own in enumerate(votes):
        between, vote = _between(votes, index), own
        if between is not None and (not own or own[between] or len(own) > 1):
            vote = own + Counter({between: 1})
        best = vote.most_common(2)
        if not best or (len(best) > 1 and best[0][1] == best[1][1]):
            bases.append((None, "its number is not legible"))
        else:
            bases.append((best[0][0], "number from the other marks of its row"))
    return bases


def _between(votes: Sequence[Counter[int]], index: int) -> int | None:
    """The number between those of the rows above and below, where these leave one place."""
    if not 0 < index < len(votes) - 1 or not votes[index - 1] or not votes[index + 1]:
        return None
    above, below = (votes[i].most_common(1)[0][0] for i in (index - 1, index + 1))
    return (above + below) // 2 if abs(above - below) == 2 else None


def _number(cell: CopyCell, base: int | None, place: int, cells: int) -> tuple[int | None, str]:
    """The number of a cell: its own, where the row agrees with it; else by its place."""
    if cell.number is not None and (base is None or (cell.number - base) % _rows() == 0):
        return cell.number, "number legible"
    if base is None or cells != _columns():
        # With a column unread nobody can tell which one this is.
        return (base, "") if base is not None and place == 0 else (None, "")
    return base + place * _rows(), ""


def _rows() -> int:
    return language.form().table.rows


def _columns() -> int:
    return language.form().table.columns
