"""Findings and expected error rates: what came out, but not as it should, says so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.config import Settings
from pipeline.errors import ConfigError
from pipeline.expected_error import expected_error, together
from pipeline.findings import CODES, find, findings_of, has_marks, no_text, nothing_read
from pipeline.model import Box, Line, LineKind, Page, Reading, Reason, Scan, Step, Word
from pipeline.process import process_text
from pipeline.resources import fitted

TEXT = "Просим прислать указания о дальнейших переговорах комиссии".split()  # noqa: SIM905
ENGLISH = [
    "The",
    "negotiations",
    "of",
    "the",
    "commission",
    "were",
    "closed",
    "yesterday",
    "in",
    "the",
    "evening",
    "with",
    "some",
    "agreement",
]
UKRAINIAN = [
    "Повідомляємо",
    "що",
    "переговори",
    "закінчено",
    "учора",
    "увечері",
    "після",
    "тривалої",
    "наради",
    "представників",
]


def page(*lines: Line, **more: object) -> Page:
    scan = Scan(path="x.png", width=2000, height=3000)
    return replace(Page(number=1, scan=scan, lines=lines), **more)  # type: ignore[arg-type]


def line(words: list[str], confidence: float | None, height: int = 40) -> Line:
    read = [Word(text=word, confidence=confidence) for word in words]
    return Line(
        id="p1-l001",
        reading=Reading.of_words("vote", read, confidence),
        box=Box(left=10, top=10, right=900, bottom=10 + height),
    )


def codes(of: Page, rate: float | None) -> list[str]:
    return [x.code for x in findings_of(of, of.lines, rate)]


def test_a_page_as_pages_are_has_none() -> None:
    assert codes(page(line(TEXT, 0.99)), 0.01) == []


def test_an_empty_sheet_has_none() -> None:
    assert not has_marks(np.full((600, 400), 230, np.uint8))
    assert nothing_read(page(), np.full((600, 600), 230, np.uint8)) == ()


def test_marks_without_a_line() -> None:
    pixels = np.full((800, 600), 230, np.uint8)
    pixels[200:400, 200:300] = 20
    assert has_marks(pixels)
    assert [x.code for x in nothing_read(page(), pixels)] == ["no_lines"]
    seen = page(steps=(Step(name="find-lines", settings=(("picture", "true"),)),))
    assert [x.code for x in nothing_read(seen, pixels)] == ["picture"]
    assert [x.code for x in nothing_read(page(), pixels[100:450, 100:400])] == ["too_small"]


@pytest.mark.parametrize(
    ("words", "rate", "height", "wanted"),
    [
        (TEXT, 0.3, 40, ["poorly_read"]),
        (TEXT, 0.08, 9, ["too_small"]),
        (TEXT, 0.01, 9, []),
        (ENGLISH, 0.02, 40, ["other_script"]),
        (UKRAINIAN, 0.02, 40, ["other_language"]),
    ],
)  # fmt: skip
def test_what_a_page_says(words: list[str], rate: float, height: int, wanted: list[str]) -> None:
    assert codes(page(line(words, 0.9, height)), rate) == wanted


def test_handwriting_and_no_text() -> None:
    drawn = replace(line(["ыва"], 0.2), kind=LineKind.HANDWRITING)
    assert [x.code for x in findings_of(page(drawn), [], None)] == ["handwriting"]
    assert [x.code for x in findings_of(page(line(["вы"], 0.2)), [], None)] == ["no_lines"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("  \n \t\n", ["no_text"]),
        ("а\f \n", []),
        ("\f", ["no_text"]),
        ("????? ???????\n" * 5, ["no_text"]),
    ],
)
def test_a_text_of_spaces_is_said_to_be_so(text: str, found: list[str]) -> None:
    document = process_text(text, "x", Settings(), source="x.txt")
    assert [
        x.code for page in document.pages for x in page.findings if x.code == "no_text"
    ] == found
    assert no_text((Page(number=1, scan=Scan(path="x"), steps=(Step(name="grey"),)),)) == ()


def test_each_finding_has_advice() -> None:
    for code in CODES:
        assert find(code, "x").advice


def test_doubts_raise_the_expected_error() -> None:
    rates = [expected_error([line(TEXT, confidence)]) for confidence in (0.99, 0.9, 0.5)]
    assert all(rate is not None and 0 <= rate <= 1 for rate in rates)
    assert rates == sorted(rates, key=lambda rate: rate or 0.0)
    assert rates[0] != rates[-1]
    assert expected_error([line(TEXT, None)]) is None
    assert expected_error([]) is None


def test_one_plain_doubt_says_more_than_many_small_ones() -> None:
    few = [Word(text=word, confidence=0.98) for word in TEXT]
    plain = [*few[1:], Word(text=TEXT[0], confidence=0.5)]
    small = [Word(text=word, confidence=0.93) for word in TEXT]
    rates = [
        expected_error([replace(line(TEXT, 0.9), reading=Reading.of_words("vote", words))])
        for words in (few, small, plain)
    ]
    assert rates == sorted(rates, key=lambda rate: rate or 0.0)
    assert len(set(rates)) == 3


def test_a_line_that_may_be_no_text_raises_the_expected_error() -> None:
    rates = [
        expected_error([replace(line(TEXT, 0.95), text_probability=sure)])
        for sure in (None, 1.0, 0.6)
    ]
    assert rates[0] == rates[1]
    assert (rates[1] or 0) < (rates[2] or 0)


def test_a_missing_weight_names_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    table = fitted.ExpectedError(always=0.0, weights={"words": 1.0})
    monkeypatch.setattr(fitted, "expected_error", lambda: table)
    with pytest.raises(ConfigError, match=r"expected_error\.toml.*'lines'"):
        expected_error([line(TEXT, 0.9)])


def test_pages_together_weigh_by_their_characters() -> None:
    short, long = line(["да"], 0.9), line(TEXT, 0.9)
    mean = together([(0.5, [short]), (0.1, [long]), (None, [long])])
    assert mean is not None
    assert 0.1 < mean < 0.2
    assert together([(None, [long])]) is None


def test_a_line_cut_off_at_the_sheets_edge() -> None:
    cut = replace(line(TEXT, 0.6), reasons=(Reason(rule="cut-off", evidence="cut", weight=5.0),))
    assert codes(page(line(TEXT, 0.99), cut), 0.01) == ["cut_off"]


def test_an_abstract_in_english_inside_a_russian_page() -> None:
    read = [
        "Ехеръою об РоъъЬез об 06? Масгосоппаюо бог Не",
        "пему уегзоп о 067 пасгосоппаюо бог не ВЕЗМ-6 сопрцег",
        "1S безстес. ТВS пасгосоппапо 1 ыъео Гог рговгап перцеана",
        "Тне пуезнзаною раз Бееп регбоген аёНе Гарогабогу",
    ]
    russian = [line(TEXT, 0.99)] * 8
    foreign = [line(text.split(), 0.6) for text in read]
    assert codes(page(*russian, *foreign), 0.02) == ["foreign_lines"]
    apart = [x for one in foreign for x in (one, *russian)]
    assert codes(page(*apart), 0.02) == []  # a line here and there is a name, or a bad spot
    names = ["Л.Н.Емелина", "Баяковский", "Выюкова", "Галатенко", "Штаркман", "Ходулев"]
    assert codes(page(*russian, *[line(names, 0.9)] * 2, *russian), 0.02) == []
