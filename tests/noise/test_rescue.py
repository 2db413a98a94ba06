"""Lines without words that stay: formulas with their numbers, and lines that the edge cut off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.config import NoiseSettings
from pipeline.model import TYPEWRITER, Box, Line, LineKind, Reading, Verdict, Word
from pipeline.noise import classify
from pipeline.noise.features import Features, Neighbours, view_of
from pipeline.noise.rescue import rescued

PITCH, LEADING, HEIGHT = 20, 60, 30
TEXT = (
    "Число этих просмотров не превышает заданного значения,",
    "если количество записей делится на размер буфера без остатка,",
    "а в противном случае оно на единицу больше этого значения.",
)


def line(
    text: str, row: float, *, sure: float = 0.99, left: int = 200, height: int = HEIGHT
) -> Line:
    words = [Word(text=word, confidence=sure) for word in text.split()]
    top = 100 + round(LEADING * row)
    return Line(
        id=f"p1-l{round(10 * row):03d}",
        reading=Reading.of_words(TYPEWRITER, words, sure),
        box=Box(left=left, top=top, right=left + PITCH * len(text), bottom=top + height),
    )


def page(extra: Line, *, at: int, rows: int = 9) -> list[Line]:
    lines = [line(TEXT[n % 3], n) for n in range(rows)]
    return [*lines[:at], extra, *lines[at:]]


def judged(extra: Line, at: int) -> Line:
    """``extra``, dropped as it stands ``at`` that place of a page, and judged again."""
    lines = page(extra, at=at)
    view = view_of([Features(x) for x in lines], 100 + LEADING * 14)
    dropped = replace(extra, kind=LineKind.NOISE, verdict=Verdict.DROP)
    return rescued(dropped, Neighbours(view=view, index=at))


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("/9 декабря 78", True),
        ('" 14 " МАЯ 1950 г.', True),
        ("марта", True),
        ("19 дикабря 78", False),
        ("9 декабря опять", False),
    ],
)
def test_a_date_whose_month_is_legible_stays(text: str, *, stays: bool) -> None:
    judged_line = judged(line(text, 4.5), 5)
    assert (judged_line.verdict is Verdict.UNSURE) is stays
    assert judged(line(text, 4.5, sure=0.5), 5).verdict is Verdict.DROP


@pytest.mark.parametrize("text", ["K = [-] + L,", "S = A+B/2", "y = 2x,", "N2 = 16 - K"])
def test_a_typed_formula_stays(text: str) -> None:
    kept = judged(line(text, 4.5), 5)
    assert (kept.verdict, kept.reasons[0].rule) == (Verdict.UNSURE, "formula")
    assert judged(line(text, 4.5, sure=0.3), 5).verdict is Verdict.DROP
    assert judged(line(text, 4.5, left=20), 5).verdict is Verdict.DROP


def test_a_formula_on_a_whole_page_stays() -> None:
    lines = classify(page(line("K = [-] + L,", 4.5, sure=0.75), at=5), NoiseSettings())
    assert lines[5].verdict is not Verdict.DROP


@pytest.mark.parametrize("text", ["/1/", "(12)", "/3а/"])
def test_a_formulas_number_stays_at_the_right_margin_alone(text: str) -> None:
    assert judged(line(text, 4.5, left=200 + PITCH * 52), 5).verdict is Verdict.UNSURE
    assert judged(line(text, 4.5, left=200 + PITCH * 20), 5).verdict is Verdict.DROP


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("41:ОКО MN,4эе,№ СЦИП;", True),
        ("& : 16,&+1,7501,7610;", True),
        ("4+2:7172052,А ,N1-1,Р-1;", True),
        ("в: , ,;", False),
        ("б : 16,4", False),
        ("16,4+1,7501;", False),
    ],
)
def test_a_labelled_line_of_a_program_stays(text: str, *, stays: bool) -> None:
    assert (judged(line(text, 4.5, sure=0.3), 5).verdict is Verdict.UNSURE) is stays
    assert judged(line(text, 4.5, sure=0.3, left=20), 5).verdict is Verdict.DROP


@pytest.mark.parametrize("text", ["| = _", "} = {", "- = -", "= = 7"])
def test_bars_and_strokes_are_no_formula(text: str) -> None:
    assert judged(line(text, 4.5), 5).verdict is Verdict.DROP


@pytest.mark.parametrize(
    ("row", "left", "height", "at", "stays"),
    [
        (9, 200, 15, 9, True),
        (-1, 200, 15, 0, True),
        (9, 330, 15, 9, False),  # begins where no line begins
        (13, 200, 15, 9, False),  # far below the text
        (9, 200, 6, 9, False),  # a stroke
        (4.5, 200, 15, 5, False),  # between two lines
    ],
)
def test_a_line_that_the_edge_cut_off_stays(
    row: float, left: int, height: int, at: int, *, stays: bool
) -> None:
    cut = judged(line("Ииновенних деддихжинних", row, sure=0.15, left=left, height=height), at)
    assert (cut.verdict is Verdict.UNSURE) is stays
    if stays:
        assert cut.reasons[0].rule == "cut-off"
