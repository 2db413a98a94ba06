"""How likely a word is: as a word of the language, after and before others, or as none.

All odds are natural logarithms of probabilities. Words are in small letters, ё as е.
"""

from __future__ import annotations

import math
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
"""Odds of a form of which no other form was counted or written down either."""

_NEW = math.log(0.01)
"""Odds that a true word is not in the lexicon at all, whatever its letters."""

_FOLLOWS = math.log(30.0)
"""What it adds that the word is one of the usual ones after, or before, its neighbour."""


@lru_cache(maxsize=65536)
def word_odds(word: str) -> float:
    """Odds of ``word``; :data:`IMPOSSIBLE` where it is not in the lexicon, or a name only."""
    count = fitted.word_counts().get(word)
    if count:
        return math.log(count * _COUNTED / _total())
    if not is_common(word):
        return IMPOSSIBLE
    kin = max(_kin().get(form, 0.0) for form in normal_forms(word))
    return max(_RARE, math.log(kin * _OF_A_FORM * _COUNTED / _total()) if kin else _RARE)


def new_word_odds(word: str) -> float:
    """Odds that ``word`` is a true word that the lexicon lacks, by its letters."""
    return _NEW + letters_log(word)


def context_odds(before: str, word: str, after: str) -> float:
    """What the words beside it add to the odds of ``word``."""
    pairs = _pairs()
    known = (word in pairs.get(before, ())) + (after in pairs.get(word, ()))
    return _FOLLOWS * known


def is_counted(word: str) -> bool:
    """Whether ``word`` is one of the commonest forms."""
    return word in fitted.word_counts()


def is_rare(word: str) -> bool:
    """Whether neither ``word`` nor another form of it is among the commonest."""
    return word_odds(word) <= _RARE


@cache
def _kin() -> dict[str, float]:
    """How often all forms of a dictionary form occur; takes about 0.2 s once."""
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
