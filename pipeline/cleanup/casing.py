"""Capitals of a mended word: what was read, and how the word is mostly written, speak for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.cleanup.slots import EDGE, Slot
from pipeline.cleanup.word_search import Candidate
from pipeline.lexicon import folded
from pipeline.word_trie import Case, WordTrie

_JUMBLED = 0.4
"""Share of capitals from which a word's first one says nothing."""


def is_loud(slots: Sequence[Slot], first: int, last: int) -> bool:
    """Whether the words around a run, on its line, are all in capitals."""
    near = slots[max(0, first - 4) : last + 4]
    line = slots[first].line
    around = " ".join(slot.read for slot in near if slot.clean and slot.line == line)
    return any(c.isupper() for c in around) and not any(c.islower() for c in around)


_ALIKE = regex.compile("[ВГДЖЗИЙКЛМНОПСТХЦЧШЩЪЫЬЭЮЯ]+")
"""Capitals that differ from their small letters in height alone."""

_SMALL_BEFORE, _SMALL_AFTER = regex.compile("[а-яё],?$"), regex.compile("[а-яё]")


def too_loud(slots: Sequence[Slot], trie: WordTrie) -> Iterator[tuple[Slot, str]]:
    """Words that engines read in capitals amid small letters, by shape: each with its word."""
    for before, slot, after in zip(slots, slots[1:], slots[2:], strict=False):
        word = slot.read.strip(EDGE)
        if not slot.clean or slot.rest or not _ALIKE.fullmatch(word):
            continue
        node = trie.find(folded(word))
        small = node > 0 and trie.codes[node] > 0 and trie.cases[node] == Case.SMALL
        if small and _SMALL_BEFORE.search(before.read) and _SMALL_AFTER.match(after.read):
            yield slot, word


def opens_sentence(before: str) -> bool:
    """Whether a sentence begins after ``before``."""
    return before.rstrip('"«( ')[-1:] in tuple(".!?")


def cased(cand: Candidate, read: str, trie: WordTrie, *, opens: bool, loud: bool) -> str:
    """The candidate's text in the capitals that what was read speaks for.

    ``opens``: a sentence begins here; ``loud``: the words around have no small letters.
    """
    pieces: list[str] = []
    word: list[tuple[str, str]] = []

    def flush() -> None:
        if word:
            first = opens and not any(piece[0].isalpha() for piece in pieces)
            pieces.append(_word_cased(word, trie, opens=first, loud=loud))
            word.clear()

    for start, end, true in cand.steps:
        if true and not true.isalpha():
            flush()
            pieces.append(true)
        elif true or word:
            word.append((read[start:end], true))
    flush()
    return "".join(pieces)


def _word_cased(word: list[tuple[str, str]], trie: WordTrie, *, opens: bool, loud: bool) -> str:
    text = "".join(true for _, true in word)
    letters = [c for read, _ in word for c in read if c.isalpha()]
    upper = sum(c.isupper() for c in letters) / max(1, len(letters))
    node = trie.find(text)
    case = trie.cases[node] if node > 0 else Case.SMALL
    big = any(c.isupper() for c in word[0][0])
    if upper > (0.5 if case == Case.CAPITALS else 0.8) and (loud or case == Case.CAPITALS):
        return text.upper()
    if case == Case.CAPITALISED:
        return text.capitalize()
    second = next((c for read, _ in word[1:] for c in read if c.isalpha()), "А")
    itself = word[0][0][:1].lower() == text[0] and second.islower() and upper < _JUMBLED
    return text.capitalize() if big and (opens or itself) else text
