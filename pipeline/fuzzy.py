"""What garbled text may have said: letters folded by look, and likeness to known words.

Machines read ``Булганину`` as ``Бу ЛІ ra H 4H y``. Folded by
``config/language/confusables.toml``, with pieces joined, such garble can still be compared with
words that may have stood there. Nothing here changes a text: the result is evidence, or a field
that names what it was read from.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.resources import language

LONGEST = 40
"""Folded letters that are compared at most: no name or phrase of a form is longer."""

_ALIKE, _EXTRA, _MISSING, _AROUND = 0.35, 0.5, 0.9, 0.04
"""Cost of a letter taken for one of its like, of a character too many, of a letter missing, and of
one that stands around the word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The word most like a garbled text.

    ``likeness`` is 0.0 (nothing agrees) to 1.0 (the same); ``lead`` is how much likelier it
    is than the next word.
    """

    word: str
    likeness: float
    lead: float


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """The letters of ``text`` in small Russian ones, as they look; all else left out."""
    folds = language.confusables().folds
    letters: list[str] = []
    for char in unicodedata.normalize("NFKD", text.lower()):
        letter = folds.get(char, char)
        if "а" <= letter <= "я":
            letters.append(letter)
    return "".join(letters)


def likeness(garbled: str, word: str) -> float:
    """How much ``garbled`` looks like ``word``, 0.0 to 1.0; order counts, spaces do not."""
    read, wanted = folded(garbled)[:LONGEST], folded(word)
    if not wanted:
        return 0.0
    return max(0.0, 1.0 - _distance(read, wanted) / len(wanted))


def likeness_within(garbled: str, word: str) -> float:
    """The same where ``word`` may be a part of ``garbled``: what stands around it costs little."""
    read, wanted = folded(garbled)[:LONGEST], folded(word)
    if not wanted:
        return 0.0
    return max(0.0, 1.0 - _distance(read, wanted, around=_AROUND) / len(wanted))


def most_like(garbled: str, words: Iterable[str], *, within: bool = False) -> Match | None:
    """The one of ``words`` most like ``garbled``; ``None`` where there are no words.

    ``within``: the word may be a part of ``garbled``.
    """
    measure = likeness_within if within else likeness
    ranked = sorted(((measure(garbled, word), word) for word in set(words)), reverse=True)
    if not ranked:
        return None
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    best, word = ranked[0]
    return Match(word=word, likeness=best, lead=best - second)


def _distance(read: str, wanted: str, around: float = _EXTRA) -> float:
    """Weighted edit distance (Wagner, Fischer 1974) from ``wanted`` to what was read.

    ``around``: the cost of a letter read before or after the whole word.
    """
    alike = _alike()
    above = [around * i for i in range(len(read) + 1)]
    for letter in wanted:
        like = alike.get(letter, "")
        row = [above[0] + _MISSING]
        for i, char in enumerate(read, start=1):
            change = 0.0 if char == letter else _ALIKE if char in like else 1.0
            row.append(min(above[i - 1] + change, above[i] + _MISSING, row[i - 1] + _EXTRA))
        above = row
    return min(cost + around * (len(read) - i) for i, cost in enumerate(above))


@cache
def _alike() -> dict[str, str]:
    alike: dict[str, str] = {}
    for group in language.confusables().alike.groups:
        for letter in group:
            alike[letter] = alike.get(letter, "") + group
    return alike
