"""Where two long texts can be cut, so that their parts can be aligned one by one.

An exact alignment takes time that grows with the square of the length. So texts of more than
:data:`LONG` units (a book in one file) are cut in the middle of stretches that are equal in both
and stand in neither a second time nearby. An alignment that goes past such a stretch on another
diagonal has an error in every few of its units: it could only be cheaper where the same text
stands twice. That is no proof, so shorter texts are never cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

LONG = 200_000
"""Units (of the longer text) up to which nothing is cut."""

LONG_WORDS = 40_000
"""The same for units of many kinds, as words are: more of them differ."""

KINDS = 2_000
"""Kinds of units from which they are words rather than characters."""

STEP = 3_000
"""Units from one cut to where the next is looked for."""

RUN, RUN_OF_WORDS = 24, 6
"""Units that must be equal around a cut."""

REACH = 6_000
"""Units to both sides of the place that the last cut foretells in which a run is looked for."""

TRIED = 200
"""Places without a run after which it is looked for in all of the rest."""


def cuts(left: Sequence[int] | str, right: Sequence[int] | str) -> Iterator[tuple[int, int]]:
    """Places to cut, in order: ``(units of left, units of right)`` before the cut."""
    longest = max(len(left), len(right))
    if longest <= LONG_WORDS or not isinstance(left, str) or not isinstance(right, str):
        return
    of_words = len(set(left)) > KINDS
    if longest <= LONG and not of_words:
        return
    size = RUN_OF_WORDS if of_words else RUN
    at, shift, last, failed = STEP, 0, 0, 0
    while at + size <= len(left):
        run = left[at : at + size]
        wide = failed >= TRIED
        reach = longest if wide else REACH
        place = _only(right, run, at + shift - reach, at + shift + reach)
        if place > last and _only(left, run, at - reach, at + reach) == at:
            yield at + size // 2, place + size // 2
            shift, last, failed = place - at, place, 0
            at += STEP
        else:
            failed = 0 if wide else failed + 1
            at += size // 2


def _only(text: str, run: str, low: int, high: int) -> int:
    """Where ``run`` stands in ``text`` between two places, -1 unless it does so exactly once."""
    low, high = max(0, low), max(0, high)
    first = text.find(run, low, high)
    return first if first >= 0 and text.find(run, first + 1, high) < 0 else -1
