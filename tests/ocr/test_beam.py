"""The prefix beam search, with and without a character model."""

from __future__ import annotations

import math

import numpy as np
import pytest
from ctc_samples import all_texts, clean, output, small
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.character_lm import BEGIN, END_NUMBER, NUMBERS, CharacterLM
from pipeline.ocr import beam
from pipeline.ocr.beam import decode
from pipeline.ocr.ctc import Decoded, LogProbs, greedy, score, segment

MODEL = CharacterLM.load()


def plainly(log_probs: LogProbs, width: int = 10) -> Decoded:
    return decode(log_probs, None, width=width, weight=0.0, bonus=0.0)


def with_model(log_probs: LogProbs, weight: float = 0.5, bonus: float = 0.7) -> Decoded:
    return decode(log_probs, MODEL, width=10, weight=weight, bonus=bonus)


@settings(max_examples=50)
@given(small())
def test_a_wide_beam_finds_the_likeliest_text(log_probs: LogProbs) -> None:
    known = all_texts(log_probs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(beam, "REACH", math.inf)
        found = decode(log_probs, None, width=10_000, weight=0.0, bonus=0.0, least=0.0)
    assert found.network == pytest.approx(max(known.values()), abs=1e-5)
    assert known[found.text] == pytest.approx(found.network, abs=1e-5)


def test_a_beginning_that_is_reached_twice_is_one() -> None:
    # After the second step "а" can go on only as "аа"; from nothing it is reached once more.
    log_probs = output({"": 0.4, "а": 0.6}, {"": 0.99999}, {"": 1e-5, "а": 0.99999})
    for found in (plainly(log_probs), with_model(log_probs)):
        assert found.text in {"а", "аа"}
        assert found.network == pytest.approx(score(log_probs, found.text), abs=0.01)


def of_model(text: str) -> float:
    """What the decoder takes from the model for a line."""
    numbers = [*(NUMBERS[sign] for sign in text), END_NUMBER]
    parts = (float(MODEL.after(BEGIN + text[:n])[number]) for n, number in enumerate(numbers))
    return sum(max(part, beam.UNLIKELY) for part in parts)


@settings(max_examples=50)
@given(small(most_steps=4), st.floats(0.0, 1.5), st.floats(-1.0, 2.0))
def test_a_wide_beam_finds_the_text_worth_most(
    log_probs: LogProbs, weight: float, bonus: float
) -> None:
    worth = {
        text: log + weight * of_model(text) + bonus * len(text)
        for text, log in all_texts(log_probs).items()
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(beam, "REACH", math.inf)
        found = decode(log_probs, MODEL, width=10_000, weight=weight, bonus=bonus, least=0.0)
    assert found.total == pytest.approx(max(worth.values()), abs=1e-4)
    assert worth[found.text] == pytest.approx(found.total, abs=1e-4)
    assert found.language == pytest.approx(of_model(found.text), abs=1e-4)


@given(small(most_steps=8), st.integers(1, 12))
def test_a_narrow_beam_holds_together(log_probs: LogProbs, width: int) -> None:
    found = plainly(log_probs, width)
    assert found.network <= score(log_probs, found.text) + 1e-5
    assert len(found.spans) == len(found.text) == len(found.confidences)
    assert all(0.0 <= x <= 1.0 for x in found.confidences)
    flat = [step for first, last in found.spans for step in (first, last + 1)]
    assert flat == sorted(flat)


def test_what_is_certain_is_read_as_it_stands() -> None:
    for text in ("Молотов сообщил", "аббат", "ООО", "№ 143354"):
        found = with_model(clean(text))
        assert found.text == text
        assert found.spans == greedy(clean(text)).spans == segment(clean(text), text)
        assert min(found.confidences) > 0.99


def test_paths_are_summed() -> None:
    # The likeliest path is blank (0.36), the likeliest text is not (0.64).
    log_probs = output({"о": 0.4}, {"о": 0.4})
    assert greedy(log_probs).text == ""
    assert plainly(log_probs).text == "о"
    assert plainly(log_probs).spans in (((0, 0),), ((1, 1),))


def test_the_model_decides_between_likely_signs() -> None:
    steps = [{"Т": 0.99}, {}, {"о": 0.99}, {}, {"н": 0.55, "в": 0.44}, {}, {"а": 0.99}, {}]
    log_probs = output(*steps, *({x: 0.99} for x in "рищ"))
    assert plainly(log_probs).text == "Тонарищ"
    assert with_model(log_probs).text == "Товарищ"


def test_the_model_invents_nothing_and_drops_nothing_certain() -> None:
    steps = [{x: 0.9998} for x in "Товрищ"]
    for bonus in (-20.0, 0.0, 20.0):
        found = decode(output(*steps), MODEL, width=10, weight=5.0, bonus=bonus)
        assert found.text == "Товрищ"
    for empty in (output({}, {}, {}), np.zeros((0, 109), np.float32)):
        found = decode(empty, MODEL, width=10, weight=5.0, bonus=20.0)
        assert (found.text, found.spans, found.confidences) == ("", (), ())


def test_noise_gives_no_error() -> None:
    flat = np.full((40, 109), -math.log(109), np.float32)
    found = with_model(flat)
    assert len(found.spans) == len(found.text)
    hard = np.full((3, 109), -np.inf, np.float32)
    hard[:, 5] = 0.0
    assert plainly(hard).text == "г"


def test_long_lines_do_not_fade_away() -> None:
    row = {"о": 0.02, "а": 0.02, "е": 0.02}
    found = plainly(output(*[{"": 0.02, **row}] * 700))
    assert math.isfinite(found.network)
    assert math.isfinite(found.total)
