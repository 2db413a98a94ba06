"""PAGE XML (PRImA, all versions of the namespace): regions in reading order, lines, words."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipeline.formats.parts import (
    PageParts,
    box_of,
    children,
    first,
    local,
    share_of,
    size_of,
    within,
)
from pipeline.model import Box, Word

READER = "PAGE XML"


def read_page_xml(root: Element) -> list[PageParts]:
    """The pages below ``PcGts``."""
    return [_page(page) for page in children(root, "Page")]


def _page(page: Element) -> PageParts:
    parts = PageParts(
        scan=page.get("imageFilename", ""),
        width=size_of(page.get("imageWidth")),
        height=size_of(page.get("imageHeight")),
    )
    for region in _ordered(page):
        lines = list(children(region, "TextLine"))
        for index, line in enumerate(lines):
            words = tuple(_words(line))
            text, confidence = _text(line)
            if text is None:
                text = " ".join(word.text for word in words)
            opens = index == 0
            parts.add(READER, text, _box(line), words, confidence, starts_paragraph=opens)
        if not lines:
            text, confidence = _text(region)
            for row in (text or "").splitlines():
                parts.add(READER, row, None, (), confidence)
    return parts


def _ordered(page: Element) -> Iterator[Element]:
    """Text regions (nested ones after their parent) in the file's reading order, then the rest."""
    regions = {str(i): x for i, x in enumerate(within(page, "TextRegion"))}
    by_id = {region.get("id", key): key for key, region in regions.items()}
    order = first(page, "ReadingOrder")
    refs = [] if order is None else _references(order)
    for ref in refs:
        key = by_id.get(ref)
        if key is not None and key in regions:
            yield regions.pop(key)
    yield from regions.values()


def _references(group: Element) -> list[str]:
    """Region ids below a group; indexed ones by their index."""
    members = [x for x in group if local(x).startswith(("RegionRef", "OrderedGroup", "Unordered"))]
    members.sort(key=lambda x: size_of(x.get("index")) or 0)
    found: list[str] = []
    for member in members:
        if reference := member.get("regionRef"):
            found.append(reference)
        if not local(member).startswith("RegionRef"):
            found += _references(member)
    return found


def _words(line: Element) -> Iterator[Word]:
    for word in children(line, "Word"):
        text, confidence = _text(word)
        if text and text.strip():
            yield Word(text=text.strip(), box=_box(word), confidence=confidence)


def _text(element: Element) -> tuple[str | None, float | None]:
    """The text of the best ``TextEquiv`` (the lowest index) and its confidence."""
    choices = sorted(children(element, "TextEquiv"), key=lambda x: size_of(x.get("index")) or 0)
    for choice in choices:
        unicode = first(choice, "Unicode")
        if unicode is not None:
            return unicode.text or "", share_of(choice.get("conf"))
    return None, None


def _box(element: Element) -> Box | None:
    coords = first(element, "Coords")
    if coords is None:
        return None
    points = [pair.split(",") for pair in coords.get("points", "").split()]
    if not points:
        # The oldest versions have Point elements.
        points = [[p.get("x", ""), p.get("y", "")] for p in children(coords, "Point")]
    try:
        xs, ys = [float(p[0]) for p in points], [float(p[1]) for p in points]
    except (ValueError, IndexError):
        return None
    return box_of((min(xs), min(ys), max(xs), max(ys))) if xs else None
