"""Text that other programs read, with places: PAGE, ALTO, hOCR, TSV, ABBYY XML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline.config import InputSettings
from pipeline.errors import InputUnreadableError
from pipeline.formats import read_document
from pipeline.model import FILE, Line
from pipeline.scans.base import LoadedPage, ScanFile
from pipeline.scans.rawtext import refuse_large


class ReadingFile(ScanFile):
    """A file of one of the formats; its lines are readings of another program."""

    def __init__(self, path: Path, settings: InputSettings) -> None:
        super().__init__(path)
        refuse_large(path, settings.max_text_bytes)
        self._pages = read_document(path, InputUnreadableError, plain=False).pages

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


def _of_file(line: Line) -> Line:
    """``line`` as one of another engine's text, whatever the format."""
    return replace(line, reading=replace(line.reading, reader=FILE))
