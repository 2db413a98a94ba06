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
