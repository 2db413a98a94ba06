"""Figures in doubt are read again, and become what most looks have: figures, never letters."""

from __future__ import annotations

import numpy as np
import pytest
from ctc_samples import output
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ocr.ctc import Decoded, LogProbs, greedy
from pipeline.ocr.third_look import (
    DOUBTED,
    agreed_text,
    doubted,
    looked_at_again,
    other_looks,
)
from pipeline.pixels import Pixels

LINE = np.full((48, 200), 255, np.uint8)


def read(text: str, *sure: float) -> Decoded:
    """``text`` with these confidences; those that are not given are 0.99."""
    confidences = (*sure, *[0.99] * (len(text) - len(sure)))
    return Decoded(
        text=text, spans=(), confidences=confidences, network=0.0, language=0.0, total=0.0
    )


def seen(**steps: dict[str, float]) -> LogProbs:
    return output(*steps.values())


@pytest.mark.parametrize(
    ("own", "looks", "expected"),
    [
        (read("36.04", 0.5), [read("26.04"), read("26.04")], "26.04"),
        (read("И34", 0.9, 0.5), [read("И24", 0.9, 0.6), read("И34")], "И34"),
        (read("КТ55", 0.9, 0.6), [read("К155"), read("К155")], "К155"),
        (read("120", 0.6), [read("I20"), read("I20")], "120"),  # no figure becomes a letter
        (read("120", 0.6), [read("20"), read("1120")], "120"),  # nor is lost, nor doubled
        (read("36.04"), [read("26.04"), read("26.04")], "36.04"),  # it was sure
        (read("Зима", 0.5), [read("3има"), read("3има")], "Зима"),  # no word with a figure
    ],
)
def test_a_doubted_place_takes_the_figure_with_most_confidence(
    own: Decoded, looks: list[Decoded], expected: str
) -> None:
    assert agreed_text(own, looks, doubted(own)) == expected


def test_nothing_is_read_again_where_no_figure_is_in_doubt() -> None:
    def never(_: Pixels) -> LogProbs:
        raise AssertionError

    sure = read("в 1936 году")
    assert looked_at_again(LINE, seen(a={"": 1.0}), sure, never) is sure


def test_a_new_figure_has_the_confidence_that_the_first_look_gives_it() -> None:
    first = seen(a={"3": 0.6, "2": 0.4}, b={"": 0.99}, c={"6": 0.99})
    again = seen(a={"2": 0.95, "3": 0.05}, b={"": 0.99}, c={"6": 0.99})
    looked = looked_at_again(LINE, first, greedy(first), lambda _: again)
    assert looked.text == "26"
    assert looked.confidences[0] == pytest.approx(0.4, abs=0.02)
    assert looked.spans == greedy(first).spans


def test_the_other_looks_are_wider_and_smaller_on_as_high_a_picture() -> None:
    line = np.full((48, 300), 255, np.uint8)
    line[20:32, 100:110] = 0
    wide, small = other_looks(line)
    assert wide.shape == (48, 318)
    assert small.shape == (48, 276)
    assert (small[:2] == 255).all()
    assert (small[-2:] == 255).all()
    assert small.min() < 128


TEXTS = st.text("0123456789ОЗбТ. а-", max_size=12)
SURE = st.lists(st.floats(0.01, 1.0), min_size=12, max_size=12)


@given(TEXTS, SURE, st.lists(st.tuples(TEXTS, SURE), max_size=3))
def test_only_figures_are_put_in_and_only_where_there_was_a_doubt(
    text: str, sure: list[float], others: list[tuple[str, list[float]]]
) -> None:
    own = read(text, *sure[: len(text)])
    looks = [read(other, *confidences[: len(other)]) for other, confidences in others]
    result = agreed_text(own, looks, doubted(own))
    assert len(result) == len(text)
    for before, after, confidence in zip(text, result, own.confidences, strict=True):
        assert before == after or (after.isdigit() and confidence < DOUBTED)
