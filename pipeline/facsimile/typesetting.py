"""From passages to typed rows on sheets: which character stands where, before any ink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.facsimile.content import (
    Aside,
    Content,
    Paper,
    Passage,
    Questionnaire,
    Spread,
)
from pipeline.facsimile.line_breaking import typed_lines
from pipeline.facsimile.other_hands import on_second_machine, with_written_words
from pipeline.facsimile.prose import TIE
from pipeline.facsimile.rows import SheetPlan, Spot, TypedRow
from pipeline.facsimile.streams import one, stream
from pipeline.model import LineKind
from pipeline.resources import facsimile as data

INDENT = 5
"""Characters by which the first line of a paragraph is indented."""

SINGLE = 35
"""Leading of single-spaced passages in pixels at 200 dpi (a little under six lines an inch)."""

LEFT = 190
"""The left margin of a telegram, pixels at 200 dpi (as all lengths below)."""

MEASURE = 1250
"""The length of a full line of a telegram."""

STORY_TOP = 1130
"""The first baseline of what is told on a questionnaire."""

_FORM_TOP, _FORM_BOTTOM = 1160, 1985
_NEXT_TOP, _PAPER_BOTTOM = 260, 2180
_PAGE_NUMBER_Y = 150.0
_LETTERS = "абвгдежзиклмнопрстуфхцчшщыэюя"


def body_rows(
    body: Sequence[str | Passage], width: int, leading: int, gap: float
) -> list[TypedRow]:
    """Break ``body`` into rows of ``width`` characters.

    ``leading`` in pixels at 200 dpi; ``gap`` leadings are added before each paragraph.
    """
    rows: list[TypedRow] = []
    for passage in body:
        made = _rows(passage, width, leading)
        more = leading * (gap if isinstance(passage, str) else max(gap, 0.3))
        rows += [replace(made[0], above=leading + more), *made[1:]]
    return rows


def with_slips(rows: Sequence[TypedRow], rng: np.random.Generator) -> list[TypedRow]:
    """Add a typist's slips and underlinings to the body rows of ``rows``."""
    slips = data.habits().slips
    out: list[TypedRow] = []
    for row in rows:
        drawn = rng.random(3) < (
            slips.struck_over,
            slips.crossed_out,
            slips.underlined,
        )
        new = row
        if drawn[0]:
            new = _struck_over(new, rng)
        if drawn[1]:
            new = crossed_out(new, rng)
        if drawn[2]:
            new = _underlined(new, rng)
        out.append(new if row.kind is LineKind.BODY else row)
    return out


def figure_columns(rows: Sequence[Sequence[str]], gap: int) -> list[str]:
    """Set a table in columns: names flush left, figures flush right, ``gap`` spaces between."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    space = " " * gap
    return [
        space.join([row[0].ljust(widths[0])] + [
            cell.rjust(wide) for cell, wide in zip(row[1:], widths[1:], strict=True)
        ]).rstrip()
        for row in rows
    ]  # fmt: skip


def _rows(passage: str | Passage, width: int, leading: int) -> list[TypedRow]:
    if isinstance(passage, str):
        lines = typed_lines(passage, width, INDENT)
        return [
            _row(line, leading, 0 if place else INDENT, starts=place == 0)
            for place, line in enumerate(lines)
        ]
    if passage.pairs:
        return [row for pair in passage.pairs for row in _pair(pair, passage.first, width, leading)]
    if passage.heading:
        room = max(0, width - len(passage.heading)) // 2
        row = _row(passage.heading, 1.3 * leading, room, starts=True)
        return [replace(row, kind=LineKind.HEADING)]
    if passage.items:
        return [row for item in passage.items for row in _item(item, width, leading)]
    step = min(leading, passage.leading)
    if passage.verse:
        lines, indent = list(passage.verse), 2 * INDENT
    else:
        lines = figure_columns(passage.table, passage.gap)
        indent = max(0, min(INDENT, width - max(map(len, lines))))
    return [
        _row(line.lstrip(), step, indent + len(line) - len(line.lstrip()), starts=place == 0)
        for place, line in enumerate(lines)
    ]


def _item(item: str, width: int, leading: int) -> list[TypedRow]:
    """``1. text``, its further lines indented to where the text begins."""
    mark, _, text = item.partition(" ")
    hang = len(mark) + 1
    lines = typed_lines(text, width - INDENT - hang, 0)
    return [
        _row(line, leading, INDENT + hang, starts=False)
        if place
        else _row(f"{mark} {line}", leading, INDENT, starts=True)
        for place, line in enumerate(lines)
    ]


def _pair(pair: tuple[str, str], first: int, width: int, leading: int) -> list[TypedRow]:
    """Two texts side by side; the second begins in the last row of the first, its rest hangs."""
    left, right = (
        typed_lines(text, room, 0)
        for text, room in zip(pair, (max(8, first - 2), max(8, width - first)), strict=True)
    )
    rows = [*left[:-1], f"{left[-1].ljust(first)}{right[0]}"]
    rows += [" " * (first + 2 * right[0].startswith("- ")) + line for line in right[1:]]
    return [
        _row(line.lstrip(), leading if place else 1.25 * leading, len(line) - len(line.lstrip()),
             starts=place == 0)
        for place, line in enumerate(rows)
    ]  # fmt: skip


def _row(line: str, above: float, indent: int, *, starts: bool) -> TypedRow:
    return TypedRow(
        cells=line.replace(TIE, " "), above=above, indent=indent, starts_paragraph=starts
    )


def _words(row: TypedRow, shortest: int) -> list[tuple[int, int]]:
    """``(start, end)`` of the row's lower-case words of at least ``shortest`` letters."""
    spans, at = [], 0
    for word in row.cells.split(" "):
        if len(word) >= shortest and word.isalpha() and word.islower():
            spans.append((at, at + len(word)))
        at += len(word) + 1
    return spans


def _struck_over(row: TypedRow, rng: np.random.Generator) -> TypedRow:
    spans = _words(row, 4)
    if not spans:
        return row
    first, end = one(rng, spans)
    cell = int(rng.integers(first, end))
    return replace(row, under=(*row.under, (cell, one(rng, _LETTERS))))


def crossed_out(row: TypedRow, rng: np.random.Generator) -> TypedRow:
    """Strike one word of four to nine letters over with ``х``, if ``row`` has one."""
    spans = [s for s in _words(row, 4) if s[1] - s[0] <= 9]
    if not spans or row.under:
        return row
    first, end = one(rng, spans)
    struck = row.cells[:first] + "х" * (end - first) + row.cells[end:]
    under = tuple((cell, row.cells[cell]) for cell in range(first, end))
    return replace(row, cells=struck, under=under)


def _underlined(row: TypedRow, rng: np.random.Generator) -> TypedRow:
    spans = _words(row, 3)
    if not spans:
        return row
    first = int(rng.integers(len(spans)))
    last = min(len(spans) - 1, first + int(rng.integers(0, 2)))
    return replace(row, lined=((spans[first][0], spans[last][1]),))


def plan(content: Content, seed: int) -> tuple[SheetPlan, ...]:
    """Set ``content`` on sheets; ``seed`` decides the typist's slips."""
    if isinstance(content, Spread):
        (left, *_), (right, *_) = plan(content.left, seed), plan(content.right, seed + 1)
        return (replace(left, last=True, facing=replace(right, last=True)),)
    if isinstance(content, Paper):
        rows = body_rows(content.body, content.width, content.leading, content.gap)
        tops, left_edge, bottom = (content.top, _NEXT_TOP), content.left, _PAPER_BOTTOM
        if content.head:
            rows[0] = replace(rows[0], above=max(rows[0].above, 1.4 * content.leading))
        rows = [*_asides(content.head, content), *rows, *_asides(content.tail, content)]
    else:
        body = content.story if isinstance(content, Questionnaire) else content.body
        rows = body_rows(body, MEASURE * content.pitch // 200, content.leading, 0.0)
        top = STORY_TOP if isinstance(content, Questionnaire) else _FORM_TOP
        tops, left_edge, bottom = (top, _NEXT_TOP), LEFT, _FORM_BOTTOM
    if content.slips:
        rows = with_slips(rows, stream("typing", seed))
    if "handwriting" in content.traits:
        rows = with_written_words(rows, stream("written words", seed))
    if content.second:
        rows = on_second_machine(rows, stream("second machine", seed))
    sheets = _flow(rows, tops, bottom)
    pitch = 200 / content.pitch
    planned = []
    for number, sheet in enumerate(sheets, start=1):
        spots = [Spot(row=row, x=left_edge + row.indent * pitch, y=y) for row, y in sheet]
        if number > 1:
            row = TypedRow(cells=f"- {number} -", above=0.0, kind=LineKind.PAGE_NUMBER)
            spots.insert(0, Spot(row=row, x=left_edge + 30 * pitch, y=_PAGE_NUMBER_Y))
        planned.append(SheetPlan(number=number, last=number == len(sheets), spots=tuple(spots)))
    return tuple(planned)


def _flow(
    rows: Sequence[TypedRow], tops: tuple[int, int], bottom: int
) -> list[list[tuple[TypedRow, float]]]:
    """Give each row its baseline, on as many sheets as are needed."""
    sheets: list[list[tuple[TypedRow, float]]] = [[]]
    y = float(tops[0])
    for row in rows:
        if sheets[-1]:
            y += row.above
        if y > bottom:
            sheets.append([])
            y = float(tops[1])
        sheets[-1].append((row, y))
    return sheets


def _asides(asides: Sequence[Aside], paper: Paper) -> list[TypedRow]:
    rows = []
    longest = max((len(x.text) for x in asides if x.align == "right"), default=0)
    for aside in asides:
        text = aside.text.replace(TIE, " ")
        room = max(0, paper.width - len(text))
        # Lines on the right begin one under the other.
        block = max(0, paper.width - longest)
        indent = {"left": 0, "indent": INDENT, "centre": room // 2, "right": block}[aside.align]
        above = paper.leading * aside.gap
        rows.append(TypedRow(cells=text, above=above, indent=min(indent, room), kind=aside.kind))
    if rows and asides is paper.tail:
        rows[0] = replace(rows[0], above=max(rows[0].above, 50.0))
    return rows
