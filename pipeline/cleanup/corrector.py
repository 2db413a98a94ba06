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
from dataclasses import dataclass
from heapq import nlargest
from operator import attrgetter
from typing import NamedTuple

from pipeline.character_lm import CharacterLM
from pipeline.cleanup.casing import cased, is_loud, opens_sentence
from pipeline.cleanup.channel import SEAM, Channel
from pipeline.cleanup.slots import EDGE, NO_INK, PART, TYPED, Slot, is_cased
from pipeline.cleanup.word_search import Candidate, Search
from pipeline.lexicon import folded, knows
from pipeline.word_trie import WordTrie

WORD_WEIGHT, LETTER_WEIGHT = 0.7, 0.4
"""Of the words' log-probabilities, and of the character model's, against the channel's."""

NEW_WORD, NEW_NAME = math.log(0.02), math.log(0.2)
"""Log-probability that a word is none of the lexicon; that one with a capital is not."""

KNOWN_ONLY = -17.0
"""Log-probability of a word that the dictionary knows and prose does not have."""

NOTTYPED, JUMBLED = -9.0, -4.0
"""Log-probability that a sign which no typewriter for Russian has is right as it is; of capitals
inside a word."""

_LONGEST_JOINED, _SHORTEST_PIECE = 18, 5

BEAM = 32
MOST = 6
"""Readings of a run that are weighed together; candidates for one slot."""

_CONTEXT, _SPELT_AT_ONCE = 5, 20_000
"""Characters of a context that count; texts that are spelled side by side."""


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


class _Arc(NamedTuple):
    """A truth of the slots ``place`` to ``place + span`` of a run; no candidate: as it was read."""

    place: int
    span: int
    score: float
    text: str
    candidate: Candidate | None


class _Run(NamedTuple):
    """Slots ``first`` to ``last`` (exclusive) with the text around, and what each can say.

    ``arcs`` by place within the run and by how many slots they take.
    """

    first: int
    last: int
    before: str
    after: str
    arcs: dict[tuple[int, int], list[_Arc]]


class _Reading(NamedTuple):
    """A reading of a run so far: its score, the end of its text, its arcs."""

    score: float
    text: str
    arcs: tuple[_Arc, ...]


class Corrector:
    """Weighs what the slots of lines may have said."""

    def __init__(self, channel: Channel, trie: WordTrie) -> None:
        self.channel = channel
        self.trie = trie
        self.letters = CharacterLM.load()
        self._search = Search(channel, trie, WORD_WEIGHT)
        self._found: dict[str, list[Candidate]] = {}
        self._spelt: dict[tuple[str, str], float] = {}

    def changes(self, rows: Sequence[Sequence[Slot]]) -> list[list[Change]]:
        """The changes of each row of slots.

        All that is to be searched and spelled is looked up side by side, which is much faster.
        """
        reads = {
            " ".join(slot.read for slot in group)
            for slots in rows
            for first, last in runs(slots)
            for group in _groups(slots, first, last)
        }
        wanted = [read for read in reads if read not in self._found]
        if wanted:
            self._found.update(self._search.candidates(wanted, MOST))
        self._spell(("", part) for slots in rows for part in _unknown_parts(slots))
        found: list[list[Change]] = []
        for slots in rows:
            parted = [self._run(slots, first, last) for first, last in runs(slots)]
            self._spell(pair for run in parted for pair in _pairs(run))
            found.append([change for run in parted for change in self.weigh(slots, run)])
        return found

    def _spell(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Note how likely each text is after its context."""
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._spelt]
        for start in range(0, len(new), _SPELT_AT_ONCE):
            some = new[start : start + _SPELT_AT_ONCE]
            self._spelt.update(zip(some, self.letters.continued_each(some).tolist(), strict=True))

    def _run(self, slots: Sequence[Slot], first: int, last: int) -> _Run:
        """A run with all that its slots, and pairs of them, can say."""
        before = " ".join(slot.read.replace(SEAM, "") for slot in slots[max(0, first - 3) : first])
        loud = is_loud(slots, first, last)
        arcs: dict[tuple[int, int], list[_Arc]] = {}
        for place in range(last - first):
            left = before if not place else slots[first + place - 1].read
            for span in range(1, min(2, last - first - place) + 1):
                group = slots[first + place : first + place + span]
                arcs[place, span] = self._arcs(group, place, left, loud=loud)
        after = slots[last].read if last < len(slots) and slots[last].clean else ""
        return _Run(first, last, before, " " + after[:8] if after else "", arcs)

    def candidates(self, read: str) -> list[Candidate]:
        """The likeliest truths of ``read``."""
        if read not in self._found:
            self._found.update(self._search.candidates([read], MOST))
        return self._found[read]

    def weigh(self, slots: Sequence[Slot], run: _Run) -> list[Change]:
        """The changes of a run, with probabilities."""
        ends = self._readings(run)
        if not ends:
            return []
        first = run.first
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

    def _readings(self, run: _Run) -> list[_Reading]:
        """The likeliest readings of a run, the best first."""
        size = run.last - run.first
        layers: list[list[_Reading]] = [[] for _ in range(size + 1)]
        layers[0].append(_Reading(0.0, run.before[-8:], ()))
        for place in range(size):
            best = nlargest(BEAM, layers[place], key=attrgetter("score"))
            for span in range(1, min(2, size - place) + 1):
                layers[place + span] += [
                    self._longer(reading, arc) for reading in best for arc in run.arcs[place, span]
                ]
        ends = layers[-1]
        if run.after:
            ends = [
                x._replace(score=x.score + LETTER_WEIGHT * self._spelled(x.text, run.after))
                for x in ends
            ]
        return nlargest(BEAM * 4, ends, key=attrgetter("score"))

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
                text = cased(cand, read, self.trie, opens=opens_sentence(before), loud=loud)
                score = cand.channel + WORD_WEIGHT * cand.words
                arcs.append(_Arc(place, len(group), score, text, cand))
        return arcs

    def _verbatim(self, slot: Slot) -> float:
        """The log-probability of a slot's being right as it is, but for its letters'."""
        read = slot.read.replace(SEAM, "")
        core = read.strip(EDGE)
        odd = sum(c not in TYPED for c in unicodedata.normalize("NFC", NO_INK.sub("", read)))
        keep = self.channel.keep * len(read) + NOTTYPED * odd
        if not core:
            return keep
        total = 0.0
        for part in PART.split(core):
            if not part:
                continue
            own = self.trie.log_prob(folded(part))
            if not is_cased(part):
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
        pair = (context[-_CONTEXT:], text)
        found = self._spelt.get(pair)
        if found is None:
            self._spell([pair])
            found = self._spelt[pair]
        return found


def _pairs(run: _Run) -> Iterator[tuple[str, str]]:
    """All texts of a run that are spelled, each with the ends of text it may follow."""
    tails: list[set[str]] = [set() for _ in range(run.last - run.first + 1)]
    tails[0].add(run.before[-_CONTEXT:])
    for place in range(run.last - run.first):
        for span in (1, 2):
            for arc in run.arcs.get((place, span), ()):
                for tail in tails[place]:
                    added = (" " if tail and arc.text else "") + arc.text
                    yield tail, added
                    tails[place + span].add((tail + added)[-_CONTEXT:])
    if run.after:
        yield from ((tail, run.after) for tail in tails[-1])


def _unknown_parts(slots: Sequence[Slot]) -> Iterator[str]:
    for slot in slots:
        if not slot.clean:
            parts = PART.split(slot.read.replace(SEAM, "").strip(EDGE))
            yield from (text for part in parts if part for text in (part, folded(part)))


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
