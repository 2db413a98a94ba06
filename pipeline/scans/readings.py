"""Text that other programs read, with places: PAGE, ALTO, hOCR, TSV, ABBYY XML, layers of PDFs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2

from pipeline.errors import InputUnreadableError
from pipeline.formats import read_document
from pipeline.model import FILE, Box, Line, Reading, Scan, Word
from pipeline.scans.base import LoadedPage, ScanFile
from pipeline.scans.pdf import open_pdf

_DPI = 300.0
"""Dots per inch of the boxes of a layer's words; a PDF has points."""

_POINTS_PER_INCH = 72.0


class ReadingFile(ScanFile):
    """A file of one of the formats; its lines are readings of another program."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._pages = read_document(path, InputUnreadableError).pages

    @property
    def page_count(self) -> int:
        """Number of pages, at least 1."""
        return max(1, len(self._pages))

    def load(self, number: int) -> LoadedPage:
        """Page ``number`` with its lines; nothing is judged yet."""
        self.check_number(number)
        if not self._pages:
            raise InputUnreadableError(self.path, "has no pages")
        page = self._pages[number - 1]
        scan = replace(page.scan, path=str(self.path))
        return LoadedPage(number=number, scan=scan, lines=tuple(map(_of_file, page.lines)))

    def close(self) -> None:
        """Nothing to do: the file was read whole."""


class LayerFile(ScanFile):
    """A PDF of which the text layer is read, not the picture."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._document = open_pdf(path)
        self._page_count = len(self._document)

    @property
    def page_count(self) -> int:
        """Number of pages, at least 1."""
        return self._page_count

    def load(self, number: int) -> LoadedPage:
        """Page ``number`` with the lines of its layer; boxes are pixels at 300 dots per inch.

        Raises:
            InputUnreadableError: the page is damaged, or has no text layer.

        """
        self.check_number(number)
        try:
            page = self._document[number - 1]
            width, height = page.get_size()
            layer = page.get_textpage()
            lines = _layer_lines(layer, number, height)
        except pypdfium2.PdfiumError as error:
            raise InputUnreadableError(self.path, f"page {number} is damaged ({error})") from error
        if not lines:
            raise InputUnreadableError(
                self.path, f"page {number} has no text layer; `depesha run` reads its picture"
            )
        scale = _DPI / _POINTS_PER_INCH
        size = (round(width * scale), round(height * scale))
        scan = Scan(path=str(self.path), page=number, width=size[0], height=size[1], dpi=_DPI)
        return LoadedPage(number=number, scan=scan, lines=lines)

    def close(self) -> None:
        """Close the document and its file."""
        self._document.close()


def _of_file(line: Line) -> Line:
    """``line`` as one of another engine's text, whatever the format."""
    return replace(line, reading=replace(line.reading, reader=FILE))


def _layer_lines(layer: pypdfium2.PdfTextPage, page: int, height: float) -> tuple[Line, ...]:
    lines: list[Line] = []
    text = layer.get_text_range()
    start = 0
    for row in text.split("\n"):
        words = tuple(_layer_words(layer, row.rstrip("\r"), start, height))
        start += len(row) + 1
        if words:
            boxes = [word.box for word in words if word.box is not None]
            lines.append(
                Line(
                    id=f"p{page}-l{len(lines) + 1:03d}",
                    reading=Reading.of_words(FILE, words),
                    box=Box.around(boxes),
                    starts_paragraph=not lines,
                )
            )
    return tuple(lines)


def _layer_words(layer: pypdfium2.PdfTextPage, row: str, start: int, height: float) -> list[Word]:
    words: list[Word] = []
    place = 0
    for part in row.split():
        place = row.index(part, place)
        words.append(Word(text=part, box=_layer_box(layer, start + place, len(part), height)))
        place += len(part)
    return words


def _layer_box(layer: pypdfium2.PdfTextPage, start: int, length: int, height: float) -> Box | None:
    """The place of some characters; PDFium counts them as they stand in the page's text."""
    scale = _DPI / _POINTS_PER_INCH
    sides = []
    for number in range(start, start + length):
        try:
            left, bottom, right, top = layer.get_charbox(number, loose=True)
        except (pypdfium2.PdfiumError, IndexError):
            continue
        if right > left and top > bottom:
            sides.append((left, height - top, right, height - bottom))
    if not sides:
        return None
    edges = (min(x[0] for x in sides), min(x[1] for x in sides))
    ends = (max(x[2] for x in sides), max(x[3] for x in sides))
    left, top, right, bottom = (max(0, round(side * scale)) for side in (*edges, *ends))
    return Box(left=left, top=top, right=max(right, left + 1), bottom=max(bottom, top + 1))
