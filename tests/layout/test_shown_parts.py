"""Which part of its picture a page shows."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.layout.sheets import parted, shown_parts
from pipeline.model import Box, Line, Page, Reading, Scan, Word

WIDTH, HEIGHT = 3000, 2000


def page_of(*boxes: tuple[int, int, int, int, int]) -> Page:
    """A page of lines: left, top, right, bottom, and on which sheet."""
    lines = tuple(
        Line(
            id=f"p1-l{number}",
            reading=Reading(reader="vote", words=(Word(text="слово"),)),
            box=Box(left=left, top=top, right=right, bottom=bottom),
            sheet=sheet,
        )
        for number, (left, top, right, bottom, sheet) in enumerate(boxes)
    )
    return Page(number=1, scan=Scan(path="x.png", width=WIDTH, height=HEIGHT), lines=lines)


LEFT, RIGHT = (200, 100, 1400, 140), (1700, 100, 2800, 140)


def test_facing_sheets_are_parted_between_their_lines() -> None:
    pages = parted([page_of((*LEFT, 1), (*RIGHT, 2)), page_of((*LEFT, 1))])
    assert shown_parts(pages) == [
        Box(left=0, top=0, right=1550, bottom=HEIGHT),
        Box(left=1550, top=0, right=WIDTH, bottom=HEIGHT),
        None,
    ]


@pytest.mark.parametrize(("first", "second"), [(LEFT, RIGHT), (RIGHT, LEFT)])
def test_on_a_scan_that_lies_on_its_side_they_are_above_each_other(
    first: tuple[int, ...], second: tuple[int, ...]
) -> None:
    turned = [
        (top, left * 2 // 3, bottom, right * 2 // 3) for left, top, right, bottom in (first, second)
    ]
    pages = parted([page_of((*turned[0], 1), (*turned[1], 2))])
    one, two = shown_parts(pages)
    assert one is not None
    assert two is not None
    assert (one.left, one.right, two.left, two.right) == (0, WIDTH, 0, WIDTH)
    assert (one.top, one.bottom) == ((0, 1033) if first is LEFT else (1033, HEIGHT))
    assert {one.top, two.top, one.bottom, two.bottom} == {0, 1033, HEIGHT}


def test_what_has_no_place_is_shown_whole() -> None:
    (one, two) = parted([page_of((*LEFT, 1), (*RIGHT, 2))])
    bare = replace(two, lines=tuple(replace(line, box=None) for line in two.lines))
    assert shown_parts([one, bare]) == [None, None]
    assert shown_parts([two]) == [None]


@given(
    st.lists(
        st.tuples(
            st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1),
            st.integers(1, WIDTH), st.integers(1, HEIGHT), st.sampled_from([1, 2]),
        ),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_all_that_is_on_a_sheet_is_in_its_part(
    some: list[tuple[int, int, int, int, int]],
) -> None:
    boxes = [(x, y, min(WIDTH, x + w), min(HEIGHT, y + h), sheet) for x, y, w, h, sheet in some]
    pages = parted([page_of(*boxes)])
    parts = shown_parts(pages)
    for page, part in zip(pages, parts, strict=True):
        assert (part is None) == (len(pages) == 1)
        for line in page.lines:
            assert part is None or (line.box and line.box.share_inside(part) == 1)
    for one, two in pairwise(parts):
        if one is not None and two is not None:
            covered = Box.around([one, two])
            assert covered == Box(left=0, top=0, right=WIDTH, bottom=HEIGHT)
