"""Facing sheets become two pages, and nothing between reading and storing loses one."""

from __future__ import annotations

from pipeline.layout.sheets import parted
from pipeline.model import Box, Document, Line, LineKind, Page, Reading, Region, Scan, Word


def line(name: str, sheet: int = 1) -> Line:
    words = (Word(text=name),)
    return Line(id=name, reading=Reading(reader="test", words=words), sheet=sheet)


def scanned(number: int, *lines: Line, regions: tuple[Region, ...] = ()) -> Page:
    return Page(number=number, scan=Scan(path="a.pdf", page=number), lines=lines, regions=regions)


def test_facing_sheets_are_two_pages_and_what_follows_is_numbered_on() -> None:
    stamp = Region(kind=LineKind.STAMP, box=Box(left=0, top=0, right=9, bottom=9), sheet=2)
    spread = scanned(2, line("a"), line("b", 2), line("c", 2), regions=(stamp,))
    pages = parted([scanned(1, line("x")), spread, scanned(4, line("y"))])
    assert [page.number for page in pages] == [1, 2, 3, 5]
    assert [page.scan.page for page in pages] == [1, 2, 2, 4]
    assert [page.scan.sheet for page in pages] == [None, 1, 2, None]
    assert [[x.id for x in page.lines] for page in pages] == [["x"], ["a"], ["b", "c"], ["y"]]
    assert [page.regions for page in pages] == [(), (), (stamp,), ()]


def test_the_pictures_keep_their_numbers() -> None:
    spread = scanned(2, line("a"), line("b", 2))
    pages = parted([scanned(1, line("x")), spread, scanned(4, line("y"))])
    assert Document(id="a", pages=tuple(pages)).picture_numbers == (1, 2, 2, 4)


def test_a_spread_with_one_empty_sheet_is_one_page_and_parting_twice_changes_nothing() -> None:
    right = scanned(1, line("a", 2))
    assert parted([right]) == [right]
    once = parted([scanned(1, line("a"), line("b", 2))])
    assert [page.lines for page in parted(once)] == [page.lines for page in once]
