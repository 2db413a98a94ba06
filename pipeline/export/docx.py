"""DOCX: headings, paragraphs, the signature at the right, doubtful words with comments."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import docx
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from pipeline.export.blocks import Block, text_blocks
from pipeline.export.fields import field_rows, metadata_rows
from pipeline.export.formats import Made
from pipeline.export.options import Options
from pipeline.export.plain import page_mark
from pipeline.export.safe import one_line, safe
from pipeline.export.source import Source
from pipeline.export.tokens import LineWords, Token, joined, line_words
from pipeline.model import Layer, LineKind

ENDING = ".docx"
_GREY = RGBColor(0x80, 0x80, 0x80)
_LONGEST = 255  # characters that Word's own properties may have


def export(source: Source, options: Options) -> Made:
    """The transcript as a Word file; comments say what else a doubtful word may be."""
    made = docx.Document()
    _describe(made, source)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(12)
    made.add_heading(one_line(source.title), level=0)
    rows = [*metadata_rows(source), *field_rows(source.document)]
    if rows:
        _table(made, rows)
    _Writer(made, source, options).write()
    stream = io.BytesIO()
    made.save(stream)
    return {ENDING: stream.getvalue()}


class _Writer:
    def __init__(self, made: WordFile, source: Source, options: Options) -> None:
        self._made = made
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
            heading: Paragraph = self._made.add_heading("", level=1)
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
    language = made.styles.element.find(f".//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "ru-RU")
