"""A volume bound of many telegrams: each is a document of its own, with its own fields.

A part is named by the page of the volume it begins on (``part-0012``, a second one there
``part-0012-2``), so that what is found elsewhere in the volume renames nothing. Its pages keep
the volume's numbers and its lines their ids; a page on which one telegram ends and another
begins is in both, with the lines of each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from pipeline.config import Settings
from pipeline.expected_error import expected_error, together
from pipeline.form import read_fields, telegram_starts
from pipeline.model import Document, Page, Region
from pipeline.transcript import selected

TELEGRAMS = "telegrams"
"""The value of ``output.split`` that parts volumes."""

PART_NAME = re.compile(r"part-\d{4,}(-\d+)?")
"""What parts are called, below their volume."""


def split(document: Document, settings: Settings) -> tuple[Document, ...]:
    """The telegrams of ``document``, where it is to be split and holds several; else itself."""
    if settings.output.split != TELEGRAMS:
        return (document,)
    lines = document.lines
    starts = telegram_starts(lines, volume=True)
    if len(starts) == 1:
        return (document,)
    cuts = tuple(pairwise((*starts, len(lines))))
    pages = _pages_of(document, cuts)
    begins = [some[0][0] for some in pages]
    ends = [*begins[1:], None]
    return tuple(
        _part(document, f"{document.id}/{name}", some, (begin if number else 0, end), settings)
        for number, (name, some, begin, end) in enumerate(
            zip(_names(begins), pages, begins, ends, strict=True)
        )
    )


def _part(
    volume: Document,
    name: str,
    pages: Sequence[tuple[int, Page]],
    between: tuple[int, int | None],
    settings: Settings,
) -> Document:
    """The part ``name`` of ``pages``; of pages that failed it has those ``between`` its own."""
    first, end = between
    mine = _numbered(pages)
    kinds = settings.output.kinds
    rates = [(expected_error(text), text) for text in (selected(x.lines, kinds) for x in mine)]
    return Document(
        id=name,
        pages=tuple(
            replace(page, expected_error=rate) for page, (rate, _) in zip(mine, rates, strict=True)
        ),
        fields=read_fields([line for page in mine for line in page.lines], one=True),
        problems=tuple(
            x
            for x in volume.problems
            if x.page is None or (first <= x.page and (end is None or x.page < end))
        ),
        expected_error=together(rates),
    )


def _names(begins: Sequence[int]) -> list[str]:
    seen: Counter[int] = Counter()
    names: list[str] = []
    for page in begins:
        seen[page] += 1
        names.append(f"part-{page:04}" + (f"-{seen[page]}" if seen[page] > 1 else ""))
    return names


def _numbered(pages: Sequence[tuple[int, Page]]) -> list[Page]:
    """Pages with the numbers of their pictures, of two facing sheets the second counted on."""
    found: list[Page] = []
    further = 0
    for picture, page in pages:
        further += page.scan.sheet == 2
        found.append(replace(page, number=picture + further))
    return found


def _pages_of(document: Document, cuts: Sequence[tuple[int, int]]) -> list[list[tuple[int, Page]]]:
    """For each of ``cuts`` (first line, last exclusive) its pages with their pictures' numbers.

    A page without lines goes with what stands before it.
    """
    found: list[list[tuple[int, Page]]] = [[] for _ in cuts]
    begin = 0
    for picture, page in zip(document.picture_numbers, document.pages, strict=True):
        end = begin + len(page.lines)
        if begin == end:
            before = [number for number, (first, _) in enumerate(cuts) if first < begin]
            found[before[-1] if before else 0].append((picture, page))
            continue
        on_it = [
            (number, max(0, first - begin), last - begin)
            for number, (first, last) in enumerate(cuts)
            if first < end and last > begin
        ]
        regions = _parted(page, [first for _, first, _ in on_it[1:]])
        for (number, first, last), some in zip(on_it, regions, strict=True):
            found[number].append(
                (picture, replace(page, lines=page.lines[first:last], regions=some))
            )
        begin = end
    return found


def _parted(page: Page, starts: Sequence[int]) -> list[tuple[Region, ...]]:
    """The regions of ``page``, parted at the tops of the lines ``starts``.

    From a start on whose place is not known nothing can be parted.
    """
    found: list[list[Region]] = [[] for _ in range(len(starts) + 1)]
    boxes = [page.lines[start].box for start in starts]
    for region in page.regions:
        middle = (region.box.top + region.box.bottom) / 2
        below = takewhile(lambda box: box is not None and middle >= box.top, boxes)  # noqa: B023
        found[len(list(below))].append(region)
    return [tuple(some) for some in found]
