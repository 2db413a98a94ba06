"""ALTO XML (Library of Congress, versions 1 to 4): blocks in reading order, lines, strings.

Files that we exported have tags for the kinds of blocks, and for lines that are in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from pipeline.formats.parts import (
    PageParts,
    box_of,
    children,
    first,
    kind_of,
    local,
    place_of,
    share_of,
    size_of,
    verdict_of,
    within,
)
from pipeline.model import Box, Word

READER = "ALTO"
_HYPHENS = "\u00ad"


def read_alto(root: Element) -> list[PageParts]:
    """The pages below ``alto``. Boxes are taken only where the unit is pixels."""
    unit = next((x.text for x in within(root, "MeasurementUnit")), None)
    pixels = (unit or "pixel").strip().lower() == "pixel"
    name = next((x.text for x in within(root, "fileName")), None)
    tags = {
        tag.get("ID", ""): (tag.get("TYPE", ""), tag.get("LABEL", ""))
        for some in within(root, "Tags")
        for tag in some
    }
    return [_page(page, (name or "").strip(), tags, pixels=pixels) for page in within(root, "Page")]


def _page(
    page: Element, scan: str, tags: Mapping[str, tuple[str, str]], *, pixels: bool
) -> PageParts:
    parts = PageParts(scan=scan)
    if pixels:
        parts.width, parts.height = size_of(page.get("WIDTH")), size_of(page.get("HEIGHT"))
    for block in _ordered(page):
        ours = _tagged(block, tags)
        kind = kind_of(ours.get("depesha:kind"))
        for index, line in enumerate(children(block, "TextLine")):
            box = _box(line) if pixels else None
            words = tuple(_words(line, pixels=pixels))
            parts.places += not _is_blank(line)
            parts.add(
                READER,
                _text(line),
                box,
                words,
                starts_paragraph=index == 0 and "depesha:block" not in ours,
                what=(kind, verdict_of(_tagged(line, tags).get("depesha:verdict"))),
            )
    return parts


def _ordered(page: Element) -> Iterator[Element]:
    """The text blocks in the order of the page's ``ReadingOrder``, the others behind."""
    blocks = {
        block.get("ID", f" {at}"): block for at, block in enumerate(within(page, "TextBlock"))
    }
    for reference in within(page, "ElementRef"):
        block = blocks.pop(reference.get("REF", ""), None)
        if block is not None:
            yield block
    yield from blocks.values()


def _is_blank(line: Element) -> bool:
    """Whether all it says is a space: how Tesseract writes a page without text."""
    said = [word.get("CONTENT", "") for word in children(line, "String")]
    return bool(said) and all(text.isspace() for text in said)


def _tagged(element: Element, tags: Mapping[str, tuple[str, str]]) -> Mapping[str, str]:
    """The labels of the element's tags, by their types."""
    return dict(tags[ref] for ref in element.get("TAGREFS", "").split() if ref in tags)


def _text(line: Element) -> str:
    """Strings and spaces as they stand; the hyphen at the end as on the sheet."""
    pieces: list[str] = []
    for part in line:
        name = local(part)
        if name == "String":
            pieces.append(_content(part, line))
        elif name == "SP":
            pieces.append(" ")
        elif name == "HYP" and not "".join(pieces).endswith("-"):
            pieces[-1:] = ["".join(pieces[-1:]) + _hyphen(part)]
    # Some writers leave the SP elements out: then every String is a word.
    strings = sum(local(part) == "String" for part in line)
    spaced = strings < 2 or first(line, "SP") is not None
    return ("" if spaced else " ").join(pieces)


def _words(line: Element, *, pixels: bool) -> Iterator[Word]:
    strings = list(children(line, "String"))
    hyphen = first(line, "HYP")
    for word in strings:
        text = _content(word, line).strip()
        box = _box(word) if pixels else None
        if word is strings[-1] and hyphen is not None and not text.endswith("-"):
            text += _hyphen(hyphen)
            after = _box(hyphen) if pixels else None
            box = Box.around(side for side in (box, after) if side is not None)
        if text:
            yield Word(text=text, box=box, confidence=share_of(word.get("WC")))


def _content(word: Element, line: Element) -> str:
    """The text of a ``String``; where it has none, its glyphs'.

    The first half of a broken word gets the hyphen that some writers leave out.
    """
    text = word.get("CONTENT", "")
    text = text or "".join(glyph.get("CONTENT", "") for glyph in children(word, "Glyph"))
    half = word.get("SUBS_TYPE") == "HypPart1" and first(line, "HYP") is None
    return text + "-" if half and text[-1:].isalpha() else text


def _hyphen(hyphen: Element) -> str:
    return hyphen.get("CONTENT", "-").replace(_HYPHENS, "-")


def _box(element: Element) -> Box | None:
    sides = [place_of(element.get(name)) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
    known = [side for side in sides if side is not None]
    if len(known) < 4:
        return None
    left, top, width, height = known
    return box_of((left, top, left + width, top + height))
