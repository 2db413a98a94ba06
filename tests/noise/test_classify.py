"""The filter as a function: force lists, order kept, odd input in linear time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import NoiseSettings
from pipeline.errors import ConfigError
from pipeline.layout.text import text_lines
from pipeline.model import LineKind, Verdict
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
    assert line.text_probability < 0.05
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
