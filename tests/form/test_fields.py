"""Fields and dates of the form."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.form import read_fields
from pipeline.form.dates import find_date
from pipeline.model import Line, LineKind, Reading


def line(raw: str, kind: LineKind = LineKind.FORM) -> Line:
    return Line(id="l", reading=Reading.of("file", raw), kind=kind)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("14.У.50г.", date(1950, 5, 14)),
        ("14 V 1950 г.", date(1950, 5, 14)),
        ("3.П.49", date(1949, 2, 3)),
        ("7.ХП.1949", date(1949, 12, 7)),
        ("1.Ш.50", date(1950, 3, 1)),
        ("14.5.50", date(1950, 5, 14)),
        ("31.II.50", None),
        ("99.V.50", None),
        ("без даты", None),
        # As machines read them: ones and bars for I, Т for I, 7 for V, a scrap before the year.
        ("12.111.51г.", date(1951, 3, 12)),
        ("22 ТТ 1947 г.", date(1947, 2, 22)),
        ("11.17.46г.", date(1946, 4, 11)),
        ("14 У 4 19 5 0", date(1950, 5, 14)),
        ("2.VII.50", date(1950, 7, 2)),
        ("7.7.50", date(1950, 7, 7)),
        ("14.V.1850", None),
    ],
)
def test_dates(text: str, wanted: date | None) -> None:
    found = find_date(text)
    assert (found.day if found else None) == wanted


@pytest.mark.parametrize(
    ("raw", "kind", "wanted"),
    [
        ("Спец. № 812, 813", LineKind.FORM, {"special_numbers": "812 813"}),
        ("особая", LineKind.FORM, {"urgency": "особая"}),
        ("Для товарища ФИЛИППОВА.", LineKind.ADDRESSEE, {"addressee": "ФИЛИППОВ"}),
        ("Тов. Молотову", LineKind.ADDRESSEE, {"addressee": "Молотов"}),
        ("РОЩИН", LineKind.SIGNATURE, {"signature": "РОЩИН"}),
        (
            "8 экз.ам Отпеч. 14.У. 19-15 Разослано 20° /4. Выпустил Плотников 14.У.50г. ",
            LineKind.FORM,
            {
                "copies_made": "8",
                "typed_at": "14.V 19-15",
                "released_by": "Плотников",
                "released_date": "1950-05-14",
            },
        ),
        (
            "Из ПЕКИНА № 143354 18 час 00 мин 14 V 1950 г.",
            LineKind.FORM,
            {
                "origin": "ПЕКИН",
                "telegram_numbers": "143354",
                "time": "18:00",
                "date": "1950-05-14",
            },
        ),
        (
            "Экз. № 2-й т. Сталину .... » № 9-й",
            LineKind.TABLE,
            {"copy_list": "Сталину"},
        ),
        ("56", LineKind.FORM, {"sheet_number": "56"}),
        ("особая комиссия", LineKind.FORM, {}),
    ],
)
def test_fields(raw: str, kind: LineKind, wanted: dict[str, str]) -> None:
    found: dict[str, str] = {}
    for field in read_fields([line(raw, kind)]):
        found[field.name] = f"{found.get(field.name, '')} {field.value}".strip()
    assert found == wanted


def test_body_gives_no_fields() -> None:
    assert read_fields([line("8 экз. Отпеч. 14.V 19-15", LineKind.BODY)]) == ()


def copies(*rows: str) -> list[tuple[int | None, str]]:
    fields = read_fields([line(row, LineKind.TABLE) for row in rows])
    return [(f.number, f.value) for f in fields if f.name == "copy_list"]


def test_names_are_found_in_scraps_and_numbers_by_their_row() -> None:
    assert copies(
        ">\tN\t: 6\ti-r\t1\tБу\tЛІ\tra\tH\t4H\ty\t4\tě\t\t>\tMe\t13-7\t>\tMe\t20-r",
        "3\tN\t1\t-7\t1\tA C\tЛ\tT\t01\tву\tŧ\tb\t>\tNe\t11-7\td\t4\t>\tNé\t18-т",
    ) == [(6, "Булганину"), (4, "Молотову")]


def test_a_number_that_nothing_tells_is_absent() -> None:
    assert copies("» № -й Молотову") == [(None, "Молотову")]


def test_an_unknown_name_is_kept_as_read_and_says_so() -> None:
    (field,) = read_fields([line("» № 3-й Кузьмичеву", LineKind.TABLE)])
    assert (field.number, field.value) == (3, "Кузьмичеву")
    assert "as read" in field.reasons[0].evidence
    assert "dictionary" not in field.reasons[0].evidence
    assert field.confidence is not None
    (other,) = read_fields([line("» № 3-й Смиртюкову", LineKind.TABLE)])
    assert "nor of the dictionary" in other.reasons[0].evidence
    assert other.value == "Смиртюкову"
    assert other.confidence is not None
    assert other.confidence < field.confidence


@pytest.mark.parametrize("cell", ["» № 9-й . . . .", "» № 9-й 4 è à ï", "Экз. № 1-й РАЗМЕТКА"])
def test_an_empty_place_of_the_copy_list_names_nobody(cell: str) -> None:
    assert copies(cell) == []


def test_the_month_comes_from_the_foot_only_for_the_same_day() -> None:
    head = line("Из УЛАН-БАТОРА № 127490 22 час 10 мин 15-1171“1953 Г.")
    body = line("текст", LineKind.BODY)
    found = {}
    for day in ("15.111.53г.", "16.111.53г."):
        fields = read_fields([head, body, line(f"Выпустил Плотников {day}")])
        found[day] = [f.value for f in fields if f.name == "date"]
    assert found == {"15.111.53г.": ["1953-03-15"], "16.111.53г.": []}


@pytest.mark.parametrize(
    ("raw", "kind", "name", "value"),
    [
        ("ИЗПЕ КИНАМ№ 128833 05 час 00 мин 27 У 1950 г.", LineKind.FORM, "origin", "ПЕКИН"),
        ("Из ХЕАБСаНКи № 107611 Ю час", LineKind.FORM, "origin", "ХЕЛЬСИНКИ"),
        ("Из Эф № 129179 ТО час 10 мин", LineKind.FORM, "time", "10:10"),
        ("Тозарищу ФБДОРЕНКО.", LineKind.ADDRESSEE, "addressee", "ФЕДОРЕНКО"),
        ("Лля товарища ФИЛИППОВА.", LineKind.ADDRESSEE, "addressee", "ФИЛИППОВ"),
        ("РОЦИН", LineKind.SIGNATURE, "signature", "РОЩИН"),
        ("ТТ экз.ек", LineKind.FORM, "copies_made", "11"),
        ("Отреч. 11.17. 11-11", LineKind.FORM, "typed_at", "11.IV 11-11"),
        ("зесьма срочна", LineKind.FORM, "urgency", "весьма срочно"),
    ],
)
def test_misread_values(raw: str, kind: LineKind, name: str, value: str) -> None:
    fields = read_fields([line("Шифртелеграмма"), line(raw, kind)])
    assert [f.value for f in fields if f.name == name] == [value]


@pytest.mark.parametrize("raw", ["Из", "Из № час мин", "99 экз", "Отпеч. 40.V. 19-15", "Спец. №"])
def test_what_cannot_be_read_is_absent(raw: str) -> None:
    names = {f.name for f in read_fields([line(raw)])}
    assert names <= {"copies_made"}
    assert raw == "99 экз" or not names


def test_every_field_has_its_source_a_confidence_and_a_reason() -> None:
    fields = read_fields([line("8 экз.ам Отпеч. 14.У. 19-15 Выпустил Плотников 14.У.50г.")])
    assert len(fields) == 4
    for field in fields:
        assert field.raw
        assert field.confidence is not None
        assert field.reasons[0].evidence
