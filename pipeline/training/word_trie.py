"""The tree of words for the corrector, counted from period and newer prose.

Two sources: a tar of period texts, and the counted word forms of newer prose (``words.tsv.xz``: a
form with its capitals, a tab, its count). Words of ``config/language`` that prose hardly has
(posts, towns, offices, people) get a least weight. Only words and figures leave this module.
"""

from __future__ import annotations

import lzma
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import regex

from pipeline.lexicon import folded, parses_of
from pipeline.resources import language
from pipeline.store import write_atomic
from pipeline.training.corpus_counts import read_texts
from pipeline.word_trie import LETTERS, Case, packed

_WORD = regex.compile(r"[А-Яа-яЁё]+")
_WHOLE = frozenset(LETTERS)

WRITTEN = 40
"""What words of ``config/language`` count as at least."""

FEWEST = 2
"""Times that a word form must have been seen in both sources together."""

_SMALL_SHARE, _CAPITALS_SHARE = 0.1, 0.5
"""Share of small letters from which a word is none of the capitalised; of capitals, of those."""

_OF_A_FORM, _LEAST = 0.02, 0.2
"""What a form that was not seen counts as: a share of its word's other forms, and at least."""

_SHORTEST_KIN = 4
_ODD = frozenset(
    [
        "Name",
        "Surn",
        "Patr",
        "Abbr",
        "Init",
        "Arch",
        "Infr",
        "Slng",
        "Erro",
        "Dist",
        "V-be",
        "V-ej",
        "V-ie",
        "V-oy",
        "V-ey",
        "Cmp2",
        "Supr",
        "Fimp",
        "Litr",
        "Vpre",
    ]
)
"""pymorphy3's marks of names and of forms that no official writes."""

_TWO_LETTERS = frozenset(
    [
        "ах",
        "бы",
        "во",
        "вы",
        "да",
        "до",
        "ее",
        "ей",
        "за",
        "из",
        "им",
        "их",
        "ко",
        "ли",
        "мы",
        "на",
        "не",
        "ни",
        "но",
        "об",
        "ой",
        "он",
        "от",
        "по",
        "се",
        "со",
        "та",
        "те",
        "то",
        "ту",
        "ты",
        "уж",
        "ум",
        "ус",
        "эй",
        "эх",
        "юг",
        "яд",
        "як",
        "ад",
        "аж",
        "ба",
        "ус",
        "цк",
    ]
)
_ONE_LETTER = frozenset("авикосуя")


def build_word_trie(corpus: Path, newer: Path, out: Path) -> str:
    """Count the words of ``corpus`` (a tar) and ``newer`` (``words.tsv.xz``); gives what was done.

    Raises:
        InputMissingError: a file is missing.
        InputUnreadableError: the corpus is no tar.

    """
    seen: Counter[str] = Counter()
    for text in read_texts(corpus):
        seen.update(_WORD.findall(text))
    with lzma.open(newer, "rt", encoding="utf-8") as rows:
        for row in rows:
            form, _, count = row.rstrip("\n").partition("\t")
            for part in _WORD.findall(form):
                seen[part] += int(count)
    words = _weighed(seen)
    data = packed(words)
    write_atomic(out, data)
    return f"{out}: {len(words)} words, {len(data):,} bytes"


def _with_kin(total: Counter[str], small: Counter[str]) -> dict[str, float]:
    """The weights of ``total``, and of forms that were not seen of words that were."""
    kin: dict[str, float] = {}
    for word, count in total.items():
        if small[word] < FEWEST or len(word) < _SHORTEST_KIN:
            continue
        parses = [parse for parse in parses_of(word) if not _ODD & set(parse.tag.grammemes)]
        for parse in parses:
            for form in parse.lexeme:
                if not _ODD & set(form.tag.grammemes):
                    written = folded(form.word)
                    kin[written] = kin.get(written, 0.0) + _OF_A_FORM * count / len(parses)
    return {word: max(_LEAST, kin[word]) for word in kin if word not in total}


def _weighed(seen: Counter[str]) -> dict[str, tuple[float, Case]]:
    written = _written()
    small: Counter[str] = Counter()
    capitals: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for form, count in seen.items():
        low = folded(form)
        total[low] += count
        if form.islower():
            small[low] += count
        elif len(form) > 1 and form.isupper():
            capitals[low] += count
    for form in written:
        low = folded(form)
        missing = WRITTEN - total[low]
        if missing > 0:
            total[low] += missing
            small[low] += missing * form.islower()
            capitals[low] += missing * (len(form) > 1 and form.isupper())
    everything = total.total()
    words = {
        word: (math.log(count / everything), _case(count, small[word], capitals[word]))
        for word, count in total.items()
        if count >= FEWEST and _is_word(word)
    }
    for word, weight in _with_kin(total, small).items():
        if _is_word(word):
            words[word] = math.log(weight / everything), Case.SMALL
    return words


def _is_word(word: str) -> bool:
    if not _WHOLE.issuperset(word):
        return False
    if len(word) == 1:
        return word in _ONE_LETTER
    return len(word) > 2 or word in _TWO_LETTERS


def _case(total: int, small: int, capitals: int) -> Case:
    if small >= _SMALL_SHARE * total:
        return Case.SMALL
    return Case.CAPITALS if capitals >= _CAPITALS_SHARE * total else Case.CAPITALISED


def _written() -> Iterable[str]:
    words, vocabulary = language.words(), language.vocabulary()
    texts = [vocabulary.verbs, vocabulary.nouns, vocabulary.others]
    texts += [*words.trade, *words.abbreviations, *words.names]
    return {part for text in texts for part in _WORD.findall(text)}
