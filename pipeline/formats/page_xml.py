"""PAGE XML (PRImA, all versions of the namespace): regions in reading order, lines, words.

Text is taken from the lines; where a line has none, from its words; where a word has none, from
its glyphs; where no line of a region has any, from the region. Files differ in what they fill.

Files that we exported say in ``custom`` of what kind a line is and what became of it; dropped
lines are noise regions there, with their text as ``depesha:read``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from pipeline.formats.parts import (
    PageParts,
    box_of,
    children,
    first,
    in_order,
    kind_of,
    local,
    place_of,
    share_of,
    size_of,
    verdict_of,
    within,
)
from pipeline.model import Box, Verdict, Word

READER = "PAGE XML"
_OURS = re.compile(r"\bdepesha \{([^{}]*)\}")
_READ = "depesha:read"


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
        lines = in_order(children(region, "TextLine"), lambda x: size_of(x.get("index")))
        parts.places += max(1, len(lines))
        before = len(parts.lines)
        ours = _ours(region)
        kind = kind_of(ours.get("kind"))
        for index, line in enumerate(lines):
            words = tuple(_words(line))
            text, confidence = _text(line)
            if not text.strip():
                text = " ".join(word.text for word in words)
            opens = index == 0 and "continues" not in ours
            verdict = verdict_of(_ours(line).get("verdict"))
            parts.add(
                READER,
                text,
                _box(line),
                words,
                confidence,
                starts_paragraph=opens,
                what=(kind, verdict),
            )
        if len(parts.lines) == before:
            _add_region(parts, region, lines)
    for region in within(page, "NoiseRegion"):
        if read := _read_as(region):
            kind = kind_of(_ours(region).get("kind"))
            parts.add(READER, read, _box(region), what=(kind, Verdict.DROP))
    return parts


def _ours(element: Element) -> Mapping[str, str]:
    """What our export says in ``custom``; empty in files of others."""
    found = _OURS.search(element.get("custom", ""))
    pairs = (part.partition(":") for part in found[1].split(";")) if found else ()
    return {key.strip(): value.strip() for key, _, value in pairs if key.strip()}


def _read_as(region: Element) -> str | None:
    """What was read where our export has a dropped line; ``None`` in files of others."""
    attributes = within(region, "UserAttribute") if _ours(region) else ()
    return next((x.get("value") for x in attributes if x.get("name") == _READ), None)


def _add_region(parts: PageParts, region: Element, lines: Sequence[Element]) -> None:
    """The text of a region whose lines have none; with their boxes, where they are as many."""
    text, confidence = _text(region)
    rows = [row for row in text.splitlines() if row.strip()]
    boxes = [_box(line) for line in lines] if len(lines) == len(rows) else [None] * len(rows)
    for index, (row, box) in enumerate(zip(rows, boxes, strict=True)):
        parts.add(READER, row, box, (), confidence, starts_paragraph=index == 0)


def _ordered(page: Element) -> Iterator[Element]:
    """Text regions and table cells (nested ones after their parent) in reading order.

    That of the file's ``ReadingOrder``, then what the regions say themselves.
    """
    found = [x for x in page.iter() if local(x) in ("TextRegion", "TableCell")]
    regions = {str(i): x for i, x in enumerate(in_order(found, lambda _: None))}
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
    for word in in_order(children(line, "Word"), lambda _: None):
        text, confidence = _text(word)
        if not text.strip():
            text = "".join(_text(glyph)[0].strip() for glyph in children(word, "Glyph"))
        if text.strip():
            yield Word(text=text.strip(), box=_box(word), confidence=confidence)


def _text(element: Element) -> tuple[str, float | None]:
    """The text of the best ``TextEquiv`` (the lowest index) and its confidence."""
    choices = sorted(children(element, "TextEquiv"), key=lambda x: size_of(x.get("index")) or 0)
    for choice in choices:
        for name in ("Unicode", "PlainText"):
            found = first(choice, name)
            if found is not None and (found.text or "").strip():
                return found.text or "", share_of(choice.get("conf"))
    return "", None


def _box(element: Element) -> Box | None:
    coords = first(element, "Coords")
    if coords is None:
        return None
    points = [pair.split(",") for pair in coords.get("points", "").split()]
    if not points:
        # The oldest versions have Point elements.
        points = [[p.get("x", ""), p.get("y", "")] for p in children(coords, "Point")]
    places = [[place_of(side) for side in point] for point in points]
    if not places or any(len(point) != 2 or None in point for point in places):
        return None
    xs, ys = ([point[side] or 0.0 for point in places] for side in (0, 1))
    return box_of((min(xs), min(ys), max(xs), max(ys)))
