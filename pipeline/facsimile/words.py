"""Body text made up from word counts: words of the time, in no order that anyone wrote."""

from __future__ import annotations

from functools import cache

import numpy as np

from pipeline.config import table

_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip


def made_up_body(rng: np.random.Generator, letters: int) -> tuple[str, ...]:
    """Paragraphs of sentences, the last begun before there were ``letters`` characters."""
    paragraphs = [_sentence(rng)]
    while sum(map(len, paragraphs)) < letters:
        if rng.random() < 0.4:
            paragraphs.append(_sentence(rng))
        else:
            paragraphs[-1] += " " + _sentence(rng)
    return tuple(paragraphs)


def _sentence(rng: np.random.Generator) -> str:
    forms, shares = _forms()
    words = [forms[i] for i in rng.choice(len(forms), size=int(rng.integers(6, 20)), p=shares)]
    for place in range(2, len(words) - 1):
        words[place] = _dressed(words[place], rng)
    words[-1] += "."
    return " ".join([words[0].capitalize(), *words[1:]])


def _dressed(word: str, rng: np.random.Generator) -> str:
    """``word`` with what stands between words of a telegram: signs, figures, dates, names."""
    people = table("names")["people"]
    # The chance of each, and what it makes of the word; for the rest the word stays bare.
    habits = (
        (0.10, f"{word},"),
        (0.03, f"{word} {rng.integers(2, 1950)}"),
        (0.02, f"{word} {rng.integers(1, 29)} {_MONTHS[rng.integers(12)]}"),
        (0.02, f"({word})"),
        (0.01, f'"{word}"'),
        (0.04, f"{word} товарищу {people[rng.integers(len(people))]['dative']}"),
    )
    left = rng.random()
    for chance, dressed in habits:
        left -= chance
        if left < 0:
            return dressed
    return word


@cache
def _forms() -> tuple[list[str], np.ndarray]:
    counts: dict[str, int] = table("word_counts")["words"]
    # The root keeps the commonest words from filling the page.
    weights = np.sqrt(np.array(list(counts.values()), dtype=np.float64))
    return list(counts), weights / weights.sum()
