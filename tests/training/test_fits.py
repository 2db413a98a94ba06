"""Fitting the weights that ship, at small scale."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.noise.crf import STATES, stored_weights
from pipeline.noise.rules import NAMES
from pipeline.training.fit_noise import fit, text_samples
from pipeline.training.fit_vote import PENALTY, logistic


def test_logistic_finds_what_made_the_answers() -> None:
    rng = np.random.default_rng(1)
    facts = np.column_stack([np.ones(20_000), rng.normal(size=(20_000, 2))])
    true = np.array([-0.5, 1.5, 0.0])
    right = (rng.random(20_000) < 1 / (1 + np.exp(-facts @ true))).astype(float)
    found = logistic(facts, right, np.ones(20_000))
    assert found == pytest.approx(true, abs=0.06)


def test_logistic_is_at_the_top() -> None:
    rng = np.random.default_rng(2)
    facts = rng.normal(size=(200, 4))
    right = (facts[:, 0] > 0).astype(float)  # parted wholly: only the penalty bounds the weights
    weight = rng.integers(1, 4, 200).astype(float)
    found = logistic(facts, right, weight)
    odds = facts @ found
    slope = facts.T @ (weight * (right - 1 / (1 + np.exp(-odds)))) - PENALTY * found
    assert np.abs(slope).max() < 1e-3


def test_fitted_weights_of_the_noise_filter_tell_texts_apart() -> None:
    samples = text_samples(4, 5)
    weights = fit(samples)
    assert weights.rules.shape == (len(NAMES), len(STATES))
    right = [
        sample.allowed[np.arange(len(sample.allowed)), own.argmax(axis=1)].mean()
        for sample in samples
        for own in [sample.strengths @ weights.rules + weights.bias]
    ]
    assert np.mean(right) > 0.8
    shipped = stored_weights(tuple(NAMES))
    assert weights.after.shape == shipped.after.shape
