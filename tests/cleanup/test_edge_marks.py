"""Marks beside a typed line go; what was typed there stays."""

from __future__ import annotations

import pytest

from pipeline.cleanup.edge_marks import edge_marks
from pipeline.model import VOTE, Box, Layer, Line, Reading, Word, apply_edits

_CELL = 10


def _line(*words: tuple[str, int, float, str | None], reader: str = VOTE) -> Line:
    """A line of words, each with the cells of paper before it, its confidence, its rival."""
    at, found = 0, list[Word]()
    for text, gap, confidence, other in words:
        at += gap * _CELL
        box = Box(left=at, top=0, right=at + _CELL * len(text), bottom=20)
        at = box.right
        between = " " if found else ""
        found.append(Word(text=text, gap=between, box=box, confidence=confidence, other=other))
    return Line(id="l1", reading=Reading(reader=reader, words=tuple(found)))


_TYPED = (("значно", 1, 0.99, None), ("идентифицировать", 1, 0.99, None), ("запись,", 1, 0.9, None))


@pytest.mark.parametrize("other", ["", ">"])
def test_a_mark_far_before_the_line_goes(other: str) -> None:
    line = _line(("й", 0, 0.6, other), ("это", 9, 0.99, None), *_TYPED)
    (edit,) = edge_marks(line)
    assert edit.layer is Layer.DIPLOMATIC
    assert apply_edits(line.raw, [edit]) == "это значно идентифицировать запись,"


def test_a_mark_far_after_the_line_goes() -> None:
    line = _line(*_TYPED, ("К", 12, 0.5, "}"))
    assert apply_edits(line.raw, edge_marks(line)) == "значно идентифицировать запись,"


@pytest.mark.parametrize(
    "first",
    [
        ("й", 0, 0.6, None),  # both read it
        ("й", 0, 0.97, "и"),  # the vote is certain
        ("11", 0, 0.4, "Пр"),  # a badly read number of a list
        ("SEND", 0, 0.5, "ЗЕ"),  # the name of an entry
    ],
)
def test_what_may_be_typed_stays(first: tuple[str, int, float, str | None]) -> None:
    assert edge_marks(_line(first, ("это", 9, 0.99, None), *_TYPED)) == ()


def test_what_stands_near_stays() -> None:
    assert edge_marks(_line(("й", 0, 0.5, ">"), ("это", 4, 0.99, None), *_TYPED)) == ()


def test_scraps_and_readings_of_one_reader_are_left_alone() -> None:
    scrap = (("й", 0, 0.5, ">"), ("мало", 9, 0.9, None), ("букв", 1, 0.9, None))
    assert edge_marks(_line(*scrap)) == ()
    line = _line(("й", 0, 0.6, ">"), ("это", 9, 0.99, None), *_TYPED, reader="tesseract")
    assert edge_marks(line) == ()
