"""Which of a page's true lines is which of the lines that were read, by their texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Levenshtein

_ALIKE = 0.6
"""Least likeness of a reading to the true line that it is matched with."""


def matches(wanted: Sequence[str], read: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Which of ``wanted`` is which of ``read``, by their numbers; the likest are matched first."""
    pairs = [
        (alike + 0.002 * min(len(true), 20), number, place)
        for number, true in enumerate(wanted)
        for place, text in enumerate(read)
        if true
        and text
        and (alike := Levenshtein.normalized_similarity(true, text, score_cutoff=_ALIKE)) >= _ALIKE
    ]
    numbers: set[int] = set()
    places: set[int] = set()
    for _, number, place in sorted(pairs, reverse=True):
        if number not in numbers and place not in places:
            numbers.add(number)
            places.add(place)
            yield number, place
