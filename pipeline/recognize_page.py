"""One scanned page, from its pixels to read lines: prepared, parted into lines, read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from pipeline.config import OcrSettings, Settings
from pipeline.layout import LineImage, find_lines
from pipeline.model import TESSERACT, VOTE, Line, LineKind, Page, Reading, Step
from pipeline.ocr import Readers, ToRead, join_readings, open_readers, reading_in_scan, with_layer
from pipeline.pixels import Pixels, PreparedPage
from pipeline.preprocess import prepare, whole_height
from pipeline.reading import mean_confidence
from pipeline.scans import LoadedPage

_LEGIBLE = 0.35
"""Mean confidence of a page's letters: upright wrecks have 0.48 and more, pages upside down
0.21 and less (on the benchmark set ``dev``)."""

_LEGIBLE_LINE, _FEW, _TRIED = 0.5, 0.25, 12
"""A line of a page that may be a picture is legible from this confidence of both readers (typed
ones have 0.69 and more, texture 0.42 and less). So many are tried; so many must be legible."""


_SURELY_READ, _SIGNS_ALIKE, _TWO_AND_VOTE = 0.7, 4, 3
"""In a picture, so sure both readers have to be of what both read, or so many signs it has."""


@lru_cache(maxsize=2)
def readers(settings: OcrSettings) -> Readers:
    """The readers that ``settings`` ask for, opened once per process."""
    return open_readers(settings)


def recognize_page(
    pixels: Pixels, loaded: LoadedPage, settings: Settings
) -> tuple[PreparedPage, Page]:
    """The page as it was prepared, and read.

    Both once more where hardly a letter was made out: with broken letters made whole, if they are
    broken, and the other way up. A text layer of the scan decides doubtful words.
    """
    prepared, page = _read_upright(pixels, loaded, settings)
    lines = with_layer(page.lines, loaded.layer) if loaded.layer else page.lines
    return prepared, replace(page, lines=lines)


def _read_upright(
    pixels: Pixels, loaded: LoadedPage, settings: Settings
) -> tuple[PreparedPage, Page]:
    aspect = loaded.pixel_aspect
    prepared = prepare(pixels, settings.preprocess, pixel_aspect=aspect)
    best = prepared, _read_prepared(prepared, loaded, settings)
    again = partial(prepare, pixels, settings.preprocess, pixel_aspect=aspect)
    if not _is_illegible(best[1].lines):
        over = sheet_upside_down(best[1]) if settings.preprocess.orientation else None
        if over is None:
            return best
        turned = _read_prepared(again(other_way_up=True), loaded, settings)
        return prepared, with_sheet_of(turned, best[1], over)
    x_height = whole_height(prepared.image.pixels) if settings.preprocess.flatten else None
    ways = [partial(again, in_pieces=x_height)] if x_height is not None else []
    if settings.preprocess.orientation:
        ways.append(partial(again, other_way_up=True, in_pieces=x_height))
    for way in ways:
        if _is_illegible(best[1].lines):
            other = way()
            page = _read_prepared(other, loaded, settings)
            best = max(best, (other, page), key=lambda x: _mean_confidence(x[1].lines) or 0.0)
    return best


def _is_illegible(lines: Sequence[Line]) -> bool:
    """Whether letters were read, and hardly one made out."""
    confidence = _mean_confidence(lines)
    return confidence is not None and confidence < _LEGIBLE


def _on_sheet(lines: Sequence[Line], sheet: int) -> list[Line]:
    return [line for line in lines if line.sheet == sheet]


def sheet_upside_down(page: Page) -> int | None:
    """Which of two facing sheets may be the other way up: hardly a letter of it was made out."""
    illegible = [n for n in (1, 2) if _is_illegible(_on_sheet(page.lines, n))]
    return illegible[0] if len(illegible) == 1 and len({x.sheet for x in page.lines}) > 1 else None


def with_sheet_of(turned: Page, page: Page, sheet: int) -> Page:
    """``page``, with what is on its ``sheet`` as ``turned`` has it, if that is more legible.

    On the turned page the left sheet is on the right.
    """
    lines = [replace(line, sheet=sheet) for line in _on_sheet(turned.lines, 3 - sheet)]
    before = _mean_confidence(_on_sheet(page.lines, sheet)) or 0.0
    if (_mean_confidence(lines) or 0.0) <= before:
        return page
    others = _on_sheet(page.lines, 3 - sheet)
    regions = [
        *(region for region in page.regions if region.sheet != sheet),
        *(replace(x, sheet=sheet) for x in turned.regions if x.sheet != sheet),
    ]
    return replace(
        page,
        lines=tuple(
            replace(line, id=_line_id(page.number, index))
            for index, line in enumerate([*lines, *others] if sheet == 1 else [*others, *lines], 1)
        ),
        regions=tuple(regions),
        steps=(*page.steps, Step(name="turn-sheet", settings=(("sheet", str(sheet)),))),
    )


def _line_id(page: int, index: int) -> str:
    return f"p{page}-l{index:03d}"


def _read_prepared(prepared: PreparedPage, loaded: LoadedPage, settings: Settings) -> Page:
    layout = find_lines(prepared, settings.layout)
    reader = readers(settings.ocr)
    places, found = read_without_pictures(reader, layout.lines)
    lines = [
        Line(
            id=_line_id(loaded.number, index),
            reading=reading,
            alternatives=tuple(others),
            box=place.box,
            kind=place.kind,
            starts_paragraph=place.starts_paragraph,
            sheet=place.sheet,
        )
        for index, (place, (reading, *others)) in enumerate(
            zip(places, found, strict=True), start=1
        )
        if reading.text.strip()
    ]
    measures = layout.measures()
    if len(places) < len(layout.lines):
        measures = tuple(sorted((*measures, ("picture", "true"))))
    cut = Step(name="find-lines", settings=measures)
    read = Step(name="read-lines", settings=reader.provenance(), version=reader.version)
    return Page(
        number=loaded.number,
        scan=loaded.scan,
        lines=tuple(lines),
        steps=(*prepared.steps, cut, read),
        regions=layout.regions,
    )


def read_without_pictures(
    reader: Readers, lines: Sequence[LineImage]
) -> tuple[Sequence[LineImage], list[tuple[Reading, ...]]]:
    """``lines`` and what they read as, without those that may be a picture's and hardly read.

    The widest of the doubtful ones are tried first; where hardly one of them can be read, all go
    but those, captions and page numbers, that two readers read alike.
    """
    doubtful = [place for place, line in enumerate(lines) if line.doubtful]
    doubtful.sort(key=lambda place: lines[place].box.width, reverse=True)
    tried = doubtful[:_TRIED]
    found = dict(zip(tried, read_lines(reader, [lines[place] for place in tried]), strict=True))
    legible = sum(_confidence(readings) >= _LEGIBLE_LINE for readings in found.values())
    picture = bool(tried) and legible <= _FEW * len(tried)
    rest = [
        place
        for place, line in enumerate(lines)
        if place not in found and not (picture and line.doubtful and line.kind is not LineKind.BODY)
    ]
    found |= zip(rest, read_lines(reader, [lines[place] for place in rest]), strict=True)
    kept = [
        place
        for place in sorted(found)
        if not (picture and lines[place].doubtful) or _is_read_alike(found[place])
    ]
    return [lines[place] for place in kept], [found[place] for place in kept]


def _is_read_alike(readings: Sequence[Reading]) -> bool:
    """Whether two readers read the same, spaces aside; of a few signs they have to be sure too."""
    texts = {"".join(x.text.split()) for x in readings if x.reader != VOTE}
    if len(readings) < _TWO_AND_VOTE or len(texts) != 1:
        return False
    return _confidence(readings) >= _SURELY_READ or len(min(texts)) >= _SIGNS_ALIKE


def _confidence(readings: Sequence[Reading]) -> float:
    """The confidence (0.0-1.0) of the reader that has least of it; the vote is no reader."""
    readers = [reading for reading in readings if reading.reader != VOTE]
    return min((reading.confidence or 0.0 for reading in readers), default=0.0)


def _mean_confidence(lines: Sequence[Line]) -> float | None:
    """The mean confidence (0.0-1.0) of the lines' letters; ``None`` where there is none.

    Tesseract's, where it was asked.
    """
    return mean_confidence(
        word for line in lines for word in (line.read_by(TESSERACT) or line.reading).words
    )


def read_lines(readers: Readers, lines: Sequence[LineImage]) -> Iterator[tuple[Reading, ...]]:
    """The readings of each line, the one that counts first; cells joined by a space.

    Boxes are in the scan.
    """
    asked = [
        ToRead(
            tuple(image.pixels for image in line.images),
            typed=line.kind is LineKind.BODY,
            doubtful=line.doubtful,
        )
        for line in lines
    ]
    for line, cells in zip(lines, readers.read(asked), strict=True):
        parts = [
            tuple(reading_in_scan(reading, image) for reading in readings)
            for readings, image in zip(cells, line.images, strict=True)
        ]
        yield tuple(join_readings(same) for same in zip(*parts, strict=True))
