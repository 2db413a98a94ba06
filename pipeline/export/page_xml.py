"""PAGE 2019-07-15: regions in reading order, lines, words, all readings; what was dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from pipeline.export.blocks import Block, dropped
from pipeline.export.formats import Made
from pipeline.export.geometry import around, baseline, outline
from pipeline.export.options import Options
from pipeline.export.sheet_words import Sheet
from pipeline.export.source import Source, scan_name, touched_by_hand
from pipeline.export.tokens import LineWords, Token
from pipeline.export.xml import add, decimal, element, to_bytes, xml_id
from pipeline.model import Box, Layer, Line, LineKind, Page, Reading

ENDING = ".page.xml"
NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"

_TYPES = {
    LineKind.BODY: "paragraph",
    LineKind.HEADING: "heading",
    LineKind.PAGE_NUMBER: "page-number",
}
_PRODUCTION = {LineKind.STAMP: "printed", LineKind.HANDWRITING: "handwritten-cursive"}
_GRAPHICS = {LineKind.STAMP: "stamp", LineKind.HANDWRITING: "handwritten-annotation"}


def export(source: Source, options: Options) -> Made:
    """A file for each page, for PAGE has one page a file."""
    sheet = Sheet(source, options)
    pages = source.document.pages
    many = len(pages) > 1
    return {
        (f".p{page.number:04d}{ENDING}" if many else ENDING): to_bytes(_Writer(sheet, page).root())
        for page in pages
    }


@dataclass(frozen=True, slots=True)
class _Writer:
    sheet: Sheet
    page: Page

    def root(self) -> Element:
        """The whole file."""
        source, scan = self.sheet.source, self.page.scan
        root = element("PcGts", xmlns=NAMESPACE)
        root.set("xmlns:xsi", _XSI)
        root.set("xsi:schemaLocation", f"{NAMESPACE} {NAMESPACE}/pagecontent.xsd")
        metadata = add(root, "Metadata")
        add(metadata, "Creator", source.software)
        for name in ("Created", "LastChange"):
            add(metadata, name, source.timestamp)
        _user_defined(metadata, self._facts())
        resolution = None if scan.dpi is None else f"{scan.dpi:g}"
        page = add(
            root, "Page", imageFilename=scan_name(self.page), imageWidth=scan.width,
            imageHeight=scan.height, imageXResolution=resolution, imageYResolution=resolution,
            imageResolutionUnit=None if resolution is None else "PPI",
            custom=f"depesha {{page:{self.page.number}; file-page:{scan.page};}}",
            primaryLanguage="Russian", primaryScript="Cyrl - Cyrillic",
        )  # fmt: skip
        some = self.sheet.blocks(self.page)
        if some:
            order = add(add(page, "ReadingOrder"), "OrderedGroup", id="order")
            for number in range(len(some)):
                add(order, "RegionRefIndexed", index=number, regionRef=f"r{number + 1}")
        earlier = {line.kind for line in self._before()}
        for number, block in enumerate(some, start=1):
            self._region(page, number, block, after=block.kind in earlier)
            earlier.add(block.kind)
        for number, region in enumerate(self.page.regions, start=1):
            name = "TableRegion" if region.kind is LineKind.TABLE else "GraphicRegion"
            made = add(page, name, id=f"g{number}", type=_GRAPHICS.get(region.kind))
            add(made, "Coords", points=outline(region.box))
        for line in dropped(self.page):
            self._noise(page, line)
        return root

    def _facts(self) -> Iterator[tuple[str, str]]:
        source = self.sheet.source
        yield from source.provenance()
        yield "document", source.document.id
        yield "source", source.run.source
        for key, value in self.sheet.options.pairs():
            yield f"export.{key}", self.sheet.layer if key == "layer" else value
        for key, value in source.metadata.items():
            yield f"metadata.{key}", value
        for step in self.page.steps:
            found = ", ".join(f"{key} {value}" for key, value in step.settings)
            yield f"step.{step.name}", found
        if self.page.expected_error is not None:
            yield "expected-character-error-rate", decimal(self.page.expected_error)

    def _before(self) -> tuple[Line, ...]:
        """The lines of the pages before this one."""
        pages = self.sheet.source.document.pages
        return tuple(x for page in pages if page.number < self.page.number for x in page.lines)

    def _region(self, page: Element, number: int, block: Block, *, after: bool) -> None:
        custom = f"readingOrder {{index:{number - 1};}} depesha {{kind:{block.kind};"
        custom += "" if block.opens else " continues:true;"
        continues = "true" if after and not block.opens else None
        made = add(
            page, "TextRegion", id=f"r{number}", custom=custom + "}",
            type=_TYPES.get(block.kind, "other"), continuation=continues,
            production=_PRODUCTION.get(block.kind, "typewritten"),
        )  # fmt: skip
        add(made, "Coords", points=outline(block.box or self._whole()))
        for index, line in enumerate(block.lines):
            self._line(made, index, line)
        text = "\n".join(self.sheet.words(line).text for line in block.lines)
        add(add(made, "TextEquiv"), "Unicode", text)

    def _line(self, region: Element, index: int, line: Line) -> None:
        words = self.sheet.words(line)
        made = add(
            region, "TextLine", id=xml_id(line.id),
            custom=f"readingOrder {{index:{index};}} depesha {{verdict:{line.verdict};"
            + (" by-hand:true;" if touched_by_hand(line) else "") + "}",
            production=_PRODUCTION.get(line.kind, "typewritten"),
        )  # fmt: skip
        box = line.box or around([token.box for token in words.tokens]) or self._whole()
        add(made, "Coords", points=outline(box))
        if level := baseline(words, self.sheet.direction(self.page)):
            slope, above = level
            start = box.bottom + above
            end = max(0, round(start + slope * (box.width - 1)))
            points = f"{box.left},{round(start)} {box.right - 1},{end}"
            add(made, "Baseline", points=points)
        for number, token in enumerate(words.tokens, start=1):
            if token.box is not None:
                self._word(made, line, number, token)
        self._texts(made, words)
        if line.reasons:
            _user_defined(made, _reasons(line))

    def _word(self, row: Element, line: Line, number: int, token: Token) -> None:
        made = add(row, "Word", id=xml_id(line.id, f"w{number}"))
        add(made, "Coords", points=outline(token.box or self._whole()))
        _text_equiv(made, 0, token.text, token.confidence, "by hand" if token.by_hand else None)
        for index, (text, words) in enumerate(_others(token), start=1):
            _text_equiv(made, index, text, None, words)

    def _texts(self, row: Element, words: LineWords) -> None:
        """The text that counts, then the other layer, what was read, and by whom."""
        line = words.line
        _text_equiv(row, 0, words.text, line.reading.confidence, None)
        seen = {words.text}
        other = Layer.READING if self.sheet.layer is Layer.DIPLOMATIC else Layer.DIPLOMATIC
        index = 1
        more: list[tuple[str, float | None, str]] = [(line.text_in(other), None, f"layer {other}")]
        more += [(reading.text, reading.confidence, _by(reading)) for reading in line.readings]
        for text, confidence, comment in more:
            plain = " ".join(text.split())
            if plain not in seen or comment.startswith("reader"):
                _text_equiv(row, index, plain, confidence, comment)
                index += 1
            seen.add(plain)

    def _noise(self, page: Element, line: Line) -> None:
        """A dropped line: where it is, what was read, why it was dropped."""
        made = add(page, "NoiseRegion", id=xml_id(line.id),
                   custom=f"depesha {{kind:{line.kind}; verdict:drop;}}")  # fmt: skip
        add(made, "Coords", points=outline(line.box or self._whole()))
        facts = [("text", " ".join(self.sheet.words(line).text.split())), ("read", line.raw)]
        _user_defined(made, [*facts, *_reasons(line)])

    def _whole(self) -> Box:
        scan = self.page.scan
        return Box(left=0, top=0, right=scan.width or 1, bottom=scan.height or 1)


def _by(reading: Reading) -> str:
    return f"reader {reading.reader}"


def _others(token: Token) -> list[tuple[str, str]]:
    some = [(token.other, "the other reader"), (token.read, "as read")]
    return [(text, words) for text, words in some if text]


def _reasons(line: Line) -> list[tuple[str, str]]:
    found = [
        (f"reason.{reason.rule}", f"{reason.evidence} ({reason.weight:+.2f})")
        for reason in line.reasons
    ]
    if line.text_probability is not None:
        found.append(("text-probability", decimal(line.text_probability)))
    return found


def _text_equiv(
    parent: Element, index: int, text: str, confidence: float | None, comments: str | None
) -> None:
    conf = None if confidence is None else decimal(confidence)
    made = add(parent, "TextEquiv", index=index, conf=conf, comments=comments)
    add(made, "Unicode", text)


def _user_defined(
    parent: Element, pairs: Iterator[tuple[str, str]] | list[tuple[str, str]]
) -> None:
    made = add(parent, "UserDefined")
    for name, value in pairs:
        add(made, "UserAttribute", name=f"depesha:{name}", type="xsd:string", value=value)
