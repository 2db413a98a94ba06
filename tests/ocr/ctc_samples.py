"""Recogniser's output made up for tests, and what it says by counting all paths."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

import numpy as np
from hypothesis import strategies as st

from pipeline.alphabet import ALPHABET
from pipeline.ocr.ctc import LogProbs


def output(*steps: dict[str, float]) -> LogProbs:
    """Steps with the probabilities of some signs; the blank (``""``) has what is left over."""
    probs = np.full((len(steps), 1 + len(ALPHABET)), 1e-9)
    for row, step in zip(probs, steps, strict=True):
        for sign, value in step.items():
            row[ALPHABET.index(sign) + 1 if sign else 0] = value
        if "" not in step:
            row[0] = max(1e-9, 1.0 - sum(step.values()))
    logs: LogProbs = np.log(probs / probs.sum(axis=1, keepdims=True)).astype(np.float32)
    return logs


def clean(text: str) -> LogProbs:
    """Each sign at a step of its own, a blank after each."""
    steps = [step for sign in text for step in ({sign: 0.9999}, {"": 0.9999})]
    return output({"": 0.9999}, *steps)


@st.composite
def small(draw: st.DrawFn, most_steps: int = 4) -> LogProbs:
    """A few steps of the blank and up to three signs, none of them impossible."""
    steps, signs = draw(st.integers(0, most_steps)), draw(st.integers(1, 3))
    flat = draw(
        st.lists(st.floats(-3.0, 3.0), min_size=steps * (signs + 1), max_size=steps * (signs + 1))
    )
    logits = np.array(flat).reshape(steps, signs + 1)
    summed = np.exp(logits).sum(axis=1, keepdims=True)
    logs: LogProbs = (logits - np.log(summed)).astype(np.float32)
    return logs


def all_texts(log_probs: LogProbs) -> dict[str, float]:
    """Every text some path reads as, with the logarithm of its probability."""
    summed: dict[str, float] = defaultdict(float)
    for path in itertools.product(range(log_probs.shape[1]), repeat=len(log_probs)):
        log = sum(float(log_probs[step, number]) for step, number in enumerate(path))
        summed[read(path)] += math.exp(log)
    return {text: math.log(value) for text, value in summed.items()}


def read(path: tuple[int, ...]) -> str:
    return "".join(ALPHABET[number - 1] for number, _ in itertools.groupby(path) if number)
