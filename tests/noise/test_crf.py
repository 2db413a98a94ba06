"""The chain over lines: against all ways of reading a page, added up one by one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pipeline.logit import logit, sigmoid
from pipeline.noise.crf import STATES, Weights, marginals, softmax, text_log_odds


def drawn(
    seed: int, lines: int
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], Weights]:
    rng = np.random.default_rng(seed)
    states = len(STATES)
    weights = Weights(
        rules=rng.normal(size=(2, states)),
        bias=rng.normal(size=states),
        first=rng.normal(size=states),
        last=rng.normal(size=states),
        after=rng.normal(size=(states, states)),
        sharpness=1.0,
    )
    return rng.normal(size=(lines, states)), weights


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_chances_are_those_of_all_ways_added_up(lines: int) -> None:
    own, weights = drawn(lines, lines)
    counted = np.zeros_like(own)
    for way in itertools.product(range(len(STATES)), repeat=lines):
        score = weights.first[way[0]] + weights.last[way[-1]]
        score += sum(own[i, s] for i, s in enumerate(way))
        score += sum(weights.after[a, b] for a, b in itertools.pairwise(way))
        for i, s in enumerate(way):
            counted[i, s] += np.exp(score)
    counted /= counted.sum(axis=1, keepdims=True)
    assert np.allclose(marginals(own, weights), counted)


def test_extreme_evidence_stays_finite() -> None:
    own, weights = drawn(1, 50)
    found = marginals(own * 1e4, weights)
    assert np.isfinite(found).all()
    assert np.allclose(found.sum(axis=1), 1)
    assert np.abs(text_log_odds(found)).max() <= 30
    assert np.allclose(softmax(own).sum(axis=1), 1)


def test_log_odds_and_probability_are_inverse() -> None:
    for probability in (0.01, 0.3, 0.5, 0.99):
        assert sigmoid(logit(probability)) == pytest.approx(probability)
