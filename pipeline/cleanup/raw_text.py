"""Another engine's text as the corrector sees it: what it says of the engine that read it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from pipeline.cleanup.slots import (
    LEAST_LETTERS,
    LETTER,
    ODD,
    has_capital_inside,
    is_odd,
    rate_of,
    slots_of,
)

SOILED, MANY_UNCLEAN = 0.02, 6
"""Share of misread letters, and words that are none, from which on the corrector alone goes by
words."""

_FEW_JUMBLED, _JUMBLED = 3, 0.01
"""Words with capitals inside, and their share of all, that show an engine's habit."""

LEAST_LEGIBLE = 0.2
"""Share of a document's longer words that must be known: else all is guessing."""


class RawText:
    """Rows of lines of another engine's text, parted into slots once.

    ``read``: the rows as they were read, where ``rows`` have spaces for marks beside lines.
    """

    def __init__(
        self, rows: Sequence[Sequence[str]], read: Sequence[Sequence[str]] | None = None
    ) -> None:
        self.rows = rows
        self.read = read or rows
        self.parted = [slots_of(raws) for raws in rows]
        self.rate = rate_of([slot for slots in self.parted for slot in slots])

    @cached_property
    def is_soiled(self) -> bool:
        """Whether it is full of misread words; of a few words that cannot be said."""
        unclean = sum(not slot.clean for slots in self.parted for slot in slots)
        return unclean >= MANY_UNCLEAN and self.rate >= SOILED

    @cached_property
    def is_odd(self) -> bool:
        """Whether it has signs that nobody types in Russian, as engines leave them."""
        odd = sum(is_odd(slot.read) for slots in self.parted for slot in slots)
        return odd >= max(1.0, ODD * sum(map(len, self.parted)))

    @cached_property
    def is_jumbled(self) -> bool:
        """Whether its engine read small letters as capitals: inside words, again and again."""
        inside = sum(has_capital_inside(x.read) for slots in self.parted for x in slots)
        return inside >= max(_FEW_JUMBLED, _JUMBLED * sum(map(len, self.parted)))

    @cached_property
    def is_legible(self) -> bool:
        """Whether enough of its words are known to go by."""
        words = [
            slot.clean
            for slots in self.parted
            for slot in slots
            if len(LETTER.findall(slot.read)) >= LEAST_LETTERS
        ]
        return sum(words) >= LEAST_LEGIBLE * len(words)
