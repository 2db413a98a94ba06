"""Facing sheets on one scan become two pages of the document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.model import Page


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
