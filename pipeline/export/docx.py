"""DOCX: headings, paragraphs, the signature at the right, doubtful words with comments."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import docx
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from pipeline.export.blocks import Block, text_blocks
from pipeline.export.fields import field_rows, metadata_rows
from pipeline.export.formats import Made
from pipeline.export.growing import Growing
from pipeline.export.options import Options
from pipeline.export.plain import page_mark
from pipeline.export.safe import one_line, safe
from pipeline.export.source import SOFTWARE, Source
from pipeline.export.tokens import LineWords, Token, joined, line_words
from pipeline.model import Layer, LineKind

ENDING = ".docx"
_GREY = RGBColor(0x80, 0x80, 0x80)
_LONGEST = 255  # characters that Word's own properties may have


def export(source: Source, options: Options) -> Made:
    """The transcript as a Word file; comments say what else a doubtful word may be."""
    made = _new()
    _describe(made, source)
    _fill(made, source, options, level=0)
    stream = io.BytesIO()
    made.save(stream)
    return {ENDING: stream.getvalue()}


class Together:
    """All documents in one Word file, each on a new page under its title; it is held in memory."""

    def __init__(self, out: Path, options: Options) -> None:
        self._options = options
        self._made = _new()
        core = self._made.core_properties
        core.title, core.author, core.language = "Depesha", SOFTWARE, "ru"
        _in_russian(self._made)
        self._file = Growing(out)
        self._count = 0

    def add(self, source: Source) -> None:
        """The document after the others."""
        # What fails, fails here: half a document would stay in the file.
        _fill(_new(), source, self._options, level=1)
        if self._count:
            self._made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _fill(self._made, source, self._options, level=1)
        self._count += 1

    def finish(self) -> Mapping[str, Growing]:
        """The file, written now."""
        self._made.save(self._file.stream)
        return {ENDING: self._file}

    def drop(self) -> None:
        """Remove what is not in its place."""
        self._file.drop()


def _new() -> WordFile:
    made = docx.Document()
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(12)
    return made


def _fill(made: WordFile, source: Source, options: Options, *, level: int) -> None:
    """The document under its title, which is a heading of ``level``."""
    made.add_heading(one_line(source.title), level=level)
    rows = [*metadata_rows(source), *field_rows(source.document)]
    if rows:
        _table(made, rows)
    _Writer(made, source, options, level + 1).write()


class _Writer:
    def __init__(self, made: WordFile, source: Source, options: Options, level: int) -> None:
        self._made = made
        self._level = level
        self._options = options
        self._document = source.document
        self._pages = {x.id: page.number for page in source.document.pages for x in page.lines}
        self._page = 0
        self._initials = "Д"

    def write(self) -> None:
        """All paragraphs of the transcript."""
        for block in text_blocks(self._document, self._options):
            self._block(block)

    def _block(self, block: Block) -> None:
        layer = self._options.layer_or(Layer.READING)
        paragraph = self._paragraph(block.kind)
        lines = [line_words(line, layer) for line in block.lines]
        if layer is Layer.READING:
            for words, texts in joined(lines):
                self._line(paragraph, words, texts)
            return
        for index, words in enumerate(lines):
            if index:
                paragraph.add_run().add_break()
            self._line(paragraph, words, [token.text for token in words.tokens])

    def _paragraph(self, kind: LineKind) -> Paragraph:
        if kind is LineKind.HEADING:
            heading: Paragraph = self._made.add_heading("", level=self._level)
            return heading
        paragraph = self._made.add_paragraph()
        if kind is LineKind.SIGNATURE:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        elif kind is LineKind.BODY:
            paragraph.paragraph_format.first_line_indent = Pt(24)
        return paragraph

    def _line(self, paragraph: Paragraph, words: LineWords, texts: list[str]) -> None:
        page = self._pages[words.line.id]
        if page != self._page:
            self._page = page
            if len(self._document.pages) > 1:
                mark = paragraph.add_run(f"{page_mark(page)} ")
                mark.font.size, mark.font.color.rgb = Pt(9), _GREY
        sure: list[str] = []
        for token, text in zip(words.tokens, texts, strict=True):
            if not text:
                continue
            if self._is_sure(token):
                sure.append(safe(text))
                continue
            if sure:
                paragraph.add_run(" ".join(sure) + " ")
                sure = []
            run = paragraph.add_run(safe(text))
            self._comment(run, token)
            paragraph.add_run(" ")
        if sure:
            paragraph.add_run(" ".join(sure) + " ")

    def _is_sure(self, token: Token) -> bool:
        below = self._options.doubt_below
        return token.confidence is None or token.confidence >= below or token.by_hand

    def _comment(self, run: Run, token: Token) -> None:
        said = [f"Вероятность {token.confidence or 0.0:.0%}."]
        if token.other:
            said.append(f"Другое чтение: {token.other}")
        if token.read:
            said.append(f"Прочитано: {token.read}")
        self._made.add_comment(
            run, text=safe(" ".join(said)), author="Depesha", initials=self._initials
        )


def _table(made: WordFile, rows: list[tuple[str, str]]) -> None:
    table = made.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for name, value in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = one_line(name), one_line(value)
    made.add_paragraph()


def _describe(made: WordFile, source: Source) -> None:
    """Title, language, software; the moment of the export as its date."""
    core = made.core_properties
    core.title = one_line(source.title)[:_LONGEST]
    core.author = source.software
    core.language = "ru"
    core.identifier = one_line(source.metadata.get("shelfmark", ""))[:_LONGEST]
    core.comments = f"fingerprint {source.run.fingerprint}"
    moment: datetime = source.made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core.created = core.modified = moment
    _in_russian(made)


def _in_russian(made: WordFile) -> None:
    language = made.styles.element.find(f".//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "ru-RU")
