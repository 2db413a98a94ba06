"""ABBYY FineReader XML (``FineReader-schema``, versions 6 to 10): blocks, paragraphs, lines, signs.

With signs one by one (``charParams``) words have boxes and confidences, without them the lines have
their text alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipeline.formats.parts import (
    PageParts,
    box_of,
    children,
    local,
    number_of,
    share_of,
    size_of,
    within,
)
from pipeline.model import Box, Word

READER = "ABBYY"


def read_abbyy(root: Element) -> list[PageParts]:
    """The pages below ``document``."""
    return [_page(page) for page in children(root, "page")]


def _page(page: Element) -> PageParts:
    parts = PageParts(width=size_of(page.get("width")), height=size_of(page.get("height")))
    for paragraph in within(page, "par"):
        for index, line in enumerate(children(paragraph, "line")):
            parts.places += 1
            words = tuple(_words(line))
            text = "".join(_pieces(line))
            parts.add(READER, text, _box(line), words, starts_paragraph=index == 0)
    return parts


def _pieces(line: Element) -> Iterator[str]:
    """The text of a line, sign by sign or whole."""
    for formatting in children(line, "formatting"):
        signs = list(children(formatting, "charParams"))
        if not signs:
            yield formatting.text or ""
        yield from (sign.text or " " for sign in signs)


def _words(line: Element) -> Iterator[Word]:
    row: list[Element] = []
    for sign in (*within(line, "charParams"), None):
        if sign is not None and (sign.text or "").strip():
            row.append(sign)
            continue
        if row:
            yield _word(row)
        row = []


def _word(signs: list[Element]) -> Word:
    text = "".join((sign.text or "").strip() for sign in signs)
    sure = [share_of(sign.get("charConfidence"), 100) for sign in signs]
    known = [share for share in sure if share is not None]
    boxes = [box for sign in signs if (box := _box(sign)) is not None]
    # A word is as sure as its least certain sign.
    confidence = min(known) if len(known) == len(signs) else None
    return Word(text=text, box=Box.around(boxes), confidence=confidence)


def _box(element: Element) -> Box | None:
    sides = [number_of(element.get(name)) for name in "ltrb"]
    known = [side for side in sides if side is not None]
    return box_of(known) if len(known) == 4 else None


def is_abbyy(root: Element) -> bool:
    """Whether ``root`` is of this format; ``document`` is a common name for a root."""
    return local(root) == "document" and "abbyy" in root.tag.lower()
