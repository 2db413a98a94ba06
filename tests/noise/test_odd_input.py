"""Whatever comes in, every line comes out judged, in time that grows with the text alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import Settings
from pipeline.model import Verdict
from pipeline.process import process_text

ODD = {
    "tabs": "\t" * 2000 + "\n" + "\t" * 5,
    "right to left": "שלום עולם זה טקסט בעברית\nמסמך שני של אותו עמוד",
    "control characters": "\x00\x01\x02\x1b[31m текст \x7f\x85\x9f",
    "surrogates": "\ud800 половина \udfff пары \udc80",
    "combining": "а" + "\u0301" * 3000,
    "no spaces": "я" * 5000,
    "brackets": "([{" * 3000,
    "form words": "Экз. № " * 2000,
    "figures": "1" * 9000 + " " + "1.1." * 2000,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_text_gives_a_result(name: str) -> None:
    document = process_text(ODD[name], "odd", Settings(), source="odd")
    assert all(line.text_probability is not None for line in document.lines)


def test_a_novel_in_english_gives_a_result() -> None:
    page = "It was a bright cold day in spring, and nobody in the village had slept.\n" * 200
    document = process_text(page, "novel", Settings(), source="novel")
    assert len(document.lines) == 200


PIECES = st.sampled_from(
    ["№", "Экз.", "1", "19", "50", ".", "-", "\t", " ", "й", "Из", "ПЕКИНА", "час", "мин", "У",
     "Для", "товарища", "Сталину", "\ud800", "|", "\u200f", "/", "Отпеч", "Выпустил", "\n"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=120))
@settings(max_examples=80)
def test_scraps_of_forms_in_any_order_are_judged_and_read(pieces: list[str]) -> None:
    document = process_text("".join(pieces), "odd", Settings(), source="odd")
    for line in document.lines:
        assert line.verdict in Verdict
    for field in document.fields:
        assert field.confidence is not None
        assert 0.0 <= field.confidence <= 1.0


def test_time_grows_with_the_text_alone() -> None:
    def seconds(lines: int) -> float:
        text = "Сообщаю № 143 » № 2-й Сталину ... 14.У.50г. и так далее.\n" * lines
        started = time.perf_counter()
        process_text(text, "long", Settings(), source="long")
        return time.perf_counter() - started

    seconds(10)
    short, long = seconds(300), seconds(3000)
    assert long < 25 * short  # ten times the text; quadratic would be a hundred times
