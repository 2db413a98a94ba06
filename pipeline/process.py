"""One document, from its file to its stored form: the order of the stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from pipeline.cleanup import clean
from pipeline.config import Settings
from pipeline.errors import DepeshaError
from pipeline.expected_error import expected_error, together
from pipeline.findings import damaged, findings_of, no_text, nothing_read, put_right
from pipeline.form import read_fields
from pipeline.layout.points import with_points
from pipeline.layout.sheets import parted
from pipeline.layout.split import split_merged
from pipeline.layout.text import text_lines
from pipeline.layout.text_rows import with_paragraphs
from pipeline.model import Document, Page, Problem, Scan, Step
from pipeline.noise import classify
from pipeline.scans import LoadedPage, TextFile, open_scan, undone
from pipeline.transcript import selected


class PageFile:
    """An input that is open, to be read page by page; use it in a ``with`` statement.

    ``is_text``: it is raw text, whose pages cost nothing to read.

    Raises:
        DepeshaError: it cannot be opened.

    """

    def __init__(self, path: Path, settings: Settings) -> None:
        self._settings = settings
        self._scan = open_scan(path, settings.input)
        self.page_count = self._scan.page_count
        self.is_text = isinstance(self._scan, TextFile)

    def read(self, number: int, as_number: int | None = None) -> Page:
        """Page ``number`` (from 1) with its lines as they were read.

        ``as_number``: its number in the document, where that has other files before this one.

        Raises:
            DepeshaError: the page is damaged, too large, or could not be read.

        """
        loaded = self._scan.load(number)
        return read_page(replace(loaded, number=as_number or number), self._settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._scan.close()


def process_file(path: Path, document_id: str, settings: Settings) -> Document:
    """The document in ``path``. A page that fails is a problem of the document.

    Raises:
        DepeshaError: the file cannot be opened, or no page of it could be done.

    """
    pages: list[Page] = []
    problems: list[Problem] = []
    first_error: DepeshaError | None = None
    with PageFile(path, settings) as file:
        for number in range(1, file.page_count + 1):
            try:
                pages.append(file.read(number))
            except DepeshaError as error:
                first_error = first_error or error
                code = error.exit_code.name
                problems.append(Problem(code=code, message=str(error), page=number))
    if first_error is not None and not pages:
        raise first_error
    return derive(document_id, pages, problems, settings)


def derive(
    document_id: str, read: Sequence[Page], problems: Sequence[Problem], settings: Settings
) -> Document:
    """The document of pages that were read: all that comes after reading, no recogniser needed."""
    return finish(
        document_id, [classify_page(page, settings) for page in read], list(problems), settings
    )


def process_text(text: str, document_id: str, settings: Settings, *, source: str) -> Document:
    """The document in ``text`` (raw OCR text, pages parted by form feeds)."""
    text, mistake = undone(text)
    pages = [
        process_page(
            LoadedPage(number=n, scan=Scan(path=source, page=n), text=part, mistake=mistake),
            settings,
        )
        for n, part in enumerate(text.split("\f"), start=1)
    ]
    return finish(document_id, pages, [], settings)


def process_page(loaded: LoadedPage, settings: Settings) -> Page:
    """One page: lines found, read, cut where two stand side by side, and judged."""
    return classify_page(read_page(loaded, settings), settings)


def classify_page(page: Page, settings: Settings) -> Page:
    """A page that was read, its lines cut where two stand side by side, and judged."""
    lines = with_points(split_merged(page.lines))
    return replace(page, lines=classify(lines, settings.noise, page.scan.height))


def read_page(loaded: LoadedPage, settings: Settings) -> Page:
    """One page with its lines as they were read, before anything is cut or judged."""
    if loaded.pixels is not None:
        # What reads pictures is large; raw text does not wait for it.
        from pipeline.recognize_page import recognize_page  # noqa: PLC0415

        page = recognize_page(loaded.pixels, loaded, settings)[1]
        found = () if page.lines else nothing_read(page, loaded.pixels)
        hurt = (damaged(loaded.damage),) if loaded.damage else ()
        return replace(page, findings=(*page.findings, *found, *hurt))
    if loaded.lines is not None:
        step = Step(name="read-file")
        lines = with_paragraphs(loaded.lines)
        return Page(number=loaded.number, scan=loaded.scan, lines=lines, steps=(step,))
    return Page(
        number=loaded.number,
        scan=loaded.scan,
        lines=text_lines(loaded.text or "", loaded.number),
        steps=(Step(name="text-lines"),),
        findings=(put_right(loaded.mistake),) if loaded.mistake else (),
    )


def finish(
    document_id: str, pages: list[Page], problems: list[Problem], settings: Settings
) -> Document:
    """The stages that look at all pages together: corrections, and the form's fields."""
    pages = parted(pages)
    cleaned = iter(clean([line for page in pages for line in page.lines], settings.cleanup))
    pages = [replace(page, lines=tuple(next(cleaned) for _ in page.lines)) for page in pages]
    fields = read_fields([line for page in pages for line in page.lines])
    pages = [_assessed(page, settings) for page in pages]
    if empty := no_text(pages):
        pages[0] = replace(pages[0], findings=(*pages[0].findings, *empty))
    return Document(
        id=document_id,
        pages=tuple(pages),
        fields=fields,
        problems=tuple(problems),
        expected_error=together(
            (page.expected_error, selected(page.lines, settings.output.kinds)) for page in pages
        ),
    )


def _assessed(page: Page, settings: Settings) -> Page:
    """The page with its expected error rate and with what is to be looked at."""
    text = selected(page.lines, settings.output.kinds)
    rate = expected_error(text)
    return replace(page, expected_error=rate, findings=findings_of(page, text, rate))
