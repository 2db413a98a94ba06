"""What Depesha knows of Russian: dictionary words, period words, letter statistics.

Everything is loaded on first use, once per process: the morphological dictionary
(pymorphy3) with ``words.toml`` and ``letters.msgpack`` of ``config/``, about 0.1 s and 25 MB
together, which each process holds for itself (``benchmarks/noise.py`` measures it).
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Any, Literal

import regex

from pipeline.resources import fitted, language

_CYRILLIC_WORD = regex.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")
_FLOOR = 0.05
"""Frequency per million taken for a triple that the table does not hold."""

_NAMES = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Abbr", "Init"})
"""pymorphy3's marks of proper names and abbreviations."""

Oblique = Literal["genitive", "dative"]
"""The cases of names on a form that are not the nominative."""

_LEAST_SURNAME = 5
"""Letters of a surname whose ending decides; shorter ones may be other words."""

_CASES = {"genitive": "gent", "dative": "datv"}
_NAMED = frozenset({"Name", "Surn", "Patr", "Geox"})
"""Those of people and places alone."""

_ONE_LETTER_WORDS = frozenset("авикосуяж")


def folded(word: str) -> str:
    """``word`` as the lexicon has it: in small letters, with е for ё."""
    return word.lower().replace("ё", "е")


@lru_cache(maxsize=65536)
def knows(word: str) -> bool:
    """Whether ``word`` is a Russian word form, a period word or a period abbreviation.

    Case and ё do not matter. One-letter words are only the true ones (а, в, и, к ...).
    """
    low = folded(word)
    if len(low) == 1:
        return low in _ONE_LETTER_WORDS
    if low in _period_words():
        return True
    if not _CYRILLIC_WORD.fullmatch(low):
        return False
    return bool(_dictionary().word_is_known(low))


@lru_cache(maxsize=65536)
def plausibility(word: str) -> float:
    """Mean log10 frequency (per million) of the letter triples of ``word``.

    About 2.5 to 3.5 for Russian, below 1.5 for letters in no order. ``word`` is one run of
    Cyrillic letters; other characters count as unknown letters.
    """
    edged = f"_{word.lower().replace('ё', 'е')}_"
    triples = fitted.letter_triples()
    scores = [
        math.log10(triples.get(edged[start : start + 3], _FLOOR)) for start in range(len(edged) - 2)
    ]
    return sum(scores) / len(scores) if scores else math.log10(_FLOOR)


@lru_cache(maxsize=65536)
def letters_log(word: str) -> float:
    """Natural logarithm of the probability of a Russian word's having the letters of ``word``.

    Each letter by the two before it; ``word`` as for :func:`plausibility`.
    """
    edged = f"_{word.lower().replace('ё', 'е')}_"
    triples, pairs = fitted.letter_triples(), _pairs_of_letters()
    start = math.log(pairs.get(edged[:2], _FLOOR) / pairs["_"])
    return start + sum(
        math.log(triples.get(edged[at : at + 3], _FLOOR) / pairs.get(edged[at : at + 2], 1.0))
        for at in range(len(edged) - 2)
    )


@lru_cache(maxsize=65536)
def is_common(word: str) -> bool:
    """Whether ``word`` is known, and not as a name alone. Case and ё do not matter."""
    low = folded(word)
    if low in _period_words(trade_only=True):
        return True
    return knows(low) and any(
        parse.is_known and not _NAMES & set(parse.tag.grammemes)
        for parse in _dictionary().parse(low)
    )


@lru_cache(maxsize=65536)
def with_yo(word: str) -> str:
    """``word`` with its ё, where no other word of the dictionary is written so without.

    ``word`` itself where one is (``все``: все, всё), it has none, or it is a name or unknown.
    """
    low = folded(word)
    parses = _dictionary().parse(low)
    spelt = {str(parse.word) for parse in parses if parse.is_known}
    named = any(_NAMES & set(parse.tag.grammemes) for parse in parses)
    if len(spelt) != 1 or named:
        return word
    return "".join(
        ("Ё" if old.isupper() else "ё") if new == "ё" else old
        for old, new in zip(word, spelt.pop(), strict=True)
    )


@lru_cache(maxsize=65536)
def normal_forms(word: str) -> tuple[str, ...]:
    """The dictionary forms that ``word`` may be a form of, ё as е."""
    forms = {str(x.normal_form).replace("ё", "е") for x in _dictionary().parse(word.lower())}
    return tuple(sorted(forms))


def parses_of(word: str) -> list[Any]:
    """The dictionary's own parses of ``word`` (pymorphy3), none where it only guesses."""
    return [parse for parse in _dictionary().parse(word) if parse.is_known]


@lru_cache(maxsize=4096)
def is_name(word: str) -> bool:
    """Whether the dictionary has ``word`` as a form of a person's or a place's name."""
    return any(
        parse.is_known and _NAMED & set(parse.tag.grammemes)
        for parse in _dictionary().parse(word.lower())
    )


@lru_cache(maxsize=4096)
def has_case(word: str, case: Oblique) -> bool:
    """Whether the dictionary has ``word`` as a noun or an adjective in ``case``."""
    return any(
        parse.is_known
        and _CASES[case] in parse.tag.grammemes
        and {"NOUN", "ADJF"} & set(parse.tag.grammemes)
        for parse in _dictionary().parse(word.lower())
    )


@lru_cache(maxsize=4096)
def nominative(name: str, case: Oblique, *, place: bool = False) -> str:
    """A man's surname (or a ``place``) in the nominative, from ``case`` (capitals or not).

    Of a surname that the dictionary does not know the ending decides. ``name`` itself where that
    says nothing, or where the dictionary knows it as that of two names; ё as е.
    """
    marks = {"Geox"} if place else {"Surn", "masc"}
    normal = {
        str(parse.normal_form).replace("ё", "е")
        for parse in _dictionary().parse(name.lower())
        if parse.is_known
        and _CASES[case] in parse.tag.grammemes
        and marks <= set(parse.tag.grammemes)
    }
    if not normal and not place:
        return _by_ending(name, case)
    if len(normal) != 1:
        return name
    found = normal.pop()
    return found.upper() if name.isupper() else found.capitalize()


def _by_ending(name: str, case: Oblique) -> str:
    """A man's surname on -ов, -ев, -ин, -ын, -ян, -ский or -цкий, from its oblique ``case``.

    No surname's nominative ends as these do in the dative or, of a man, in the genitive.
    """
    noun, adjective = ("у", "ому") if case == "dative" else ("а", "ого")
    low = name.lower()
    if len(name) < _LEAST_SURNAME:
        return name
    if low.endswith(tuple(stem + noun for stem in ("ов", "ев", "ин", "ын", "ян"))):
        return name[: -len(noun)]
    if low.endswith((f"ск{adjective}", f"цк{adjective}")):
        return name[: -len(adjective)] + ("ИЙ" if name.isupper() else "ий")
    return name


@cache
def _dictionary() -> Any:  # pymorphy3 has no types
    import pymorphy3  # noqa: PLC0415  loaded only where a word is asked for

    return pymorphy3.MorphAnalyzer(lang="ru")


@cache
def _period_words(*, trade_only: bool = False) -> frozenset[str]:
    """The period words, or those of the trade alone."""
    words = language.words()
    groups = (words.trade,) if trade_only else (words.trade, words.abbreviations, words.names)
    return frozenset(folded(word) for group in groups for word in group)


@cache
def _pairs_of_letters() -> dict[str, float]:
    """How frequent each beginning of a triple is; ``_`` is all words together."""
    pairs: dict[str, float] = {}
    for triple, frequency in fitted.letter_triples().items():
        pairs[triple[:2]] = pairs.get(triple[:2], 0.0) + frequency
    pairs["_"] = sum(frequency for pair, frequency in pairs.items() if pair[0] == "_")
    return pairs
