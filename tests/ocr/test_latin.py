"""Lines in Latin letters: which are read once more, and when that reading is taken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline import transcribe
from pipeline.model import LATIN, VOTE, Box, Reading, Word
from pipeline.ocr import PageLine
from pipeline.ocr.engine import Provenance, make_reading
from pipeline.ocr.latin import LatinReader, may_be_latin
from pipeline.ocr.latin_words import better_word
from pipeline.pixels import Pixels

IMAGES = (np.full((48, 400), 255, np.uint8),)


def read(reader: str, text: str, confidence: float) -> Reading:
    return make_reading(reader, [Word(text=x, confidence=confidence) for x in text.split()])


class Knowing:
    """An engine that reads one text after the other, each with its confidence."""

    name = version = "knowing"

    def __init__(self, *texts: tuple[str, float]) -> None:
        self.texts = list(texts)

    def read_lines(self, images: Sequence[Pixels], *, look_for_text: bool = True) -> list[Reading]:  # noqa: ARG002
        return [read("tesseract", *self.texts.pop(0)) for _ in images]

    def read_page(self, image: Pixels, psm: int) -> list[PageLine]:  # noqa: ARG002
        raise AssertionError("the page is cut by us")

    def provenance(self) -> Provenance:
        return (("engine", "knowing"), ("data.eng", "00"))


def better(read_as: Sequence[tuple[str, float]], known: Sequence[tuple[str, float]]) -> set[int]:
    lines = [(IMAGES, [read(VOTE, *one)]) for one in read_as]
    found = LatinReader(lambda: Knowing(*known), "eng", ()).better(lines)
    assert all(x.reader == LATIN for readings in found.values() for x in readings)
    return set(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ТВе папп Беацшгез апе SLгасспге об ассц1S181оп", True),
        ("Система предназначена для получения информации", False),
        ("Система DUBNA предназначена", False),
        ("1 234,5", False),
        ("Не", False),
    ],
)
def test_a_line_with_hardly_a_russian_word_may_be_latin(text: str, expected: bool) -> None:
    assert may_be_latin(text) is expected


def test_a_reading_is_taken_where_it_is_sure_and_surer() -> None:
    doubtful = ("ТВе папп Беацшгез", 0.43)
    assert better([doubtful], [("The main features", 0.94)]) == {0}
    assert better([doubtful], [("The main features", 0.7)]) == set()
    assert better([("Кадапцев Мазпый", 0.99)], [("Kadantsev Maznyj", 0.94)]) == set()


def test_russian_in_look_alike_letters_stays_russian() -> None:
    assert better([("МОСНВА НАРНОМ", 0.5)], [("MOCKBA HAPKOM", 0.95)]) == set()


def test_beside_a_line_in_latin_letters_another_is_believed_sooner() -> None:
    lines = [("Тре зузшеп апр", 0.4)] * 5
    known = [
        ("The system and", 0.65),
        ("The system and", 0.95),
        ("The system and", 0.7),
        ("The system and", 0.5),
        ("The system and", 0.7),
    ]
    assert better(lines, known) == {0, 1, 2}
    # Program text: capitals, which the recogniser knows as well.
    capitals = [("РЕАВ ЕМТРР", 0.4)] * 2
    assert better(capitals, [("READ FMTRD", 0.9), ("READ FMTRD", 0.7)]) == {0}


@pytest.mark.parametrize(
    ("word", "latin", "sure", "expected"),
    [
        ("Согрогашоп,", "Corporation,", 0.95, "Corporation,"),
        ("Паа", "Data", 0.95, "Data"),
        ("(Соштто,", "(Control,", 0.95, "(Control,"),
        ("Соштто!", "Control", 0.95, None),  # the sign may be its last letter
        ("PRINT", "PPINT", 0.87, None),  # what the recogniser knows asks for more
        ("вCD", "BCD", 0.95, None),  # three letters are too few
        ("PETCH", "FETCH", 0.96, "FETCH"),
        ("ММВЕА", "NUMBER", 0.91, "NUMBER"),
        ("PETCH", "FETCH", 0.7, None),  # not sure
        ("ПРП", "BCH", 0.95, None),  # Russian letters look like all of these
        ("1OSТАТ", "IOSTAT", 0.9, None),  # a figure never becomes a letter
        ("Веретенов", "Be", 0.96, None),
        ("FORMCHAN", "FORMC HAN", 0.93, None),
        ("STEXТ", "STEXT", 0.9, None),  # the same, but for its alphabet
        ("ГОТ", "12B", 0.9, None),
        ("", "", 0.9, None),
    ],
)
def test_a_word_in_latin_letters_is_believed_where_it_is_sure(
    word: str, latin: str, sure: float, expected: str | None
) -> None:
    assert better_word(word, read("tesseract", latin, sure)) == expected


def test_only_doubtful_words_that_are_not_russian_are_shown() -> None:
    said = (("фирмой", 0.9), ("Сопо!", 0.5), ("Паа", 0.5), ("доказаиа", 0.99), ("система", 0.4))
    words = [
        Word(text=text, confidence=sure, box=Box(left=60 * n, top=5, right=60 * n + 50, bottom=40))
        for n, (text, sure) in enumerate(said)
    ]
    engine = Knowing(("Control", 0.9), ("Data", 0.95), ("Control", 0.9), ("Data", 0.9))
    reader = LatinReader(lambda: engine, "eng", ())
    (mended,) = reader.with_words(IMAGES, [make_reading(VOTE, words)])
    assert mended.text == "фирмой Сопо! Data доказаиа система"  # Control is two letters longer
    assert [word.other for word in mended.words] == [None, None, "Паа", None, None]
    assert not engine.texts
    twice = Knowing(("Control", 0.9), ("Data", 0.95), ("Control", 0.9), ("Dala", 0.95))
    same = LatinReader(lambda: twice, "eng", ()).with_words(IMAGES, [make_reading(VOTE, words)])
    assert same == [make_reading(VOTE, words)]
    # A line in which hardly a word is sure is no line with a word in it.
    doubtful = make_reading(VOTE, words[1:3])
    assert reader.with_words(IMAGES, [doubtful]) == [doubtful]


def test_provenance_names_the_data() -> None:
    assert LatinReader(Knowing, "eng", (("data.eng", "00"),)).provenance() == (
        ("latin", "eng"),
        ("data.eng", "00"),
    )


@pytest.mark.ocr
def test_an_abstract_in_english_is_read_and_kept(tmp_path: Path) -> None:
    font = ImageFont.truetype("FreeMono", 40)
    sheet = Image.new("L", (1700, 900), 245)
    draw = ImageDraw.Draw(sheet)
    rows = [
        "Рассмотрены основные возможности и структура системы",
        "сбора данных об использовании машины. Работа выполнена",
        "в лаборатории вычислительной техники и автоматизации.",
        "The main features and structure of the system for data",
        "on machine usage are considered. The investigation has",
        "been performed at the Laboratory of Computing.",
    ]
    for number, row in enumerate(rows):
        draw.text((160, 90 + 80 * number), row, fill=40, font=font, stroke_width=1)
    path = tmp_path / "abstract.png"
    sheet.save(path, dpi=(300, 300))
    document = transcribe(path)
    kept = [line.text for line in document.lines if line.verdict.value == "keep"]
    assert "structure of the system" in " ".join(kept)
    assert "Laboratory of Computing" in " ".join(kept)
    assert "структура системы" in " ".join(kept)
    by = {line.text: line.reading.reader for line in document.lines}
    assert [by[text] for text in kept] == [VOTE] * 3 + [LATIN] * 3
