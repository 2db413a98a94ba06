"""The filter as a function: force lists, order kept, odd input in linear time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import NoiseSettings
from pipeline.errors import ConfigError
from pipeline.layout.text import text_lines
from pipeline.model import Box, Line, LineKind, Reading, Verdict
from pipeline.noise import classify

GARBLE = "3\tN\t1\t-7\t1\tA C\tЛ\tT\t01\tву\tŧ\tb\tì"


def test_force_keep_and_drop_say_so() -> None:
    forced = NoiseSettings(force_keep=("ву",), force_drop=("^Согласен",))
    garble, text = classify(text_lines(f"{GARBLE}\nСогласен с предложением.", 1), forced)
    assert (garble.verdict, garble.kind) == (Verdict.KEEP, LineKind.BODY)
    assert garble.reasons[0].rule == "force-keep"
    assert text.verdict is Verdict.DROP
    assert text.reasons[0].rule == "force-drop"


def test_a_broken_force_pattern_is_named() -> None:
    with pytest.raises(ConfigError, match=r"noise\.force_keep"):
        classify(text_lines("текст", 1), NoiseSettings(force_keep=("(",)))


def test_garble_is_dropped_with_reasons() -> None:
    (line,) = classify(text_lines(GARBLE, 1), NoiseSettings())
    assert line.verdict is Verdict.DROP
    assert line.text_probability is not None
    assert line.text_probability < 0.15
    assert {"columns", "foreign-letters"} <= {reason.rule for reason in line.reasons}


@given(st.text(max_size=400))
@settings(max_examples=60)
def test_no_line_is_lost_or_reordered(text: str) -> None:
    lines = text_lines(text, 1)
    judged = classify(lines, NoiseSettings())
    assert [line.raw for line in judged] == [line.raw for line in lines]
    assert all(line.text_probability is not None for line in judged)


@pytest.mark.parametrize("text", ["а " * 200_000, ". " * 100_000, "\t" * 100_000, "(" * 100_000])
def test_very_long_lines_pass(text: str) -> None:
    judged = classify(text_lines(text, 1), NoiseSettings())
    assert "".join(line.raw for line in judged) == (text if text.strip() else "")


def listed(texts: list[str], lefts: list[int] | None = None) -> list[Line]:
    lefts = lefts or [600] * len(texts)
    return [
        Line(
            id=f"p1-l{n:03d}",
            box=Box(left=left, top=100 + 40 * n, right=left + 20 * len(text), bottom=128 + 40 * n),
            reading=Reading.of("file", text),
        )
        for n, (text, left) in enumerate(zip(texts, lefts, strict=True))
    ]


def test_names_below_one_who_is_addressed_with_others_are_addressees() -> None:
    lines = listed(
        ["т.т.Горбачеву", "Рыжкову", "Лигачеву", "Чебрикову", "Долгих"], [520] + [600] * 4
    )
    found = classify(lines, NoiseSettings(), 2000)
    assert [line.kind for line in found] == [LineKind.ADDRESSEE] * 5
    assert {line.verdict for line in found} == {Verdict.KEEP}
    assert found[1].reasons[0].rule == "addressee-list"


def test_names_in_another_column_are_no_list_of_addressees() -> None:
    names = ["т.т.Горбачеву", "Рыжкову", "Лигачеву", "Чебрикову", "Долгих"]
    apart = classify(listed(names, [520, 600, 60, 1200, 900]), NoiseSettings(), 2000)
    assert "addressee-list" not in {reason.rule for line in apart for reason in line.reasons}


def test_the_last_order_of_a_telegram_is_no_foot_of_a_form() -> None:
    text = "Сообщите об этом министру иностранных дел.\nИсполнение телеграфируйте."
    assert classify(text_lines(text, 1), NoiseSettings())[1].verdict is not Verdict.DROP
