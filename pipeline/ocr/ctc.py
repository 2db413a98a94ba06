"""What a recogniser's output says of a text: likelihoods, places and confidences of characters.

Connectionist temporal classification (Graves, Fernandez, Gomez and Schmidhuber, Connectionist
temporal classification: labelling unsegmented sequence data with recurrent neural networks,
2006): at every step the recogniser gives a probability to each character and to the blank; a path
is one of them a step, and reads as the text that is left when repetitions and then blanks go.

Everywhere here ``log_probs`` is float32 ``(T, 1 + characters)``: natural logarithms of
probabilities a step, the blank at 0, character ``i`` of ``ALPHABET`` at ``i + 1``. Steps count from
0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.alphabet import ALPHABET, NUMBERS
from pipeline.model import Reading

LogProbs = NDArray[np.float32]
Spans = tuple[tuple[int, int], ...]
"""First and last step (both included) of each character of a text; rising, never overlapping."""

_NEVER = -np.inf


@dataclass(frozen=True, slots=True, eq=False)
class LineRecognition:
    """One line as the network recognised it.

    ``log_probs`` float32 ``(T, 1 + characters)``: at each step the logarithm of every character's
    probability, the blank's first; ``decoded``: the likeliest text, its characters' steps and
    confidences; ``reading``: the same in words, boxes in pixels of the picture; ``step``: columns
    of the picture that a step stands for.
    """

    log_probs: LogProbs
    decoded: Decoded
    reading: Reading
    step: float

    @property
    def edges(self) -> list[tuple[float, float]]:
        """The columns of the picture at which each character of ``decoded`` begins and ends."""
        return [(first * self.step, (last + 1) * self.step) for first, last in self.decoded.spans]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A text read from a recogniser's output.

    ``spans`` and ``confidences`` (0.0 to 1.0) are of each character of ``text``; ``network``,
    ``language`` and ``total`` natural logarithms: of the text's probability by the recogniser
    (summed over the paths that were followed), by the character model (0.0 without one), and
    both weighed together as the decoder did.
    """

    text: str
    spans: Spans
    confidences: tuple[float, ...]
    network: float
    language: float
    total: float


def greedy(log_probs: LogProbs) -> Decoded:
    """The text of the likeliest path; ``network`` is the logarithm of that one path."""
    text, spans = best_path(log_probs)
    network = float(log_probs.max(axis=1).sum(dtype=np.float64)) if len(log_probs) else 0.0
    return Decoded(
        text=text,
        spans=spans,
        confidences=confidences(log_probs, text, spans),
        network=network,
        language=0.0,
        total=network,
    )


def best_path(log_probs: LogProbs) -> tuple[str, Spans]:
    """The likeliest path: its text, and where each character of it stands."""
    if not len(log_probs):
        return "", ()
    best = log_probs.argmax(axis=1)
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    ends = np.append(starts[1:], len(best)) - 1
    runs = [(n, a, b) for n, a, b in zip(best[starts], starts, ends, strict=True) if n]
    text = "".join(ALPHABET[number - 1] for number, _, _ in runs)
    return text, tuple((int(first), int(last)) for _, first, last in runs)


def score(log_probs: LogProbs, text: str) -> float:
    """Natural logarithm of the probability that the recogniser gives ``text``, over all paths.

    Minus infinity where the steps are too few for it or a character is none of the recogniser's.
    """
    return score_many(log_probs, [text])[0]


def score_many(log_probs: LogProbs, texts: Sequence[str]) -> tuple[float, ...]:
    """``score`` of each of ``texts``, in little more time than of one."""
    known = [place for place, text in enumerate(texts) if _numbers(log_probs, text) is not None]
    scores = [_NEVER] * len(texts)
    if known:
        found = _forward(log_probs, [_numbers(log_probs, texts[place]) or [] for place in known])
        for place, value in zip(known, found, strict=True):
            scores[place] = value
    return tuple(scores)


def segment(log_probs: LogProbs, text: str) -> Spans | None:
    """Where the characters of ``text`` stand on its likeliest path (Viterbi); None: it has none."""
    numbers = _numbers(log_probs, text)
    if numbers is None or (not len(log_probs) and numbers):
        return None
    if not numbers:
        return ()
    labels, leaps = _labels([numbers])
    emissions = log_probs.astype(np.float64)[:, labels[0]]
    states = emissions.shape[1]
    trellis = np.full((len(emissions), states + 2), _NEVER)  # two before the first, never reached
    trellis[0, 2:4] = emissions[0, :2]
    for step in range(1, len(emissions)):
        before, here = trellis[step - 1], trellis[step, 2:]
        np.maximum(before[2:], before[1:-1], out=here)
        np.maximum(here, before[:-2] + leaps[0], out=here)
        here += emissions[step]
    return _traced(trellis[:, 2:], leaps[0])


def confidences(log_probs: LogProbs, text: str, spans: Spans) -> tuple[float, ...]:
    """The recogniser's confidence in each character of ``text``, 0.0 to 1.0.

    The probability of the character, summed over its span and the free step on either side, against
    all that the other characters have in the span. A character whose sum stays below one (the rest
    being blank) has no more than that sum.
    """
    if not text:
        return ()
    numbers = np.array([NUMBERS[character] for character in text])
    first, last = np.array(spans).T
    probs = np.exp(log_probs.astype(np.float64))
    summed = np.concatenate([np.zeros((1, probs.shape[1])), np.cumsum(probs, axis=0)])
    inked = summed[:, 1:].sum(axis=1)
    left = np.maximum(first - 1, np.concatenate([[0], last[:-1] + 1]))
    right = np.minimum(last + 2, np.concatenate([first[1:], [len(probs)]]))
    wide = summed[right, numbers] - summed[left, numbers]
    others = inked[last + 1] - inked[first] - (summed[last + 1, numbers] - summed[first, numbers])
    confidence = wide / np.maximum(1.0, wide + np.maximum(others, 0.0))
    return tuple(np.clip(confidence, 0.0, 1.0).tolist())


def _numbers(log_probs: LogProbs, text: str) -> list[int] | None:
    """The numbers of the characters of ``text``; None where one is none of the recogniser's."""
    numbers = [NUMBERS.get(character, 0) for character in text]
    return numbers if all(0 < n < log_probs.shape[1] for n in numbers) else None


def _labels(texts: Sequence[Sequence[int]]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Texts with blanks before, between and after: int ``(N, S)``, shorter ones with more blanks.

    And float64 ``(N, S)``: 0.0 where a path may come from two states before, over a blank
    between different characters, else minus infinity.
    """
    states = 2 * max(map(len, texts)) + 1
    labels = np.zeros((len(texts), states), np.intp)
    for row, text in zip(labels, texts, strict=True):
        row[1 : 2 * len(text) : 2] = text
    leaps = np.full(labels.shape, _NEVER)
    leaps[:, 2:][(labels[:, 2:] != 0) & (labels[:, 2:] != labels[:, :-2])] = 0.0
    return labels, leaps


def _forward(log_probs: LogProbs, texts: Sequence[Sequence[int]]) -> list[float]:
    """The forward algorithm (Graves and others 2006, section 4.1), for all texts at once."""
    if not len(log_probs):
        return [_NEVER if text else 0.0 for text in texts]
    labels, leaps = _labels(texts)
    emissions = log_probs.astype(np.float64)[:, labels]
    # Two states before the first that are never reached: then no state is a special case.
    now = np.full((len(texts), labels.shape[1] + 2), _NEVER)
    now[:, 2:4] = emissions[0, :, :2]
    for step in range(1, len(emissions)):
        both = np.logaddexp(now[:, 2:], now[:, 1:-1])
        np.logaddexp(both, now[:, :-2] + leaps, out=both)
        both += emissions[step]
        now[:, 2:] = both
    ends = [2 * len(text) + 2 for text in texts]
    return [float(np.logaddexp(row[end], row[end - 1])) for row, end in zip(now, ends, strict=True)]


def _traced(trellis: NDArray[np.float64], leaps: NDArray[np.float64]) -> Spans | None:
    """The spans on the best path through ``trellis``, float64 ``(T, S)``; None: there is none."""
    state = trellis.shape[1] - 1
    if trellis[-1, state - 1] > trellis[-1, state]:
        state -= 1
    if trellis[-1, state] == _NEVER:
        return None
    spans = [[0, -1] for _ in range(trellis.shape[1] // 2)]
    for step in range(len(trellis) - 1, -1, -1):
        if state % 2:
            span = spans[state // 2]
            span[0], span[1] = step, max(span[1], step)
        if step:
            before = trellis[step - 1]
            ways = [before[state]]
            if state > 0:
                ways.append(before[state - 1])
            if state > 1:
                ways.append(before[state - 2] + leaps[state])
            state -= ways.index(max(ways))
    return tuple((first, last) for first, last in spans)
