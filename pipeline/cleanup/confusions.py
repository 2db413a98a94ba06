"""Which words may have been read as a given one, by letters that are taken for each other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

from pipeline.resources import fitted, language

_BY_LOOK = math.log(0.0005)
"""Odds that a letter is read as one of its like, where that was never seen when measured."""

_TWICE_FROM = 8
"""Letters of a word in which two misreadings are thought of."""

_OFTEN = math.log(0.002)
"""And their odds at least."""


Confusions = Iterator[tuple[str, float]]


def single_confusions(word: str) -> Confusions:
    """What ``word`` (small letters, ё as е) may have been, one misreading apart, with its odds.

    The odds are natural logarithms of the probability that it was read as ``word``. Most of
    what comes is no word.
    """
    for start, stop, true, odds in _steps(word):
        yield word[:start] + true + word[stop:], odds


def double_confusions(word: str) -> Confusions:
    """The same with two misreadings of the usual ones, for words of eight letters and more."""
    if len(word) < _TWICE_FROM:
        return
    often = [step for step in _steps(word) if step[3] >= _OFTEN]
    for start, stop, true, odds in often:
        left = word[:start] + true
        for next_start, next_stop, next_true, next_odds in often:
            if stop <= next_start:
                right = next_true + word[next_stop:]
                yield left + word[stop:next_start] + right, odds + next_odds


def _steps(word: str) -> Iterator[tuple[int, int, str, float]]:
    """Places ``start`` to ``stop`` of ``word``, what may have stood there, and its odds."""
    table_ = _misread()
    for start in range(len(word) + 1):
        for length in (0, 1, 2):
            read = word[start : start + length]
            if len(read) == length:
                for true, odds in table_.get(read, {}).items():
                    yield start, start + length, true, odds


@cache
def _misread() -> dict[str, dict[str, float]]:
    """For what is read: what it may have been, without spaces, each with its odds."""
    odds: dict[str, dict[str, float]] = {}
    for group in language.confusables().alike.groups:
        for read in group:
            odds.setdefault(read, {}).update({x: _BY_LOOK for x in group if x != read})
    for read, trues in fitted.misreadings().read.items():
        if " " not in read:
            found = {true: math.log(share) for true, (share, _) in trues.items() if true != " "}
            odds.setdefault(read, {}).update(found)
    return odds
