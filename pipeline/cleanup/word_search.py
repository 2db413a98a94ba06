"""What a piece of a line may have said: words of the tree, reached through the channel.

The search goes through what was read from left to right with a beam: each hypothesis stands at a
node of the word tree; what comes next is a letter read right, a confusion, a word's end with a
sign or a lost space, or a sign before or after the words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from heapq import nlargest

from pipeline.cleanup.channel import ANYTHING, LONGEST, SEAM, Channel, folded_read
from pipeline.word_trie import LETTERS, ROOT, STEP, WordTrie

Step = tuple[int, int, str]
"""``start`` and ``end`` in what was read, and what stands there in truth."""

_NUMBERS = {letter: place for place, letter in enumerate(LETTERS)}
_SIGNS = frozenset(".,;:!?()\"'-«»—–")
_OPENING = frozenset("\"(«'")
_LOST_SPACE, _LOST_BY_SHORT = -8.0, -5.0
_SHORT = 3
"""Letters of a word below which a lost space beside it costs more."""

_INNER = {",": -3.0, ".": -4.0, "-": -2.0}
_LEADING, _UNFIT = -4.0, -9.5
_SIGN_GONE, _MARK_GONE = -5.0, -3.0
"""A sign read for nothing, inside a word or at its edge; an odd mark."""

_ANY = (-4.5, -5.5, -7.0)
"""What a blot stands for: one letter, two, three."""

_LOST_ROOM = 6.0
"""How far behind the best a hypothesis may be to be given a lost letter."""


_TOP = (-1, 0.0)
"""Key of a layer's best rank."""

BEAM = 16
MARGIN = 11.0
"""Hypotheses kept at each place, and how far behind the best one may be."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A truth for what was read: its text, its words, the channel's log-probability."""

    text: str
    channel: float
    words: float
    steps: tuple[Step, ...]


@dataclass(slots=True)
class _State:
    score: float
    node: int
    channel: float
    words: float
    steps: tuple  # type: ignore[type-arg]  # linked: (Step, before)
    done: bool  # a word has ended here, or none has begun


def candidates(
    read: str, channel: Channel, trie: WordTrie, weight: float, most: int
) -> list[Candidate]:
    """The likeliest truths of ``read``, best first, ``most`` at most.

    ``weight``: of the words' log-probabilities against the channel's.
    """
    folded = folded_read(read)
    size = len(read)
    best, codes, labels, first = trie.best, trie.codes, trie.labels, trie.first
    pieces, keep = channel.pieces, channel.keep
    lost = {true: cost for true, cost in pieces.get("", ()) if len(true) == 1}
    layers: list[dict] = [{_TOP: -math.inf} for _ in range(size + 1)]  # type: ignore[type-arg]
    # A hypothesis: (rank, channel, words, node, steps, fresh); fresh: between words.
    layers[0][ROOT, 0.0] = (weight * best[ROOT], 0.0, 0.0, ROOT, None, True)
    for place in range(size + 1):
        layer = layers[place]
        top = layer.pop(_TOP)
        if not layer:
            continue
        found = list(layer.values())
        if len(found) > BEAM:
            found = nlargest(BEAM, found, key=lambda h: h[0])
        # Words that end here make room for another one.
        for h in found:
            rank, chan, words, node, steps, fresh = h
            if node != ROOT and codes[node] and place < size and rank > top - MARGIN:
                ended = words - STEP * codes[node]
                sign = read[place]
                options = []
                if sign in _SIGNS:
                    rest = folded[place + 1 : place + 2]
                    inner = _INNER.get(sign) if rest in _NUMBERS else 0.0
                    if inner is not None:
                        options.append((place + 1, sign, inner))
                if place - _started(steps) >= _SHORT and size - place >= _SHORT:
                    options.append((place, " ", _LOST_SPACE))
                else:
                    options.append((place, " ", _LOST_SPACE + _LOST_BY_SHORT))
                for after, text, cost in options:
                    new = chan + cost
                    r = new + weight * (ended + best[ROOT])
                    if r < top - MARGIN - 8:
                        continue
                    key = (ROOT, ended)
                    target = layers[after] if after > place else None
                    state = (r, new, ended, ROOT, ((place, after, text), steps), True)
                    if target is None:
                        if key not in layer or layer[key][0] < r:
                            layer[key] = state
                            found.append(state)
                    elif key not in target or target[key][0] < r:
                        target[key] = state
        # Letters that were lost here.
        for h in list(found):
            rank, chan, words, node, steps, fresh = h
            if node == ROOT or rank < top - _LOST_ROOM or (steps and not steps[0][1] - steps[0][0]):
                continue
            for child in range(first[node], first[node + 1]):
                letter = LETTERS[labels[child]]
                new = chan + lost.get(letter, -9.0)
                r = new + weight * (words + best[child])
                key = (child, words)
                if r > top - MARGIN and (key not in layer or layer[key][0] < r):
                    layer[key] = state = (r, new, words, child, ((place, place, letter), steps), False)
                    found.append(state)
        if place == size:
            break
        sign = read[place]
        for h in found:
            rank, chan, words, node, steps, fresh = h
            if rank < top - MARGIN:
                continue
            low, high = first[node], first[node + 1]
            # Read right.
            number = _NUMBERS.get(folded[place], -1)
            if number >= 0:
                child = labels.find(number, low, high)
                if child >= 0:
                    _put(layers[place + 1], chan + keep, words, child,
                         (place, place + 1, LETTERS[number]), steps, weight, best)
            elif sign == SEAM:
                _put(layers[place + 1], chan, words, node, (place, place + 1, ""), steps, weight, best)
                continue
            elif not sign.isalnum() and sign != " ":
                cost = _SIGN_GONE if sign in _SIGNS else _MARK_GONE
                _put(layers[place + 1], chan + cost, words, node,
                     (place, place + 1, ""), steps, weight, best)
            # Signs between words stay, or go.
            if node == ROOT and sign in _SIGNS:
                cost = 0.0 if sign in _OPENING or words else _LEADING
                _put(layers[place + 1], chan + cost, words, node,
                     (place, place + 1, sign), steps, weight, best)
            if sign in ANYTHING:
                reached = [(node, "")]
                for cost in _ANY:
                    new = chan + cost
                    least = (top - MARGIN - new) / weight - words
                    reached = [
                        (child, true + LETTERS[labels[child]])
                        for parent, true in reached
                        for child in range(first[parent], first[parent + 1])
                        if best[child] > least
                    ]
                    for child, true in reached:
                        _put(layers[place + 1], new, words, child,
                             (place, place + 1, true), steps, weight, best)
            # Anything for a letter, where that may still win.
            elif number >= 0 and rank + _UNFIT > top - _LOST_ROOM - 4:
                for child in range(low, high):
                    if labels[child] != number:
                        _put(layers[place + 1], chan + _UNFIT, words, child,
                             (place, place + 1, LETTERS[labels[child]]), steps, weight, best)
            # Confusions.
            for length in range(1, LONGEST + 1):
                if place + length > size:
                    break
                for true, cost in pieces.get(folded[place : place + length], ()):
                    new = chan + cost
                    if new + weight * (words + best[node]) < top - MARGIN:
                        break
                    child = node
                    for letter in true:
                        child = labels.find(_NUMBERS[letter], first[child], first[child + 1])
                        if child < 0:
                            break
                    if child >= 0:
                        _put(layers[place + length], new, words, child,
                             (place, place + length, true), steps, weight, best)
    ends = []
    layers[size].pop(_TOP, None)
    for h in layers[size].values():
        rank, chan, words, node, steps, fresh = h
        if node == ROOT:
            total = words
            if not total:
                continue
        elif codes[node]:
            total = words - STEP * codes[node]
        else:
            continue
        ends.append((chan + weight * total, chan, total, steps))
    ends.sort(key=lambda x: -x[0])
    result: list[Candidate] = []
    texts: set[str] = set()
    for _, chan, total, steps in ends:
        row = []
        link = steps
        while link is not None:
            row.append(link[0])
            link = link[1]
        row.reverse()
        text = "".join(step[2] for step in row)
        if text in texts:
            continue
        texts.add(text)
        result.append(Candidate(text, chan, total, tuple(row)))
        if len(result) == most:
            break
    return result


def _put(layer, chan, words, node, step, before, weight, best):  # type: ignore[no-untyped-def]
    rank = chan + weight * (words + best[node])
    if rank < layer[_TOP] - MARGIN:
        return
    if rank > layer[_TOP]:
        layer[_TOP] = rank
    key = (node, words)
    old = layer.get(key)
    if old is None or old[0] < rank:
        layer[key] = (rank, chan, words, node, (step, before), node == ROOT)


def _started(steps):  # type: ignore[no-untyped-def]
    """Where in what was read the word that ends here began."""
    at = 0
    while steps is not None:
        (start, end, true), steps = steps
        if true and not true.isalpha():
            return end
        at = start
    return at
