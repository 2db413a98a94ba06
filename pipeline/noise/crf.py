"""What the lines of a page are, taken together: a chain over states (a linear-chain CRF).

Each line is in one state (a part of the document, or noise). Every rule that has something to
say about a line adds ``strength x weight`` to each state's score, and every pair of lines that
follow each other adds the weight of that transition: after an addressee comes text, after the
foot nothing much. The answer is the marginal probability of each state of each line, all ways of
reading the page weighed (forward and backward sums; Lafferty, McCallum, Pereira 2001, "Conditional
Random Fields"). All weights stand in ``config/fitted/noise.toml`` and are fitted by
``pipeline/training/fit_noise.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ConfigError
from pipeline.resources import fitted
from pipeline.resources.fitted import NoiseWeights, StateWeights

Array = NDArray[np.float64]

STATES = (
    "head", "table", "addressee", "heading", "body", "signature", "foot", "page_number", "noise",
)  # fmt: skip
"""The parts of a document in the order of a telegram; ``noise`` may stand anywhere."""

TEXT = np.array([s in ("addressee", "heading", "body", "signature", "page_number") for s in STATES])
"""Which states are text of the document; the others are its form, or noise."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Weights:
    """All weights, in log-odds, states in the order of ``STATES``.

    ``rules``: ``(R, S)``, one row a rule; ``bias``, ``first``, ``last``: ``(S,)``, for any
    line, the first and the last of a page; ``after``: ``(S, S)``, from row to column.
    ``sharpness`` divides the log-odds of text, so that they are calibrated.
    """

    rules: Array
    bias: Array
    first: Array
    last: Array
    after: Array
    sharpness: float


def weights_of(data: NoiseWeights, rules: tuple[str, ...]) -> Weights:
    """The weights of ``data`` for ``rules``, in that order.

    Raises:
        ConfigError: a rule, or another part of the table, is missing.

    """
    try:
        return Weights(
            rules=np.array([_row(data.weights[rule]) for rule in rules]),
            bias=_row(data.bias),
            first=_row(data.first),
            last=_row(data.last),
            after=np.array([_row(data.after[state]) for state in STATES]),
            sharpness=data.sharpness,
        )
    except KeyError as error:
        raise ConfigError("noise.toml", f"has no weight for {error}; fit it anew") from error


@cache
def stored_weights(rules: tuple[str, ...]) -> Weights:
    """The weights of ``config/fitted/noise.toml`` for ``rules``, read once per process."""
    return weights_of(fitted.noise(), rules)


def marginals(own: Array, weights: Weights) -> Array:
    """The marginal probability of each state of each line, ``(N, S)``; rows sum to 1.

    ``own`` is ``(N, S)``, what the rules say of each line, bias included.
    """
    ahead, back = forward_backward(own, weights)
    return softmax(ahead + back)


def forward_backward(own: Array, weights: Weights) -> tuple[Array, Array]:
    """The forward and the backward log-sums of each state of each line, ``(N, S)`` each."""
    ahead, back = np.empty_like(own), np.zeros_like(own)
    step = np.exp(weights.after)
    ahead[0] = own[0] + weights.first
    for i in range(1, len(own)):
        ahead[i] = own[i] + _log_product(ahead[i - 1], step)
    back[-1] = weights.last
    for i in range(len(own) - 2, -1, -1):
        back[i] = _log_product(back[i + 1] + own[i + 1], step.T)
    return ahead, back


def _log_product(logs: Array, step: Array) -> Array:
    top = logs.max()
    result: Array = np.log(np.exp(logs - top) @ step) + top
    return result


def text_log_odds(probabilities: Array) -> Array:
    """Log-odds that each line is text of the document, ``(N,)``, within +-30."""
    text = probabilities[:, TEXT].sum(axis=1)
    other = probabilities[:, ~TEXT].sum(axis=1)
    tiny = 1e-13
    return np.asarray(np.log(text + tiny) - np.log(other + tiny))


def softmax(scores: Array) -> Array:
    """The probability of each state of each line by its score alone, ``(N, S)``."""
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Array = odds / odds.sum(axis=1, keepdims=True)
    return result


def _row(entry: StateWeights) -> Array:
    return np.array([float(getattr(entry, state)) for state in STATES])
