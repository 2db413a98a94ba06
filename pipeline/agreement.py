"""How well neighbouring words go together: cases, numbers, and what prepositions govern.

The *class* of a word is what its form says (part of speech, case, number, gender); prepositions,
conjunctions and particles are classes of their own. How much likelier two classes stand side by
side than by chance was counted (``pipeline/training/agreement.py``); the dictionary says which
classes a word may have.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.lexicon import folded, knows, parses_of
from pipeline.resources import fitted

_INFLECTED = frozenset({"NOUN", "ADJF", "PRTF", "NPRO", "NUMR"})
_BY_THEMSELVES = frozenset({"PREP", "CONJ", "PRCL"})
_WITH_GENDER = frozenset({"NOUN", "ADJF", "PRTF"})
_CASES = {"gen2": "gent", "gen1": "gent", "loc1": "loct", "loc2": "loct", "acc2": "accs",
          "voct": "nomn"}  # fmt: skip


def agreement(left: str, right: str) -> float:
    """Log of how much likelier ``right`` follows ``left`` than by chance; 0.0 for unknown words."""
    shares = _ratios_after(folded(left))
    classes = classes_of(folded(right))
    if shares is None or not classes:
        return 0.0
    numbers = _numbers()
    found = [(numbers[name], share) for name, share in classes.items() if name in numbers]
    if not found:
        return 0.0
    return math.log(sum(share * float(shares[number]) for number, share in found))


@lru_cache(maxsize=1 << 15)
def classes_of(word: str) -> Mapping[str, float]:
    """The classes that a word (folded) may have, with their shares; none of unknown words."""
    if not knows(word):
        return {}
    shares: Counter[str] = Counter()
    for parse in parses_of(word):
        shares[_class_of(parse)] += parse.score
    total = shares.total()
    return {name: share / total for name, share in shares.items()} if total else {}


@lru_cache(maxsize=1 << 13)
def _ratios_after(word: str) -> NDArray[np.float64] | None:
    numbers = _numbers()
    classes = [(numbers[x], share) for x, share in classes_of(word).items() if x in numbers]
    if not classes:
        return None
    total = sum(share for _, share in classes)
    table = _table()
    mixed: NDArray[np.float64] = sum(share / total * table[number] for number, share in classes)
    return mixed


def _class_of(parse: Any) -> str:
    tag = parse.tag
    part = str(tag.POS or tag).split(",")[0]
    if part in _BY_THEMSELVES:
        return folded(parse.word)
    if part in _INFLECTED:
        case = _CASES.get(tag.case, tag.case)
        one = tag.number == "sing"
        gender = tag.gender if one and part in _WITH_GENDER else ""
        living = ""
        if case == "accs" and part in _WITH_GENDER and (not one or gender == "masc"):
            living = "anim" if "anim" in tag else "inan"
        return f"{part}:{case}:{tag.number}:{gender}:{living}"
    if part == "VERB":
        return f"{part}:{tag.number}:{tag.person or tag.gender}:{tag.transitivity}"
    if part in ("INFN", "GRND"):
        return f"{part}:{tag.transitivity}"
    if part in ("ADJS", "PRTS"):
        return f"{part}:{tag.number}:{tag.gender}"
    return part


@cache
def _numbers() -> dict[str, int]:
    return {name: number for number, name in enumerate(fitted.agreement().classes)}


@cache
def _table() -> NDArray[np.float64]:
    """The ratios of all pairs of classes, ``(classes, classes)``."""
    stored = fitted.agreement()
    codes = np.frombuffer(stored.codes, np.int8).astype(np.float64)
    size = len(stored.classes)
    table: NDArray[np.float64] = np.exp(codes * stored.step).reshape(size, size)
    return table
