"""The form's vocabulary (``config/language/form.toml``), matched in what OCR left of it."""

from __future__ import annotations

from functools import cache

import regex
from rapidfuzz import fuzz

from pipeline.fuzzy import folded, likeness
from pipeline.resources import language
from pipeline.resources.language import SectionName

_LONGEST_FORM_LINE = 250
_LIKE = 78.0
"""rapidfuzz partial ratio (0-100) from which a phrase counts as found."""

_NEAR, _BEGINS = 40.0, 0.7
"""rapidfuzz ratio (0-100) and likeness (0-1) from which a first word counts as the one meant."""

_NOT_LETTER = regex.compile(r"[^\p{L}]+")


def phrase_share(text: str, section: SectionName) -> float:
    """Share (0-1) of the letters of ``text`` covered by phrases of ``[section]``."""
    if len(text) > _LONGEST_FORM_LINE:
        return 0.0
    low = _NOT_LETTER.sub(" ", text.lower()).strip()
    letters = len(low.replace(" ", ""))
    if not letters:
        return 0.0
    found: list[str] = []
    for phrase in sorted(language.form().section(section).phrases, key=len, reverse=True):
        # "телеграмма" inside "шифртелеграмма" must not count twice.
        if not any(phrase in longer for longer in found) and _contains(low, phrase):
            found.append(phrase)
    return min(1.0, sum(len(phrase.replace(" ", "")) for phrase in found) / letters)


def _contains(low: str, phrase: str) -> bool:
    if len(phrase) <= 4:
        return phrase in low.split()
    return len(low) >= len(phrase) - 2 and fuzz.partial_ratio(phrase, low) >= _LIKE


def matches(text: str, section: SectionName) -> bool:
    """Whether ``text`` begins like a word of ``[section]`` or a pattern of it is found there."""
    if len(text) > _LONGEST_FORM_LINE:
        return False
    return _begins(text, section) or any(p.search(text) for p in _patterns(section))


def stems(text: str, section: SectionName) -> int:
    """How many of the stems of ``[section]`` begin a word of ``text``, each counted once."""
    if len(text) > _LONGEST_FORM_LINE:
        return 0
    words = _NOT_LETTER.sub(" ", text.lower()).split()
    known = language.form().section(section).stems
    return sum(any(w.startswith(stem) for w in words) for stem in known)


def _begins(text: str, section: SectionName) -> bool:
    words = language.form().section(section).first
    first = folded(text.split(maxsplit=1)[0]) if words and text.split() else ""
    # The cheap measure first: most lines begin with nothing like it.
    return len(first) > 2 and any(
        fuzz.ratio(first, folded(word)) >= _NEAR and likeness(first, word) >= _BEGINS
        for word in words
    )


def is_table(text: str) -> bool:
    """Whether ``text`` bears marks of the copy list."""
    return matches(text, "table")


def is_urgency(text: str) -> bool:
    """Whether ``text`` is an urgency and nothing else."""
    low = text.lower().strip(' .!:"«»')
    return any(
        low == w or (len(w) > 5 and fuzz.ratio(low, w) >= 85) for w in language.form().urgency.words
    )


@cache
def _patterns(section: SectionName) -> tuple[regex.Pattern[str], ...]:
    return tuple(regex.compile(p, regex.I) for p in language.form().section(section).patterns)
