"""Which rows stand on which sheet, and where: all that is typed, before any ink.

All lengths are pixels at 200 dpi.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.facsimile.content import Aside, Content, Paper, Telegram
from pipeline.facsimile.prose import TIE
from pipeline.facsimile.rows import INDENT, Row, body_rows, with_slips
from pipeline.facsimile.streams import stream
from pipeline.model import LineKind

LEFT = 190
"""The left margin of a telegram."""

MEASURE = 1250
"""Length of a full line of a telegram."""

_FORM_TOP, _BOTTOM = 1160, 1985
_NEXT_TOP = 260
_PAPER_BOTTOM = 2180
_PAGE_NUMBER = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A row and its place: from ``x`` on the baseline ``y``."""

    row: Row
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPlan:
    """One sheet; ``number`` counts from 1, ``last``: nothing comes after it."""

    number: int
    last: bool
    spots: tuple[Spot, ...]


def plan(content: Content, seed: int) -> tuple[SheetPlan, ...]:
    """The sheets of ``content``; its typist's slips are those of ``seed``."""
    if isinstance(content, Telegram):
        rows = body_rows(content.body, MEASURE * content.pitch // 200, content.leading, 0.0)
        tops, left, bottom = (_FORM_TOP, _NEXT_TOP), LEFT, _BOTTOM
    else:
        rows = body_rows(content.body, content.width, content.leading, content.gap)
        tops, left, bottom = (content.top, _NEXT_TOP), content.left, _PAPER_BOTTOM
        if content.head:
            rows[0] = replace(rows[0], above=max(rows[0].above, 1.4 * content.leading))
        rows = [*_asides(content.head, content), *rows, *_asides(content.tail, content)]
    if content.slips:
        rows = with_slips(rows, stream("typing", seed))
    sheets = _flow(rows, tops, bottom)
    pitch = 200 / content.pitch
    return tuple(
        SheetPlan(
            number=number,
            last=number == len(sheets),
            spots=(*_page_number(number, left, pitch), *_set_in(sheet, left, pitch)),
        )
        for number, sheet in enumerate(sheets, start=1)
    )


def _flow(rows: Sequence[Row], tops: tuple[int, int], bottom: int) -> list[list[tuple[Row, float]]]:
    """``rows`` with their baselines, on as many sheets as they need."""
    sheets: list[list[tuple[Row, float]]] = [[]]
    y = float(tops[0])
    for row in rows:
        if sheets[-1]:
            y += row.above
        if y > bottom:
            sheets.append([])
            y = float(tops[1])
        sheets[-1].append((row, y))
    return sheets


def _set_in(sheet: Sequence[tuple[Row, float]], left: int, pitch: float) -> list[Spot]:
    return [Spot(row=row, x=left + row.indent * pitch, y=y) for row, y in sheet]


def _page_number(number: int, left: int, pitch: float) -> list[Spot]:
    if number == 1:
        return []
    row = Row(cells=f"- {number} -", above=0.0, kind=LineKind.PAGE_NUMBER)
    return [Spot(row=row, x=left + 30 * pitch, y=float(_PAGE_NUMBER))]


def _asides(asides: Sequence[Aside], paper: Paper) -> list[Row]:
    rows = []
    longest = max((len(x.text) for x in asides if x.align == "right"), default=0)
    for aside in asides:
        text = aside.text.replace(TIE, " ")
        room = max(0, paper.width - len(text))
        # Lines on the right begin one under the other.
        block = max(0, paper.width - longest)
        indent = {"left": 0, "indent": INDENT, "centre": room // 2, "right": block}[aside.align]
        above = paper.leading * aside.gap
        rows.append(Row(cells=text, above=above, indent=min(indent, room), kind=aside.kind))
    if rows and asides is paper.tail:
        rows[0] = replace(rows[0], above=max(rows[0].above, 50.0))
    return rows
