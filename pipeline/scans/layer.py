"""The text layer of a PDF: what another program read, line by line, with the places of its words.

The text comes from pypdf, which gives it as it stands in the page, line by line. PDFium leaves out
letters whose width is zero (some programs narrow the last letter of each word so) and runs broken
lines together; but it knows the place of each letter. So each line's text is pypdf's, and the boxes
of its words are those of PDFium's letters that match.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import pypdf
import pypdf.errors
import pypdfium2
from rapidfuzz.distance import LCSseq

from pipeline.errors import InputUnreadableError
from pipeline.model import FILE, Box, Line, Reading, Scan, Word
from pipeline.scans.base import LoadedPage, ScanFile
from pipeline.scans.pdf import POINTS_PER_INCH, open_pdf

_DPI = 300.0
"""Dots per inch of the boxes of a layer's words; a PDF has points."""

_SOFT_HYPHEN = "\u00ad"

_Sides = tuple[float, float, float, float]

# It tells of every oddity of a file; what matters to us is an error or is in the text.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class TextLayer:
    """The text layers of a PDF's pages; ``document`` is the same file, open in PDFium."""

    def __init__(self, path: Path, document: pypdfium2.PdfDocument) -> None:
        self._path, self._document = path, document
        self._stream: BinaryIO | None = None
        self._reader: pypdf.PdfReader | None = None

    def lines(self, number: int, dpi: float) -> tuple[Line, ...]:
        """The lines of page ``number`` (from 1), none where it has no layer.

        Boxes are in pixels of the page at ``dpi`` dots per inch.

        Raises:
            InputUnreadableError: the page is damaged.

        """
        try:
            page = self._document[number - 1]
            layer = page.get_textpage()
            if not layer.count_chars():
                return ()
            signs, places = _letters(layer, page.get_size()[1], dpi / POINTS_PER_INCH)
        except pypdfium2.PdfiumError as error:
            raise self._damaged(number, error) from error
        rows = [row for row in self._text(number).splitlines() if row.strip()]
        return _lines(rows, signs, places, number)

    def close(self) -> None:
        """Let go of the file."""
        if self._stream is not None:
            self._stream.close()

    def _text(self, number: int) -> str:
        try:
            if self._reader is None:
                self._stream = self._path.open("rb")
                self._reader = pypdf.PdfReader(self._stream)
            return self._reader.pages[number - 1].extract_text()
        except OSError as error:
            raise InputUnreadableError(self._path, f"cannot be read: {error.strerror}") from error
        except (pypdf.errors.PyPdfError, ValueError, TypeError, KeyError, IndexError,
                AttributeError, RecursionError) as error:  # fmt: skip
            # What it meets in files that are no good PDF it raises as it comes.
            raise self._damaged(number, error) from error

    def _damaged(self, number: int, error: Exception) -> InputUnreadableError:
        return InputUnreadableError(self._path, f"page {number} is damaged ({error})")


class LayerFile(ScanFile):
    """A PDF of which the text layer is read, not the picture."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._document = open_pdf(path)
        self._page_count = len(self._document)
        self._layer = TextLayer(path, self._document)

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
        lines = self._layer.lines(number, _DPI)
        if not lines:
            raise InputUnreadableError(
                self.path, f"page {number} has no text layer; `depesha run` reads its picture"
            )
        sides = (round(x * _DPI / POINTS_PER_INCH) for x in self._document[number - 1].get_size())
        width, height = sides
        scan = Scan(path=str(self.path), page=number, width=width, height=height, dpi=_DPI)
        return LoadedPage(number=number, scan=scan, lines=lines)

    def close(self) -> None:
        """Close the document and its file."""
        self._layer.close()
        self._document.close()


def _letters(
    layer: pypdfium2.PdfTextPage, height: float, scale: float
) -> tuple[str, list[_Sides | None]]:
    """The page's signs that leave ink, and where each stands in pixels from the upper left.

    ``height`` of the page in points; ``scale``: pixels of a point.
    """
    signs: list[str] = []
    places: list[_Sides | None] = []
    for number, sign in enumerate(layer.get_text_range()):
        if sign.isspace():
            continue
        signs.append(sign)
        places.append(_place(layer, number, height, scale))
    return "".join(signs), places


def _place(layer: pypdfium2.PdfTextPage, number: int, height: float, scale: float) -> _Sides | None:
    try:
        left, bottom, right, top = layer.get_charbox(number, loose=True)
    except (pypdfium2.PdfiumError, IndexError):
        return None
    if right <= left or top <= bottom:
        return None
    return left * scale, (height - top) * scale, right * scale, (height - bottom) * scale


def _lines(
    rows: Sequence[str], signs: str, places: Sequence[_Sides | None], page: int
) -> tuple[Line, ...]:
    """The rows as lines; each word has the box of its letters, as far as PDFium saw them."""
    text = "".join("".join(row.split()) for row in rows)
    where: list[_Sides | None] = [None] * len(text)
    for block in LCSseq.opcodes(text, signs):
        if block.tag == "equal":
            where[block.src_start : block.src_end] = places[block.dest_start : block.dest_end]
    lines: list[Line] = []
    start = 0
    for row in rows:
        words = list(_words(row, where, start))
        start += sum(map(len, row.split()))
        boxes = [word.box for word in words if word.box is not None]
        lines.append(
            Line(
                id=f"p{page}-l{len(lines) + 1:03d}",
                reading=Reading.of_words(FILE, words),
                box=Box.around(boxes),
            )
        )
    return tuple(lines)


def _words(row: str, where: Sequence[_Sides | None], start: int) -> Iterator[Word]:
    for text in row.split():
        box = _box([place for place in where[start : start + len(text)] if place is not None])
        start += len(text)
        # A hyphen at a line's end is seen, whatever sign it is.
        shown = text[:-1] + "-" if text.endswith(_SOFT_HYPHEN) else text
        yield Word(text=shown, box=box)


def _box(places: Sequence[_Sides]) -> Box | None:
    if not places:
        return None
    edges = (min(x[0] for x in places), min(x[1] for x in places))
    ends = (max(x[2] for x in places), max(x[3] for x in places))
    left, top, right, bottom = (max(0, round(side)) for side in (*edges, *ends))
    return Box(left=left, top=top, right=max(right, left + 1), bottom=max(bottom, top + 1))
