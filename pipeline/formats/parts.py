"""What the readers of formats share: pages and lines being built, numbers, XML read safely.

XML is read without entities and external files; namespaces are left out of account.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from rapidfuzz.distance import Levenshtein

from pipeline.model import Box, Line, LineKind, Page, Reading, Scan, Verdict, Word

_FARTHEST = 1e9
_ORDER = re.compile(r"readingOrder\s*\{[^}]*\bindex:\s*(\d{1,9})")


class FormatError(Exception):
    """The file is of the format and still cannot be understood; in plain words."""


@dataclass(slots=True)
class PageParts:
    """One page as it is being read: its picture's name and size, and its lines.

    ``places`` counts the elements that should hold text, with or without it.
    """

    scan: str = ""
    width: int | None = None
    height: int | None = None
    lines: list[Line] = field(default_factory=list)
    places: int = 0

    def add(
        self,
        reader: str,
        text: str,
        box: Box | None,
        words: Sequence[Word] = (),
        confidence: float | None = None,
        *,
        starts_paragraph: bool = False,
        what: tuple[LineKind, Verdict] = (LineKind.BODY, Verdict.KEEP),
    ) -> None:
        """One more line; one without text is left out."""
        text = " ".join(text.split())
        if not text:
            return
        around = Box.around(word.box for word in words if word.box is not None)
        self.lines.append(
            Line(
                id="",
                reading=_reading(reader, text, words, confidence),
                box=box or around,
                starts_paragraph=starts_paragraph,
                kind=what[0],
                verdict=what[1],
            )
        )


def finished(pages: Iterable[PageParts], source: str) -> tuple[Page, ...]:
    """The pages with their numbers, and lines with ids as Depesha gives them."""
    done: list[Page] = []
    for number, parts in enumerate(pages, start=1):
        lines = tuple(
            replace(line, id=f"p{number}-l{index:03d}")
            for index, line in enumerate(parts.lines, start=1)
        )
        scan = Scan(path=parts.scan or source, page=number, width=parts.width, height=parts.height)
        done.append(Page(number=number, scan=scan, lines=lines))
    return tuple(done)


def _reading(reader: str, text: str, words: Sequence[Word], confidence: float | None) -> Reading:
    """The text with its words; those that are not in it are left out.

    Files whose lines were corrected by hand may still have the words as they were.
    """
    words = [replace(word, text=" ".join(word.text.split())) for word in words]
    try:
        return Reading.of(reader, text, words, confidence)
    except ValueError:
        pass
    tokens = text.split()
    known: dict[int, Word] = {}
    for block in Levenshtein.opcodes([word.text for word in words], tokens):
        if block.tag == "equal":
            same = words[block.src_start : block.src_end]
            known.update(enumerate(same, start=block.dest_start))
    placed: list[Word] = []
    gap = ""
    for place, token in enumerate(tokens):
        gap += " " if place else ""
        if place in known:
            placed.append(replace(known[place], gap=gap))
            gap = ""
        else:
            gap += token
    return Reading(reader=reader, words=tuple(placed), tail=gap, confidence=confidence)


def box_of(sides: Sequence[float]) -> Box | None:
    """A box of ``left, top, right, bottom``; ``None`` where they are not one."""
    if len(sides) != 4:
        return None
    left, top, right, bottom = (round(side) for side in sides)
    left, top = max(0, left), max(0, top)
    if right <= left or bottom <= top:
        return None
    return Box(left=left, top=top, right=right, bottom=bottom)


def place_of(text: str | None) -> float | None:
    """A coordinate; ``None`` where there is none.

    Raises:
        FormatError: it is a number and no place: infinite, not a number, or beyond any sheet.

    """
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    if value is not None and not (math.isfinite(value) and abs(value) < _FARTHEST):
        raise FormatError(f"has a box that is none: a side of it is {str(text)[:20]}")
    return value


def number_of(text: str | None) -> float | None:
    """A number, ``None`` where there is none."""
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return value if value is not None and abs(value) < _FARTHEST else None


def size_of(text: str | None) -> int | None:
    """A size in pixels, ``None`` where there is none."""
    value = number_of(text)
    return round(value) if value is not None and value > 0 else None


def share_of(text: str | None, whole: float = 1.0) -> float | None:
    """A confidence of ``0`` to ``whole`` as 0.0 to 1.0; ``None`` where it is not one."""
    value = number_of(text)
    return value / whole if value is not None and 0 <= value <= whole else None


def kind_of(name: str | None) -> LineKind:
    """The kind that a file of ours names; body for all others."""
    return LineKind(name) if name in set(LineKind) else LineKind.BODY


def verdict_of(name: str | None) -> Verdict:
    """The verdict that a file of ours names; kept for all others."""
    return Verdict(name) if name in set(Verdict) else Verdict.KEEP


def parse(data: bytes) -> Element:
    """The root of an XML file.

    Raises:
        FormatError: it is not well-formed, or declares entities (a few bytes of which may
            unfold to gigabytes) or external files.

    """
    try:
        root: Element = fromstring(data)
    except DefusedXmlException as error:
        raise FormatError("declares entities or outside files, which are never read") from error
    except (ParseError, LookupError, ValueError) as error:
        raise FormatError(f"is broken XML: {error}") from error
    return root


def in_order(elements: Iterable[Element], other: Callable[[Element], int | None]) -> list[Element]:
    """``elements`` by their ``custom="readingOrder {index:N;}"``, else by ``other``, else as is.

    Elements without a number come behind those that have one.
    """
    listed = list(elements)
    places: list[int | None] = []
    for element in listed:
        found = _ORDER.search(element.get("custom", ""))
        places.append(int(found[1]) if found else other(element))
    last = len(listed) + max((place for place in places if place is not None), default=0)
    numbered = zip(places, range(len(listed)), listed, strict=True)
    ordered = sorted((last if place is None else place, at, x) for place, at, x in numbered)
    return [x for _, _, x in ordered]


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    """The direct children called ``name``."""
    return (child for child in element if local(child) == name)


def first(element: Element, name: str) -> Element | None:
    """The first direct child called ``name``."""
    return next(children(element, name), None)


def within(element: Element, name: str) -> Iterator[Element]:
    """All elements called ``name`` at any depth, in the order of the file."""
    return (found for found in element.iter() if local(found) == name)
