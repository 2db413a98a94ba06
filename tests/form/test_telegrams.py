"""Whole telegrams as texts: their fields, wherever their lines were filed."""

from __future__ import annotations

import pytest

from pipeline.config import Settings
from pipeline.form import read_fields, telegram_starts
from pipeline.model import Document, Line, LineKind, Reading
from pipeline.process import process_text

BODY = "     Просим прислать указания о дальнейших переговорах комиссии.\n"


def document(head: str, *more: str) -> Document:
    text = f"{head}\n\n" + "".join(f"{line}\n" for line in more) + BODY
    return process_text(text, "x", Settings(), source="x.txt")


def values(of: Document, name: str) -> list[str]:
    return [field.value for field in of.fields if field.name == name]


@pytest.mark.parametrize(
    ("head", "numbers", "date"),
    [
        ("Из Пекина № 23456 14.V.50 г. 12 час. 30 мин.", ["23456"], ["1950-05-14"]),
        ("Из Пекина № 23456 14 мая 1950 г. 12 ч. 30 м.", ["23456"], ["1950-05-14"]),
        ("Из Пекина № 23456 14/V-50 г.", ["23456"], ["1950-05-14"]),
        ("Из Пекина № 23456 от 2 июня 1950 года", ["23456"], ["1950-06-02"]),
        ("Из Пекина № 23456 1950 г. 14 марта", ["23456"], ["1950-03-14"]),
        ("Из Пекина № 23456 3/V 9 час. 5 мин.", ["23456"], []),
        ("Из Пекина № 23456-23458 14.V.50 г.", ["23456", "23458"], ["1950-05-14"]),
        ("Из Нанкина №№ 556, 557 и 558 2.IV.48 г.", ["556", "557", "558"], ["1948-04-02"]),
        ("Из Пекина № 23456\t14.V.50 г.", ["23456"], ["1950-05-14"]),
    ],
)
def test_a_head_line(head: str, numbers: list[str], date: list[str]) -> None:
    found = document(head, "     Товарищу Сталину")
    assert values(found, "telegram_numbers") == numbers
    assert values(found, "date") == date
    assert values(found, "origin") == [head.split()[1][:-1].upper()]


def test_a_row_of_the_copy_list_is_no_number() -> None:
    line = Line(id="l", reading=Reading.of("file", "» № 61320-й"), kind=LineKind.TABLE)
    assert read_fields([line]) == ()


def test_a_head_filed_as_text_gives_its_fields() -> None:
    kinds = {
        "Из Пекина № 23456 14.V.50 г.": LineKind.HEADING,
        "Мининдел СССР тов. Вышинскому А.Я.": LineKind.BODY,
        "Просим прислать указания о переговорах.": LineKind.BODY,
        "Посол СССР в КНР Н.РОЩИН": LineKind.BODY,
    }
    lines = [
        Line(id=f"p1-l00{n}", reading=Reading.of("file", raw), kind=kind)
        for n, (raw, kind) in enumerate(kinds.items(), start=1)
    ]
    found = {field.name: field.value for field in read_fields(lines)}
    assert found == {
        "origin": "ПЕКИН",
        "telegram_numbers": "23456",
        "date": "1950-05-14",
        "addressee": "Вышинский",
        "signature": "РОЩИН",
        "signature_post": "Посол СССР в КНР",
    }


def test_several_addressees_below_each_other() -> None:
    found = document(
        "Из Пекина № 23456 14.V.50 г.", "Товарищу Сталину", "Товарищу Молотову", "Товарищу Зорину"
    )
    assert values(found, "addressee") == ["Сталин", "Молотов", "Зорин"]


def test_each_telegram_has_its_own_fields() -> None:
    kinds = [
        ("Из Пекина № 23456 14.V.50 г.", LineKind.FORM),
        ("Товарищу Сталину", LineKind.ADDRESSEE),
        ("Просим прислать указания о переговорах.", LineKind.BODY),
        ("РОЩИН", LineKind.SIGNATURE),
        ("Из Берлина № 34567 15.V.50 г.", LineKind.FORM),
        ("Товарищу Молотову", LineKind.ADDRESSEE),
        ("Сообщаем, что переговоры закончены.", LineKind.BODY),
        ("СЕМЕНОВ", LineKind.SIGNATURE),
    ]
    lines = [
        Line(id=f"p1-l00{n}", reading=Reading.of("file", raw), kind=kind)
        for n, (raw, kind) in enumerate(kinds, start=1)
    ]
    found = {(x.telegram, x.name): x.value for x in read_fields(lines)}
    for number, (origin, name, signed) in enumerate(
        [("ПЕКИН", "Сталин", "РОЩИН"), ("БЕРЛИН", "Молотов", "СЕМЕНОВ")], start=1
    ):
        assert found[number, "origin"] == origin
        assert found[number, "addressee"] == name
        assert found[number, "signature"] == signed
    assert {x.telegram for x in read_fields(lines[:4])} == {None}


def filed(raw: str, kind: LineKind, number: int) -> Line:
    return Line(id=f"p1-l{number:03d}", reading=Reading.of("test", raw), kind=kind)


def test_a_number_above_the_form_that_was_filed_as_text_does_not_end_the_head() -> None:
    lines = [
        filed("585 873", LineKind.BODY, 1),
        filed("Из ТЕГЕРАНА № 152357 07 час 40 мин 1 VII 1946 г.", LineKind.FORM, 2),
        filed("Спец. № 715, 716", LineKind.FORM, 3),
        filed("Просим прислать указания о переговорах.", LineKind.BODY, 4),
    ]
    found = {(x.name, x.value) for x in read_fields(lines)}
    assert {
        ("telegram_numbers", "152357"),
        ("special_numbers", "715"),
        ("special_numbers", "716"),
        ("date", "1946-07-01"),
    } <= found


@pytest.mark.parametrize(
    "raw", ["С товарищеским приветом", "С уважением", "11. Юдин И.М. - советник", "Жму руку"]
)
def test_a_greeting_or_a_point_of_a_list_is_no_post(raw: str) -> None:
    lines = [
        filed("Просим прислать указания о переговорах.", LineKind.BODY, 1),
        filed(raw, LineKind.SIGNATURE, 2),
    ]
    assert not [x for x in read_fields(lines) if x.name == "signature_post"]


def sheet(page: int, *lines: tuple[LineKind, str]) -> list[Line]:
    return [
        Line(id=f"p{page}-l{place:03}", reading=Reading.of("file", raw), kind=kind)
        for place, (kind, raw) in enumerate(lines, start=1)
    ]


TITLE = (LineKind.FORM, "Шифртеле грамма")
TEXT = (LineKind.BODY, "Посол сообщает о беседе.")


def spaced(number: int) -> tuple[LineKind, str]:
    return LineKind.FORM, f"ИзТ Е ГЕРАНА № {number} 05 час 35 мин 8 V 1951 г."


@pytest.mark.parametrize(
    ("second", "starts"),
    [
        ([(LineKind.FORM, "26"), TITLE, spaced(139736), TEXT], 1),  # with all above it
        ([spaced(139736), TEXT], 1),
        ([TITLE, TEXT], 1),
        ([TITLE, spaced(139735), TEXT], None),  # a further sheet of the same telegram
        ([(LineKind.FORM, "Отпеч. 8.V. 15-40, № 139736"), TEXT], None),
        ([(LineKind.BODY, "Из Тегерана 8 V 1951 г. сообщили о № 139736."), TEXT], None),
    ],
)
def test_a_volume_is_parted_at_forms_however_they_are_read(
    second: list[tuple[LineKind, str]], starts: int | None
) -> None:
    first = sheet(1, TITLE, spaced(139735), TEXT, (LineKind.SIGNATURE, "СИЛИН"))
    found = telegram_starts([*first, *sheet(2, *second)], volume=True)
    assert found == ([0] if starts is None else [0, len(first)])
