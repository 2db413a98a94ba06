"""Tesseract's TSV: a row for each page, block, paragraph, line and word, with boxes."""

from __future__ import annotations

from pipeline.formats.parts import FormatError, PageParts, box_of, number_of, share_of, size_of
from pipeline.model import Box, Word

READER = "TSV"
COLUMNS = (
    "level", "page_num", "block_num", "par_num", "line_num", "word_num",
    "left", "top", "width", "height", "conf", "text",
)  # fmt: skip
HEAD = "\t".join(COLUMNS)
"""The first row of every such file."""

_PAGE, _PARAGRAPH, _LINE, _WORD = "1", "3", "4", "5"


def read_tsv(text: str) -> list[PageParts]:
    """The pages of a TSV file.

    Raises:
        FormatError: a row has too few columns.

    """
    reader = _Reader()
    for number, line in enumerate(text.splitlines()[1:], start=2):
        row = line.split("\t")
        if not line.strip():
            continue
        if len(row) < len(COLUMNS) - 1:
            raise FormatError(f"is broken TSV: row {number} has {len(row)} columns")
        reader.take(row)
    reader.end_line()
    return reader.pages


class _Reader:
    """The pages so far, and the line that is being read."""

    def __init__(self) -> None:
        self.pages: list[PageParts] = []
        self.words: list[Word] = []
        self.box: Box | None = None
        self.opens = False
        self.page: str | None = None
        self.line: list[str] = []

    def take(self, row: list[str]) -> None:
        """One row: a word, or where something begins."""
        level = row[0]
        if level == _WORD:
            self._word(row)
            return
        self.end_line()
        if level == _PAGE:
            self.page = row[1]
            self.pages.append(PageParts(width=size_of(row[8]), height=size_of(row[9])))
        elif level == _PARAGRAPH:
            self.opens = True
        elif level == _LINE and self.pages:
            self.box = _box(row)
            self.pages[-1].places += 1

    def _word(self, row: list[str]) -> None:
        """A word; where rows of words alone were kept, they tell pages, lines and paragraphs."""
        text = row[len(COLUMNS) - 1].strip() if len(row) >= len(COLUMNS) else ""
        if row[1:5] != self.line:
            self.end_line()
            self.opens = self.opens or row[1:4] != self.line[:3]
            self.line = row[1:5]
        if row[1] != self.page:
            self.page = row[1]
            self.pages.append(PageParts())
        if text:
            self.words.append(Word(text=text, box=_box(row), confidence=share_of(row[10], 100)))

    def end_line(self) -> None:
        """The line with the words so far."""
        if self.words:
            text = " ".join(word.text for word in self.words)
            words = tuple(self.words)
            self.pages[-1].add(READER, text, self.box, words, starts_paragraph=self.opens)
            self.opens = False
            self.words = []
            self.box = None


def _box(row: list[str]) -> Box | None:
    sides = [number_of(cell) for cell in row[6:10]]
    known = [side for side in sides if side is not None]
    if len(known) < 4:
        return None
    left, top, width, height = known
    return box_of((left, top, left + width, top + height))
