"""Probabilities and their log-odds."""

from __future__ import annotations

import math


def sigmoid(odds: float) -> float:
    """The probability (0.0-1.0) of log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


def logit(probability: float, *, least: float = 1e-13) -> float:
    """The log-odds of a probability (0.0-1.0), taken for ``least`` from 0 and 1 at least."""
    bounded = min(1 - least, max(least, probability))
    return math.log(bounded / (1 - bounded))
