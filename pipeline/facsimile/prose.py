"""Random text from counts of words and word pairs: like prose, and nothing that anyone wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from pipeline.facsimile.streams import one
from pipeline.resources import facsimile as data
from pipeline.resources import fitted, language
from pipeline.text import MONTHS

TIE = "\ue000"
"""A space at which no line is broken (private use); it is typed as a space."""

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

_PUNCTUATION = ' .,:;-?("/'

_FOLLOW = 0.8
"""Probability that a word follows the one before it as the table of pairs has it."""

_INSIDE = 0.14
"""Probability of a phrase (figure, date, name ...) after a word."""


def paragraph(rng: np.random.Generator) -> str:
    """One to four sentences."""
    return " ".join(sentence(rng) for _ in range(int(rng.integers(1, 5))))


def sentence(rng: np.random.Generator) -> str:
    """6 to 22 words with capitals, punctuation, figures, dates, names, now and then a question."""
    words = ended(_chain(rng, int(rng.integers(6, 23))))
    dressed = [words[0][0].upper() + words[0][1:]]
    after_comma = data.phrases().after_comma
    for place, word in enumerate(words[1:], start=1):
        inside = 1 < place < len(words) - 1
        dressed.append(_dressed(word, rng) if inside else word)
        if word in after_comma and not dressed[-2].endswith((",", "-", ":")) and place > 1:
            dressed[-2] += ","
    end = "?" if rng.random() < 0.05 else "."
    return " ".join(dressed).rstrip(_PUNCTUATION) + end


def line_of_words(rng: np.random.Generator, letters: int) -> str:
    """Some words without a sentence's end, about ``letters`` characters; one at least."""
    words = _chain(rng, 12)
    count = 1
    while count < len(words) and len(" ".join(words[: count + 1])) <= letters:
        count += 1
    text = " ".join(ended(words[:count]))
    return text[0].upper() + text[1:]


def ended(words: Sequence[str]) -> list[str]:
    """Cut ``words`` after the last that can end a sentence (no preposition, no conjunction)."""
    last = len(words)
    while last > 2 and len(words[last - 1].strip(_PUNCTUATION)) < 4:
        last -= 1
    return list(words[:last])


def filled(pattern: str, rng: np.random.Generator) -> str:
    """Fill the braces of ``pattern``, one of ``config/facsimile/phrases.toml``."""
    names = language.names()
    first, second = (names.people[i] for i in rng.choice(len(names.people), 2, replace=False))
    year = int(rng.integers(1935, 1955))
    return pattern.format(
        small=int(rng.integers(2, 31)),
        figure=int(rng.integers(12, 951)),
        share=f"{rng.integers(1, 130)},{rng.integers(1, 10)}",
        grouped=f"{rng.integers(2, 900)}.{rng.integers(0, 1000):03}",
        day=int(rng.integers(1, 29)),
        month=one(rng, MONTHS),
        roman=one(rng, _ROMAN[:4]) if "квартал" in pattern else one(rng, _ROMAN),
        year=year,
        next=year + 1,
        two=f"{year % 100:02}",
        name=first.name,
        other=second.name,
        to=first.dative,
        too=second.dative,
        place=one(rng, names.offices).name.capitalize(),
    )


def _dressed(word: str, rng: np.random.Generator) -> str:
    """Give ``word`` the punctuation, or the phrase after it, that official prose may have."""
    if len(word) < 4:
        return word
    # The probability of each, and what it makes of the word; for the rest the word stays bare.
    habits: tuple[tuple[float, Callable[[], str]], ...] = (
        (0.09, lambda: f"{word},"),
        (0.025, lambda: f"{word} -"),
        (0.010, lambda: f"{word};"),
        (0.012, lambda: f"{word}:"),
        (0.015, lambda: f"({word})"),
        (0.018, lambda: f'"{word}"'),
        (0.012, lambda: TIE.join(word) if len(word) <= 9 else word),
        (_INSIDE, lambda: f"{word} {filled(one(rng, data.phrases().inside), rng)}"),
    )
    left = rng.random()
    for probability, made in habits:
        left -= probability
        if left < 0:
            return made()
    return word


def _chain(rng: np.random.Generator, length: int) -> list[str]:
    """Draw ``length`` words, most of them from those that follow the word before."""
    forms, shares = _forms()
    followers = fitted.word_followers()
    words = [forms[int(rng.choice(len(forms), p=shares))]]
    while len(words) < length:
        after = followers.get(words[-1], ())
        fresh = [word for word in after if word not in words[-4:]]
        if fresh and rng.random() < _FOLLOW:
            words.append(_ranked(fresh, rng))
        else:
            words.append(forms[int(rng.choice(len(forms), p=shares))])
    return words


def _ranked(words: Sequence[str], rng: np.random.Generator) -> str:
    weights = 1.0 / np.sqrt(np.arange(1, len(words) + 1))
    return words[int(rng.choice(len(words), p=weights / weights.sum()))]


@cache
def _forms() -> tuple[list[str], Any]:
    counts = fitted.word_counts()
    # The root keeps the commonest words from filling the page.
    weights = np.sqrt(np.array(list(counts.values()), dtype=np.float64))
    return list(counts), weights / weights.sum()
