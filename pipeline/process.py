"""One document, from its file to its stored form: the order of the stages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pipeline.cleanup import clean
from pipeline.config import OcrSettings, Settings
from pipeline.errors import DepeshaError
from pipeline.form import read_fields
from pipeline.layout import LineImage, find_lines
from pipeline.layout.split import split_merged
from pipeline.layout.text import text_lines
from pipeline.model import Document, Line, Page, Problem, Reading, Scan, Step
from pipeline.noise import judge
from pipeline.ocr import Engine, join_readings, open_engine, reading_in_scan
from pipeline.pixels import Pixels
from pipeline.preprocess import prepare
from pipeline.scans import LoadedPage, open_scan


def process_file(path: Path, document_id: str, settings: Settings) -> Document:
    """The document in ``path``. A page that fails is a problem of the document.

    Raises:
        DepeshaError: the file cannot be opened, or no page of it could be done.

    """
    pages: list[Page] = []
    problems: list[Problem] = []
    first_error: DepeshaError | None = None
    with open_scan(path, settings.input) as scan:
        for number in range(1, scan.page_count + 1):
            try:
                pages.append(process_page(scan.load(number), settings))
            except DepeshaError as error:
                first_error = first_error or error
                code = error.exit_code.name
                problems.append(Problem(code=code, message=str(error), page=number))
    if first_error is not None and not pages:
        raise first_error
    return finish(document_id, pages, problems, settings)


def process_text(text: str, document_id: str, settings: Settings, *, source: str) -> Document:
    """The document in ``text`` (raw OCR text, pages parted by form feeds)."""
    pages = [
        process_page(
            LoadedPage(number=n, scan=Scan(path=source, page=n), pixels=None, text=part), settings
        )
        for n, part in enumerate(text.split("\f"), start=1)
    ]
    return finish(document_id, pages, [], settings)


def process_page(loaded: LoadedPage, settings: Settings) -> Page:
    """One page: lines found, read, cut where two stand side by side, and judged."""
    page = read_page(loaded, settings)
    return replace(page, lines=judge(split_merged(page.lines), settings.noise, page.scan.height))


def read_page(loaded: LoadedPage, settings: Settings) -> Page:
    """One page with its lines as they were read, before anything is cut or judged."""
    if loaded.pixels is not None:
        return _read_scan(loaded.pixels, loaded, settings)
    return Page(
        number=loaded.number,
        scan=loaded.scan,
        lines=text_lines(loaded.text or "", loaded.number),
        steps=(Step(name="text-lines"),),
    )


def finish(
    document_id: str, pages: list[Page], problems: list[Problem], settings: Settings
) -> Document:
    """The stages that look at all pages together: corrections, and the form's fields."""
    cleaned = iter(clean([line for page in pages for line in page.lines], settings.cleanup))
    pages = [replace(page, lines=tuple(next(cleaned) for _ in page.lines)) for page in pages]
    fields = read_fields([line for page in pages for line in page.lines])
    return Document(id=document_id, pages=tuple(pages), fields=fields, problems=tuple(problems))


@lru_cache(maxsize=2)
def engine(settings: OcrSettings) -> Engine:
    """The engine that ``settings`` ask for, opened once per process."""
    return open_engine(settings)


def _read_scan(pixels: Pixels, loaded: LoadedPage, settings: Settings) -> Page:
    height, width = pixels.shape[:2]
    prepared = prepare(pixels, settings.preprocess)
    layout = find_lines(prepared, width, height, settings.layout)
    reader = engine(settings.ocr)
    readings = _read_lines(reader, layout.lines, width, height)
    lines = [
        Line(
            id=f"p{loaded.number}-l{index:03d}",
            raw=reading.text,
            text=reading.text,
            readings=(reading,),
            box=place.box,
            kind=place.kind,
            starts_paragraph=place.starts_paragraph,
        )
        for index, (place, reading) in enumerate(zip(layout.lines, readings, strict=True), start=1)
        if reading.text.strip()
    ]
    found = Step(name="find-lines", settings=layout.measures())
    read = Step(name="read-lines", settings=reader.provenance(), version=reader.version)
    return Page(
        number=loaded.number,
        scan=loaded.scan,
        lines=tuple(lines),
        steps=(*prepared.steps, found, read),
        regions=layout.regions,
    )


def _read_lines(
    reader: Engine, lines: Sequence[LineImage], width: int, height: int
) -> Iterator[Reading]:
    """One reading for each line, its cells' joined by a space, boxes in the scan."""
    images = [image for line in lines for image in line.images]
    read = reader.read_lines([image.pixels for image in images])
    cells = (reading_in_scan(r, i, width, height) for r, i in zip(read, images, strict=True))
    for line in lines:
        yield join_readings([next(cells) for _ in line.images])
