"""Spaces lost between two words or read inside one, where the lexicon leaves no doubt.

The same noisy channel as for misread letters. Where the type has a fixed pitch and the words have
boxes, the room between the letters has to agree: an empty cell that was typed stays.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from pipeline.cleanup.misreadings import best_guess
from pipeline.cleanup.noisy_channel import (
    IMPOSSIBLE,
    context_gain,
    is_counted,
    is_rare,
    unknown_word_log_prob,
    word_log_prob,
)
from pipeline.cleanup.spacing import Cells
from pipeline.cleanup.tokens import Token, tokens
from pipeline.lexicon import folded, knows
from pipeline.model import Edit, Layer, Line

_LOST, _FALSE = math.log(0.002), math.log(0.0005)
"""Log-probabilities that a space is lost, and that one is read inside a word. Few are, where words
are not spread out; measured together with those in spread words they would be ten times that."""

_OVER_LEAVING = 8.0
"""Natural logarithm: how much likelier than what was read it must be. Tuned on ``dev``."""

_SHORTEST, _LONGEST = 5, 40
_OPEN_CELL, _FULL = 1.2, 0.5
"""In cells: a gap with an empty cell in it; how far a word is off its letters' width."""


def lost_spaces(line: Line, above: str = "", below: str = "") -> tuple[Edit, ...]:
    """Part words of ``line`` that were run together: ``внастоящее время``."""
    edits: list[Edit] = []
    cells = Cells.of(line)
    for token in tokens(line.raw, above, below):
        low = folded(token.text)
        fitting = _SHORTEST <= len(low) <= _LONGEST
        if token.part or not fitting or not token.text.islower() or knows(low):
            continue
        width = cells.width(token.start, token.text) if cells else None
        if width is not None and abs(width - len(low)) <= _FULL:
            continue
        best, place = max(_splits(token, low), default=(IMPOSSIBLE, 0))
        if best - unknown_word_log_prob(low) >= _OVER_LEAVING and best_guess(token) is None:
            edits.append(
                Edit(
                    rule="lost-space",
                    start=token.start + place,
                    before="",
                    after=" ",
                    layer=Layer.DIPLOMATIC,
                    evidence=f"{low[:place]} and {low[place:]} are words, {low} is none",
                )
            )
    return tuple(edits)


def split_words(line: Line, above: str = "", below: str = "") -> tuple[Edit, ...]:
    """Take spaces inside words of ``line`` out: ``марш рутам``."""
    edits: list[Edit] = []
    cells = Cells.of(line)
    done = -1
    for left, right in pairwise(tokens(line.raw, above, below)):
        gap = left.start + len(left.text)
        if right.start != gap + 1 or line.raw[gap] != " " or left.start < done:
            continue
        if not _is_one_word(left.text, right.text):
            continue
        room = cells.gap(gap) if cells else None
        if room is not None and room >= _OPEN_CELL:
            continue
        done = right.start + len(right.text)
        edits.append(
            Edit(
                rule="split-word",
                start=gap,
                before=" ",
                after="",
                layer=Layer.DIPLOMATIC,
                evidence=f"{left.text}{right.text} is a word",
            )
        )
    return tuple(edits)


def _splits(token: Token, low: str) -> Iterator[tuple[float, int]]:
    """Log-probability and place of each way to part ``low`` into two of the commonest words."""
    for place in range(1, len(low)):
        left, right = low[:place], low[place:]
        if is_counted(left) and is_counted(right) and knows(left) and knows(right):
            log_prob = word_log_prob(left) + word_log_prob(right) + _LOST
            yield log_prob + context_gain(left, right, token.after), place


def _is_one_word(left: str, right: str) -> bool:
    if not right.islower() or not (len(left) == 1 or left[1:].islower()):
        return False
    first, second = folded(left), folded(right)
    word = first + second
    if (
        not _SHORTEST < len(word) <= _LONGEST
        or not word.isalpha()
        or word_log_prob(word) == IMPOSSIBLE
    ):
        return False
    if all(is_counted(part) or (knows(part) and not is_rare(part)) for part in (first, second)):
        return False
    return word_log_prob(word) + _FALSE - _alone(first) - _alone(second) >= _OVER_LEAVING


def _alone(part: str) -> float:
    own = word_log_prob(part)
    return own if own > IMPOSSIBLE else unknown_word_log_prob(part)
