"""Which edits the corrector makes on lines of other engines' text.

Two passes over a document: confusions that the first finds likely weigh more in the second, for an
engine has its habits. What is likely enough becomes an edit with its probability; what is not, and
is no word, stays and is a doubt with its best guesses.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from pipeline.cleanup.channel import ANYTHING, SEAM, Channel, folded_read
from pipeline.cleanup.corrector import Change, Corrector, Slot, is_clean, runs

_SLOT = regex.compile(r"\S+")
_BROKEN = regex.compile(r"(?<=\p{L})[-\u00ad\u00ac\u2010\u2011\u2013\u2014]\s*$")
_LETTER = regex.compile(r"\p{L}")

LEAST_RATE, MOST_RATE = 0.002, 0.15
"""Bounds of the share of misread letters that a document is taken to have."""

_LETTERS_OF_A_WORD = 7.0
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


def found_in(raws: Sequence[str], channel: Channel, *, adapt: bool = True) -> list[Found]:
    """All changes that the corrector would make in neighbouring lines, likely or not."""
    slots = slots_of(raws)
    rate = rate_of(slots)
    channel = channel.at(rate)
    found = list(_weighed(slots, channel))
    if adapt and (seen := [pair for x in found for pair in _confusions(x)]):
        letters = Counter(c for slot in slots for c in folded_read(slot.read))
        found = list(_weighed(slots, channel.adapted(seen, letters, rate)))
    return found


def _confusions(found: Found) -> Iterator[tuple[str, str]]:
    if found.change.probability < _SEEN_AT:
        return
    read = folded_read(found.read)
    for start, end, true in found.change.candidate.steps:
        piece = read[start:end]
        if piece != true and piece != SEAM and true.isalpha():
            yield piece, true


def _weighed(slots: Sequence[Slot], channel: Channel) -> Iterator[Found]:
    corrector = Corrector(channel)
    for first, last in runs(slots):
        before = " ".join(slot.read.replace(SEAM, "") for slot in slots[max(0, first - 3) : first])
        for change in corrector.weigh(slots, first, last, before):
            yield Found(
                change=change, slots=tuple(slots[change.first : change.last]), rate=channel.rate
            )


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
        "signs": float(sum(not c.isalnum() for c in change.text.strip(".,;:!?()\"'«»-—– "))),
    }
