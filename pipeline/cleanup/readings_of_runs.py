"""The likeliest reading of each run of slots, and how likely each of its parts is.

What the slots of a run can say is a lattice: an *arc* is a truth of one slot, or of two that are
one. A reading is a way through it; its score is the sum of its arcs' and of how likely each text
is after the letters before it. Ways that end alike go on alike, so they are one *node*: the sums
over all ways are found forwards and backwards (Baum and others, 1970), the likeliest way by
itself (Viterbi). Many runs are gone through side by side, place by place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from heapq import nlargest
from operator import attrgetter
from typing import NamedTuple

from pipeline.cleanup.word_search import Candidate

CONTEXT = 5
"""Characters before a text that count."""

_LONGEST_WORD = 40

BEAM, MARGIN = 24, 14.0
"""Nodes at one place that are gone on from, and how far behind the best they may be."""

Spell = Callable[[Sequence[tuple[str, str]]], Sequence[float]]
"""The log-probabilities of texts after their contexts."""


class Arc(NamedTuple):
    """A truth of the slots ``place`` to ``place + span`` of a run; no candidate: as it was read."""

    place: int
    span: int
    score: float
    text: str
    candidate: Candidate | None


class Run(NamedTuple):
    """Slots ``first`` to ``last`` (exclusive) with the text around, and what each can say.

    ``arcs`` by place within the run and by how many slots they take.
    """

    first: int
    last: int
    before: str
    after: str
    arcs: dict[tuple[int, int], list[Arc]]


class _Node:
    """All ways of a run that end with ``tail``: the log of their sum, and the likeliest of them."""

    __slots__ = ("after", "best", "came", "score", "tail", "ways")

    def __init__(self, tail: str, score: float = -math.inf) -> None:
        self.tail = tail
        self.score = self.best = score
        self.after = -math.inf
        self.came: tuple[_Node, Arc] | None = None
        self.ways: list[tuple[_Node, Arc, float]] = []

    def add(self, before: _Node, arc: Arc, weight: float) -> None:
        self.ways.append((before, arc, weight))
        self.score = _sum(self.score, before.score + weight)
        if before.best + weight > self.best:
            self.best, self.came = before.best + weight, (before, arc)


_Layers = list[dict[str, _Node]]


def likeliest(runs: Sequence[Run], spell: Spell) -> Iterator[list[tuple[Arc, float]]]:
    """The arcs of each run's likeliest reading, each with its probability (0.0-1.0)."""
    lattices = [_begun(run) for run in runs]
    for place in range(max((run.last - run.first for run in runs), default=0)):
        pairs: list[tuple[str, str]] = []
        steps: list[tuple[dict[str, _Node], _Node, Arc]] = []
        for run, layers in zip(runs, lattices, strict=True):
            if place >= run.last - run.first:
                continue
            nodes = nlargest(BEAM, layers[place].values(), key=attrgetter("score"))
            nodes = [node for node in nodes if node.score > nodes[0].score - MARGIN]
            layers[place] = {node.tail: node for node in nodes}
            for span in (1, 2):
                for arc in run.arcs.get((place, span), ()):
                    steps += [(layers[place + span], node, arc) for node in nodes]
                    pairs += [(node.tail, _added(node.tail, arc.text)) for node in nodes]
        for (layer, node, arc), pair, log in zip(steps, pairs, spell(pairs), strict=True):
            tail = tail_of(pair[0] + pair[1])
            if tail not in layer:
                layer[tail] = _Node(tail)
            layer[tail].add(node, arc, arc.score + log)
    ends = [(node, run) for run, x in zip(runs, lattices, strict=True) for node in x[-1].values()]
    logs = spell([(node.tail, run.after) for node, run in ends])
    for (node, _), log in zip(ends, logs, strict=True):
        node.after = log
    for layers in lattices:
        yield _weighed(layers)


def _begun(run: Run) -> _Layers:
    layers: _Layers = [{} for _ in range(run.last - run.first + 1)]
    tail = tail_of(run.before)
    layers[0][tail] = _Node(tail, 0.0)
    return layers


def tail_of(text: str) -> str:
    """The end of a text that counts for what follows: its last characters, and its last word."""
    return text[max(0, min(len(text) - CONTEXT, text.rfind(" ") + 1), len(text) - _LONGEST_WORD) :]


def _added(tail: str, text: str) -> str:
    return (" " if tail and text else "") + text


def _weighed(layers: _Layers) -> list[tuple[Arc, float]]:
    """The likeliest way through a lattice, with the share of all ways that each arc has."""
    if not layers[-1]:
        return []
    total = -math.inf
    for node in layers[-1].values():
        total = _sum(total, node.score + node.after)
    shares: dict[int, float] = {}
    for layer in reversed(layers):
        for node in layer.values():
            if node.after == -math.inf:
                continue
            for before, arc, weight in node.ways:
                before.after = _sum(before.after, weight + node.after)
                share = math.exp(min(0.0, before.score + weight + node.after - total))
                shares[id(arc)] = shares.get(id(arc), 0.0) + share
    at = max(layers[-1].values(), key=lambda node: node.best + node.after)
    arcs: list[Arc] = []
    while at.came is not None:
        at, arc = at.came
        arcs.append(arc)
    return [(arc, min(1.0, shares[id(arc)])) for arc in reversed(arcs)]


def _sum(first: float, second: float) -> float:
    """The logarithm of the sum of two numbers, from their logarithms."""
    high, low = (first, second) if first > second else (second, first)
    return high + math.log1p(math.exp(low - high)) if low > -math.inf else high
