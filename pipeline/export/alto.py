"""ALTO 4.4: strings with confidence and alternatives, hyphens, tags for kinds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

from pipeline.export.blocks import Block, on_sheet
from pipeline.export.formats import Made
from pipeline.export.growing import Growing
from pipeline.export.options import Options
from pipeline.export.sheet_words import Sheet, without_hyphen
from pipeline.export.source import Source, prefix_of
from pipeline.export.tokens import LineWords, Token
from pipeline.export.xml import add, decimal, element, to_bytes, xml_id
from pipeline.model import Box, Line, LineKind, Page, Verdict

ENDING = ".alto.xml"
NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = f"{NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CONTINUES, _UNSURE, _BY_HAND = "block-continues", "verdict-unsure", "by-hand"


def export(source: Source, options: Options) -> Made:
    """One file with all pages; words that were not located have no position."""
    writer = _Writer(Sheet(source, options))
    root = element("alto", SCHEMAVERSION="4.4", xmlns=NAMESPACE)
    root.set("xmlns:xsi", _XSI)
    root.set("xsi:schemaLocation", _SCHEMA)
    writer.description(root)
    _styles(root, writer.sizes.values())
    _tags(root, writer.kinds)
    layout = add(root, "Layout")
    for page in source.document.pages:
        writer.page(layout, page)
    return {ENDING: to_bytes(root)}


class Together:
    """All documents in one file: a ``Processing`` for each, to which its pages refer.

    What stands before the pages is known only when all are there; so both grow side by side.
    """

    def __init__(self, out: Path, options: Options) -> None:
        self._options = options
        self._sizes: set[float | None] = set()
        self._kinds: set[LineKind] = set()
        self._files = [Growing(out) for _ in range(3)]

    def add(self, source: Source) -> None:
        """The document's step, and its pages."""
        writer = _Writer(Sheet(source, self._options, prefix_of(source)))
        steps, pages = element("Description"), element("Layout")
        writer.processing(steps)
        for page in source.document.pages:
            writer.page(pages, page)
        for made, file in zip((steps, pages), self._files, strict=False):
            file.stream.write(b"".join(b" " + tostring(one, "utf-8") + b"\n" for one in made))
        self._sizes |= set(writer.sizes.values())
        self._kinds |= writer.kinds

    def finish(self) -> Mapping[str, Growing]:
        """Description, styles, tags, pages."""
        steps, pages, whole = self._files
        between = element("alto")
        _styles(between, self._sizes)
        _tags(between, self._kinds)
        write = whole.stream.write
        write(f'{_DECLARATION}<alto SCHEMAVERSION="4.4" xmlns="{NAMESPACE}" xmlns:xsi="{_XSI}" '
              f'xsi:schemaLocation="{_SCHEMA}">\n<Description>\n'
              "<MeasurementUnit>pixel</MeasurementUnit>\n".encode())  # fmt: skip
        whole.take(steps)
        write(b"</Description>\n" + b"".join(tostring(x, "utf-8") + b"\n" for x in between))
        write(b"<Layout>\n")
        whole.take(pages)
        write(b"</Layout>\n</alto>\n")
        return {ENDING: whole}

    def drop(self) -> None:
        """Remove what is not in its place."""
        for file in self._files:
            file.drop()


def _styles(root: Element, sizes: Iterable[float | None]) -> None:
    known = sorted({size for size in sizes if size is not None})
    if known:
        styles = add(root, "Styles")
        for size in known:
            add(styles, "TextStyle", ID=_style(size), FONTTYPE="serif", FONTWIDTH="fixed",
                FONTSIZE=f"{size:g}")  # fmt: skip


def _tags(root: Element, kinds: Collection[LineKind]) -> None:
    tags = add(root, "Tags")
    for kind in LineKind:
        if kind in kinds:
            add(tags, "StructureTag", ID=f"kind-{kind}", TYPE="depesha:kind", LABEL=kind)
    add(tags, "OtherTag", ID=_CONTINUES, TYPE="depesha:block", LABEL="continues",
        DESCRIPTION="its first line was not seen to begin a paragraph")  # fmt: skip
    add(tags, "OtherTag", ID=_UNSURE, TYPE="depesha:verdict", LABEL="unsure",
        DESCRIPTION="may be no text of the document")  # fmt: skip
    add(tags, "OtherTag", ID=_BY_HAND, TYPE="depesha:hand", LABEL="by hand",
        DESCRIPTION="written or confirmed by a person")  # fmt: skip


@dataclass(frozen=True)
class _Writer:
    sheet: Sheet

    @cached_property
    def sizes(self) -> dict[int, float | None]:
        """The size of type of each page."""
        return {x.number: self.sheet.type_size(x) for x in self.sheet.source.document.pages}

    @property
    def kinds(self) -> set[LineKind]:
        """The kinds of lines that there are."""
        pages = self.sheet.source.document.pages
        return {line.kind for page in pages for line in on_sheet(page, self.sheet.options)}

    def description(self, root: Element) -> None:
        """The unit, the scan, what read it."""
        source = self.sheet.source
        description = add(root, "Description")
        add(description, "MeasurementUnit", "pixel")
        image = add(description, "sourceImageInformation")
        add(image, "fileName", source.run.source)
        for name in ("shelfmark", "title"):
            if value := source.metadata.get(name):
                add(image, "documentIdentifier", value, documentIdentifierLocation=name)
        self.processing(description)

    def processing(self, description: Element) -> None:
        """What read it, how, from what."""
        source = self.sheet.source
        step = add(description, "Processing", ID=f"{self.sheet.prefix}depesha")
        add(step, "processingCategory", "contentGeneration")
        settings = [*source.provenance(), *(("export." + k, v) for k, v in _choices(self.sheet))]
        if self.sheet.prefix:
            settings += [("document", source.document.id), ("source", source.run.source)]
        settings += [(f"metadata.{key}", value) for key, value in source.metadata.items()]
        add(step, "processingStepDescription", "read by machine"
            + (", corrected by hand" if source.by_hand else ""))  # fmt: skip
        add(step, "processingStepSettings", "\n".join(f"{k}={v}" for k, v in settings))
        software = add(step, "processingSoftware")
        name, _, version = source.software.partition(" ")
        add(software, "softwareName", name)
        add(software, "softwareVersion", version)

    def page(self, layout: Element, page: Page) -> None:
        """One page."""
        scan, size, prefix = page.scan, self.sizes[page.number], self.sheet.prefix
        expected = page.expected_error
        made = add(
            layout, "Page", ID=f"{prefix}page-{page.number}", PHYSICAL_IMG_NR=page.scan.page,
            WIDTH=scan.width, HEIGHT=scan.height, PROCESSINGREFS=f"{prefix}depesha", LANG="ru",
            STYLEREFS=_style(size) if size is not None else None,
            ACCURACY=None if expected is None else f"{100 * (1 - expected):.2f}",
        )  # fmt: skip
        whole = {"HPOS": 0, "VPOS": 0, "WIDTH": scan.width, "HEIGHT": scan.height}
        space = add(made, "PrintSpace", **(whole if scan.width else {}))
        for number, block in enumerate(self.sheet.blocks(page), start=1):
            self._block(space, page, number, block)

    def _block(self, space: Element, page: Page, number: int, block: Block) -> None:
        tags = f"kind-{block.kind}" + ("" if block.opens else f" {_CONTINUES}")
        name = f"{self.sheet.prefix}block-{page.number}-{number}"
        made = add(
            space, "TextBlock", ID=name, **_place(block.box), TAGREFS=tags, LANG="ru"
        )  # fmt: skip
        for line in block.lines:
            unsure = _UNSURE if line.verdict is Verdict.UNSURE else None
            row = add(made, "TextLine", ID=self._id(line), **_place(line.box), TAGREFS=unsure)
            self._line(row, self.sheet.words(line))

    def _id(self, line: Line, *word: object) -> str:
        return xml_id(self.sheet.prefix + line.id, *word)

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
                self._string(row, words.line, index, token, kept, box, ("HypPart1", whole))
                add(row, "HYP", CONTENT=token.text[len(kept) :], **_place(rest))
            else:
                part = ("HypPart2", second) if second and index == 0 else (None, None)
                self._string(row, words.line, index, token, token.text, token.box, part)

    def _string(
        self,
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
            row, "String", ID=self._id(line, f"w{index + 1}"), **_place(box), CONTENT=text,
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
