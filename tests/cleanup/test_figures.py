"""Figures typed with letters: made figures where the context is a number, else left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cleanup import clean
from pipeline.cleanup.figures import RULE, typed_figures
from pipeline.config import CleanupSettings
from pipeline.layout.text import text_lines
from pipeline.model import Layer, apply_edits

MADE = [
    ("всего 1ООО человек", "всего 1000 человек"),
    ("потеря З6 машин", "потеря 36 машин"),
    ("в I9I7 году и в 19З6 году", "в 1917 году и в 1936 году"),
    ("доза 1ОО миллирентген", "доза 100 миллирентген"),
    ("хлеба 250 г, масла ТОО г, сахару 50 г", "хлеба 250 г, масла 100 г, сахару 50 г"),
    ("продано 25 мест, из них II билетов в ложи", "продано 25 мест, из них 11 билетов в ложи"),
    ("выросло на I,5 млн. руб.", "выросло на 1,5 млн. руб."),
    ("не более О,02 мм", "не более 0,02 мм"),
    ("прибыл в О9 час. ЗО мин. 5 мая", "прибыл в 09 час. 30 мин. 5 мая"),
    ("ИЛ-1О и 25 танков", "ИЛ-10 и 25 танков"),
    ("экз. № I и № IО", "экз. № 1 и № 10"),
    ("1Омин. работы", "10мин. работы"),
    ("свыше IО тонн при норме 8", "свыше 10 тонн при норме 8"),
]

NEGATIVES = [
    "в I квартале и во II квартале 1950 года",
    "решения I и II съездов партии, 25 пунктов",
    "решения 25 пленумов и II съездов",
    "на XX и III конгрессах Интернационала",
    "I.У.50 г. и 14.II.1950",
    "14/V-50 и 15/ХI-48 г.",
    "том I, глава II, страница 25",
    "II билетов было мало",  # no number before it
    "ТОО г. Москвы и 25 домов",
    "ТОО Рассвет, 25 человек",
    "то, что 25 человек остались",
    "О 25 делегатах и З. Иванове",
    "из О2 и СО2",
    "в п. 1б и в п. 2а",
    "2-ое и 3-ье отделения",
    "сопротивление 1Ом и 2Ома",
    "3Осенью и 2Отделение",
    "И33 и Т-34",
    "Пётр I, Иван IV, Николай II",
    "I-й и II-й курсы",
    "I группа, II группа, 25 человек",
    "Зима 1942 года",
    "ОООР и СССР",
    "I. Общие сведения",
    "по пункту 2,О чем сообщаю",
    "l и I стоят отдельно",
    "III Интернационал, 5 делегатов",
    "войска I Украинского и II Белорусского фронтов, 25 дивизий",
    "XIX и II веков до н.э., 12 надписей",
    "прибыло 25 делегатов I и II районов",
]


@pytest.mark.parametrize(("raw", "expected"), MADE)
def test_letters_in_a_number_become_figures(raw: str, expected: str) -> None:
    edits = typed_figures(raw)
    assert apply_edits(raw, edits) == expected
    assert all(edit.layer is Layer.READING and edit.evidence for edit in edits)


@pytest.mark.parametrize("raw", NEGATIVES)
def test_roman_numerals_words_and_names_stay(raw: str) -> None:
    assert typed_figures(raw) == ()


def test_the_first_item_of_a_list_goes_with_the_second() -> None:
    below = ["и указать сроки.", "2. Представить отчет."]
    assert apply_edits("I. Поручить наркомату", typed_figures("I. Поручить наркомату", below)) == (
        "1. Поручить наркомату"
    )
    assert typed_figures("I. Поручить наркомату", ["II. Просить", "2. Представить"]) == ()
    assert typed_figures("I. Поручить наркомату", ["и указать сроки."]) == ()


def test_only_the_reading_layer_changes() -> None:
    (line,) = clean(text_lines("Всего прибыло 1ООО человек", 1), CleanupSettings())
    assert line.text == "Всего прибыло 1000 человек"
    assert line.text_in(Layer.DIPLOMATIC) == "Всего прибыло 1ООО человек"
    assert RULE in {edit.rule for edit in line.edits}


@given(st.text("ОIЗТ150 ,.-г№аи", max_size=24))
def test_figures_stand_for_letters_one_for_one(raw: str) -> None:
    edits = typed_figures(raw)
    made = apply_edits(raw, edits)
    assert len(made) == len(raw)
    assert all(edit.after.isdigit() for edit in edits)
    assert typed_figures(made) == () or made != raw
