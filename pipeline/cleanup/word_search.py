"""What a piece of a line may have said: words of the tree, reached through the channel.

The search goes through what was read from left to right with a beam: each hypothesis stands at a
node of the word tree; what comes next is a letter read right, a confusion, a lost letter, a word's
end with a sign or a lost space, or a sign before or after the words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest
from operator import attrgetter
from typing import NamedTuple

from pipeline.cleanup.channel import ANYTHING, LONGEST, SEAM, Channel, folded_read
from pipeline.word_trie import LETTERS, ROOT, STEP, WordTrie

Step = tuple[int, int, str]
"""``start`` and ``end`` in what was read, and what stands there in truth."""

Chain = tuple[Step, "Chain"] | None
"""Steps, the last one first."""

_NUMBERS = {letter: place for place, letter in enumerate(LETTERS)}
_SIGNS = frozenset(".,;:!?()\"'-«»—–")
_OPENING = frozenset("\"(«'")
_INNER = {",": -3.0, ".": -4.0, "-": -2.0}
"""Signs that part two words without a space, with what that costs."""

_LOST_SPACE, _LOST_BY_SHORT = -8.0, -5.0
_SHORT = 3
"""Letters of a word below which a lost space beside it costs more."""

_LEADING, _UNFIT = -4.0, -8.0
"""A sign before the words that opens nothing; a letter for one that it looks nothing like."""

_SIGN_GONE, _MARK_GONE = -5.0, -3.0
"""A sign read for nothing, inside a word or at its edge; an odd mark."""

_ANY = (-4.5, -5.5, -7.0)
"""What a blot stands for: one letter, two, three."""

_LOST_LETTER = -9.0
_LOST_ROOM, _UNFIT_ROOM = 6.0, 10.0
"""How far behind the best a hypothesis may fall with a lost letter, with one that does not fit."""

_TOP = (-1, 0.0)
"""Key of a layer's best rank."""

BEAM = 16
MARGIN = 11.0
"""Hypotheses kept at each place, and how far behind the best one may be."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A truth for what was read: its text, log-probabilities of channel and words, and steps."""

    text: str
    channel: float
    words: float
    steps: tuple[Step, ...]


class _Hypothesis(NamedTuple):
    """``rank``: what it may reach at best; ``node`` in the tree, at the root between words."""

    rank: float
    channel: float
    words: float
    node: int
    steps: Chain


_Layer = dict[tuple[int, float], _Hypothesis]


class _Search:
    def __init__(self, read: str, channel: Channel, trie: WordTrie, weight: float) -> None:
        self.read, self.folded, self.size = read, folded_read(read), len(read)
        self.channel, self.trie, self.weight = channel, trie, weight
        self.best, self.first, self.labels = trie.best, trie.first, trie.labels
        self.lost = {true: cost for true, cost in channel.pieces.get("", ()) if len(true) == 1}
        self.layers: list[_Layer] = [{} for _ in range(self.size + 1)]
        self.tops = [-math.inf] * (self.size + 1)

    def put(
        self, place: int, channel: float, words: float, node: int, step: Step, before: Chain
    ) -> _Hypothesis | None:
        """Take in a hypothesis at ``place``, if it may still win there."""
        rank = channel + self.weight * (words + self.best[node])
        if rank < self.tops[place] - MARGIN:
            return None
        self.tops[place] = max(self.tops[place], rank)
        layer, key = self.layers[place], (node, words)
        old = layer.get(key)
        if old is not None and old.rank >= rank:
            return None
        found = layer[key] = _Hypothesis(rank, channel, words, node, (step, before))
        return found

    def run(self) -> None:
        """Fill the layers from left to right."""
        rank = self.weight * self.best[ROOT]
        self.layers[0][ROOT, 0.0] = _Hypothesis(rank, 0.0, 0.0, ROOT, None)
        self.tops[0] = rank
        for place in range(self.size + 1):
            found = list(self.layers[place].values())
            if len(found) > BEAM:
                found = nlargest(BEAM, found, key=attrgetter("rank"))
            for hypothesis in tuple(found):
                found += self.ended(hypothesis, place)
            for hypothesis in tuple(found):
                found += self.with_lost_letter(hypothesis, place)
            if place < self.size:
                least = self.tops[place] - MARGIN
                for hypothesis in found:
                    if hypothesis.rank >= least:
                        self.advance(hypothesis, place)

    def ended(self, at: _Hypothesis, place: int) -> list[_Hypothesis]:
        """A word that ends here makes room for another one: after a sign, or a lost space."""
        if at.node == ROOT or not self.trie.codes[at.node] or place >= self.size:
            return []
        words = at.words - STEP * self.trie.codes[at.node]
        sign = self.read[place]
        if sign in _SIGNS:
            inside = self.folded[place + 1 : place + 2] in _NUMBERS
            cost = _INNER.get(sign, -math.inf) if inside else 0.0
            step = (place, place + 1, sign)
            self.put(place + 1, at.channel + cost, words, ROOT, step, at.steps)
        cost = _LOST_SPACE
        if place - _started(at.steps) < _SHORT or self.size - place < _SHORT:
            cost += _LOST_BY_SHORT
        new = self.put(place, at.channel + cost, words, ROOT, (place, place, " "), at.steps)
        return [new] if new else []

    def with_lost_letter(self, at: _Hypothesis, place: int) -> list[_Hypothesis]:
        """What may go on with a letter that was not read; never two at one place."""
        steps = at.steps
        twice = steps is not None and steps[0][0] == steps[0][1]
        if at.node == ROOT or twice or at.rank < self.tops[place] - _LOST_ROOM:
            return []
        found = []
        for child in range(self.first[at.node], self.first[at.node + 1]):
            letter = LETTERS[self.labels[child]]
            cost = at.channel + self.lost.get(letter, _LOST_LETTER)
            new = self.put(place, cost, at.words, child, (place, place, letter), steps)
            if new:
                found.append(new)
        return found

    def advance(self, at: _Hypothesis, place: int) -> None:
        """All ways to take in what stands at ``place``."""
        sign = self.read[place]
        if sign == SEAM:
            self.put(place + 1, at.channel, at.words, at.node, (place, place + 1, ""), at.steps)
            return
        number = _NUMBERS.get(self.folded[place], -1)
        if number >= 0:
            self.letter(at, place, number)
        elif not sign.isalnum():
            self.sign(at, place, sign)
        if sign in ANYTHING:
            self.blot(at, place)
        self.confusions(at, place)

    def letter(self, at: _Hypothesis, place: int, number: int) -> None:
        """A letter read right, or for one that it looks nothing like."""
        low, high = self.first[at.node], self.first[at.node + 1]
        child = self.labels.find(number, low, high)
        if child >= 0:
            step = (place, place + 1, LETTERS[number])
            cost = at.channel + self.channel.keep
            self.put(place + 1, cost, at.words, child, step, at.steps)
        if at.rank + _UNFIT > self.tops[place] - _UNFIT_ROOM:
            for child in range(low, high):
                if self.labels[child] != number:
                    step = (place, place + 1, LETTERS[self.labels[child]])
                    self.put(place + 1, at.channel + _UNFIT, at.words, child, step, at.steps)

    def sign(self, at: _Hypothesis, place: int, sign: str) -> None:
        """A sign that goes, or stays between words."""
        if sign != " ":
            cost = _SIGN_GONE if sign in _SIGNS else _MARK_GONE
            step = (place, place + 1, "")
            self.put(place + 1, at.channel + cost, at.words, at.node, step, at.steps)
        if at.node == ROOT and sign in _SIGNS:
            cost = 0.0 if sign in _OPENING or at.words else _LEADING
            step = (place, place + 1, sign)
            self.put(place + 1, at.channel + cost, at.words, ROOT, step, at.steps)

    def blot(self, at: _Hypothesis, place: int) -> None:
        """A sign that engines write for one letter to three of which they make nothing."""
        reached = [(at.node, "")]
        for cost in _ANY:
            new = at.channel + cost
            least = (self.tops[place] - MARGIN - new) / self.weight - at.words
            reached = [
                (child, true + LETTERS[self.labels[child]])
                for parent, true in reached
                for child in range(self.first[parent], self.first[parent + 1])
                if self.best[child] > least
            ]
            for child, true in reached:
                self.put(place + 1, new, at.words, child, (place, place + 1, true), at.steps)

    def confusions(self, at: _Hypothesis, place: int) -> None:
        """Pieces of one to three characters that may have been other letters."""
        least = self.tops[place] - MARGIN - self.weight * (at.words + self.best[at.node])
        for length in range(1, min(LONGEST, self.size - place) + 1):
            for true, cost in self.channel.pieces.get(self.folded[place : place + length], ()):
                new = at.channel + cost
                if new < least:
                    break
                child = at.node
                for letter in true:
                    child = self.labels.find(
                        _NUMBERS[letter], self.first[child], self.first[child + 1]
                    )
                    if child < 0:
                        break
                else:
                    step = (place, place + length, true)
                    self.put(place + length, new, at.words, child, step, at.steps)

    def ends(self) -> Iterable[tuple[float, float, float, Chain]]:
        """Score, channel, words and steps of what has come to an end."""
        for at in self.layers[self.size].values():
            words = at.words
            if at.node != ROOT:
                code = self.trie.codes[at.node]
                words = words - STEP * code if code else 0.0
            if words:
                yield at.channel + self.weight * words, at.channel, words, at.steps


def candidates(
    read: str, channel: Channel, trie: WordTrie, weight: float, most: int
) -> list[Candidate]:
    """The likeliest truths of ``read``, best first, ``most`` at most.

    ``weight``: of the words' log-probabilities against the channel's.
    """
    search = _Search(read, channel, trie, weight)
    search.run()
    found: dict[str, Candidate] = {}
    for _, chan, words, steps in sorted(search.ends(), key=lambda end: -end[0]):
        row = tuple(reversed(tuple(_unlinked(steps))))
        text = "".join(step[2] for step in row)
        if text not in found:
            found[text] = Candidate(text, chan, words, row)
            if len(found) == most:
                break
    return list(found.values())


def _unlinked(steps: Chain) -> Iterable[Step]:
    while steps is not None:
        step, steps = steps
        yield step


def _started(steps: Chain) -> int:
    """Where in what was read the word that ends here began."""
    at = 0
    for start, end, true in _unlinked(steps):
        if true and not true.isalpha():
            return end
        at = start
    return at
