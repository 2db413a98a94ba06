"""Searchable PDF: the scan as it is, under text that cannot be seen."""

from __future__ import annotations

import io
import math
from collections import defaultdict
from collections.abc import Sequence

import pikepdf
from pikepdf import Name

from pipeline.errors import InputUnreadableError
from pipeline.export.blocks import in_text
from pipeline.export.formats import Made
from pipeline.export.geometry import direction_of
from pipeline.export.options import Options
from pipeline.export.pdf_font import TextFont
from pipeline.export.pdf_pages import Sheets, open_sheets, xobjects
from pipeline.export.pdf_text import page_text
from pipeline.export.safe import one_line
from pipeline.export.source import Source
from pipeline.export.tokens import LineWords, joined, line_words
from pipeline.model import Layer

ENDING = ".pdf"
_FONT = "/DepeshaText"
_INVISIBLE = 3
_SHOWS = {"Tj", "TJ", "'", '"'}


def export(source: Source, options: Options) -> Made:
    """The searchable PDF.

    Raises:
        InputMissingError: the scan is gone.
        InputUnreadableError: it cannot be put into a PDF.
        InputEncryptedError: it is a PDF with a password.

    """
    only = bool(source.run.part_of)
    sheets = open_sheets(source.scan, source.document.pages, only=only)
    try:
        if sheets.is_original:
            _without_hidden_text(sheets.pdf)
        _lay_text(sheets, source, options)
        _describe(sheets, source)
        return {ENDING: _saved(sheets.pdf)}
    except (pikepdf.PdfError, pikepdf.ForeignObjectError) as error:
        raise InputUnreadableError(
            source.scan, f"cannot be made a searchable PDF: {error}"
        ) from error
    finally:
        sheets.pdf.close()


def _saved(pdf: pikepdf.Pdf) -> bytes:
    stream = io.BytesIO()
    pdf.save(
        stream,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=not pdf.is_encrypted,
        encryption=True if pdf.is_encrypted else None,
    )
    return stream.getvalue()


def _lay_text(sheets: Sheets, source: Source, options: Options) -> None:
    """The text of the transcript, in its order, over the pages it stands on."""
    layer = options.layer_or(Layer.READING)
    pages = source.document.pages
    lines = [line_words(x, layer) for page in pages for x in in_text(page, options)]
    texts = _texts(lines, layer)
    by_id = {words.line.id: (words, row) for words, row in zip(lines, texts, strict=True)}
    font = TextFont()
    streams: defaultdict[int, bytes] = defaultdict(bytes)
    for page in pages:
        number = sheets.numbers[page.scan.path, page.scan.page]
        some = [by_id[line.id] for line in in_text(page, options)]
        streams[number] += page_text(some, direction_of(page), sheets.places[number], font)
    made = font.make(sheets.pdf)
    if not sheets.is_original:
        _stand_upright(sheets, source)
    for number, operators in streams.items():
        if operators:
            _append(sheets.pdf, sheets.pdf.pages[number - 1], made, operators)


def _stand_upright(sheets: Sheets, source: Source) -> None:
    """Show pages upright that lie on their side or their head; their bytes stay as they are."""
    for page in source.document.pages:
        degrees = round(math.degrees(direction_of(page).angle) / 90) * 90
        if degrees % 360:
            # The lines run clockwise by so much, so the page is turned back.
            number = sheets.numbers[page.scan.path, page.scan.page]
            sheets.pdf.pages[number - 1].obj.Rotate = -degrees % 360


def _texts(lines: Sequence[LineWords], layer: Layer) -> list[list[str]]:
    """The words; those that a line's end broke are whole in the reading layer, for the search."""
    if layer is Layer.DIPLOMATIC:
        return [[token.text for token in words.tokens] for words in lines]
    return [row for _, row in joined(lines)]


def _append(pdf: pikepdf.Pdf, page: pikepdf.Page, font: pikepdf.Object, operators: bytes) -> None:
    """Text after all else of the page, whatever state its content leaves behind."""
    resources = _own_resources(page)
    if Name.Font not in resources:
        resources[Name.Font] = pikepdf.Dictionary()
    resources.Font[Name(_FONT)] = font
    page.contents_add(pdf.make_stream(b"q\n"), prepend=True)
    page.contents_add(pdf.make_stream(b"\nQ\nq\n" + operators + b"Q\n"))


def _own_resources(page: pikepdf.Page) -> pikepdf.Object:
    """The page's resources; a copy of those it inherits."""
    node: pikepdf.Object = page.obj
    while Name.Resources not in node and Name.Parent in node:
        node = node.Parent
    if Name.Resources not in page.obj:
        found = node.get(Name.Resources)
        items = dict(found.items()) if found is not None else {}
        page.obj.Resources = pikepdf.Dictionary(items)
    return page.obj.Resources


def _without_hidden_text(pdf: pikepdf.Pdf) -> None:
    """Take out what an earlier OCR laid under the scan: ours takes its place."""
    done: set[tuple[int, int]] = set()
    for page in pdf.pages:
        if new := _visible(page):
            page.obj.Contents = pdf.make_stream(new)
        for form in xobjects(page, Name.Form):
            if form.objgen not in done:
                done.add(form.objgen)
                if new := _visible(form):
                    form.write(new)


def _visible(content: pikepdf.Page | pikepdf.Object) -> bytes | None:
    """The operators without text in mode 3; ``None`` where there is none such."""
    mode, kept, changed = 0, [], False
    modes: list[int] = []
    try:
        instructions = pikepdf.parse_content_stream(content)
    except (pikepdf.PdfError, pikepdf.PdfParsingError, ValueError):
        return None  # what cannot be parsed stays as it is
    for instruction in instructions:
        name = str(instruction.operator)
        if name == "q":
            modes.append(mode)
        elif name == "Q" and modes:
            mode = modes.pop()
        elif name == "Tr" and instruction.operands:
            mode = int(instruction.operands[0])
        if name in _SHOWS and mode == _INVISIBLE:
            changed = True
            continue
        kept.append(instruction)
    return pikepdf.unparse_content_stream(kept) if changed else None


def _describe(sheets: Sheets, source: Source) -> None:
    """Title, language, software; of an input PDF only what it does not say itself."""
    pdf = sheets.pdf
    if Name.Lang not in pdf.Root:
        pdf.Root.Lang = pikepdf.String("ru")
    known = source.metadata
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as xmp:
        xmp.load_from_docinfo(pdf.docinfo)
        if known.get("title") or not xmp.get("dc:title"):
            xmp["dc:title"] = one_line(source.title)
        if not xmp.get("dc:language"):
            xmp["dc:language"] = {"ru"}
        if not sheets.is_original or not xmp.get("xmp:CreatorTool"):
            xmp["xmp:CreatorTool"] = source.software
        if shelfmark := known.get("shelfmark"):
            xmp["dc:identifier"] = one_line(shelfmark)
        if repository := known.get("repository"):
            xmp["dc:publisher"] = {one_line(repository)}
    facts = {"/Depesha": f"{source.software}; text layer; fingerprint {source.run.fingerprint}"}
    facts |= {f"/Depesha-{key}": value for key, value in known.items() if key != "title"}
    for key, value in facts.items():
        pdf.docinfo[Name(_name(key))] = pikepdf.String(one_line(value))


def _name(key: str) -> str:
    """A name of a PDF; qpdf escapes what is not ASCII."""
    return key.replace(" ", "_")
