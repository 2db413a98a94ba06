"""What the rules look at: a line's tokens and letters, counted once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import regex

from pipeline.lexicon import knows, plausibility
from pipeline.model import Line
from pipeline.text import LATIN_TO_CYRILLIC

_LETTER = regex.compile(r"\p{L}")
_CYRILLIC = regex.compile(r"[А-Яа-яЁё]")
_LATIN = regex.compile(r"\p{Latin}")
_NUMERAL = regex.compile(r"(?<![\p{L}])[IVXL]+(?![\p{L}])")
_WORD = regex.compile(r"\p{L}+(?:[-'\"]\p{L}+)*")
_SPACED = regex.compile(r"(?:(?<!\S)[А-ЯЁа-яё] ){3,}[А-ЯЁа-яё](?!\S)")
_LONGEST = 4000


@dataclass(frozen=True)
class Features:
    """A line as the rules see it; every value is computed when first asked for."""

    line: Line

    @cached_property
    def text(self) -> str:
        """The raw reading, letter-spaced words closed up, at most 4,000 characters."""
        raw = self.line.raw[:_LONGEST].strip()
        return str(_SPACED.sub(lambda m: m[0].replace(" ", ""), raw))

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """What stands between white space."""
        return tuple(self.text.split())

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Runs of letters (hyphens and apostrophes inside them allowed)."""
        return tuple(_WORD.findall(self.text))

    @cached_property
    def letters(self) -> int:
        """Number of letters of any script."""
        return len(_LETTER.findall(self.text))

    @cached_property
    def cyrillic(self) -> int:
        """Number of Russian letters."""
        return len(_CYRILLIC.findall(self.text))

    @cached_property
    def latin(self) -> int:
        """Number of Latin letters, accented ones too, Roman numerals left out."""
        return len(_LATIN.findall(_NUMERAL.sub("", self.text)))

    @cached_property
    def visible(self) -> int:
        """Number of characters that are not white space."""
        return sum(len(token) for token in self.tokens)

    @cached_property
    def known_letters(self) -> int:
        """Letters in words that the lexicon knows, look-alikes read as Cyrillic."""
        return sum(len(w) for w in self.words if _known(w))

    @cached_property
    def russian_words(self) -> int:
        """Known words of three letters or more: a chance hit is unlikely."""
        return sum(1 for w in self.words if len(w) > 2 and _known(w))

    @cached_property
    def likely_letters(self) -> int:
        """Letters in Cyrillic words of four or more whose triples are those of Russian."""
        return sum(
            len(w)
            for w in self.words
            if len(w) > 3 and _CYRILLIC.fullmatch(w[0]) and plausibility(w) > _LIKELY
        )

    @cached_property
    def bad_letters(self) -> int:
        """Letters in no word that is Russian or looks it."""
        return self.letters - max(self.known_letters, self.likely_letters)

    @cached_property
    def upper(self) -> bool:
        """Whether all its letters are capitals (and there are three or more)."""
        letters = [c for c in self.text if c.isalpha()]
        return len(letters) > 2 and all(c.isupper() for c in letters)


_LIKELY = 1.3
"""Mean log10 triple frequency that separates misread Russian from letters in no order."""


def _known(word: str) -> bool:
    folded = word.translate(LATIN_TO_CYRILLIC)
    if _CYRILLIC.search(word) is None and folded != word:
        return False  # wholly Latin: not Russian because it could be folded into it
    return knows(folded) or ("-" in folded and all(knows(p) for p in folded.split("-") if p))
