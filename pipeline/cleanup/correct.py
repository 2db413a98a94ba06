"""Which edits the corrector makes on lines of other engines' text.

Two passes over a document: confusions that the first finds likely weigh more in the second, for an
engine has its habits. What is likely enough becomes an edit with its probability; what is not, and
is no word, stays and is a doubt with its best guesses.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import regex

from pipeline.cleanup.casing import names_in, too_loud
from pipeline.cleanup.channel import ANYTHING, SEAM, TYPICAL, Channel, folded_read
from pipeline.cleanup.corrector import Change, Corrector
from pipeline.cleanup.line_breaks import marks_inside
from pipeline.cleanup.raw_text import RawText
from pipeline.cleanup.slots import (
    LEAST_LETTERS,
    Slot,
    is_odd,
)
from pipeline.lexicon import folded, parses_of
from pipeline.logit import sigmoid
from pipeline.model import Edit, Layer
from pipeline.resources import fitted
from pipeline.word_trie import WordTrie

PLAIN_AT, RARE_AT = 0.7, 0.9
"""Probabilities from which a word of small Russian letters is changed: in a text with the odd signs
that engines leave, and in one without, where it is rather a rare word."""

DIRTY = 0.04
"""Share of misread letters from which on any word may be wrong."""

_PLAIN = regex.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")
_TEXT_BEFORE, _OF_A_FORM = 3000, 0.1
"""Words of other texts that a document's own are weighed with; what another form of one counts."""

_MOST_WORDS = 2000
_SAMPLE = 1500
"""Slots that are no words by which the first pass learns a document's habits."""

_WORDS = regex.compile(r"[а-я]+")
_RUN = regex.compile(r"\p{L}+")
_NOTE = regex.compile(r"\s*\*{1,3}\)?\s*[А-ЯЁ]\p{L}")
_NOTED = regex.compile(r"[(«\"]?[А-Яа-яЁё]{2,}[»\"]?\*{1,3}\)?[.,:;!?)»\"]*")
"""A note at the foot, and a word with the stars that lead to it."""

_SEEN_AT = 0.9
"""Probability from which a change of the first pass counts as seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A change with where it stands: its slots, and the evidence for it."""

    change: Change
    slots: tuple[Slot, ...]
    rate: float

    @property
    def read(self) -> str:
        """What was read."""
        return " ".join(slot.read for slot in self.slots)


def found_in(text: RawText, channel: Channel, *, adapt: bool = True) -> list[list[Found]]:
    """All changes that the corrector would make, likely or not, row by row of lines."""
    parted, rate = text.parted, text.rate
    channel = channel.at(rate)
    said = Counter(
        word
        for slots in parted
        for slot in slots
        if slot.clean
        for word in _WORDS.findall(folded(slot.read.replace(SEAM, "")))
    )
    if not adapt:
        return _in_rows(parted, channel, {}, ())
    names = _names(parted)
    sample = _sample(parted)
    found = _in_rows(sample, channel, _raised(said), names, wide=False)
    sure = [x for row in found for x in row if x.change.probability >= _SEEN_AT]
    seen = [pair for x in sure for pair in _confusions(x)]
    letters = Counter(c for slots in parted for slot in slots for c in folded_read(slot.read))
    said.update(
        word
        for x in sure
        if probability_of(x) >= _SEEN_AT
        for word in _WORDS.findall(folded(x.change.text))
    )
    return _in_rows(parted, channel.adapted(seen, letters, rate), _raised(said), names)


def _names(parted: Sequence[Sequence[Slot]]) -> frozenset[str]:
    """Words that a document writes with a capital inside its sentences, always."""
    seen: dict[str, bool] = {}
    for slots in parted:
        for word, big in names_in(slots):
            seen[word] = seen.get(word, True) and big
    return frozenset(word for word, big in seen.items() if big)


def _sample(parted: Sequence[Sequence[Slot]]) -> list[Sequence[Slot]]:
    """The beginning of a long text, enough to see its engine's habits, else all of it."""
    some: list[Sequence[Slot]] = []
    count = 0
    for slots in parted:
        unclean = [place for place, slot in enumerate(slots) if not slot.clean]
        if count + len(unclean) >= _SAMPLE:
            some.append(slots[: unclean[_SAMPLE - count - 1] + 1])
            return some
        count += len(unclean)
        some.append(slots)
    return some


def _raised(said: Counter[str]) -> dict[str, float]:
    """The log-probabilities that a document gives its own words, and other forms of them."""
    total = said.total() + _TEXT_BEFORE
    # Of a long text, what is said once is no habit.
    least = 1 if total < 2 * _TEXT_BEFORE else 2
    counts: Counter[str] = Counter()
    for word, count in said.most_common(_MOST_WORDS):
        if len(word) < LEAST_LETTERS or count < least:
            continue
        counts[word] += count
        for form in _forms(word):
            counts[form] += _OF_A_FORM * count  # type: ignore[assignment]
    return {word: math.log(count / total) for word, count in counts.items()}


@lru_cache(maxsize=1 << 14)
def _forms(word: str) -> frozenset[str]:
    """The other forms of a dictionary word."""
    forms = (form.word for parse in parses_of(word)[:2] for form in parse.lexeme)
    return frozenset(folded(form) for form in forms) - {word}


def corrections(
    text: RawText, sure_at: float
) -> tuple[list[list[list[Edit]]], list[list[list[Guess]]]]:
    """The edits of each line of each row, of changes whose probability is ``sure_at`` or more.

    And the guesses at words that are none and stay.
    """
    edits: list[list[list[Edit]]] = [[[] for _ in raws] for raws in text.rows]
    guesses: list[list[list[Guess]]] = [[[] for _ in raws] for raws in text.rows]
    if not text.is_legible:
        return edits, guesses
    channel = channel_that_ships()
    plain_at = (sure_at if text.rate >= DIRTY else PLAIN_AT) if text.is_odd else RARE_AT
    noted = any(_NOTE.match(raw) for raws in text.rows for raw in raws)
    for number, changes in enumerate(found_in(text, channel)):
        for found in changes:
            if noted and any(_NOTED.fullmatch(slot.read) for slot in found.slots):
                continue
            probability = probability_of(found)
            if probability >= sure_at and _may_be_changed(found, probability, plain_at):
                for line, edit in _edits(found, text.rows[number], probability):
                    edits[number][line].append(edit)
            elif found.change.text != found.read and found.slots[-1].broken is None:
                guesses[number][found.slots[0].line].append(_guess(found, probability))
        slots = text.parted[number]
        for line, edit in _beside_words(text, number):
            edits[number][line].append(edit)
        for slot in _untouched(slots, changes):
            stop = slot.start + len(slot.read)
            guesses[number][slot.line].append(Guess(slot.start, stop, "", 0.0))
    return edits, guesses


def _beside_words(text: RawText, number: int) -> Iterator[tuple[int, Edit]]:
    """The edits of a row that change no letter: marks in broken words, and capitals."""
    for slot in text.parted[number]:
        if slot.broken is not None:
            yield from marks_inside(text.read[number], slot.broken)
    if text.is_jumbled:
        for slot, word in too_loud(text.parted[number], WordTrie.load()):
            start = slot.start + slot.read.index(word)
            yield slot.line, _in_small_letters(start, word)


def _untouched(slots: Sequence[Slot], changes: Sequence[Found]) -> Iterator[Slot]:
    """Slots with odd signs for which nothing was found."""
    changed = {slot for found in changes for slot in found.slots}
    for slot in slots:
        if not slot.clean and slot.broken is None and is_odd(slot.read) and slot not in changed:
            yield slot


def _guess(found: Found, probability: float) -> Guess:
    first, last = found.slots[0], found.slots[-1]
    stop = last.start + len(last.read)
    return Guess(first.start, stop, found.change.text, round(probability, 4))


def _in_small_letters(start: int, word: str) -> Edit:
    return Edit(
        rule="capitals",
        start=start,
        before=word,
        after=word.lower(),
        layer=Layer.DIPLOMATIC,
        evidence="amid small letters, of an engine that reads them as capitals",
    )


@cache
def channel_that_ships() -> Channel:
    """The channel before any document is known; its table is made once a process."""
    return Channel(fitted.confusions(), TYPICAL)


class Guess(NamedTuple):
    """What ``raw[start:stop]`` of a line may have been, and how likely that is (0.0-1.0).

    ``text`` is empty where nothing was found.
    """

    start: int
    stop: int
    text: str
    probability: float


def _may_be_changed(found: Found, probability: float, plain_at: float) -> bool:
    """Whether what was read may be changed at all.

    A capitalised word of nothing but Russian letters may be a name that no lexicon has, and a
    plain one a rare word: the one stays, the other needs a probability of ``plain_at``.
    Letters typed spread out stay.
    """
    read = found.read.replace(SEAM, "")
    if found.change.text == read or all(len(slot.read) == 1 for slot in found.slots):
        return False
    core = _PLAIN.fullmatch(read.strip(".,;:!?()\"'«»-—– "))
    if core is None:
        return True
    if read.count("-") != found.change.text.count("-") and len(found.slots) == 1:
        return False
    named = core[0][0].isupper() and (core[0].isupper() or core[0][1:].islower() or "-" in read)
    return not named and probability >= plain_at


def probability_of(found: Found) -> float:
    """How likely it is (0.0-1.0) that a change is right."""
    # Evidence that the weights do not know counts nothing, so that they can be fitted anew.
    weights = fitted.corrector().weights
    return sigmoid(sum(weights.get(name, 0.0) * value for name, value in features(found).items()))


def _edits(found: Found, raws: Sequence[str], probability: float) -> Iterator[tuple[int, Edit]]:
    """A change as edits, each with its line; two for a word that was broken at a line's end."""
    first, last = found.slots[0], found.slots[-1]
    evidence = f"{probability:.2f} likely, no word as read"
    text = found.change.text
    if last.broken is None:
        raw = raws[first.line][first.start : last.start + len(last.read)]
        yield first.line, _edit(first.start, raw, text, evidence)
        return
    head = last.broken.head
    done = sum(len(true) for start, _, true in found.change.candidate.steps if start < len(head))
    for line, at, before, after in (
        (last.line, last.start, head, text[:done]),
        (last.broken.below, last.broken.at, last.broken.rest, text[done:]),
    ):
        if before != after:
            yield line, _edit(at, before, after, evidence)


def _edit(start: int, before: str, after: str, evidence: str) -> Edit:
    while before and after and before[-1] == after[-1] and not before[-1].isalnum():
        before, after = before[:-1], after[:-1]
    while before and after and before[0] == after[0] and not before[0].isalnum():
        before, after, start = before[1:], after[1:], start + 1
    return Edit(
        rule="corrector",
        start=start,
        before=before,
        after=after,
        layer=Layer.DIPLOMATIC,
        evidence=evidence,
    )


def _in_rows(
    parted: Sequence[Sequence[Slot]],
    channel: Channel,
    words: Mapping[str, float],
    names: Collection[str],
    *,
    wide: bool = True,
) -> list[list[Found]]:
    corrector = Corrector(channel, WordTrie.load().raised(words), names, wide=wide)
    found = corrector.changes(parted)
    return [
        [Found(change=x, slots=tuple(slots[x.first : x.last]), rate=channel.rate) for x in changes]
        for slots, changes in zip(parted, found, strict=True)
    ]


def _confusions(found: Found) -> Iterator[tuple[str, str]]:
    if found.change.probability < _SEEN_AT:
        return
    read = folded_read(found.read)
    for start, end, true in found.change.candidate.steps:
        piece = read[start:end]
        if piece not in (true, SEAM) and true.isalpha():
            yield piece, true


def features(found: Found) -> dict[str, float]:
    """The evidence for a change, by name."""
    change = found.change
    read = found.read.replace(SEAM, "")
    folded = folded_read(found.read)
    size = max(1, sum(c.isalpha() for c in change.text))
    probability = min(max(change.probability, 1e-4), 1 - 1e-4)
    core = read.strip(".,;:!?()\"'«»-—– ")
    steps = change.candidate.steps
    right = sum(folded[a:b] == true for a, b, true in steps if true.isalpha())
    return {
        "bias": 1.0,
        "share": math.log(probability / (1 - probability)),
        "channel": change.candidate.channel / size,
        "edits": change.candidate.channel / 10,
        "frequency": change.candidate.words / max(1, len(_RUN.findall(change.text))) / 10,
        "right": right / size,
        "letters": math.log(1.0 + right),
        "short": 1.0 / size,
        "spaces": float(change.text.count(" ")),
        "joined": float(len(found.slots) > 1),
        "name": float(core[:1].isupper() and core[1:].islower() and core.isalpha()),
        "blots": sum(c in ANYTHING for c in core) / size,
        "rate": math.log(found.rate),
        "foreign": float(any(c.isalnum() and not "Ѐ" <= c <= "ӿ" for c in core)),
        "marks": float(any(not c.isalnum() for c in core)),
        "jumbled": float(
            core != core.lower() and not core.isupper() and core[1:] != core[1:].lower()
        ),
        "spelling": change.spelling,
        "agreement": change.agreement,
        "signs": float(sum(not c.isalnum() for c in change.text.strip(".,;:!?()\"'«»-—– "))),
    }
