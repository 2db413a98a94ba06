"""The corrector: misread words of other engines' text, by a noisy channel over characters.

A line is parted at white space into *slots*. A slot that reads as Russian stays. For the others
the word search gives candidates; runs of such slots, with what stands around them, are weighed
together by the channel, the words' frequencies and the character model. Each change carries its
probability: the share of all weighed readings of the run in which it stands.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from pipeline.character_lm import CharacterLM
from pipeline.cleanup.channel import SEAM, Channel
from pipeline.cleanup.word_search import Candidate, Search
from pipeline.lexicon import folded, knows
from pipeline.word_trie import Case, WordTrie

WORD_WEIGHT, LETTER_WEIGHT = 0.7, 0.4
"""Of the words' log-probabilities, and of the character model's, against the channel's."""

NEW_WORD, NEW_NAME = math.log(0.02), math.log(0.2)
"""Log-probability that a word is none of the lexicon; that one with a capital is not."""

KNOWN_ONLY = -17.0
"""Log-probability of a word that the dictionary knows and prose does not have."""

NOT_TYPED, JUMBLED = -9.0, -4.0
"""Log-probability that a sign which no typewriter for Russian has is right as it is; of capitals
inside a word."""

_JUMBLED = 0.4
"""Share of capitals from which a word's first one says nothing."""

_LONGEST_SLOT = 60
"""A longer run without a space is no line of text that could be mended."""

_LONGEST_JOINED, _SHORTEST_PIECE = 18, 5

BEAM = 32
MOST = 6
"""Readings of a run that are weighed together; candidates for one slot."""

_NO_INK = regex.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SLOT = regex.compile(r"\S+")
_EDGE = ".,;:!?()[]…\"'«»-‐‑—–"
_PART = regex.compile(r"[^\p{L}\p{M}\d]+")
_CYRILLIC = regex.compile(r"[А-Яа-яЁё]+")
_SUPPLIED = regex.compile(r"\p{L}\[\p{L}+\]|\[\p{L}+\]\p{L}")
"""Letters that an editor supplied: ``т[о]``."""

_SHORT_FOR = regex.compile(r"(?<!\p{L})\p{L}\.(?=\p{L})")
"""One letter for a word, before another: ``т.Сталину``, ``А.М.``."""

_NUMBER = regex.compile(r"[\d.,:/%№°+=-]+(?:-?[а-я]{1,3})?\.?")
_ROMAN = regex.compile(r"[IVXLC]+")
_LETTERED = regex.compile(r"\p{L}")


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands between white space: ``read`` at ``start`` of its line's raw text.

    ``clean``: it is words, figures and signs as they are typed. ``rest``: where in ``read`` the
    line ends, hyphen and all; 0 where it does not.
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


@dataclass(frozen=True, slots=True)
class _Arc:
    """A truth of the slots ``place`` to ``place + span`` of a run; no candidate: as it was read."""

    place: int
    span: int
    score: float
    text: str
    candidate: Candidate | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """A reading of a run so far: its score, the end of its text, its arcs."""

    score: float
    text: str
    arcs: tuple[_Arc, ...]


def is_clean(read: str) -> bool:
    """Whether ``read`` is Russian words, figures and signs as they are typed."""
    if len(read) > _LONGEST_SLOT or _SUPPLIED.search(read):
        return True
    read = unicodedata.normalize("NFC", _NO_INK.sub("", read))
    core = read.strip(_EDGE)
    if not _LETTERED.search(read) or _NUMBER.fullmatch(core):
        return True
    if any(c not in _TYPED for c in read):
        return False
    parts = [part for part in _PART.split(_SHORT_FOR.sub("", core)) if part]
    return bool(parts) and all(_is_good(part) for part in parts)


_TYPED = frozenset(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
    "0123456789.,;:!?()[]…\"'«»-‐‑—–/№%IVXLC "
)


@lru_cache(maxsize=1 << 16)
def _is_good(part: str) -> bool:
    if part.isdigit() or _ROMAN.fullmatch(part):
        return True
    if not _CYRILLIC.fullmatch(part):
        return False
    if len(part) == 1:
        return folded(part) in "авикосуя" or part.isupper()
    return _is_cased(part) and (knows(part) or WordTrie.load().log_prob(folded(part)) > -15)


def _is_cased(part: str) -> bool:
    return part.islower() or part.isupper() or (part[:1].isupper() and part[1:].islower())


class Corrector:
    """Weighs what the slots of lines may have said."""

    def __init__(self, channel: Channel, trie: WordTrie) -> None:
        self.channel = channel
        self.trie = trie
        self.letters = CharacterLM.load()
        self._search = Search(channel, trie, WORD_WEIGHT)
        self._found: dict[str, list[Candidate]] = {}

    def prepare(self, rows: Iterable[Sequence[Slot]]) -> None:
        """Search all that :meth:`weigh` will ask for, side by side, which is much faster."""
        reads = {
            " ".join(slot.read for slot in group)
            for slots in rows
            for first, last in runs(slots)
            for group in _groups(slots, first, last)
        }
        wanted = [read for read in reads if read not in self._found]
        if wanted:
            self._found.update(self._search.candidates(wanted, MOST))

    def candidates(self, read: str) -> list[Candidate]:
        """The likeliest truths of ``read``."""
        if read not in self._found:
            self._found.update(self._search.candidates([read], MOST))
        return self._found[read]

    def weigh(self, slots: Sequence[Slot], first: int, last: int, before: str) -> list[Change]:
        """The changes of the run of slots ``first`` to ``last`` (exclusive), with probabilities."""
        ends = self._readings(slots, first, last, before)
        if not ends:
            return []
        top = ends[0].score
        total = sum(math.exp(end.score - top) for end in ends)
        changes = []
        for arc in ends[0].arcs:
            if arc.candidate is None:
                continue
            share = sum(math.exp(end.score - top) for end in ends if arc in end.arcs)
            group = slots[first + arc.place : first + arc.place + arc.span]
            changes.append(
                Change(
                    first=first + arc.place,
                    last=first + arc.place + arc.span,
                    text=arc.text,
                    probability=share / total,
                    candidate=arc.candidate,
                    spelling=self._spelling(" ".join(slot.read for slot in group)),
                )
            )
        return changes

    def _readings(
        self, slots: Sequence[Slot], first: int, last: int, before: str
    ) -> list[_Reading]:
        """The likeliest readings of a run, the best first."""
        layers: list[list[_Reading]] = [[] for _ in range(last - first + 1)]
        layers[0].append(_Reading(0.0, before[-8:], ()))
        loud = _is_loud(slots, first, last)
        for place in range(last - first):
            best = sorted(layers[place], key=lambda x: -x.score)[:BEAM]
            left = before if not place else slots[first + place - 1].read
            for span in range(1, min(2, last - first - place) + 1):
                group = slots[first + place : first + place + span]
                arcs = self._arcs(group, place, left, loud=loud)
                layers[place + span] += [
                    self._longer(reading, arc) for reading in best for arc in arcs
                ]
        after = slots[last].read if last < len(slots) and slots[last].clean else ""
        ends = [
            replace(x, score=x.score + LETTER_WEIGHT * self._spelled(x.text, " " + after[:8]))
            if after
            else x
            for x in layers[-1]
        ]
        return sorted(ends, key=lambda x: -x.score)[: BEAM * 4]

    def _longer(self, reading: _Reading, arc: _Arc) -> _Reading:
        added = (" " if reading.text and arc.text else "") + arc.text
        score = reading.score + arc.score + LETTER_WEIGHT * self._spelled(reading.text, added)
        return _Reading(score, (reading.text + added)[-8:], (*reading.arcs, arc))

    def _arcs(self, group: Sequence[Slot], place: int, before: str, *, loud: bool) -> list[_Arc]:
        """What one slot, or two that may be one, can say."""
        first = group[0]
        arcs: list[_Arc] = []
        if len(group) == 1:
            arcs.append(_Arc(place, 1, self._verbatim(first), first.read.replace(SEAM, ""), None))
            if first.clean:
                return arcs
        elif not _may_be_one(*group):
            return []
        read = " ".join(slot.read for slot in group)
        for cand in self.candidates(read):
            if len(group) == 1 or " " not in cand.text:
                text = _cased(cand, read, self.trie, opens=_opens(before), loud=loud)
                score = cand.channel + WORD_WEIGHT * cand.words
                arcs.append(_Arc(place, len(group), score, text, cand))
        return arcs

    def _verbatim(self, slot: Slot) -> float:
        """The log-probability of a slot's being right as it is, but for its letters'."""
        read = slot.read.replace(SEAM, "")
        core = read.strip(_EDGE)
        odd = sum(c not in _TYPED for c in unicodedata.normalize("NFC", _NO_INK.sub("", read)))
        keep = self.channel.keep * len(read) + NOT_TYPED * odd
        if not core:
            return keep
        total = 0.0
        for part in _PART.split(core):
            if not part:
                continue
            own = self.trie.log_prob(folded(part))
            if not _is_cased(part):
                total += NEW_WORD + self._spelled("", folded(part)) + JUMBLED
            elif own > -math.inf:
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


def _groups(slots: Sequence[Slot], first: int, last: int) -> Iterator[Sequence[Slot]]:
    """The slots of a run that are searched, and the pairs of them that may be one."""
    for place in range(first, last):
        if not slots[place].clean:
            yield slots[place : place + 1]
        if place + 1 < last and _may_be_one(slots[place], slots[place + 1]):
            yield slots[place : place + 2]


def _may_be_one(first: Slot, second: Slot) -> bool:
    """Whether the space between two slots may have been read for nothing."""
    left, right = first.read, second.read
    return (
        first.line == second.line
        and not (first.clean and second.clean)
        and SEAM not in left + right
        and left[-1] not in ".,;:!?"
        and len(left) + len(right) <= _LONGEST_JOINED
        and min(len(left), len(right)) <= _SHORTEST_PIECE
    )


def _is_loud(slots: Sequence[Slot], first: int, last: int) -> bool:
    """Whether the words around a run, on its line, are all in capitals."""
    near = slots[max(0, first - 4) : last + 4]
    line = slots[first].line
    around = " ".join(slot.read for slot in near if slot.clean and slot.line == line)
    return any(c.isupper() for c in around) and not any(c.islower() for c in around)


def _opens(before: str) -> bool:
    return before.rstrip('"«( ')[-1:] in tuple(".!?")


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
