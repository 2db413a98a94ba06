"""Marks of pen and paper in other engines' text: told from what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stray_marks import blanked, is_marks, text_span

BESIDE = {
    "осадков, количестве человеческих жертв, а также реакции со-     ~~-": (0, -8),
    ",  ветских граждан на это происшествие.          - . ·.        r": (3, -25),
    "--..              всю информацию по аварии": (18, 0),
    "~ денты предприняли настойчивые попытки": (2, 0),
    'этому событию придается особое значение"   • ..': (0, -7),
    "ГОСУДАРСТВЕННОЙ БЕЗОПАСНОСТИ          lt": (0, -12),
}
TYPED = (
    "- продолжать переговоры до конца месяца;",
    "• пункт второй",
    "Подпись ______",
    "И он сказал: ...",
    "значение А - 5 руб.",
    "Председатель          В.Чебриков",
    "Итого                 25",
    "КОНД А                (*)",
    "х = у + z",
    "| 1950 | 17 |",
    "5 %",
    "ёмкость 40 000 л ± 2 %.",
    "выполнен план (на 97,5 %),",
)
MARKS = (". ···- . . - -· - - -----", ".,", "- 1 • ~ - - ~ - - - - ~", "'. '..", ".. - . : ..")
NOT_MARKS = ("-----", "* * *", "- 2 -", "№ 5", "/1/", "К = [ ] + L, /1/", "", "   ")


@pytest.mark.parametrize("raw", BESIDE)
def test_marks_beside_a_line(raw: str) -> None:
    start, cut = BESIDE[raw]
    assert text_span(raw) == (start, len(raw) + cut)
    assert len(blanked(raw)) == len(raw)


@pytest.mark.parametrize("raw", TYPED)
def test_what_is_typed_stays(raw: str) -> None:
    assert text_span(raw) == (0, len(raw))
    assert not is_marks(raw)


def test_lines_of_marks_alone() -> None:
    assert all(map(is_marks, MARKS))
    assert not any(map(is_marks, NOT_MARKS))


@given(st.text(alphabet="Абвг ab1.,-~·•\t_|\"'", max_size=40))
def test_no_russian_letter_and_no_figure_is_a_mark(raw: str) -> None:
    start, end = text_span(raw)
    gone = raw[:start] + raw[end:]
    assert not any(c.isdecimal() or "А" <= c <= "я" for c in gone)
