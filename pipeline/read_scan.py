"""One scanned page, from its pixels to read lines: prepared, parted into lines, read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipeline.config import OcrSettings, Settings
from pipeline.layout import LineImage, find_lines
from pipeline.model import Line, LineKind, Page, Reading, Step
from pipeline.ocr import Engine, join_readings, open_engine, reading_in_scan
from pipeline.pixels import Pixels, PreparedPage
from pipeline.preprocess import prepare
from pipeline.scans import LoadedPage

_LEGIBLE = 0.35
"""Mean confidence of a page's letters: upright wrecks have 0.48 and more, pages upside down
0.21 and less (on the benchmark set ``dev``)."""


@lru_cache(maxsize=2)
def engine(settings: OcrSettings) -> Engine:
    """The engine that ``settings`` ask for, opened once per process."""
    return open_engine(settings)


def read_scan(pixels: Pixels, loaded: LoadedPage, settings: Settings) -> tuple[PreparedPage, Page]:
    """The page as it was prepared, and read.

    Both once more the other way up where hardly a letter was made out.
    """
    prepared = prepare(pixels, settings.preprocess)
    page = _read_prepared(prepared, loaded, pixels.shape, settings)
    sure = _sureness(page)
    if not settings.preprocess.orientation or sure is None or sure >= _LEGIBLE:
        return prepared, page
    turned = prepare(pixels, settings.preprocess, other_way_up=True)
    other = _read_prepared(turned, loaded, pixels.shape, settings)
    return (turned, other) if (_sureness(other) or 0.0) > sure else (prepared, page)


def _read_prepared(
    prepared: PreparedPage, loaded: LoadedPage, shape: tuple[int, ...], settings: Settings
) -> Page:
    height, width = shape[:2]
    layout = find_lines(prepared, width, height, settings.layout)
    reader = engine(settings.ocr)
    readings = read_lines(reader, layout.lines, width, height)
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


def _sureness(page: Page) -> float | None:
    """The mean confidence (0.0-1.0) of the page's letters; ``None`` where there is none."""
    known = [
        (word.confidence, len(word.text))
        for line in page.lines
        for reading in line.readings
        for word in reading.words
        if word.confidence is not None
    ]
    letters = sum(count for _, count in known)
    return sum(sure * count for sure, count in known) / letters if letters else None


def _is_long(pixels: Pixels) -> bool:
    """Whether a line's picture is as wide as three letters: a speck read as a line is made up."""
    height, width = pixels.shape
    return bool(width >= 1.5 * height)


def read_lines(
    reader: Engine, lines: Sequence[LineImage], width: int, height: int
) -> Iterator[Reading]:
    """One reading for each line, its cells' joined by a space, boxes in the scan.

    Where the reader saw no text in what looks typed, it is asked once more to take it for a
    line: no line that was found gets lost here.
    """
    cells = [(image, line.kind) for line in lines for image in line.images]
    read = reader.read_lines([image.pixels for image, _ in cells])
    missed = [
        place
        for place, (reading, (image, kind)) in enumerate(zip(read, cells, strict=True))
        if kind is LineKind.BODY and not reading.text.strip() and _is_long(image.pixels)
    ]
    again = reader.read_lines([cells[i][0].pixels for i in missed], look_for_text=False)
    for place, reading in zip(missed, again, strict=True):
        read[place] = reading
    placed = (
        reading_in_scan(reading, image, width, height)
        for reading, (image, _) in zip(read, cells, strict=True)
    )
    for line in lines:
        yield join_readings([next(placed) for _ in line.images])
