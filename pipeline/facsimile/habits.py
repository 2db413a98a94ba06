"""Habits of typists: how one of them types what another would type otherwise."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import regex

from pipeline.facsimile.prose import TIE
from pipeline.resources import facsimile as data
from pipeline.resources import language

_ROMAN = regex.compile(r"(?<![A-Za-z])[IVX]+(?![A-Za-z])")
_TYPED_ROMAN = (("III", "Ш"), ("II", "П"), ("V", "У"), ("X", "Х"))
_NUMBER = regex.compile(r"\d[\d.,]*")
_WORD = regex.compile(r"\p{L}+")
_PUNCTUATION = regex.compile(r"(?<=[\p{L}\p{N}])(?=[:;?!])")

MACHINE = {"one_as_i": "I", "one_as_l": "l"}
"""Habits that change the ink and not the truth: the character typed for the figure 1."""


def draw_habits(rng: np.random.Generator) -> frozenset[str]:
    """Draw one typist's habits, each with its probability in ``config/facsimile/habits.toml``."""
    shares = data.habits().shares
    return frozenset(name for name, share in shares.items() if rng.random() < share)


def with_habits(text: str, habits: frozenset[str], rng: np.random.Generator) -> str:
    """Type ``text`` as a typist of these habits does: the answer is what stands on the sheet.

    The habits of ``MACHINE`` change nothing here: the text keeps its figures.
    """
    for name, made in _HABITS.items():
        if name in habits:
            text = made(text, rng)
    return text


def struck_for_one(habits: frozenset[str]) -> str:
    """The character that a typist of these habits types for the figure 1."""
    return next((character for name, character in MACHINE.items() if name in habits), "1")


def typed_roman(text: str) -> str:
    """Write the Roman figures of ``text`` in Russian letters: ``XIV`` as ``ХIУ``."""

    def typed(found: regex.Match[str]) -> str:
        word = found.group()
        for latin, russian in _TYPED_ROMAN:
            word = word.replace(latin, russian)
        return word

    return _ROMAN.sub(typed, text)


def _apostrophe(text: str, _: np.random.Generator) -> str:
    text = regex.sub(r'(?<=\p{Ll})"(?=\p{Ll})', "'", text)
    return text.replace("ъ", "'")


def _tight_comma(text: str, rng: np.random.Generator) -> str:
    parts = text.split(", ")
    joined = parts[0]
    for part in parts[1:]:
        joined += ("," if rng.random() < 0.85 else ", ") + part
    return joined


def _yo(text: str, _: np.random.Generator) -> str:
    words = data.phrases().yo
    return _WORD.sub(lambda found: words.get(found.group(), found.group()), text)


@cache
def _names() -> frozenset[str]:
    people = language.names().people
    return frozenset(form for x in people for form in (x.name, x.genitive, x.dative))


def _capitals(text: str, _: np.random.Generator) -> str:
    names = _names()
    return _WORD.sub(lambda x: x.group().upper() if x.group() in names else x.group(), text)


_HABITS: dict[str, Callable[[str, np.random.Generator], str]] = {
    "roman": lambda text, _: typed_roman(text),
    "hard_sign": lambda text, _: text.replace("ъ", '"'),
    "apostrophe": _apostrophe,
    # "ВКП(б)" keeps its brackets in no such text either: "ВКП/б/".
    "brackets": lambda text, _: text.replace("(", "/").replace(")", "/"),
    "capitals": _capitals,
    "yo": _yo,
    "zero_as_o": lambda text, _: _NUMBER.sub(lambda x: x.group().replace("0", "О"), text),
    "three_as_z": lambda text, _: _NUMBER.sub(lambda x: x.group().replace("3", "З"), text),
    "tight_comma": _tight_comma,
    "tight_dash": lambda text, _: text.replace(" - ", "-"),
    "spaced_signs": lambda text, _: _PUNCTUATION.sub(TIE, text),
}
