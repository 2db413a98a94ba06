"""Slots: what stands between white space in lines of other engines' text, and what looks typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import regex

from pipeline.cleanup.channel import SEAM
from pipeline.cleanup.line_breaks import Break, break_at
from pipeline.lexicon import folded, knows
from pipeline.word_trie import WordTrie

LETTER = regex.compile(r"\p{L}")
LEAST_LETTERS = 4
"""Letters of a longer word, by which a text is judged."""

EDGE = ".,;:!?()[]…\"'«»„“”-‐‑—–"
"""Signs that stand before and after words."""

PART = regex.compile(r"[^\p{L}\p{M}\d]+")
"""What parts the words of a slot."""

_LONGEST_SLOT = 60
"""A longer run without a space is no line of text that could be mended."""

_SLOT = regex.compile(r"\S+")
NO_INK = regex.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_STRESS = "\u0301"
_CYRILLIC = regex.compile(r"[А-Яа-яЁё]+")
_SUPPLIED = regex.compile(r"\p{L}\[\p{L}+\]|\[\p{L}+\]\p{L}")
"""Letters that an editor supplied: ``т[о]``."""

_SHORT_FOR = regex.compile(r"(?<!\p{L})\p{L}\.(?=\p{L})")
"""One letter for a word, before another: ``т.Сталину``, ``А.М.``."""

_NUMBER = regex.compile(r"[\d.,:/%№°+=-]+(?:-?[а-я]{1,3})?\.?")
_ROMAN = regex.compile(r"[IVXLC]+")
_CAPITAL_INSIDE = regex.compile(r"[а-яё][А-ЯЁ]")

LEAST_RATE, MOST_RATE = 0.002, 0.15
"""Bounds of the share of misread letters that a document is taken to have."""

_LETTERS_OF_A_WORD = 7.0
_AROUND = 20
"""Lines on each side by which a line is told to be misread at all."""

ODD, _NO_WORDS = 0.01, 0.056
"""Shares of odd slots, and of longer words that are none, from which on a line's words may be
misread. Edited prose has a ten-thousandth and 0.027, a page of raw OCR 0.05 and more of the one
(its noise counts), or of the other where it is short and clean."""

TYPED = frozenset(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
    "0123456789.,;:!?()[]…\"'«»„“”-‐‑—–/№%IVXLC "
)


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands between white space: ``read`` at ``start`` of its line's raw text.

    ``clean``: it is words, figures and signs as they are typed. ``broken``: how it goes on below,
    where its line ends within it.
    """

    read: str
    line: int
    start: int
    clean: bool
    broken: Break | None = None


def is_odd(read: str) -> bool:
    """Whether ``read`` has what nobody types in Russian: odd signs, capitals inside a word."""
    return any(c not in TYPED for c in read) or has_capital_inside(read)


def has_capital_inside(read: str) -> bool:
    """Whether a capital follows a small letter."""
    return _CAPITAL_INSIDE.search(read) is not None


@lru_cache(maxsize=1 << 16)
def is_clean(read: str) -> bool:
    """Whether ``read`` is Russian words, figures and signs as they are typed."""
    if len(read) > _LONGEST_SLOT or _SUPPLIED.search(read):
        return True
    read = unicodedata.normalize("NFC", NO_INK.sub("", read)).replace(_STRESS, "")
    core = read.strip(EDGE)
    if not LETTER.search(read) or _NUMBER.fullmatch(core):
        return True
    if any(c not in TYPED for c in read):
        return False
    parts = [part for part in PART.split(_SHORT_FOR.sub("", core)) if part]
    return bool(parts) and all(_is_good(part) for part in parts)


@lru_cache(maxsize=1 << 16)
def _is_good(part: str) -> bool:
    if part.isdigit() or _ROMAN.fullmatch(part):
        return True
    if not _CYRILLIC.fullmatch(part):
        return False
    if len(part) == 1:
        return folded(part) in "авикосуя" or part.isupper()
    return is_cased(part) and (knows(part) or WordTrie.load().log_prob(folded(part)) > -15)


def is_cased(part: str) -> bool:
    """Whether capitals stand in ``part`` as in a word: all of it, the first, or none."""
    return part.islower() or part.isupper() or (part[:1].isupper() and part[1:].islower())


def slots_of(raws: Sequence[str]) -> list[Slot]:
    """The slots of neighbouring lines; a word broken at a line's end is one."""
    slots: list[Slot] = []
    begins = [0] * len(raws)
    for number, raw in enumerate(raws):
        end = break_at(raws, number, is_clean)
        if end is not None and end.start < begins[number]:
            end = None
        stop = len(raw) if end is None else end.start
        found = _SLOT.finditer(raw, begins[number], stop)
        slots += [Slot(x[0], number, x.start(), is_clean(x[0])) for x in found]
        if end is None:
            continue
        whole, clean = end.head + SEAM + end.rest, is_clean(end.head + end.rest)
        slots.append(Slot(whole, number, end.start, clean, end))
        for line in range(number + 1, end.below):
            begins[line] = len(raws[line])
        begins[end.below] = end.at + len(end.rest)
    return slots


def rate_of(slots: Sequence[Slot]) -> float:
    """The share of misread letters, by the words that are none."""
    words = [slot for slot in slots if len(LETTER.findall(slot.read)) >= LEAST_LETTERS]
    unclean = sum(not slot.clean for slot in words)
    share = (unclean + 0.2) / (len(words) + 10)
    return min(MOST_RATE, max(LEAST_RATE, share / _LETTERS_OF_A_WORD))


def misread_around(raws: Sequence[str]) -> list[bool]:
    """For each line of a text, noise and all, whether words around it may be misread.

    Else it is edited prose, in which what is no word is a rare one.
    """
    odd, slots, unknown, words = (np.zeros(len(raws) + 1) for _ in range(4))
    for place, raw in enumerate(raws, start=1):
        parts = raw.split()
        slots[place], odd[place] = len(parts), sum(map(is_odd, parts))
        long = [part for part in parts if len(LETTER.findall(part)) >= LEAST_LETTERS]
        words[place], unknown[place] = len(long), sum(not is_clean(part) for part in long)
    found = []
    sums = [np.cumsum(counts) for counts in (odd, slots, unknown, words)]
    for place in range(len(raws)):
        low, high = max(0, place - _AROUND), min(len(raws), place + _AROUND + 1)
        strange, all_slots, none, all_words = (x[high] - x[low] for x in sums)
        misread = (none + 0.2) / (all_words + 10) >= _NO_WORDS
        found.append(bool(strange >= max(ODD * all_slots, 1) or misread))
    return found
