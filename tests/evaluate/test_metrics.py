"""Counts equal jiwer's on the same normalised text; rates have no made-up values."""

from __future__ import annotations

import jiwer
import pytest
from corruptions import any_pair, corrupted
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.metrics import (
    Counts,
    cer,
    compare_layers,
    scores_of,
    total,
    wer,
)
from pipeline.evaluate.score import evaluate_texts
from pipeline.text import Level, graphemes, normalise, words

levels = st.sampled_from(Level)


@given(any_pair, levels)
def test_character_errors_are_the_exact_distance(pair: tuple[str, str], level: Level) -> None:
    counts = cer(*pair, level)
    reference, hypothesis = (graphemes(normalise(text, level)) for text in pair)
    assert counts.errors == Levenshtein.distance(reference, hypothesis)
    assert counts.length == len(reference)
    assert counts.insertions - counts.deletions == len(hypothesis) - len(reference)


@given(corrupted(), levels)
def test_rates_equal_jiwer(pair: tuple[str, str], level: Level) -> None:
    # No combining marks here, so that jiwer's characters (code points) are ours.
    reference, hypothesis = (normalise(text, level) for text in pair)
    if not reference:
        return
    assert cer(*pair, level).rate == pytest.approx(jiwer.cer(reference, hypothesis))
    true, read = (" ".join(words(text, level)) for text in (reference, hypothesis))
    assert wer(*pair, level).rate == pytest.approx(jiwer.wer(true, read))


@given(any_pair, levels)
def test_swapping_the_texts_swaps_insertions_and_deletions(
    pair: tuple[str, str], level: Level
) -> None:
    for measure in (cer, wer):
        one, two = pair
        there, back = measure(one, two, level), measure(two, one, level)
        assert there.errors == back.errors
        assert there.insertions - there.deletions == back.deletions - back.insertions


@given(any_pair, levels)
def test_no_errors_means_equal(pair: tuple[str, str], level: Level) -> None:
    one, two = pair
    assert cer(one, one, level).errors == wer(one, one, level).errors == 0
    equal = normalise(one, level) == normalise(two, level)
    assert (cer(one, two, level).errors == 0) is equal


def test_known_counts() -> None:
    assert cer("уназал он", "указал") == Counts(substitutions=1, deletions=3, length=9)
    assert wer("далее он уназал", "далее указал") == Counts(substitutions=1, deletions=1, length=3)
    assert cer("abcd", "abxcd") == Counts(insertions=1, length=4)
    assert cer("", "шум") == Counts(insertions=3)


def test_an_empty_reference_has_no_rate_but_counts_in_the_sum() -> None:
    empty, full = cer("", "шум"), cer("тело", "тело")
    assert empty.rate is None
    assert cer("", "").rate is None
    assert total([empty, full]).rate == 3 / 4
    assert total([]).rate is None


def test_the_micro_average_is_not_the_average_of_rates() -> None:
    short = Counts(substitutions=1, length=2)
    long = Counts(substitutions=1, length=98)
    assert total([short, long]).rate == 0.02


def test_each_layer_at_its_level() -> None:
    truth = 'после ее об"еди-\nнения 14.У.50г.'
    score = scores_of(compare_layers(truth, truth, "после её объединения 14.V.50г."))
    assert score.cer.strict.errors == score.cer.typewriter.errors == 0
    assert score.cer.reading.errors == 0
    assert score.wer.reading == Counts(length=score.wer.reading.length)
    assert evaluate_texts(truth, "после её объединения 14.V.50г.").scores.cer.strict.errors > 0
