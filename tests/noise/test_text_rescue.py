"""Lines of bare text that the text around them vouches for."""

from __future__ import annotations

import pytest

from pipeline.config import Settings
from pipeline.model import Document, Verdict
from pipeline.process import process_text
from pipeline.transcript import selected

PROSE = """При отсутствии параметра RCRD считается, что обрабатываются все
записи из заданных файлов, а список номеров задается в параметре PRT
аналогично списку номеров параметра FILE, причем число K просмотров
и количество CK ключей не превышают L, указанного в задании.
"""
NAMES = """ЦК Компартии Украины;
т.т.Горбачеву
Рыжкову
Воротникову
Шеварднадзе
Соколову
Добрынину
Смиртюкову
"""


def document(text: str) -> Document:
    return process_text(text, "x", Settings(), source="x")


@pytest.mark.parametrize("line", ["RCRD N", "PRT", "CK", "K = [ ] + L, /1/"])
def test_commands_and_formulas_that_the_text_speaks_of_stay(line: str) -> None:
    found = document(f"{PROSE}{line}\n{PROSE}")
    assert all(x.verdict is not Verdict.DROP for x in found.lines)


@pytest.mark.parametrize("line", ["QWZ", "Wlq vvz"])
def test_other_latin_scraps_go(line: str) -> None:
    found = document(f"{PROSE}{line}\n{PROSE}")
    assert [x.raw for x in found.lines if x.verdict is Verdict.DROP] == [line]


def test_a_list_of_addressees_without_places_is_whole() -> None:
    found = document(PROSE + NAMES)
    kept = {line.raw for line in selected(found.lines, Settings().output.kinds)}
    assert kept >= set(NAMES.splitlines())


def test_marks_between_lines_go() -> None:
    rows = PROSE.splitlines()
    marks = [". ···- . . - -· - - -----", ".. - . : .."]
    found = document("\n".join([rows[0], marks[0], rows[1], marks[1], *rows[2:]]))
    assert [x.raw for x in found.lines if x.verdict is Verdict.DROP] == marks


CODES = """КОД А-17/ББ. ШИФР: 48213 90557 11806 73390 26614 00182
ЬГЪХ ЦКТЗ ПРВЩ ЫЫЭН ФЖШГ МЛДК
ОРИОН ОРИОН Я КЕДР ПРИЕМ
ПАРОЛЬ: «ВЫДРА-6», ОТЗЫВ: «СУХУМ». ВОЛНА 43,7 М.
в/ч 51203-Д, п/п 08779 «У», инд. К-9, ФРТ-II
СЧЕТ 7707083893, 773601001, р/с 40702810900000012345
"""


def test_russian_words_and_figures_stay_among_what_is_none() -> None:
    kept = [x.raw for x in document(CODES).lines if x.verdict is not Verdict.DROP]
    for row in (0, 2, 3, 5):
        assert CODES.splitlines()[row] in kept


def test_a_text_of_which_half_is_left_out_says_so() -> None:
    noise = "ВЕЗ рОПЕ тНАТ нЕ оЕ, МУЗН тОВЕ ЗНОШ\nоГ уоцг зштау уоц тау Бе азКей\n"
    found = document(noise * 4 + "Доклад принят к сведению.\n")
    codes = [x.code for page in found.pages for x in page.findings]
    out = [x for x in found.lines if x.verdict is Verdict.DROP]
    assert "left_out" in codes
    assert 0 < len(out) < len(found.lines)
