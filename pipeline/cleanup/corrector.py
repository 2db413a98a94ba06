"""The corrector: misread words of other engines' text, by a noisy channel over characters.

A line is parted at white space into *slots*. A slot that reads as Russian stays. For the others
the word search gives candidates; runs of such slots, with what stands around them, are weighed
together by the channel, the words' frequencies and the character model. Each change carries its
probability: the share of all weighed readings of the run in which it stands.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pipeline.agreement import agreement
from pipeline.character_lm import CharacterLM
from pipeline.cleanup.casing import cased, is_loud, opens_sentence
from pipeline.cleanup.channel import SEAM, Channel
from pipeline.cleanup.readings_of_runs import CONTEXT, Arc, Run, likeliest
from pipeline.cleanup.slots import EDGE, NO_INK, PART, TYPED, Slot, is_cased
from pipeline.cleanup.word_search import Candidate, Search
from pipeline.lexicon import folded, knows
from pipeline.word_trie import WordTrie

WORD_WEIGHT, LETTER_WEIGHT, AGREEMENT_WEIGHT = 0.7, 0.4, 0.7
"""Of the words' log-probabilities, of the character model's, and of how neighbours go together,
against the channel's."""

NEW_WORD, NEW_NAME = math.log(0.02), math.log(0.2)
"""Log-probability that a word is none of the lexicon; that one with a capital is not."""

KNOWN_ONLY = -17.0
"""Log-probability of a word that the dictionary knows and prose does not have."""

NOTTYPED, JUMBLED = -9.0, -4.0
"""Log-probability that a sign which no typewriter for Russian has is right as it is; of capitals
inside a word."""

_LONGEST_JOINED, _SHORTEST_PIECE = 18, 5

_AFTER = 20
"""Characters that count after a run."""

MOST = 6
"""Candidates for one slot."""

_SPELT_AT_ONCE, _RUNS_AT_ONCE = 20_000, 2000
"""Texts that are spelled side by side, and runs that are weighed so."""


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
    agreement: float = 0.0
    """How it goes together with the words beside it."""


class Corrector:
    """Weighs what the slots of lines may have said."""

    def __init__(
        self,
        channel: Channel,
        trie: WordTrie,
        names: Collection[str] = (),
        *,
        wide: bool = True,
    ) -> None:
        """Take in what is known of a document.

        ``names``: words that it writes with a capital; ``wide``: what is far from any word is
        searched for at length, too.
        """
        self.names = names
        self.wide = wide
        self.channel = channel
        self.trie = trie
        self.letters = CharacterLM.load()
        self._search = Search(channel, trie, WORD_WEIGHT)
        self._found: dict[str, list[Candidate]] = {}
        self._spelt: dict[tuple[str, str], float] = {}
        self._agreements: dict[tuple[str, str], float] = {}

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
            self._found.update(self._search.candidates(wanted, MOST, wide=self.wide))
        self._spell(("", part) for slots in rows for part in _unknown_parts(slots))
        found: list[list[Change]] = [[] for _ in rows]
        parted = ((n, first, last) for n, row in enumerate(rows) for first, last in runs(row))
        while some := list(islice(parted, _RUNS_AT_ONCE)):
            lattices = [self._run(rows[n], first, last) for n, first, last in some]
            weighed = list(likeliest(lattices, self._spelled_each))
            self._spell(
                (" ", _letters(_read_by(rows[n], run, arc)))
                for (n, _, _), run, arcs in zip(some, lattices, weighed, strict=True)
                for arc, _ in arcs
            )
            for (n, _, _), run, arcs in zip(some, lattices, weighed, strict=True):
                found[n] += self._changed(rows[n], run, arcs)
        return found

    def _spelled_each(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """How likely each text is after its context, weighed against the channel.

        By its letters, and by how its words go together.
        """
        near = [(before[-CONTEXT:], text) for before, text in pairs]
        self._spell(near)
        return [
            LETTER_WEIGHT * self._spelt[letters] + AGREEMENT_WEIGHT * self._agreed(pair)
            for letters, pair in zip(near, pairs, strict=True)
        ]

    def _agreed(self, pair: tuple[str, str]) -> float:
        """How the words of a text go together, and the first of them with the one before."""
        found = self._agreements.get(pair)
        if found is None:
            before, text = pair
            words = [before.rpartition(" ")[2], *text.split()]
            found = self._agreements[pair] = sum(map(together, words, words[1:]))
        return found

    def _spell(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Note how likely each text is after its context."""
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._spelt]
        for start in range(0, len(new), _SPELT_AT_ONCE):
            some = new[start : start + _SPELT_AT_ONCE]
            self._spelt.update(zip(some, self.letters.continued_each(some).tolist(), strict=True))

    def _run(self, slots: Sequence[Slot], first: int, last: int) -> Run:
        """A run with all that its slots, and pairs of them, can say."""
        before = " ".join(slot.read.replace(SEAM, "") for slot in slots[max(0, first - 3) : first])
        loud = is_loud(slots, first, last)
        arcs: dict[tuple[int, int], list[Arc]] = {}
        for place in range(last - first):
            left = before if not place else slots[first + place - 1].read
            for span in range(1, min(2, last - first - place) + 1):
                group = slots[first + place : first + place + span]
                arcs[place, span] = self._arcs(group, place, left, loud=loud)
        after = slots[last].read if last < len(slots) and slots[last].clean else ""
        return Run(first, last, before, " " + after[:_AFTER] if after else "", arcs)

    def candidates(self, read: str) -> list[Candidate]:
        """The likeliest truths of ``read``."""
        if read not in self._found:
            self._found.update(self._search.candidates([read], MOST, wide=self.wide))
        return self._found[read]

    def _changed(
        self, slots: Sequence[Slot], run: Run, arcs: Sequence[tuple[Arc, float]]
    ) -> Iterator[Change]:
        """The changes that the likeliest reading of a run makes, with their probabilities."""
        texts = [run.before, *(arc.text for arc, _ in arcs), run.after]
        for number, (arc, probability) in enumerate(arcs, start=1):
            if arc.candidate is None:
                continue
            letters = _letters(_read_by(slots, run, arc))
            before = texts[number - 1].rpartition(" ")[2]
            after = texts[number + 1].lstrip().partition(" ")[0]
            yield Change(
                first=run.first + arc.place,
                last=run.first + arc.place + arc.span,
                text=arc.text,
                probability=probability,
                candidate=arc.candidate,
                spelling=self._spelled(" ", letters) / max(1, len(letters)),
                agreement=self._agreed((before, f"{arc.text} {after}")),
            )

    def _arcs(self, group: Sequence[Slot], place: int, before: str, *, loud: bool) -> list[Arc]:
        """What one slot, or two that may be one, can say."""
        first = group[0]
        arcs: list[Arc] = []
        if len(group) == 1:
            arcs.append(Arc(place, 1, self._verbatim(first), first.read.replace(SEAM, ""), None))
            if first.clean:
                return arcs
        elif not _may_be_one(*group):
            return []
        read = " ".join(slot.read for slot in group)
        for cand in self.candidates(read):
            if len(group) == 1 or " " not in cand.text:
                text = cased(
                    cand,
                    read,
                    self.trie,
                    self.names,
                    opens=opens_sentence(before),
                    loud=loud,
                )
                score = cand.channel + WORD_WEIGHT * cand.words
                arcs.append(Arc(place, len(group), score, text, cand))
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

    def _spelled(self, context: str, text: str) -> float:
        pair = (context[-CONTEXT:], text)
        found = self._spelt.get(pair)
        if found is None:
            self._spell([pair])
            found = self._spelt[pair]
        return found


def together(left: str, right: str) -> float:
    """How well two neighbouring pieces of text go together; 0.0 over a sign between them."""
    if left[-1:].isalpha() and right[:1].isalpha():
        return agreement(left.strip(EDGE), right.strip(EDGE))
    return 0.0


def _read_by(slots: Sequence[Slot], run: Run, arc: Arc) -> str:
    """What was read where an arc of a run stands."""
    first = run.first + arc.place
    return " ".join(slot.read for slot in slots[first : first + arc.span])


def _letters(read: str) -> str:
    return "".join(c for c in read.lower() if "а" <= c <= "я")


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
