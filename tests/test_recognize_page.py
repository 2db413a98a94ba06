"""Reading the lines of a page: cells joined, nothing that was found lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from pipeline.layout import LineImage
from pipeline.model import (
    TESSERACT,
    TYPEWRITER,
    VOTE,
    Box,
    Line,
    LineKind,
    Page,
    Reading,
    Scan,
    Word,
)
from pipeline.ocr import PageLine, Readers, ToRead
from pipeline.ocr.engine import Provenance
from pipeline.pixels import Pixels, PreparedImage, identity
from pipeline.recognize_page import (
    read_lines,
    read_without_pictures,
    sheet_upside_down,
    with_sheet_of,
)


class Timid:
    """A reader that sees no text in pictures of less than 30 pixels, unless it must."""

    name = version = "timid"

    def __init__(self) -> None:
        self.made: list[tuple[int, bool]] = []

    def read_lines(self, images: Sequence[Pixels], *, look_for_text: bool = True) -> list[Reading]:
        self.made += [(image.shape[1], look_for_text) for image in images]
        return [self._read(image.shape[1], look_for_text) for image in images]

    def _read(self, width: int, look_for_text: bool) -> Reading:
        if look_for_text and width < 30:
            return Reading(reader="timid")
        text = f"w{width}"
        box = Box(left=0, top=0, right=width, bottom=10)
        return Reading.of_words("timid", [Word(text=text, box=box)])

    def read_page(self, image: Pixels, psm: int) -> list[PageLine]:  # noqa: ARG002
        raise AssertionError("the page is cut by us")

    def provenance(self) -> Provenance:
        return ()


def line(kind: LineKind, *widths: int) -> LineImage:
    images = tuple(
        PreparedImage(np.full((10, width), 255, np.uint8), identity(), (200, 100))
        for width in widths
    )
    box = Box(left=0, top=0, right=sum(widths), bottom=10)
    return LineImage(images=images, box=box, kind=kind, starts_paragraph=False, regular=True)


def test_a_typed_line_that_seemed_empty_is_read_again_and_other_marks_are_not() -> None:
    reader = Timid()
    kinds = (LineKind.BODY, LineKind.STAMP, LineKind.BODY, LineKind.BODY)
    lines = [line(kind, width) for kind, width in zip(kinds, (20, 21, 40, 9), strict=True)]
    assert [r.text for (r,) in read_lines(Readers(reader), lines)] == [
        "w20",
        "",
        "w40",
        "",
    ]
    assert reader.made[4:] == [(20, False)]


def test_cells_are_joined_by_a_space_in_their_order() -> None:
    ((reading,),) = read_lines(Readers(Timid()), [line(LineKind.BODY, 40, 20, 50)])
    assert reading.text == "w40 w20 w50"
    assert len(reading.words) == 3


class Sharp:
    """A reader that makes out what is wider than 100 pixels, and nothing else."""

    name = version = "sharp"

    def read_lines(
        self,
        images: Sequence[Pixels],
        *,
        look_for_text: bool = True,  # noqa: ARG002
    ) -> list[Reading]:
        return [
            Reading.of_words("sharp", [Word(text="слово")], confidence=0.9 if wide else 0.1)
            for wide in (image.shape[1] > 100 for image in images)
        ]

    def read_page(self, image: Pixels, psm: int) -> list[PageLine]:  # noqa: ARG002
        raise AssertionError("the page is cut by us")

    def provenance(self) -> Provenance:
        return ()


def test_a_page_is_a_picture_only_where_no_line_of_it_can_be_read() -> None:
    def doubtful(*widths: int) -> list[LineImage]:
        return [replace(line(LineKind.BODY, width), doubtful=True) for width in widths]

    typed, texture = doubtful(150, 160, 90, 170), doubtful(50, 60, 70, 80)
    sure = line(LineKind.BODY, 30)
    reader = Readers(Sharp())
    for lines, kept in (([sure, *typed], [sure, *typed]), ([sure, *texture], [sure])):
        places, read = read_without_pictures(reader, lines)
        assert list(places) == kept
        assert [reading.text for (reading,) in read] == ["слово"] * len(kept)


def test_lines_that_were_tried_are_not_read_again() -> None:
    reader = Timid()
    lines = [replace(line(LineKind.BODY, width), doubtful=width > 40) for width in (35, 50, 60)]
    _, read = read_without_pictures(Readers(reader), lines)
    assert [reading.text for (reading,) in read] == ["w35"]  # nobody says how sure it is
    assert sorted(width for width, _ in reader.made) == [35, 50, 60]


ALIKE = {60: "Рис. 1", 61: "6", 62: "12", 73: "Сх. код"}


class Two(Readers):
    """Two readers, of which one makes something else of all but three widths."""

    def read(self, lines: Sequence[ToRead]) -> list[list[tuple[Reading, ...]]]:
        return [[self._both(asked.images[0].shape[1])] for asked in lines]

    @staticmethod
    def _both(width: int) -> tuple[Reading, ...]:
        text = ALIKE.get(width, "к")
        other = {"к": "х", "Сх. код": "ь. сога", "Рис. 1": "Рис.1"}.get(text, text)
        sure = 0.9 if text == "6" else 0.2
        return tuple(
            Reading.of_words(name, [Word(text=word) for word in said.split()], confidence=sure)
            for name, said in ((VOTE, text), (TYPEWRITER, text), (TESSERACT, other))
        )


def test_in_a_picture_stays_what_two_readers_read_alike() -> None:
    # The last two are narrow and not tried.
    places = [replace(line(LineKind.BODY, 60 + step), doubtful=True) for step in range(14)]
    _, read = read_without_pictures(Two(Timid()), places)
    # Two figures of which nobody is sure are strokes.
    assert [first.text for first, *_ in read] == ["Рис. 1", "6"]


def read_line(number: int, sheet: int, sure: float, text: str = "слово") -> Line:
    word = Word(text=text, confidence=sure)
    reading = Reading.of_words(TYPEWRITER, [word], confidence=sure)
    return Line(id=f"p1-l{number:03d}", reading=reading, sheet=sheet)


def spread(*lines: Line) -> Page:
    return Page(number=1, scan=Scan(path="scan.png"), lines=lines)


@pytest.mark.parametrize(
    ("sure", "over"),
    [((0.9, 0.2), 2), ((0.2, 0.9), 1), ((0.9, 0.8), None), ((0.2, 0.1), None)],
)
def test_one_of_two_facing_sheets_may_be_upside_down(
    sure: tuple[float, float], over: int | None
) -> None:
    lines = [read_line(n, n, confidence) for n, confidence in enumerate(sure, start=1)]
    assert sheet_upside_down(spread(*lines)) == over
    assert sheet_upside_down(spread(*(replace(line, sheet=1) for line in lines))) is None


@pytest.mark.parametrize("over", [1, 2])
def test_the_sheet_upside_down_is_taken_from_the_turned_page(over: int) -> None:
    page = spread(*(read_line(n, n, 0.2 if n == over else 0.9, f"так{n}") for n in (1, 2)))
    turned = spread(*(read_line(n, n, 0.9 if n != over else 0.2, f"вот{n}") for n in (1, 2)))
    mended = with_sheet_of(turned, page, over)
    texts = ["вот2", "так2"] if over == 1 else ["так1", "вот1"]
    assert [line.raw for line in mended.lines] == texts
    assert [(line.id, line.sheet) for line in mended.lines] == [("p1-l001", 1), ("p1-l002", 2)]
    assert mended.steps[-1].settings == (("sheet", str(over)),)
    worse = spread(*(replace(line, reading=page.lines[over - 1].reading) for line in turned.lines))
    assert with_sheet_of(worse, page, over) is page
