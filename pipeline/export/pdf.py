"""Searchable PDF: the scan as it is, under text that cannot be seen."""

from __future__ import annotations

import io
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
from pikepdf import Name

from pipeline.errors import InputEncryptedError, InputUnreadableError
from pipeline.export.blocks import in_text
from pipeline.export.formats import Made
from pipeline.export.geometry import direction_of
from pipeline.export.growing import Growing
from pipeline.export.options import Options
from pipeline.export.pdf_font import TextFont
from pipeline.export.pdf_pages import Sheets, open_sheets, xobjects
from pipeline.export.pdf_text import page_text
from pipeline.export.safe import one_line
from pipeline.export.source import SOFTWARE, Source
from pipeline.export.tokens import LineWords, joined, line_words
from pipeline.model import Layer, Page
from pipeline.scans import file_hash

ENDING = ".pdf"
_AT_ONCE = 200
"""Files that are open at once where many become one."""

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
    sheets = open_sheets(_files(source), only=bool(source.run.part_of))
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


class Together:
    """The pages of all documents in one PDF, with an entry of its outline for each document.

    Each is made by itself and waits on the disk. Only pages go along: an input PDF's own outline
    and metadata stay in the PDF of that document alone.
    """

    def __init__(self, out: Path, options: Options) -> None:
        self._options = options
        self._waiting = TemporaryDirectory(dir=out, prefix=".depesha-")
        self._whole = Growing(out)
        self._parts: list[tuple[Path, str, int]] = []

    def add(self, source: Source) -> None:
        """The document's pages."""
        data = export(source, self._options)[ENDING]
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise InputEncryptedError(
                    source.scan, "is encrypted: its pages stay in a PDF of their own"
                )
            count = len(pdf.pages)
        part = Path(self._waiting.name, f"{len(self._parts)}.pdf")
        part.write_bytes(data)
        self._parts.append((part, one_line(source.title), count))

    def finish(self) -> Mapping[str, Growing]:
        """The file, put together now."""
        with pikepdf.new() as whole, ExitStack() as opened:
            parts = [part for part, *_ in self._parts]
            for part in self._batches(parts):
                whole.pages.extend(opened.enter_context(pikepdf.open(part)).pages)
            with whole.open_outline() as outline:
                first = 0
                for _, title, count in self._parts:
                    outline.root.append(pikepdf.OutlineItem(title, first))
                    first += count
            whole.Root.Lang = pikepdf.String("ru")
            with whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as xmp:
                xmp["dc:title"], xmp["xmp:CreatorTool"] = "Depesha", SOFTWARE
                xmp["dc:language"] = {"ru"}
            whole.save(
                self._whole.stream,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                deterministic_id=True,
            )
        return {ENDING: self._whole}

    def _batches(self, parts: list[Path]) -> list[Path]:
        """The parts as at most ``_AT_ONCE`` files, for so many may be open."""
        while len(parts) > _AT_ONCE:
            merged = []
            for start in range(0, len(parts), _AT_ONCE):
                some = parts[start : start + _AT_ONCE]
                target = some[0].with_name(f"{some[0].stem}-{len(parts)}.pdf")
                with pikepdf.new() as made, ExitStack() as opened:
                    for part in some:
                        made.pages.extend(opened.enter_context(pikepdf.open(part)).pages)
                    made.save(target)
                for part in some:
                    part.unlink()
                merged.append(target)
            parts = merged
        return parts

    def drop(self) -> None:
        """Remove what is not in its place."""
        self._whole.drop()
        self._waiting.cleanup()


def _files(source: Source) -> dict[Path, list[Page]]:
    """The files that show the document, each with its pages.

    One that was looked for elsewhere must be the one that was read: names alone may mislead.
    """
    files: defaultdict[Path, list[Page]] = defaultdict(list)
    for page in source.document.pages:
        files[source.file_of(page)].append(page)
    known = source.run.input_sha256
    if source.scans is not None and known and len(files) == 1:
        (scan,) = files
        if file_hash(scan) != known:
            raise InputUnreadableError(
                scan, f"is not the scan that was read as {source.scan}: its bytes are others"
            )
    return dict(files)


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
        number = sheets.number_of(page)
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
            sheets.pdf.pages[sheets.number_of(page) - 1].obj.Rotate = -degrees % 360


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
