"""Which edits the corrector makes on lines of other engines' text.

Two passes over a document: confusions that the first finds likely weigh more in the second, for an
engine has its habits. What is likely enough becomes an edit with its probability; what is not, and
is no word, stays and is a doubt with its best guesses.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from pipeline.cleanup.channel import ANYTHING, SEAM, TYPICAL, Channel, folded_read
from pipeline.cleanup.corrector import Change, Corrector, Slot, is_clean, runs
from pipeline.lexicon import folded, parses_of
from pipeline.logit import sigmoid
from pipeline.model import Edit, Layer
from pipeline.resources import fitted
from pipeline.word_trie import WordTrie

_SLOT = regex.compile(r"\S+")
_BROKEN = regex.compile(r"(?<=[\p{L}\p{M}])[-\u00ad\u00ac\u2010\u2011\u2013\u2014]\s*$")
_LETTER = regex.compile(r"\p{L}")

LEAST_RATE, MOST_RATE = 0.002, 0.15
"""Bounds of the share of misread letters that a document is taken to have."""

_LETTERS_OF_A_WORD = 7.0
PLAIN_AT = 0.7
"""Probability from which a word of small Russian letters is changed."""

DIRTY, RARELY = 0.04, 0.0038
"""Shares of misread letters: from the first on any word may be wrong, below the second few are.

Clean prose of today has between 0.003 and the second, for it has words that no dictionary has; the
sample telegram, with two words misread, has 0.0039.
"""

LEAST_LEGIBLE = 0.2
"""Share of a document's longer words that must be known: else all is guessing."""

_PLAIN = regex.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")
_TEXT_BEFORE, _OF_A_FORM = 3000, 0.1
"""Words of other texts that a document's own are weighed with; what another form of one counts."""

_LEAST_LETTERS, _MOST_WORDS = 4, 2000
_WORDS = regex.compile(r"[а-я]+")
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


def slots_of(raws: Sequence[str]) -> list[Slot]:
    """The slots of neighbouring lines; a word broken at a line's end is one."""
    slots: list[Slot] = []
    skip = 0
    for number, raw in enumerate(raws):
        found = list(_SLOT.finditer(raw))[skip:]
        skip = 0
        for place, match in enumerate(found):
            read = match[0]
            if place == len(found) - 1 and _BROKEN.search(read) and number + 1 < len(raws):
                first = _SLOT.search(raws[number + 1])
                if first and _LETTER.match(first[0]) and not first[0][0].isupper():
                    head = _BROKEN.sub("", read)
                    whole = head + SEAM + first[0]
                    slots.append(
                        Slot(whole, number, match.start(), is_clean(head + first[0]), len(head))
                    )
                    skip = 1
                    continue
            slots.append(Slot(read, number, match.start(), is_clean(read)))
    return slots


def rate_of(slots: Sequence[Slot]) -> float:
    """The share of misread letters, by the words that are none."""
    words = [slot for slot in slots if len(_LETTER.findall(slot.read)) >= 4]
    unclean = sum(not slot.clean for slot in words)
    share = (unclean + 0.2) / (len(words) + 10)
    return min(MOST_RATE, max(LEAST_RATE, share / _LETTERS_OF_A_WORD))


def found_in(
    rows: Sequence[Sequence[str]], channel: Channel, *, adapt: bool = True
) -> list[list[Found]]:
    """All changes that the corrector would make, likely or not, row by row of lines."""
    parted = [slots_of(raws) for raws in rows]
    rate = rate_of([slot for slots in parted for slot in slots])
    channel = channel.at(rate)
    said = Counter(
        word
        for slots in parted
        for slot in slots
        if slot.clean
        for word in _WORDS.findall(folded(slot.read.replace(SEAM, "")))
    )
    found = _in_rows(parted, channel, _raised(said) if adapt else {})
    sure = [x for row in found for x in row if x.change.probability >= _SEEN_AT]
    seen = [pair for x in sure for pair in _confusions(x)]
    if adapt and seen:
        letters = Counter(c for slots in parted for slot in slots for c in folded_read(slot.read))
        said.update(
            word
            for x in sure
            if probability_of(x) >= _SEEN_AT
            for word in _WORDS.findall(folded(x.change.text))
        )
        found = _in_rows(parted, channel.adapted(seen, letters, rate), _raised(said))
    return found


def _raised(said: Counter[str]) -> dict[str, float]:
    """The log-probabilities that a document gives its own words, and other forms of them."""
    total = said.total() + _TEXT_BEFORE
    counts: Counter[str] = Counter()
    for word, count in said.most_common(_MOST_WORDS):
        if len(word) < _LEAST_LETTERS:
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


def corrections(rows: Sequence[Sequence[str]], sure_at: float) -> list[list[list[Edit]]]:
    """The edits of each line of each row, of changes whose probability is ``sure_at`` or more."""
    edits: list[list[list[Edit]]] = [[[] for _ in raws] for raws in rows]
    if not _is_legible(rows):
        return edits
    channel = Channel(fitted.confusions(), TYPICAL)
    for number, changes in enumerate(found_in(rows, channel)):
        for found in changes:
            probability = probability_of(found)
            if probability >= sure_at and _may_be_changed(found, probability):
                for line, edit in _edits(found, rows[number], probability):
                    edits[number][line].append(edit)
    return edits


def _is_legible(rows: Sequence[Sequence[str]]) -> bool:
    """Whether enough of a document's words are known to go by."""
    words = [
        slot.clean
        for raws in rows
        for slot in slots_of(raws)
        if len(_LETTER.findall(slot.read)) >= _LEAST_LETTERS
    ]
    return sum(words) >= LEAST_LEGIBLE * len(words)


def _may_be_changed(found: Found, probability: float) -> bool:
    """Whether what was read may be changed at all.

    A capitalised word of nothing but Russian letters may be a name that no lexicon has, and a
    plain one a rare word: the one stays, the other needs more. Letters typed spread out stay.
    """
    read = found.read.replace(SEAM, "")
    if found.change.text == read or all(len(slot.read) == 1 for slot in found.slots):
        return False
    plain = _PLAIN.fullmatch(read.strip(".,;:!?()\"'«»-—– "))
    if plain is None:
        return True
    if read.count("-") != found.change.text.count("-") and len(found.slots) == 1:
        return False
    named = plain[0][0].isupper() and (plain[0].isupper() or plain[0][1:].islower() or "-" in read)
    return not named and (probability >= PLAIN_AT or found.rate >= DIRTY)


def probability_of(found: Found) -> float:
    """How likely it is (0.0-1.0) that a change is right."""
    weights = fitted.corrector().weights
    return sigmoid(sum(weights[name] * value for name, value in features(found).items()))


def _edits(found: Found, raws: Sequence[str], probability: float) -> Iterator[tuple[int, Edit]]:
    """A change as edits, each with its line; two for a word that was broken at a line's end."""
    first, last = found.slots[0], found.slots[-1]
    evidence = f"{probability:.2f} likely, no word as read"
    text = found.change.text
    if not last.rest:
        raw = raws[first.line][first.start : last.start + len(last.read)]
        yield first.line, _edit(first.start, raw, text, evidence)
        return
    head = last.read[: last.rest]
    done = sum(len(true) for start, _, true in found.change.candidate.steps if start < last.rest)
    below = raws[last.line + 1]
    start = len(below) - len(below.lstrip())
    for line, at, before, after in (
        (last.line, last.start, head, text[:done]),
        (last.line + 1, start, last.read[last.rest + 1 :], text[done:]),
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
    parted: Sequence[Sequence[Slot]], channel: Channel, words: Mapping[str, float]
) -> list[list[Found]]:
    corrector = Corrector(channel, WordTrie.load().raised(words))
    corrector.prepare(parted)
    return [list(_weighed(slots, corrector)) for slots in parted]


def _confusions(found: Found) -> Iterator[tuple[str, str]]:
    if found.change.probability < _SEEN_AT:
        return
    read = folded_read(found.read)
    for start, end, true in found.change.candidate.steps:
        piece = read[start:end]
        if piece not in (true, SEAM) and true.isalpha():
            yield piece, true


def _weighed(slots: Sequence[Slot], corrector: Corrector) -> Iterator[Found]:
    rate = corrector.channel.rate
    for first, last in runs(slots):
        before = " ".join(slot.read.replace(SEAM, "") for slot in slots[max(0, first - 3) : first])
        for change in corrector.weigh(slots, first, last, before):
            yield Found(change=change, slots=tuple(slots[change.first : change.last]), rate=rate)


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
        "frequency": change.candidate.words / (1 + change.text.count(" ")) / 10,
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
        "signs": float(sum(not c.isalnum() for c in change.text.strip(".,;:!?()\"'«»-—– "))),
    }
