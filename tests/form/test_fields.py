"""Fields and dates of the form."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.form import read_fields
from pipeline.form.dates import find_date
from pipeline.model import Line, LineKind


def line(raw: str, kind: LineKind = LineKind.FORM) -> Line:
    return Line(id="l", raw=raw, text=raw, kind=kind)


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
    ],
)
def test_dates(text: str, wanted: date | None) -> None:
    found = find_date(text)
    assert (found[0] if found else None) == wanted


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
                "origin": "ПЕКИНА",
                "telegram_numbers": "143354",
                "time": "18:00",
                "date": "1950-05-14",
            },
        ),
        (
            "Экз. № 2-й т. Сталину .... » № 9-й",
            LineKind.TABLE,
            {"copy_list": "2 Сталину"},
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
