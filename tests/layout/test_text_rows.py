"""Where paragraphs begin in raw text."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.layout.text import text_lines

FULL = [
    "Сославшись на поручение, незамедлительно информируйте главу страны,",
    "пребывания по возможности на более высоком уровне через лицо, какое",
    "сочтете наиболее подходящим в данном случае, о следующем решении",
    "Совета Министров, опубликованном вчера в печати.",
]
NEXT = "Добавьте, что при необходимости с нашей стороны будет передаваться"


def starts(text: str) -> list[bool]:
    return [line.starts_paragraph for line in text_lines(text, 1)]


def test_blank_rows_of_a_double_spaced_text_part_nothing() -> None:
    rows = [*FULL, "     " + NEXT, *FULL[1:]]
    assert starts("\n\n".join(rows)) == [True, *[False] * 3, True, *[False] * 3]


def test_a_blank_row_parts_single_spaced_text() -> None:
    assert starts("\n".join([*FULL, "", *FULL])) == [True, *[False] * 3, True, *[False] * 3]


def test_a_blank_row_inside_a_sentence_parts_nothing() -> None:
    assert starts("\n".join([FULL[0], "", *FULL[1:]])) == [True, False, False, False]


def test_the_last_row_of_a_paragraph_ends_early() -> None:
    assert starts("\n".join([*FULL, NEXT, *FULL[1:]])) == [True, *[False] * 3, True, *[False] * 3]


def test_names_below_one_another_stand_by_themselves() -> None:
    names = ["т.т.Горбачеву", "Рыжкову", "Лигачеву", "Долгих"]
    assert starts("\n".join([*FULL, *names])) == [True, *[False] * 3, *[True] * 4]
    layout = "\n".join([*FULL, *(" " * 40 + name for name in names)])
    assert starts(layout) == [True, *[False] * 3, *[True] * 4]


def test_a_centred_heading_is_one() -> None:
    heading = [" " * 12 + "О реакции иностранных дипломатов", " " * 10 + "на сообщение об аварии"]
    assert starts("\n".join([*heading, *FULL]))[:3] == [True, False, True]


@pytest.mark.parametrize("mark", [". . ~", "   ·.", ",,,", "-", "* * *"])
def test_marks_between_rows_part_nothing(mark: str) -> None:
    found = text_lines("\n".join([*FULL[:2], mark, "", *FULL[2:]]), 1)
    text = [line.starts_paragraph for line in found if any(map(str.isalpha, line.raw))]
    assert text == [True, False, False, False]


def test_a_mark_in_the_margin_is_no_indent() -> None:
    rows = [" " * 8 + row for row in FULL]
    rows[2] = "--..    " + FULL[2]
    assert starts("\n".join(rows)) == [True, False, False, False]


def test_posts_with_their_names_and_rows_of_a_table_stand_by_themselves() -> None:
    posts = ["Министр обороны СССР               С.Соколов", "Министр финансов СССР   - Б.Гостев"]
    assert starts("\n".join([*posts, "Председатель Комитета"])) == [True] * 3
    table = ["Наименование        1949    1950", "Уголь, тыс. т        120     145"]
    assert starts("\n".join(table)) == [True, True]


@given(st.lists(st.sampled_from(["слово", "правительство", "и", "договор"]), min_size=30))
def test_a_filled_paragraph_is_one(words: list[str]) -> None:
    text = textwrap.fill(" ".join(words) + ".", 60)
    assert sum(starts(text)) == 1
