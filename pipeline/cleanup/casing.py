"""Capitals of a mended word: what was read, and how the word is mostly written, speak for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import regex

from pipeline.cleanup.slots import EDGE, Slot
from pipeline.cleanup.word_search import Candidate
from pipeline.lexicon import folded
from pipeline.word_trie import Case, WordTrie

_JUMBLED = 0.4
"""Share of capitals from which a word's first one says nothing."""


_NEAR, _FEW = 12, 0.25
"""Slots on each side that tell whether a line is in capitals; share with small letters if so."""


def is_loud(slots: Sequence[Slot], first: int, last: int) -> bool:
    """Whether the words around a run, on its line, are in capitals."""
    line = slots[first].line
    words = [slot.read for slot in slots[max(0, first - _NEAR) : last + _NEAR] if slot.line == line]
    loud = sum(word.isupper() for word in words)
    small = sum(any(c.islower() for c in word) for word in words if len(word) > _SHORT)
    return loud > 0 and small <= _FEW * (small + loud)


_ALIKE = regex.compile("[ВГДЖЗИЙКЛМНОПСТХЦЧШЩЪЫЬЭЮЯ]+")
"""Capitals that differ from their small letters in height alone."""

_SMALL_BEFORE, _SMALL_AFTER = regex.compile("[а-яё],?$"), regex.compile(r"\P{L}*[а-яё]")
_SHORT = 2
"""Letters of words that tell nothing of capitals."""

_MOST_LOUD = 3
"""Words that may be read in capitals one after the other."""


def too_loud(slots: Sequence[Slot], trie: WordTrie) -> Iterator[tuple[Slot, str]]:
    """Words that engines read in capitals amid small letters, by shape: each with its word."""
    run: list[tuple[Slot, str]] = []
    for place, slot in enumerate(slots):
        word = slot.read.strip(EDGE)
        loud = _ALIKE.fullmatch(word) is not None
        # After a word in capitals the first letter alone may be one, too.
        if run and not loud:
            loud = _ALIKE.fullmatch(word[:1]) is not None and word[1:].islower()
        if slot.clean and slot.broken is None and loud and _is_small(folded(word), trie):
            run.append((slot, word))
            continue
        first = place - len(run) - 1
        before = first >= 0 and _SMALL_BEFORE.search(slots[first].read) is not None
        if 0 < len(run) <= _MOST_LOUD and before and _goes_on_small(run[-1][0], slot):
            yield from run
        run = []


def _goes_on_small(last: Slot, after: Slot) -> bool:
    """Whether what follows ``last`` is in small letters, but for a sentence's first."""
    if opens_sentence(last.read):
        return any(c.islower() for c in after.read)
    return _SMALL_AFTER.match(after.read) is not None


def _is_small(word: str, trie: WordTrie) -> bool:
    node = trie.find(word)
    return node > 0 and trie.codes[node] > 0 and trie.cases[node] == Case.SMALL


def names_in(slots: Sequence[Slot]) -> Iterator[tuple[str, bool]]:
    """The words inside sentences, folded, each with whether it has a capital."""
    before = "."
    for slot in slots:
        word = slot.read.strip(EDGE)
        whole = slot.clean and slot.broken is None and len(word) > _SHORT and word[1:].islower()
        if whole and not opens_sentence(before):
            yield folded(word), word[0].isupper()
        before = slot.read


def opens_sentence(before: str) -> bool:
    """Whether a sentence begins after ``before``."""
    return before.rstrip('"«( ')[-1:] in tuple(".!?")


def cased(
    cand: Candidate,
    read: str,
    trie: WordTrie,
    names: Collection[str] = (),
    *,
    opens: bool,
    loud: bool,
) -> str:
    """The candidate's text in the capitals that what was read speaks for.

    ``names``: words that this document writes with a capital; ``opens``: a sentence begins here;
    ``loud``: the words around have no small letters.
    """
    pieces: list[str] = []
    word: list[tuple[str, str]] = []

    def flush() -> None:
        if word:
            first = opens and not any(piece[0].isalpha() for piece in pieces)
            pieces.append(_word_cased(word, trie, names, opens=first, loud=loud))
            word.clear()

    for start, end, true in cand.steps:
        if true and not true.isalpha():
            flush()
            pieces.append(true)
        elif true or word:
            word.append((read[start:end], true))
    flush()
    return "".join(pieces)


def _word_cased(
    word: list[tuple[str, str]],
    trie: WordTrie,
    names: Collection[str],
    *,
    opens: bool,
    loud: bool,
) -> str:
    text = "".join(true for _, true in word)
    letters = [c for read, _ in word for c in read if c.isalpha()]
    upper = sum(c.isupper() for c in letters) / max(1, len(letters))
    node = trie.find(text)
    case = trie.cases[node] if node > 0 else Case.SMALL
    big = any(c.isupper() for c in word[0][0])
    if upper > (0.5 if case == Case.CAPITALS else 0.8) and (loud or case == Case.CAPITALS):
        return text.upper()
    if case == Case.CAPITALISED or (text in names and word[0][0] != text[0]):
        return text.capitalize()
    second = next((c for read, _ in word[1:] for c in read if c.isalpha()), "А")
    itself = word[0][0][:1].lower() == text[0] and second.islower() and upper < _JUMBLED
    return text.capitalize() if big and (opens or itself) else text
