"""Likelihoods, spans and confidences of a recogniser's output."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from ctc_samples import all_texts, clean, output, read, small
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.alphabet import ALPHABET
from pipeline.ocr.ctc import LogProbs, Spans, confidences, greedy, score, score_many, segment


@settings(max_examples=50)
@given(small())
def test_a_score_is_the_sum_over_all_paths(log_probs: LogProbs) -> None:
    known = all_texts(log_probs)
    scores = score_many(log_probs, list(known))
    assert scores == pytest.approx(list(known.values()), abs=1e-5)
    assert [score(log_probs, text) for text in known] == pytest.approx(scores, abs=1e-12)


@settings(max_examples=50)
@given(small(), st.text(ALPHABET[:3], max_size=6))
def test_what_no_path_reads_as_is_impossible(log_probs: LogProbs, text: str) -> None:
    if text not in all_texts(log_probs):
        assert score(log_probs, text) == -math.inf
        assert segment(log_probs, text) is None


@settings(max_examples=50)
@given(small())
def test_spans_are_those_of_the_likeliest_path(log_probs: LogProbs) -> None:
    best: dict[str, float] = {}
    for path in itertools.product(range(log_probs.shape[1]), repeat=len(log_probs)):
        log = sum(float(log_probs[step, number]) for step, number in enumerate(path))
        best[read(path)] = max(best.get(read(path), -math.inf), log)
    for text, log in best.items():
        spans = segment(log_probs, text)
        assert spans is not None
        in_order(spans, len(log_probs))
        on_path = np.zeros(len(log_probs), np.intp)
        for sign, (first, last) in zip(text, spans, strict=True):
            on_path[first : last + 1] = ALPHABET.index(sign) + 1
        assert read(tuple(on_path)) == text
        assert log_probs[np.arange(len(on_path)), on_path].sum() == pytest.approx(log, abs=1e-4)


@settings(max_examples=50)
@given(small(most_steps=8))
def test_the_greedy_reading_holds_together(log_probs: LogProbs) -> None:
    found = greedy(log_probs)
    in_order(found.spans, len(log_probs))
    assert len(found.spans) == len(found.confidences) == len(found.text)
    assert all(0.0 <= x <= 1.0 for x in found.confidences)
    assert found.network <= score(log_probs, found.text) + 1e-5
    if len(log_probs):
        assert segment(log_probs, found.text) is not None


def in_order(spans: Spans, steps: int) -> None:
    flat = [step for first, last in spans for step in (first, last + 1)]
    assert flat == sorted(flat)
    assert all(first <= last for first, last in spans)
    assert not flat or (flat[0] >= 0 and flat[-1] <= steps)


def test_nothing_is_read_from_nothing() -> None:
    nothing = np.zeros((0, 109), np.float32)
    for empty in (nothing, output({}, {}, {})):
        found = greedy(empty)
        assert (found.text, found.spans, found.confidences) == ("", (), ())
        assert segment(empty, "") == ()
    assert score(nothing, "") == 0.0
    assert score(nothing, "а") == -math.inf
    assert segment(nothing, "а") is None


def test_signs_that_no_network_knows_are_impossible() -> None:
    assert score(clean("мир"), "мiр€") == -math.inf
    assert segment(clean("мир"), "€") is None
    assert score_many(clean("мир"), ["€", "мир", ""])[1] > -0.1


def test_texts_of_any_length_are_scored_together() -> None:
    texts = ["", "м", "мир", "мирный договор", "мрр"]
    log_probs = clean("мир")
    alone = [score(log_probs, text) for text in texts]
    assert score_many(log_probs, texts) == pytest.approx(alone)
    assert score_many(log_probs, []) == ()


def test_a_sure_sign_is_sure_and_a_doubtful_one_is_not() -> None:
    found = greedy(output({"о": 0.99}, {}, {"с": 0.6, "е": 0.4}, {}, {"н": 0.55}))
    assert found.text == "осн"
    assert found.confidences == pytest.approx((0.99, 0.6, 0.55), abs=0.01)


def test_a_sign_spread_over_two_steps_is_not_doubtful() -> None:
    log_probs = output({"о": 0.52}, {"о": 0.45}, {}, {"н": 0.9})
    found = greedy(log_probs)
    assert found.confidences[0] > 0.95
    assert confidences(log_probs, "", ()) == ()


def test_a_neighbour_is_not_held_against_a_sign() -> None:
    found = greedy(output({"о": 0.95}, {"н": 0.95}, {"а": 0.95}))
    assert found.text == "она"
    assert min(found.confidences) > 0.94
