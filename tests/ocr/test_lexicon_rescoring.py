"""Unknown words get the network's second thoughts, and nothing that it did not see."""

from __future__ import annotations

import pytest
from ctc_samples import clean, output
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.character_lm import CharacterLM
from pipeline.ocr.ctc import LogProbs, greedy
from pipeline.ocr.lexicon_rescoring import rescored

CHARS = CharacterLM.load()


def unsure(text: str, seconds: dict[int, tuple[str, float]]) -> LogProbs:
    """``text``, but at some places another sign has so much of the probability."""
    steps: list[dict[str, float]] = []
    for place, sign in enumerate(text):
        other, share = seconds.get(place, ("", 0.0))
        steps += [{sign: 0.999 - share, other: share} if other else {sign: 0.999}, {"": 0.999}]
    return output({"": 0.999}, *steps)


def respell(log_probs: LogProbs) -> str:
    return rescored(log_probs, greedy(log_probs), CHARS, 0.4).text


def test_an_unknown_word_becomes_the_known_one_that_was_seen_too() -> None:
    seen = unsure("он уназал на это", {4: ("к", 0.2)})
    assert greedy(seen).text == "он уназал на это"
    assert respell(seen) == "он указал на это"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("он уназал на это", {4: ("л", 0.2)}),  # no word either
        ("он указал на это", {4: ("т", 0.4)}),  # is a word as it stands
        ("он Уназал на это", {4: ("к", 0.2)}),  # a name may be anything
        ("уназал на это", {1: ("к", 0.2)}),  # may be the end of a broken word
        ("на это уназал", {8: ("к", 0.2)}),  # may be the beginning of one
        ("он уна-зал на это", {4: ("к", 0.2)}),
        ("он уназал на это", {4: ("к", 0.0002)}),  # hardly seen at all
    ],
)
def test_all_else_stays(text: str, seconds: dict[int, tuple[str, float]]) -> None:
    assert respell(unsure(text, seconds)) == text


@settings(max_examples=30)
@given(st.text("абвгде 1-А", max_size=20).map(lambda text: " ".join(text.split())))
def test_what_is_sure_stays(text: str) -> None:
    assert respell(clean(text)) == text
