"""What garbled text may have said: letters folded by look, and likeness to known words.

Machines read ``Булганину`` as ``Бу ЛІ ra H 4H y``. Folded by ``config/confusable.toml``, with
pieces joined, such garble can still be compared with words that may have stood there. Nothing
here changes a text: the result is evidence, or a field that names what it was read from.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.config import table

LONGEST = 40
"""Folded letters that are compared at most: no name or phrase of a form is longer."""

_ALIKE, _EXTRA, _MISSING = 0.35, 0.5, 0.9
"""Cost of a letter taken for one of its like, of a sign too many, of a letter missing."""


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
    folds = _folds()
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


def most_like(garbled: str, words: Iterable[str]) -> Match | None:
    """The one of ``words`` most like ``garbled``; ``None`` where there are no words."""
    ranked = sorted(((likeness(garbled, word), word) for word in set(words)), reverse=True)
    if not ranked:
        return None
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    best, word = ranked[0]
    return Match(word=word, likeness=best, lead=best - second)


def _distance(read: str, wanted: str) -> float:
    """Weighted edit distance (Wagner, Fischer 1974) from ``wanted`` to what was read."""
    alike = _alike()
    above = [_EXTRA * i for i in range(len(read) + 1)]
    for letter in wanted:
        like = alike.get(letter, "")
        row = [above[0] + _MISSING]
        for i, char in enumerate(read, start=1):
            change = 0.0 if char == letter else _ALIKE if char in like else 1.0
            row.append(min(above[i - 1] + change, above[i] + _MISSING, row[i - 1] + _EXTRA))
        above = row
    return above[-1]


@cache
def _folds() -> dict[str, str]:
    return dict(table("confusable")["folds"])


@cache
def _alike() -> dict[str, str]:
    alike: dict[str, str] = {}
    for group in table("confusable")["alike"]["groups"]:
        for letter in group:
            alike[letter] = alike.get(letter, "") + group
    return alike
