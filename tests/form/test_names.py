"""Names are given as they were read; the table mends only what the readers doubted."""

from __future__ import annotations

import pytest

from pipeline.form import read_fields
from pipeline.model import Field, Line, LineKind, Reading, Word


def read_by(kind: LineKind, *words: tuple[str, float], other: str | None = None) -> Line:
    """A line as two readers read it, with the vote's confidence of each word."""
    vote = Reading.of_words("vote", [Word(text=t, confidence=c) for t, c in words], 0.9)
    others = () if other is None else (Reading.of("tesseract", other),)
    return Line(id="p1-l001", reading=vote, alternatives=others, kind=kind)


def only(line: Line, name: str) -> Field:
    (field,) = [x for x in read_fields([line]) if x.name == name]
    return field


@pytest.mark.parametrize(
    "name", ["Рыжкову", "Лигачеву", "Славскому", "Воротникову", "Щербине", "Смиртюкову", "Доброву"]
)
def test_a_name_that_was_read_is_nobody_elses(name: str) -> None:
    field = only(read_by(LineKind.TABLE, (name, 0.99)), "copy_list")
    assert field.value == name
    assert "as read" in field.reasons[0].evidence


@pytest.mark.parametrize("name", ["околову", "злякову", "Раренкову"])
def test_a_doubted_name_that_is_like_none_is_not_mended(name: str) -> None:
    found = read_fields([read_by(LineKind.TABLE, (name, 0.4))])
    assert [x.value for x in found] in ([], [name])


def test_a_doubted_name_is_mended_and_says_so() -> None:
    field = only(read_by(LineKind.TABLE, ("Лавремтьеву", 0.6)), "copy_list")
    assert field.value == "Лаврентьеву"
    assert "mended by the table of names" in field.reasons[0].evidence


def test_another_reader_may_have_it() -> None:
    line = read_by(LineKind.SIGNATURE, ("РОШЦН", 0.4), other="РОЩИН")
    field = only(line, "signature")
    assert field.value == "РОЩИН"
    assert "another reader" in field.reasons[0].evidence


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("Тов. Горбачеву", ["Горбачев"]),
        ("т.т. Лигачеву, Рыжкову и Добрынину", ["Лигачев", "Рыжков", "Добрынин"]),
        # The dictionary has it not: a man's surname on -ов can be no other.
        ("Тов. Смиртюкову", ["Смиртюков"]),
        ("т.т. Дубравяну, Глазунину и Мурзаковскому", ["Дубравян", "Глазунин", "Мурзаковский"]),
        ("Тов. Стожаренко", ["Стожаренко"]),
        ("Для товарища КУДЕЯРОВА", ["КУДЕЯРОВ"]),
        # It may be Сарыч, Сарычу or Сарычо: it stays in its case.
        ("Тов. Сарычу", ["Сарычу"]),
        ("Мининдел СССР тов. Вышинскому А.Я.", ["Вышинский"]),
    ],
)
def test_addressees(raw: str, wanted: list[str]) -> None:
    line = Line(id="l", reading=Reading.of("file", raw), kind=LineKind.ADDRESSEE)
    assert [x.value for x in read_fields([line]) if x.name == "addressee"] == wanted


@pytest.mark.parametrize(
    ("raw", "post", "name"),
    [
        ("Посол СССР в КНР Н.РОЩИН", "Посол СССР в КНР", "РОЩИН"),
        ("Председатель Комитета В.Чебриков", "Председатель Комитета", "Чебриков"),
        ("/А.Громыко/", None, "Громыко"),
        ("Секретно", None, None),
        ("КПСС", None, None),
        ("СОВПОСОЛ", "СОВПОСОЛ", None),
        ("ЗАВЕДУЮЩИЙ ОБЩИМ ОТДЕЛОМ", "ЗАВЕДУЮЩИЙ ОБЩИМ ОТДЕЛОМ", None),
        ("ПРЕДСЕДАТЕЛЬ КОМИССИИ", "ПРЕДСЕДАТЕЛЬ КОМИССИИ", None),
        ("С коммунистическим приветом", None, None),
    ],
)
def test_a_signature_is_a_person(raw: str, post: str | None, name: str | None) -> None:
    line = Line(id="l", reading=Reading.of("file", raw), kind=LineKind.SIGNATURE)
    found = {x.name: x.value for x in read_fields([line])}
    assert found.get("signature_post") == post
    assert found.get("signature") == name


def addressed(*raws: str) -> list[str]:
    lines = [Line(id=raw, reading=Reading.of("file", raw), kind=LineKind.ADDRESSEE) for raw in raws]
    return [x.value for x in read_fields(lines) if x.name == "addressee"]


def test_a_salutation_is_an_addressee_only_where_none_is_told() -> None:
    assert addressed("т. ФИЛИППОВУ", "Дорогой тов. Жигарян !") == ["ФИЛИППОВ"]
    assert addressed("Дорогой тов. Жигарян !") == ["Жигарян"]


def test_a_small_letter_does_not_cost_a_list_its_name() -> None:
    assert addressed("т.т.Громыко,", "холмогорову,", "Кавтарадзе") == [
        "Громыко", "Холмогоров", "Кавтарадзе",
    ]  # fmt: skip


def test_an_origin_that_cannot_be_read_is_absent() -> None:
    words = [("Из", 0.9), ("ПБЕИША", 0.25), ("№", 0.8), ("143354", 0.8), ("18", 0.9), ("час", 0.9)]
    names = [x.name for x in read_fields([read_by(LineKind.FORM, *words)])]
    assert "origin" not in names
    assert "telegram_numbers" in names


def test_a_list_of_addressees_goes_on_with_names_alone() -> None:
    rows = ["т.т.Горбачеву", "Рыжкову", "Щербине", "Славскому", "Уважаемые товарищи!"]
    lines = [
        Line(id=f"p1-l00{n}", reading=Reading.of("file", row), kind=LineKind.ADDRESSEE)
        for n, row in enumerate(rows, start=1)
    ]
    found = [x.value for x in read_fields(lines) if x.name == "addressee"]
    assert found == ["Горбачев", "Рыжков", "Щербине", "Славский"]
