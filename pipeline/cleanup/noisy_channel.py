"""The two halves of the noisy channel: how likely a word is, and how likely it is to be misread.

All values are natural logarithms of probabilities. Words are in small letters, ё as е.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache, lru_cache

from pipeline.lexicon import is_common, letters_log, normal_forms
from pipeline.resources import fitted, language

IMPOSSIBLE = -math.inf

_COUNTED = 0.7
"""Share of running words that the 3,000 counted forms make up."""

_OF_A_FORM = 0.1
"""Share of a word's forms together that one form has which was itself too rare to be counted."""

_WRITTEN = 100
"""What the words of ``config/language/vocabulary.toml``, which have no counts, count as."""

_RARE = math.log(2e-8)
"""Log-probability of a form of which no other form was counted or written down either."""

_NEW = math.log(0.01)
"""Log-probability that a true word is not in the lexicon at all, whatever its letters."""

_FOLLOWS = math.log(30.0)
"""Gain of a word that is one of the usual ones after, or before, its neighbour."""

_BY_LOOK = math.log(0.0005)
"""Log-probability that a letter is read as one of its like, where measuring never saw that."""

_TWICE_FROM = 8
"""Letters of a word from which on two misreadings are tried."""

_OFTEN = math.log(0.002)
"""The least log-probability of each of the two."""

Confusions = Iterator[tuple[str, float]]
"""Candidates for a word, each with the log-probability that it is read as the word."""


@lru_cache(maxsize=65536)
def word_log_prob(word: str) -> float:
    """Log-probability of ``word``; :data:`IMPOSSIBLE` where it is unknown, or a name only."""
    count = fitted.word_counts().get(word)
    if count:
        return math.log(count * _COUNTED / _total())
    if not is_common(word):
        return IMPOSSIBLE
    kin = max(_kin().get(form, 0.0) for form in normal_forms(word))
    return max(_RARE, math.log(kin * _OF_A_FORM * _COUNTED / _total()) if kin else _RARE)


def unknown_word_log_prob(word: str) -> float:
    """Log-probability, by its letters, that ``word`` is a true word that the lexicon lacks."""
    return _NEW + letters_log(word)


def context_gain(before: str, word: str, after: str) -> float:
    """What the words beside it add to the log-probability of ``word``."""
    pairs = _pairs()
    known = (word in pairs.get(before, ())) + (after in pairs.get(word, ()))
    return _FOLLOWS * known


def is_counted(word: str) -> bool:
    """Whether ``word`` is one of the commonest forms."""
    return word in fitted.word_counts()


def is_rare(word: str) -> bool:
    """Whether neither ``word`` nor another form of it is among the commonest."""
    return word_log_prob(word) <= _RARE


@cache
def _kin() -> dict[str, float]:
    """How often all forms of each dictionary form occur together; takes about 0.2 s once."""
    vocabulary = language.vocabulary()
    written = [*vocabulary.verbs.split(), *vocabulary.nouns.split(), *vocabulary.others.split()]
    kin: dict[str, float] = {form: _WRITTEN for word in written for form in normal_forms(word)}
    for word, count in fitted.word_counts().items():
        forms = normal_forms(word)
        for form in forms:
            kin[form] = kin.get(form, 0.0) + count / len(forms)
    return kin


@cache
def _total() -> int:
    return sum(fitted.word_counts().values())


@cache
def _pairs() -> dict[str, frozenset[str]]:
    return {word: frozenset(after) for word, after in fitted.word_followers().items()}


def single_confusions(word: str) -> Confusions:
    """Candidates for ``word``, one misreading away. Most of them are no words."""
    for start, stop, true, log_prob in _misreadings_of(word):
        yield word[:start] + true + word[stop:], log_prob


def double_confusions(word: str) -> Confusions:
    """Candidates for a word of eight letters or more, two frequent misreadings away."""
    if len(word) < _TWICE_FROM:
        return
    often = [step for step in _misreadings_of(word) if step[3] >= _OFTEN]
    for start, stop, true, log_prob in often:
        left = word[:start] + true
        for next_start, next_stop, next_true, next_log_prob in often:
            if stop <= next_start:
                right = next_true + word[next_stop:]
                yield left + word[stop:next_start] + right, log_prob + next_log_prob


def _misreadings_of(word: str) -> Iterator[tuple[int, int, str, float]]:
    """``start`` and ``stop`` in ``word``, what may have stood there, and its log-probability."""
    known = _misread()
    for start in range(len(word) + 1):
        for length in (0, 1, 2):
            read = word[start : start + length]
            if len(read) == length:
                for true, log_prob in known.get(read, {}).items():
                    yield start, start + length, true, log_prob


@cache
def _misread() -> dict[str, dict[str, float]]:
    """What each read string may have been, without spaces, with its log-probability."""
    known: dict[str, dict[str, float]] = {}
    for group in language.confusables().alike.groups:
        for read in group:
            known.setdefault(read, {}).update({x: _BY_LOOK for x in group if x != read})
    for read, trues in fitted.misreadings().read.items():
        if " " not in read:
            found = {true: math.log(share) for true, (share, _) in trues.items() if true != " "}
            known.setdefault(read, {}).update(found)
    return known
