"""Facing sheets on one scan become two pages of the document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.model import Box, Page


def parted(pages: Iterable[Page]) -> list[Page]:
    """``pages`` (one per picture) as the document's: two where a picture shows two sheets.

    What follows is numbered on; ids of lines stay those of the picture, whose number is in
    ``Document.picture_numbers``.
    """
    found: list[Page] = []
    further = 0
    for page in pages:
        sheets = tuple(_sheets_of(page))
        found += [
            replace(sheet, number=page.number + further + place)
            for place, sheet in enumerate(sheets)
        ]
        further += len(sheets) - 1
    return found


def _sheets_of(page: Page) -> Iterator[Page]:
    numbers = sorted({line.sheet for line in page.lines})
    if len(numbers) < 2:
        yield page
        return
    for number in numbers:
        yield replace(
            page,
            scan=replace(page.scan, sheet=number),
            lines=tuple(line for line in page.lines if line.sheet == number),
            regions=tuple(region for region in page.regions if region.sheet == number),
        )


def shown_parts(pages: Sequence[Page]) -> list[Box | None]:
    """Of each page, the part of its picture that shows it; ``None``: all of it, or no picture.

    Two facing sheets are parted midway between their lines, across or down the picture (which may
    lie on its side). What a line of a sheet covers is in its part, though the sheets overlap.
    """
    parts: list[Box | None] = [None] * len(pages)
    for place in range(1, len(pages)):
        first, second = pages[place - 1 : place + 1]
        if second.scan.sheet == 2 and first.scan.sheet == 1:
            parts[place - 1 : place + 1] = _halves(first, second)
    return parts


def _halves(first: Page, second: Page) -> tuple[Box | None, Box | None]:
    width, height = first.scan.width, first.scan.height
    one, two = (Box.around(x.box for x in page.lines if x.box) for page in (first, second))
    if not width or not height or one is None or two is None:
        return None, None
    across = _parting((one.left, one.right), (two.left, two.right), width)
    down = _parting((one.top, one.bottom), (two.top, two.bottom), height)
    # The sheets lie beside each other where they overlap least.
    if across.overlap / width <= down.overlap / height:
        a, b = (Box(left=x, top=0, right=y, bottom=height) for x, y in across.spans)
    else:
        a, b = (Box(left=0, top=x, right=width, bottom=y) for x, y in down.spans)
    return a, b


@dataclass(frozen=True, slots=True)
class _Parting:
    """Where two spans of one axis are parted: what each gets, and by how much they overlap."""

    spans: tuple[tuple[int, int], tuple[int, int]]
    overlap: int


def _parting(one: tuple[int, int], two: tuple[int, int], size: int) -> _Parting:
    turned = sum(one) > sum(two)
    near, far = (two, one) if turned else (one, two)
    middle = (near[1] + far[0]) // 2
    spans = ((0, min(size, max(near[1], middle))), (max(0, min(far[0], middle)), size))
    return _Parting(spans[::-1] if turned else spans, near[1] - far[0])
