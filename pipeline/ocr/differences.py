"""Where two readings of one line differ, and what speaks for either variant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import regex
from rapidfuzz.distance import Levenshtein

from pipeline.character_lm import BEGIN, CharacterLM
from pipeline.lexicon import knows
from pipeline.logit import logit
from pipeline.model import Reading
from pipeline.ocr.ctc import Decoded, LineRecognition, LogProbs, score_many

_WORD = regex.compile(r"\p{L}+(?:-\p{L}+)*")
_AROUND = 2
"""Signs on either side of a difference that its picture is compared with."""

_AHEAD = 6
"""Signs after a difference whose likelihood hangs on it."""

_UTMOST = 12.0

NAMES = (
    "always", "picture", "language", "other_sure", "own_sure", "words", "habit",
    "other_adds_space", "other_lacks_space", "other_adds", "other_lacks", "figure", "long",
)  # fmt: skip
"""The evidence on a difference, in the order of :func:`evidence`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """``own[start:end]`` against ``other[other_start:other_end]`` (code points)."""

    start: int
    end: int
    other_start: int
    other_end: int


def differences(own: str, other: str) -> list[Difference]:
    """The places where two texts differ, in order; one for characters side by side."""
    found: list[Difference] = []
    for block in Levenshtein.opcodes(own, other):
        if block.tag == "equal":
            continue
        if found and found[-1].end == block.src_start and found[-1].other_end == block.dest_start:
            before = found.pop()
            start, other_start = before.start, before.other_start
        else:
            start, other_start = block.src_start, block.dest_start
        found.append(
            Difference(
                start=start, end=block.src_end, other_start=other_start, other_end=block.dest_end
            )
        )
    return found


def evidence(
    place: Difference,
    recognition: LineRecognition,
    other: Reading,
    chars: CharacterLM,
    habits: Mapping[tuple[str, str], float],
) -> tuple[float, ...]:
    """What speaks for the other reader's variant (above zero) or our own, by ``NAMES``.

    ``habits``: for a pair of variants (own, other) the log-odds that the other's is right,
    measured.
    """
    own_text, other_text = recognition.decoded.text, other.text
    own = own_text[place.start : place.end]
    new = other_text[place.other_start : place.other_end]
    confidences = [x.confidence for x in other.touching(place.other_start, place.other_end)]
    known = [x for x in confidences if x is not None]
    near = recognition.decoded.confidences[max(0, place.start - 1) : place.end + 1]
    return (
        1.0,
        picture_gain(recognition.log_probs, recognition.decoded, place.start, place.end, new),
        language_gain(chars, own_text, place.start, place.end, new),
        log_odds(min(known)) if known else 0.0,
        log_odds(min(near)) if near else 0.0,
        _known_share(other_text, place.other_start, place.other_end)
        - _known_share(own_text, place.start, place.end),
        habits.get((own, new), 0.0),
        float(new.isspace() and not own),
        float(own.isspace() and not new),
        float(not own and not new.isspace()),
        float(not new and not own.isspace()),
        float(any(character.isdigit() for character in own + new)),
        float(max(len(own), len(new)) > 3),
    )


def log_odds(probability: float) -> float:
    """The logarithm of the odds of ``probability``, within what a measure can tell."""
    return logit(probability, least=1e-4)


def picture_gain(log_probs: LogProbs, decoded: Decoded, start: int, end: int, new: str) -> float:
    """How much likelier the network finds ``new`` in place of ``decoded.text[start:end]``.

    In nats, over all paths through a window of some characters around.
    """
    first, last = max(0, start - _AROUND), min(len(decoded.text), end + _AROUND)
    begin = 0 if first == 0 else decoded.spans[first][0]
    finish = len(log_probs) if last == len(decoded.text) else decoded.spans[last - 1][1] + 1
    window = log_probs[begin : max(finish, begin + 1)]
    head, tail = decoded.text[first:start], decoded.text[end:last]
    own, other = score_many(window, [head + decoded.text[start:end] + tail, head + new + tail])
    return _clipped(other - own) if np.isfinite(own) or np.isfinite(other) else 0.0


def language_gain(chars: CharacterLM, own: str, start: int, end: int, new: str) -> float:
    """How much likelier the character model finds ``new`` in place of ``own[start:end]``: nats."""
    head, tail = BEGIN + own[:start], own[end : end + _AHEAD]
    line_ends = end + _AHEAD >= len(own)
    kept = chars.continued(head, own[start:end] + tail, line_ends=line_ends)
    return _clipped(chars.continued(head, new + tail, line_ends=line_ends) - kept)


def _clipped(value: float) -> float:
    return float(np.clip(np.nan_to_num(value, nan=0.0), -_UTMOST, _UTMOST))


def _known_share(text: str, start: int, end: int) -> float:
    """Share of the words at a place that are Russian; one half where there is no word."""
    words = [x.group() for x in _WORD.finditer(text) if x.start() <= end and x.end() >= start]
    return sum(map(knows, words)) / len(words) if words else 0.5
