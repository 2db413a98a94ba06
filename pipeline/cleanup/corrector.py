"""The corrector: misread words of other engines' text, by a noisy channel over characters.

A line is parted at white space into *slots*. A slot that reads as Russian stays. For the others
the word search gives candidates; runs of such slots, with what stands around them, are weighed
together by the channel, the words' frequencies and the character model. Each change carries its
probability: the share of all weighed readings of the run in which it stands.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from pipeline.character_lm import CharacterLM
from pipeline.cleanup.channel import SEAM, Channel
from pipeline.cleanup.word_search import Candidate, candidates
from pipeline.word_trie import STEP, Case, WordTrie
from pipeline.lexicon import folded, knows

WORD_WEIGHT, LETTER_WEIGHT = 0.5, 0.6
"""Of the words' log-probabilities, and of the character model's, against the channel's."""

NEW_WORD, NEW_NAME = math.log(0.02), math.log(0.2)
"""Log-probability that a word is none of the lexicon; that one with a capital is not."""

KNOWN_ONLY = -17.0
"""Log-probability of a word that the dictionary knows and prose does not have."""

_JUMBLED = 0.4
"""Share of capitals from which a word's first one says nothing."""

_LONGEST_JOINED, _SHORTEST_PIECE = 18, 5

BEAM = 32
MOST = 6
"""Readings of a run that are weighed together; candidates for one slot."""

_NO_INK = regex.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SLOT = regex.compile(r"\S+")
_EDGE = ".,;:!?()\"'«»-—–"
_PART = regex.compile(r"[^\p{L}\p{M}\d]+")
_CYRILLIC = regex.compile(r"[А-Яа-яЁё]+")
_NUMBER = regex.compile(r"[\d.,:/%№°+=-]+(?:-?[а-я]{1,3})?\.?")
_ROMAN = regex.compile(r"[IVXLC]+")
_LETTERED = regex.compile(r"\p{L}")


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands between white space: ``read`` at ``start`` of its line's raw text.

    ``seam``: where in ``read`` the line ends, hyphen and all; 0 where it does not.
    """

    read: str
    line: int
    start: int
    clean: bool
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What a slot (or several, up to ``last``) is changed to, and how sure that is."""

    first: int
    last: int
    text: str
    probability: float
    candidate: Candidate
    spelling: float = 0.0
    """Mean log-probability of a letter of what was read after those before it, as Russian."""


def is_clean(read: str) -> bool:
    """Whether ``read`` is Russian words, figures and signs as they are typed."""
    read = unicodedata.normalize("NFC", _NO_INK.sub("", read))
    core = read.strip(_EDGE)
    if not _LETTERED.search(read) or _NUMBER.fullmatch(core):
        return True
    if any(c not in _TYPED for c in read):
        return False
    parts = [part for part in _PART.split(core) if part]
    return bool(parts) and all(_is_good(part) for part in parts)


_TYPED = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
                   "0123456789.,;:!?()\"'«»-—–/№%IVXLC ")


@lru_cache(maxsize=1 << 16)
def _is_good(part: str) -> bool:
    if part.isdigit() or _ROMAN.fullmatch(part):
        return True
    if not _CYRILLIC.fullmatch(part):
        return False
    cased = part.islower() or part.isupper() or (part[0].isupper() and part[1:].islower())
    if len(part) == 1:
        return folded(part) in "авикосуя" or part.isupper()
    return cased and (knows(part) or WordTrie.load().log_prob(folded(part)) > -15)


class Corrector:
    """Weighs what the slots of lines may have said."""

    def __init__(self, channel: Channel, trie: WordTrie) -> None:
        self.channel = channel
        self.trie = trie
        self.letters = CharacterLM.load()
        self._found: dict[str, list[Candidate]] = {}

    def candidates(self, read: str) -> list[Candidate]:
        """The likeliest truths of ``read``."""
        found = self._found.get(read)
        if found is None:
            found = candidates(read, self.channel, self.trie, WORD_WEIGHT, MOST)
            self._found[read] = found
        return found

    def weigh(self, slots: Sequence[Slot], first: int, last: int, before: str) -> list[Change]:
        """The changes of the run of slots ``first`` to ``last`` (exclusive), with probabilities."""
        # A hypothesis: score, text so far (its end), arcs.
        layers: list[list[tuple[float, str, tuple]]] = [[] for _ in range(last - first + 1)]  # type: ignore[type-arg]
        layers[0].append((0.0, before[-8:], ()))
        line = slots[first].line
        near = slots[max(0, first - 4) : last + 4]
        around = " ".join(slot.read for slot in near if slot.clean and slot.line == line)
        loud = any(c.isupper() for c in around) and not any(c.islower() for c in around)
        for place in range(last - first):
            layers[place].sort(key=lambda h: -h[0])
            hyps = _distinct(layers[place])[:BEAM]
            if not hyps:
                continue
            for span in (1, 2):
                if place + span > last - first:
                    break
                group = slots[first + place : first + place + span]
                left = before if not place else slots[first + place - 1].read
                arcs = self._arcs(group, left, loud=loud)
                for score, text, done in hyps:
                    for arc_score, arc_text, cand in arcs:
                        gap = "" if not text or not arc_text else " "
                        added = self._spelled(text, gap + arc_text)
                        new = score + arc_score + LETTER_WEIGHT * added
                        layers[place + span].append(
                            (new, (text + gap + arc_text)[-8:], (*done, (place, span, arc_text, cand)))
                        )
        after = slots[last].read if last < len(slots) and slots[last].clean else ""
        ends = []
        for score, text, done in layers[-1]:
            if after:
                score += LETTER_WEIGHT * self._spelled(text, " " + after[:8])
            ends.append((score, done))
        if not ends:
            return []
        ends.sort(key=lambda x: -x[0])
        ends = ends[: BEAM * 4]
        top = ends[0][0]
        total = sum(math.exp(score - top) for score, _ in ends)
        changes = []
        for place, span, text, cand in ends[0][1]:
            if cand is None:
                continue
            key = (place, span, text)
            share = sum(
                math.exp(score - top)
                for score, done in ends
                if any(arc[:3] == key for arc in done)
            )
            read = " ".join(slot.read for slot in slots[first + place : first + place + span])
            changes.append(
                Change(
                    first=first + place,
                    last=first + place + span,
                    text=text,
                    probability=share / total,
                    candidate=cand,
                    spelling=self._spelling(read),
                )
            )
        return changes

    def _arcs(self, group: Sequence[Slot], before: str, *, loud: bool) -> list[tuple[float, str, Candidate | None]]:
        arcs: list[tuple[float, str, Candidate | None]] = []
        if len(group) == 1:
            slot = group[0]
            arcs.append((self._verbatim(slot), slot.read.replace(SEAM, ""), None))
            if slot.clean:
                return arcs
            read = slot.read
        else:
            if group[0].line != group[-1].line or any(SEAM in slot.read for slot in group):
                return []
            if all(slot.clean for slot in group) or not _may_be_one(group[0].read, group[1].read):
                return []
            read = " ".join(slot.read for slot in group)
        for cand in self.candidates(read):
            if len(group) > 1 and " " in cand.text:
                continue
            text = _cased(cand, read, self.trie, opens=_opens(before), loud=loud)
            arcs.append((cand.channel + WORD_WEIGHT * cand.words, text, cand))
        return arcs

    def _verbatim(self, slot: Slot) -> float:
        """The log-probability of a slot's being right as it is, but for its letters'."""
        read = slot.read.replace(SEAM, "")
        core = read.strip(_EDGE)
        keep = self.channel.keep * len(read)
        if not core:
            return keep
        total = 0.0
        for part in _PART.split(core):
            if not part:
                continue
            own = self.trie.log_prob(folded(part))
            if own > -math.inf:
                total += own
            elif knows(part):
                total += KNOWN_ONLY
            else:
                new = NEW_NAME if part[0].isupper() and part[1:].islower() else NEW_WORD
                total += new + self._spelled("", part)
        return keep + WORD_WEIGHT * total

    def _spelling(self, read: str) -> float:
        letters = [c for c in read.lower() if "а" <= c <= "я"]
        return self._spelled(" ", "".join(letters)) / max(1, len(letters))

    def _spelled(self, context: str, text: str) -> float:
        return _continued(self.letters, context[-5:], text)


@lru_cache(maxsize=1 << 16)
def _continued(letters: CharacterLM, context: str, text: str) -> float:
    return letters.continued(context, text, line_ends=False)


def _may_be_one(left: str, right: str) -> bool:
    """Whether a space between two pieces may have been read for nothing."""
    return left[-1] not in ".,;:!?" and len(left) + len(right) <= _LONGEST_JOINED and (
        min(len(left), len(right)) <= _SHORTEST_PIECE
    )


def _distinct(hyps: list[tuple[float, str, tuple]]) -> list[tuple[float, str, tuple]]:  # type: ignore[type-arg]
    return hyps


def _opens(before: str) -> bool:
    return before.rstrip("\"«( ")[-1:] in tuple(".!?")


def _cased(cand: Candidate, read: str, trie: WordTrie, *, opens: bool, loud: bool) -> str:
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


def runs(slots: Sequence[Slot]) -> Iterator[tuple[int, int]]:
    """First and last (exclusive) of each run of slots that are to be weighed together.

    A clean slot between two that are not belongs to the run.
    """
    place = 0
    while place < len(slots):
        if slots[place].clean:
            place += 1
            continue
        first = place
        last = place + 1
        while last < len(slots) and last - first < 12:
            if not slots[last].clean:
                last += 1
            elif last + 1 < len(slots) and not slots[last + 1].clean:
                last += 2
            else:
                break
        yield first, last
        place = last
