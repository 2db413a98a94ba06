"""Lines that are dropped for want of words and stay all the same: nothing but a person types them.

What a page's weights say of them is right for most lines that look so; what is asked here besides
(their form, their place in the typed column, how sure the recogniser of type is) no scrap has.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import regex

from pipeline.findings import CUT_OFF
from pipeline.model import Line, LineKind, Reason, Verdict
from pipeline.noise.features import Column, Features, Neighbours
from pipeline.noise.place_rules import off_pitch
from pipeline.noise.reader_rules import recogniser_confidence
from pipeline.text import MONTHS

CLOSING = "closing-mark"
"""Rule name of the reason why a postscript's mark or a closing date stays."""

FORMULA = "formula"
"""Rule name of the reason why a typed formula, or its number, stays."""

PROGRAM = "program-line"
"""Rule name of the reason why a line of a program stays: a label, and parts between commas."""

DATE = "date-alone"
"""Rule name of the reason why a typed month stays between figures written by hand."""

_CLOSING = regex.compile(
    r"\W{0,2}(?:[PР]\s?\.\s?(?:[PР]\s?\.\s?)?[SЅ]\s?\.?|"
    r"[0-3]?\d\s?[./]\s?[IVXІУХПШ]{1,4}\s?[-./]\s?(?:19)?[2-9]\d\s?(?:г\.?)?)\W{0,2}"
)
_DATE = regex.compile(
    r"\W{0,3}\d{0,2}\W{0,3}(?P<month>\p{L}{3,8})\W{0,3}\d{0,4}\W{0,2}(?:г(?:ода|\.)?)?\W{0,2}"
)
_MONTH_READ = 0.8
_LEGIBLY_READ = 0.8

_TERM = r"(?:\p{Lu}{1,2}\d{0,2}|\p{Ll}\d{0,2}|\d+(?:[.,]\d+)?|[-+*/()\[\]{}^°'.,])"
_FORMULA = regex.compile(rf"(?:{_TERM}\s?)+[=<>≤≥≈]\s?(?:{_TERM}\s?)+[,.;:]?")
_NUMBER = regex.compile(r"[/(]\d{1,3}[а-яa-z']?[/)][.,;]?")
_PROGRAM_LINE = regex.compile(r"[\p{L}\d&][\p{L}\d&+*]{0,5}\s?:(?:[^:;,]+,){2,}[^:;,]+;")
_PROGRAM_READ = 0.2
_LEAST_MARKS, _FORMULA_READ, _NUMBER_READ = 2, 0.6, 0.75
_NUMBER_PLACE, _OUT, _LOOSE = 10, 2, 0.6
"""In cells: a formula's number stands so near the right margin; what is out of the column is none.
And how much wider than the machine's its characters may be: brackets and bars are read as one."""

_CUT = (0.3, 0.7)
"""In heights of a typed line: what is left of one that is cut off."""

_CUT_CHARACTERS, _ALIGNED, _LEADINGS = 8, 0.6, 1.6
"""Characters it has at least; in cells, how exactly it begins where others do; and in distances of
lines, how far it may be from the line before it."""

_SEEN = frozenset({LineKind.STAMP, LineKind.HANDWRITING})


def rescued(line: Line, near: Neighbours) -> Line:
    """``line``, as unsure text where it was dropped and is one of these; ``near``: its place."""
    if line.verdict is not Verdict.DROP or line.kind in _SEEN:
        return line
    if _is_closing(line):
        return kept_unsure(line, CLOSING, "a postscript or a closing date, legible")
    if _is_date(line):
        return kept_unsure(line, DATE, "a date alone, its month legible")
    column = near.view.column
    return line if column is None else _rescued_in_column(line, near, column)


def _rescued_in_column(line: Line, near: Neighbours, column: Column) -> Line:
    if _is_formula(line, near, column):
        return kept_unsure(line, FORMULA, "a typed formula or its number, in the typed column")
    if _is_program_line(line, column):
        return kept_unsure(
            line, PROGRAM, "a label, a colon, parts between commas: a program's line"
        )
    if _is_cut_off(line, near, column):
        return kept_unsure(line, CUT_OFF, "a typed line of which the sheet's edge cut a part off")
    return line


def kept_unsure(line: Line, rule: str, words: str, kind: LineKind = LineKind.BODY) -> Line:
    """``line``, which would be left out, as unsure text of ``kind``: by ``rule``, for ``words``."""
    return replace(
        line,
        kind=kind,
        verdict=Verdict.UNSURE,
        reasons=(Reason(rule=rule, evidence=words, weight=5.0), *line.reasons),
        text_probability=max(0.5, line.text_probability or 0.0),
    )


def _is_closing(line: Line) -> bool:
    """A postscript's mark or a date that closes a text: too short to be told by its letters."""
    read = line.reading.confidence
    return bool(_CLOSING.fullmatch(line.raw)) and (read is None or read >= _LEGIBLY_READ)


def _is_date(line: Line) -> bool:
    """A date whose month is typed; day and year may be written by hand and read badly."""
    match = _DATE.fullmatch(line.raw)
    if match is None or match["month"].lower() not in MONTHS:
        return False
    words = [word for word in line.reading.words if match["month"] in word.text]
    return all(word.confidence is None or word.confidence >= _MONTH_READ for word in words)


def _is_formula(line: Line, near: Neighbours, column: Column) -> bool:
    """A formula, or the number at the right margin that a formula has."""
    box, text = line.box, line.raw.strip()
    this = Features(line)
    sure, off = recogniser_confidence(this), off_pitch(this, near)
    if box is None or sure is None or (off is not None and off[0] > _LOOSE):
        return False
    out = _OUT * column.pitch
    if box.left < column.left - out or box.right > column.right + out:
        return False
    if _NUMBER.fullmatch(text):
        return sure >= _NUMBER_READ and box.right > column.right - _NUMBER_PLACE * column.pitch
    marks = sum(map(str.isalnum, text))
    return sure >= _FORMULA_READ and marks >= _LEAST_MARKS and bool(_FORMULA.fullmatch(text))


def _is_program_line(line: Line, column: Column) -> bool:
    """A labelled line of an autocode, in the typed column.

    How it is written tells it, not how surely it was read: no reader knows the sign &.
    """
    sure = recogniser_confidence(Features(line))
    if line.box is None or sure is None or sure < _PROGRAM_READ:
        return False
    out = _OUT * column.pitch
    inside = line.box.left >= column.left - out and line.box.right <= column.right + out
    return inside and bool(_PROGRAM_LINE.fullmatch(line.raw.strip()))


def _is_cut_off(line: Line, near: Neighbours, column: Column) -> bool:
    """The first or last line of its page, of half a line's height and else as the typed ones.

    It begins where other lines do, as far from its neighbour as they are from theirs, and has as
    many characters as there are cells on its length.
    """
    view, index, box = near.view, near.index, line.box
    if box is None or index not in (0, len(view.lines) - 1):
        return False
    if not _CUT[0] <= box.height / column.height <= _CUT[1]:
        return False
    if len(line.raw.strip()) < _CUT_CHARACTERS or off_pitch(Features(line), near) is not None:
        return False
    others = [x.line.box for i, x in enumerate(view.lines) if i != index and x.russian_words]
    boxes = sorted((other for other in others if other is not None), key=lambda b: b.top)
    aligned = sum(abs(other.left - box.left) <= _ALIGNED * column.pitch for other in boxes)
    tops = [other.top for other in boxes]
    steps = sorted(b - a for a, b in itertools.pairwise(tops))
    if aligned < 2 or not steps:
        return False
    leading = steps[len(steps) // 2]
    return min(abs(top - box.top) for top in tops) <= _LEADINGS * leading
