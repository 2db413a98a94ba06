"""What pieces of lines may have said: words of the tree, reached through the channel.

The search goes through what was read from left to right with a beam: each hypothesis stands at a
node of the word tree; what comes next is a letter read right, a confusion, a lost letter, a word's
end with a sign or a lost space, or a sign before or after the words. Many pieces are searched side
by side, place by place, in arrays: a hypothesis is a row of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.channel import LONGEST, Channel
from pipeline.cleanup.search_rows import (
    Rows,
    best_of_each,
    first_of_each,
    joined,
    repeated,
    traced,
)
from pipeline.cleanup.search_signs import signs_of
from pipeline.word_trie import LETTERS, ROOT, STEP, WordTrie

Step = tuple[int, int, str]
"""``start`` and ``end`` in what was read, and what stands there in truth."""

_LOST_SPACE, _LOST_BY_SHORT = -8.0, -5.0
_SHORT = 3
"""Letters of a word below which a lost space beside it costs more."""

_UNFIT, _UNFIT_PAIR = -8.0, -11.0
"""A letter for one that it looks nothing like, and for two characters."""

_ANY = (-4.5, -5.0, -5.5, -6.5)
"""What a blot stands for: one letter, two, three, four."""

_LOST_LETTER = -9.0
_LOST_ROOM, _UNFIT_ROOM = 6.0, 14.0
"""How far behind the best a hypothesis may fall with a lost letter, with one that does not fit."""

BEAM = 64
MARGIN = 16.0
"""Hypotheses kept at each place, and how far behind the best one may be."""

_NARROW, _NEAR = 12, -7.5
"""Hypotheses of a first search; log-probability of the channel from which its find is near."""

_AHEAD = (-5.0, -4.0, -3.0)
"""What is to be expected where none of the words goes on with the next letter that was read, with
the one after it, and so on."""

_BESIDE = 0.7
"""What a look-alike of another alphabet costs beside others."""

_ENDS = 4
"""Ways kept for each candidate: many lead to one text."""

_LENGTHS = len(_ANY) + 1
"""What stands for a blot is kept as the node that it ends at, and how many letters it has."""

_TOGETHER = 400
"""Pieces that are searched side by side: arrays of some ten megabytes."""

_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A truth for what was read: its text, log-probabilities of channel and words, and steps."""

    text: str
    channel: float
    words: float
    steps: tuple[Step, ...]


def _is_near(found: Sequence[Candidate]) -> bool:
    """Whether the best candidate is one word that is not far from what was read."""
    return bool(found) and found[0].channel >= _NEAR and " " not in found[0].text


class Search:
    """Finds words of a tree through a channel; the tables of both are made once."""

    def __init__(self, channel: Channel, trie: WordTrie, weight: float) -> None:
        """``weight``: of the words' log-probabilities against the channel's."""
        self.weight, self.keep = weight, channel.keep
        self.first = np.frombuffer(trie.first, np.int32)
        self.labels = np.frombuffer(trie.labels, np.uint8)
        self.codes = np.frombuffer(trie.codes, np.uint8)
        self.best = np.frombuffer(trie.best, np.float32)
        self.letters = trie.letters
        self._above = trie.above
        self.trues: list[str] = ["", *LETTERS, " "]
        self.space = len(self.trues) - 1
        self.true_of = {text: place for place, text in enumerate(self.trues)}
        self.rows = channel.rows
        self.piece_starts, self.piece_costs = channel.starts, channel.costs
        self.piece_letters = channel.letters
        self.piece_trues = np.array([self.number_of(true) for true in channel.trues], np.int64)
        self.alike = channel.look_alikes
        self.lost = np.full(len(LETTERS), _LOST_LETTER)
        if (nothing := channel.rows.get("")) is not None:
            entries = np.arange(channel.starts[nothing], channel.starts[nothing + 1])
            single = entries[channel.letters[entries, 1] < 0]
            self.lost[channel.letters[single, 0]] = self.piece_costs[single]

    def number_of(self, true: str) -> int:
        """The number under which ``true`` is kept."""
        number = self.true_of.get(true)
        if number is None:
            number = self.true_of[true] = len(self.trues)
            self.trues.append(true)
        return number

    def text_of(self, number: int) -> str:
        """The true text that is kept under ``number``; below nought, letters above a node."""
        if number >= 0:
            return self.trues[number]
        node, length = divmod(-number, _LENGTHS)
        letters: list[str] = []
        for _ in range(length):
            letters.append(LETTERS[self.labels[node]])
            node = int(self._above[node])
        return "".join(reversed(letters))

    def candidates(
        self, reads: Sequence[str], most: int, *, wide: bool = True
    ) -> dict[str, list[Candidate]]:
        """The likeliest truths of each of ``reads``, best first, ``most`` at most.

        Most are found by a narrow search; where that finds nothing near, a ``wide`` one follows.
        """
        found = self._found(set(reads), most, _NARROW)
        if not wide:
            return found
        hard = [read for read in found if not _is_near(found[read])]
        return found | self._found(hard, most, BEAM)

    def _found(self, reads: Collection[str], most: int, beam: int) -> dict[str, list[Candidate]]:
        found: dict[str, list[Candidate]] = {}
        unique = sorted(reads, key=len)
        together = _TOGETHER * BEAM // beam
        for start in range(0, len(unique), together):
            batch = unique[start : start + together]
            found.update(zip(batch, _Batch(self, batch, beam).run(most), strict=True))
        return found

    def child(self, nodes: _Ints, letters: _Ints) -> _Ints:
        """The children of ``nodes`` for ``letters``; -1 where there is none."""
        bits = np.uint32(1) << letters.astype(np.uint32)
        has = self.letters[nodes]
        below = np.bitwise_count(has & (bits - np.uint32(1)))
        return np.where((has & bits) != 0, self.first[nodes].astype(np.int64) + below, -1)


class _Batch:
    """One search: hypotheses by place, and how each was reached."""

    def __init__(self, search: Search, reads: Sequence[str], beam: int) -> None:
        self.search, self.reads, self.beam = search, reads, beam
        self.sizes = np.array([len(read) for read in reads])
        # Where a space was read, the words are sought that it may have been read in.
        self.whole = np.array([" " not in read for read in reads])
        self.signs = signs_of(reads, search.rows, search.number_of)
        longest = int(self.sizes.max())
        self.waiting: list[list[Rows]] = [[] for _ in range(longest + LONGEST + 1)]
        self.steps: list[NDArray[Any]] = []
        self.count = 0

    def run(self, most: int) -> list[list[Candidate]]:
        """The candidates of each piece."""
        self.waiting[0].append(Rows.at_start(len(self.reads)))
        ends: list[Rows] = []
        for place in range(int(self.sizes.max()) + 1):
            rows = self._layer(place)
            if rows is None:
                continue
            final = self.sizes[rows.piece] == place
            ends.append(rows.chosen(np.flatnonzero(final)))
            self._advance(rows.chosen(np.flatnonzero(~final)), place)
            self.waiting[place] = []
        return self._finished(joined(ends), most)

    def _rank(self, rows: Rows) -> NDArray[np.float64]:
        return rows.channel + self.search.weight * (rows.words + self.search.best[rows.node])

    def _layer(self, place: int) -> Rows | None:
        """The best hypotheses at ``place``, with those that a lost space or letter adds."""
        if not self.waiting[place]:
            return None
        rows = joined(self.waiting[place])
        rank = self._rank(rows)
        self.tops = np.full(len(self.reads), -np.inf)
        np.maximum.at(self.tops, rows.piece, rank)
        near = np.flatnonzero(rank >= self.tops[rows.piece] - MARGIN)
        rows, rank = rows.chosen(near), rank[near]
        kept = first_of_each(rows, rank + self._outlook(rows, place), self.beam)
        rows = self._noted(rows.chosen(kept))
        for more in (self._ended(rows, place), self._letters_lost(rows, place)):
            if len(more.piece):
                near = np.flatnonzero(self._rank(more) >= self.tops[more.piece] - MARGIN)
                rows = joined([rows, self._noted(more.chosen(near))])
        return rows

    def _outlook(self, rows: Rows, place: int) -> NDArray[np.float64]:
        """What of hypotheses is yet to come: a letter with which no word goes on costs more."""
        letters, search = self.signs.letter, self.search
        expected = np.zeros(len(rows.piece))
        node, known = rows.node, np.ones(len(rows.piece), bool)
        for ahead, cost in enumerate(_AHEAD, start=place):
            if ahead >= letters.shape[1]:
                break
            letter = letters[rows.piece, ahead]
            known &= letter >= 0
            node = search.child(np.maximum(node, 0), np.maximum(letter, 0))
            stuck = known & (node < 0)
            expected[stuck] = cost
            known &= node >= 0
        return expected

    def _noted(self, rows: Rows) -> Rows:
        """The hypotheses with places of their own among all steps."""
        self.steps.append(np.stack([rows.before, rows.start, rows.end, rows.true]))
        numbers = np.arange(self.count, self.count + len(rows.piece))
        self.count += len(numbers)
        return rows.numbered(numbers)

    def _put(self, rows: Rows, place: int, cost: Any, node: Any, end: int, true: Any) -> Rows:
        """What follows from ``rows`` with a step from ``place`` to ``end``."""
        return rows.after(place, end, rows.channel + cost, node, true)

    def _ended(self, rows: Rows, place: int) -> Rows:
        """Words that end here make room for another one: after a sign, or a lost space."""
        search = self.search
        codes = search.codes[rows.node]
        ended = (codes > 0) & (rows.node != ROOT) & (self.sizes[rows.piece] > place)
        rows = rows.chosen(np.flatnonzero(ended))
        rows = rows.with_words(rows.words - STEP * search.codes[rows.node])
        if not len(rows.piece):
            return rows
        cost = self.signs.ends[rows.piece, place]
        self._wait(
            self._put(rows, place, cost, ROOT, place + 1, self.signs.true[rows.piece, place])
        )
        rows = rows.chosen(np.flatnonzero(self.whole[rows.piece]))
        short = (place - rows.began < _SHORT) | (self.sizes[rows.piece] - place < _SHORT)
        cost = _LOST_SPACE + np.where(short, _LOST_BY_SHORT, 0.0)
        return self._put(rows, place, cost, ROOT, place, search.space)

    def _letters_lost(self, rows: Rows, place: int) -> Rows:
        """What may go on with a letter that was not read; never two at one place."""
        once = (rows.node != ROOT) & (rows.start != rows.end)
        near = self._rank(rows) >= self.tops[rows.piece] - _LOST_ROOM
        which, node, letter = self._children(rows, np.flatnonzero(once & near))
        rows = rows.chosen(which)
        return self._put(rows, place, self.search.lost[letter], node, place, 1 + letter)

    def _children(self, rows: Rows, which: _Ints) -> tuple[_Ints, _Ints, _Ints]:
        """All children of the hypotheses ``which``: of which, their nodes and letters."""
        low = self.search.first[rows.node[which]]
        counts = self.search.first[rows.node[which] + 1] - low
        of, offset = repeated(counts)
        node = low[of] + offset
        return which[of], node, self.search.labels[node].astype(np.int64)

    def _wait(self, rows: Rows) -> None:
        """Let hypotheses wait at the places where their last steps end; all end at one."""
        good = np.flatnonzero(np.isfinite(rows.channel))
        if len(good):
            self.waiting[int(rows.end[good[0]])].append(rows.chosen(good))

    def _advance(self, rows: Rows, place: int) -> None:
        """All ways to take in what stands at ``place``."""
        if not len(rows.piece):
            return
        signs = self.signs
        after = place + 1
        seam = signs.seam[rows.piece, place]
        self._wait(self._put(rows.chosen(np.flatnonzero(seam)), place, 0.0, None, after, 0))
        rows = rows.chosen(np.flatnonzero(~seam))
        if not len(rows.piece):
            return
        letter = signs.letter[rows.piece, place]
        self._letter(rows, place, letter)
        gone = signs.gone[rows.piece, place]
        self._wait(self._put(rows, place, gone, None, after, 0))
        root = rows.chosen(np.flatnonzero(rows.node == ROOT))
        opens = signs.opens[root.piece, place]
        opens = np.where((root.words != 0.0) & np.isfinite(opens), 0.0, opens)
        true = signs.true[root.piece, place]
        self._wait(self._put(root, place, opens, ROOT, after, true))
        self._blots(rows.chosen(np.flatnonzero(np.isfinite(signs.blot[rows.piece, place]))), place)
        least = self.tops[rows.piece] - MARGIN
        for length in range(1, LONGEST + 1):
            self._confusions(rows, place, length, least)

    def _letter(self, rows: Rows, place: int, letter: _Ints) -> None:
        """A letter read right, or for one that it looks nothing like."""
        search = self.search
        right = np.flatnonzero(letter >= 0)
        node = search.child(rows.node[right], letter[right])
        same = rows.chosen(right[node >= 0])
        true = 1 + letter[right[node >= 0]]
        self._wait(self._put(same, place, search.keep, node[node >= 0], place + 1, true))
        rank, room = self._rank(rows), self.tops[rows.piece] - _UNFIT_ROOM
        unfit = np.flatnonzero((letter >= 0) & (rank + _UNFIT > room))
        which, node, new = self._children(rows, unfit)
        other = np.flatnonzero(new != letter[which])
        odd = rows.chosen(which[other])
        self._wait(self._put(odd, place, _UNFIT, node[other], place + 1, 1 + new[other]))
        pair = (rank + _UNFIT_PAIR > room) & (place + 2 <= self.sizes[rows.piece])
        which, node, new = self._children(rows, np.flatnonzero(pair))
        odd = rows.chosen(which)
        self._wait(self._put(odd, place, _UNFIT_PAIR, node, place + 2, 1 + new))

    def _blots(self, rows: Rows, place: int) -> None:
        """A sign that engines write for one letter to four of which they make nothing."""
        search = self.search
        which, node = np.arange(len(rows.piece)), rows.node
        offset_of = self.signs.blot[rows.piece, place]
        for length, any_letter in enumerate(_ANY, start=1):
            if not len(which):
                return
            low = search.first[node]
            of, offset = repeated(search.first[node + 1] - low)
            node = low[of] + offset
            which = which[of]
            cost = any_letter + offset_of[which]
            rank = (
                rows.channel[which] + cost + search.weight * (rows.words[which] + search.best[node])
            )
            near = np.flatnonzero(rank >= self.tops[rows.piece[which]] - MARGIN)
            # No more than these go on from where the step ends, and more letters cost more.
            near = near[best_of_each(rows.piece[which[near]], rank[near], self.beam)]
            which, node, cost = which[near], node[near], cost[near]
            true = -(_LENGTHS * node + length)
            self._wait(self._put(rows.chosen(which), place, cost, node, place + 1, true))

    def _confusions(self, rows: Rows, place: int, length: int, least: NDArray[np.float64]) -> None:
        """Pieces of ``length`` characters that may have been other letters."""
        search = self.search
        piece = self.signs.pieces[rows.piece, place, length - 1]
        known = np.flatnonzero(piece >= 0)
        if not len(known):
            return
        low = search.piece_starts[piece[known]]
        of, offset = repeated(search.piece_starts[piece[known] + 1] - low)
        which, entry = known[of], low[of] + offset
        rank = self._rank(rows)[which] + search.piece_costs[entry]
        near = np.flatnonzero(rank >= least[which])
        which, entry = which[near], entry[near]
        node = rows.node[which]
        for step in range(LONGEST):
            letter = search.piece_letters[entry, step]
            more = letter >= 0
            if not more.any():
                break
            node = np.where(more, search.child(node, np.maximum(letter, 0)), node)
            good = np.flatnonzero(node >= 0)
            which, entry, node = which[good], entry[good], node[good]
        cost = search.piece_costs[entry]
        true = search.piece_trues[entry]
        self._wait(self._put(rows.chosen(which), place, cost, node, place + length, true))

    def _one_slip(self, piece: int, steps: Sequence[Step]) -> float:
        """What look-alikes of another alphabet cost too much: they come together, not each anew."""
        read, alike = self.reads[piece], self.search.alike
        costs = [alike.get((read[start:end], true), 0.0) for start, end, true in steps]
        costs = [cost for cost in costs if cost]
        return sum(-_BESIDE - cost for cost in costs) + min(costs) + _BESIDE if costs else 0.0

    def _finished(self, rows: Rows, most: int) -> list[list[Candidate]]:
        """The candidates, from the hypotheses that have come to an end."""
        codes = self.search.codes[rows.node]
        words = np.where(rows.node == ROOT, rows.words, rows.words - STEP * codes)
        good = np.flatnonzero((words != 0.0) & ((rows.node == ROOT) | (codes > 0)))
        rows, words = rows.chosen(good), words[good]
        score = rows.channel + self.search.weight * words
        kept = best_of_each(rows.piece, score, _ENDS * most)
        rows, words = rows.chosen(kept), words[kept]
        found: list[dict[str, Candidate]] = [{} for _ in self.reads]
        ways = traced(self.steps, rows.number)
        text_of = self.search.text_of
        for at, (piece, way) in enumerate(zip(rows.piece.tolist(), ways, strict=True)):
            texts = found[piece]
            if len(texts) >= most:
                continue
            steps = tuple((start, end, text_of(true)) for start, end, true in way)
            text = "".join(step[2] for step in steps)
            if text not in texts:
                channel = float(rows.channel[at]) + self._one_slip(piece, steps)
                texts[text] = Candidate(text, channel, float(words[at]), steps)
        return [list(texts.values()) for texts in found]
