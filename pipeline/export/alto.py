"""ALTO 4.4: strings with confidence and alternatives, hyphens, tags for kinds."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from pipeline.export.blocks import Block, on_sheet
from pipeline.export.formats import Made
from pipeline.export.options import Options
from pipeline.export.sheet_words import Sheet, without_hyphen
from pipeline.export.source import Source
from pipeline.export.tokens import LineWords, Token
from pipeline.export.xml import add, decimal, element, to_bytes, xml_id
from pipeline.model import Box, Line, LineKind, Page, Verdict

ENDING = ".alto.xml"
NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = f"{NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_CONTINUES, _UNSURE, _BY_HAND = "block-continues", "verdict-unsure", "by-hand"


def export(source: Source, options: Options) -> Made:
    """One file with all pages; words that were not located have no position."""
    return {ENDING: to_bytes(_Writer(Sheet(source, options)).root())}


@dataclass(frozen=True, slots=True)
class _Writer:
    sheet: Sheet

    def root(self) -> Element:
        """The whole file."""
        source, options = self.sheet.source, self.sheet.options
        root = element("alto", SCHEMAVERSION="4.4", xmlns=NAMESPACE)
        root.set("xmlns:xsi", _XSI)
        root.set("xsi:schemaLocation", _SCHEMA)
        self._description(root)
        pages = source.document.pages
        sizes = {page.number: self.sheet.type_size(page) for page in pages}
        known = sorted({size for size in sizes.values() if size is not None})
        if known:
            styles = add(root, "Styles")
            for size in known:
                add(styles, "TextStyle", ID=_style(size), FONTTYPE="serif", FONTWIDTH="fixed",
                    FONTSIZE=f"{size:g}")  # fmt: skip
        lines = [line for page in pages for line in on_sheet(page, options)]
        self._tags(root, lines)
        layout = add(root, "Layout")
        for page in pages:
            self._page(layout, page, sizes[page.number])
        return root

    def _description(self, root: Element) -> None:
        source = self.sheet.source
        description = add(root, "Description")
        add(description, "MeasurementUnit", "pixel")
        image = add(description, "sourceImageInformation")
        add(image, "fileName", source.run.source)
        for name in ("shelfmark", "title"):
            if value := source.metadata.get(name):
                add(image, "documentIdentifier", value, documentIdentifierLocation=name)
        step = add(description, "Processing", ID="depesha")
        add(step, "processingCategory", "contentGeneration")
        settings = [*source.provenance(), *(("export." + k, v) for k, v in _choices(self.sheet))]
        settings += [(f"metadata.{key}", value) for key, value in source.metadata.items()]
        add(step, "processingStepDescription", "read by machine"
            + (", corrected by hand" if source.by_hand else ""))  # fmt: skip
        add(step, "processingStepSettings", "\n".join(f"{k}={v}" for k, v in settings))
        software = add(step, "processingSoftware")
        name, _, version = source.software.partition(" ")
        add(software, "softwareName", name)
        add(software, "softwareVersion", version)

    def _tags(self, root: Element, lines: list[Line]) -> None:
        tags = add(root, "Tags")
        for kind in LineKind:
            if any(line.kind is kind for line in lines):
                add(tags, "StructureTag", ID=f"kind-{kind}", TYPE="depesha:kind", LABEL=kind)
        add(tags, "OtherTag", ID=_CONTINUES, TYPE="depesha:block", LABEL="continues",
            DESCRIPTION="its first line was not seen to begin a paragraph")  # fmt: skip
        add(tags, "OtherTag", ID=_UNSURE, TYPE="depesha:verdict", LABEL="unsure",
            DESCRIPTION="may be no text of the document")  # fmt: skip
        add(tags, "OtherTag", ID=_BY_HAND, TYPE="depesha:hand", LABEL="by hand",
            DESCRIPTION="written or confirmed by a person")  # fmt: skip

    def _page(self, layout: Element, page: Page, size: float | None) -> None:
        scan = page.scan
        expected = page.expected_error
        made = add(
            layout, "Page", ID=f"page-{page.number}", PHYSICAL_IMG_NR=page.scan.page,
            WIDTH=scan.width, HEIGHT=scan.height, PROCESSINGREFS="depesha", LANG="ru",
            STYLEREFS=_style(size) if size is not None else None,
            ACCURACY=None if expected is None else f"{100 * (1 - expected):.2f}",
        )  # fmt: skip
        whole = {"HPOS": 0, "VPOS": 0, "WIDTH": scan.width, "HEIGHT": scan.height}
        space = add(made, "PrintSpace", **(whole if scan.width else {}))
        for number, block in enumerate(self.sheet.blocks(page), start=1):
            self._block(space, page, number, block)

    def _block(self, space: Element, page: Page, number: int, block: Block) -> None:
        tags = f"kind-{block.kind}" + ("" if block.opens else f" {_CONTINUES}")
        made = add(space, "TextBlock", ID=f"block-{page.number}-{number}", **_place(block.box),
                   TAGREFS=tags, LANG="ru")  # fmt: skip
        for line in block.lines:
            unsure = _UNSURE if line.verdict is Verdict.UNSURE else None
            row = add(made, "TextLine", ID=xml_id(line.id), **_place(line.box), TAGREFS=unsure)
            self._line(row, self.sheet.words(line))

    def _line(self, row: Element, words: LineWords) -> None:
        whole = self.sheet.whole_word(words)
        second = self.sheet.goes_on(words.line)
        for index, token in enumerate(words.tokens):
            if index:
                add(row, "SP")
            ends = index == len(words.tokens) - 1 and whole is not None
            kept = without_hyphen(words, token) if ends else token.text
            if ends and kept:
                box, rest = _parted(token, len(kept))
                _string(row, words.line, index, token, kept, box, ("HypPart1", whole))
                add(row, "HYP", CONTENT=token.text[len(kept) :], **_place(rest))
            else:
                part = ("HypPart2", second) if second and index == 0 else (None, None)
                _string(row, words.line, index, token, token.text, token.box, part)


def _string(
    row: Element,
    line: Line,
    index: int,
    token: Token,
    text: str,
    box: Box | None,
    part: tuple[str | None, str | None],
) -> None:
    confidence = None if token.confidence is None else decimal(token.confidence)
    made = add(
        row, "String", ID=xml_id(line.id, f"w{index + 1}"), **_place(box), CONTENT=text,
        SUBS_TYPE=part[0], SUBS_CONTENT=part[1], WC=confidence,
        TAGREFS=_BY_HAND if token.by_hand else None,
    )  # fmt: skip
    for purpose, other in (("other reader", token.other), ("as read", token.read)):
        if other:
            add(made, "ALTERNATIVE", other, PURPOSE=purpose)


def _parted(token: Token, place: int) -> tuple[Box | None, Box | None]:
    """The token's box before and after its character ``place``."""
    if token.box is None:
        return None, None
    share = place / len(token.text)
    return token.box.columns(0.0, share), token.box.columns(share, 1.0)


def _place(box: Box | None) -> dict[str, object]:
    if box is None:
        return {}
    return {"HPOS": box.left, "VPOS": box.top, "WIDTH": box.width, "HEIGHT": box.height}


def _style(size: float) -> str:
    return f"type-{str(size).replace('.', '-')}"


def _choices(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    return tuple(
        (key, sheet.layer if key == "layer" else value) for key, value in sheet.options.pairs()
    )
