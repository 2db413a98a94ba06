"""What the rules look at: a line's tokens and letters, its page, and its place on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

import regex

from pipeline.lexicon import knows, plausibility
from pipeline.model import Box, Line
from pipeline.text import LATIN_TO_CYRILLIC

_LETTER = regex.compile(r"\p{L}")
_CYRILLIC = regex.compile(r"[А-Яа-яЁё]")
_LATIN = regex.compile(r"\p{Latin}")
_NUMERAL = regex.compile(r"(?<![\p{L}])[IVXL]+(?![\p{L}])")
_WORD = regex.compile(r"\p{L}+(?:[-'\"]\p{L}+)*")
_SPACED = regex.compile(r"(?:(?<!\S)[А-ЯЁа-яё] ){3,}[А-ЯЁа-яё](?!\S)")
_LONGEST = 4000
_LIKELY = 1.3
"""Mean log10 triple frequency that separates misread Russian from letters in no order."""

_TYPED_LETTERS = 15
_NEAREST = 9
_FEWEST = 3
"""Typed lines from which a page can be measured."""

Finding = tuple[float, str] | None
"""Strength 0.0-1.0 and the evidence in plain words; ``None`` where a rule has nothing to say."""


@dataclass(frozen=True)
class Features:
    """A line as the rules see it; every value is computed when first asked for."""

    line: Line

    @cached_property
    def text(self) -> str:
        """The raw reading, letter-spaced words closed up, at most 4,000 characters."""
        raw = self.line.raw[:_LONGEST].strip()
        return str(_SPACED.sub(lambda m: m[0].replace(" ", ""), raw))

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """What stands between white space."""
        return tuple(self.text.split())

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Runs of letters (hyphens and apostrophes inside them allowed)."""
        return tuple(_WORD.findall(self.text))

    @cached_property
    def letters(self) -> int:
        """Number of letters of any script."""
        return len(_LETTER.findall(self.text))

    @cached_property
    def cyrillic(self) -> int:
        """Number of Russian letters."""
        return len(_CYRILLIC.findall(self.text))

    @cached_property
    def latin(self) -> int:
        """Number of Latin letters, accented ones too, Roman numerals left out."""
        return len(_LATIN.findall(_NUMERAL.sub("", self.text)))

    @cached_property
    def visible(self) -> int:
        """Number of characters that are not white space."""
        return sum(len(token) for token in self.tokens)

    @cached_property
    def known_letters(self) -> int:
        """Letters in words that the lexicon knows, look-alikes read as Cyrillic."""
        return sum(len(w) for w in self.words if _known(w))

    @cached_property
    def russian_words(self) -> int:
        """Known words of three letters or more: a chance hit is unlikely."""
        return sum(1 for w in self.words if len(w) > 2 and _known(w))

    @cached_property
    def likely_letters(self) -> int:
        """Letters in Cyrillic words of four or more whose triples are those of Russian."""
        return sum(
            len(w)
            for w in self.words
            if len(w) > 3 and _CYRILLIC.fullmatch(w[0]) and plausibility(w) > _LIKELY
        )

    @cached_property
    def bad_letters(self) -> int:
        """Letters in no word that is Russian or looks it."""
        return self.letters - max(self.known_letters, self.likely_letters)

    @cached_property
    def upper(self) -> bool:
        """Whether all its letters are capitals (and there are three or more)."""
        letters = [c for c in self.text if c.isalpha()]
        return len(letters) > 2 and all(c.isupper() for c in letters)


def _known(word: str) -> bool:
    folded = word.translate(LATIN_TO_CYRILLIC)
    if _CYRILLIC.search(word) is None and folded != word:
        return False  # wholly Latin: not Russian because it could be folded into it
    return knows(folded) or ("-" in folded and all(knows(p) for p in folded.split("-") if p))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Where the typed text of a page stands; all lengths in scan pixels.

    ``pitch`` is the width of a typed cell, ``height`` of a typed line's box; ``left`` and
    ``right`` are the margins. Measured on the lines that read as Russian text.
    """

    pitch: float
    height: float
    left: float
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A page as the rules see it.

    ``column`` is ``None`` without boxes, or where too little reads as text. ``height`` is the
    page's, in scan pixels, ``None`` where there is no box. ``beside``: for each line whether a
    longer line of text stands on the same row.
    """

    lines: Sequence[Features]
    column: Column | None
    height: int | None
    beside: Sequence[bool]


def view_of(lines: Sequence[Features], height: int | None) -> View:
    """The view of a page of ``lines``; ``height`` of the scan in pixels, if known."""
    boxes = [x.line.box for x in lines]
    lowest = max((box.bottom for box in boxes if box is not None), default=None)
    return View(
        lines=lines,
        column=_column(lines),
        height=max(height or 0, lowest) if lowest is not None else None,
        beside=_beside(lines),
    )


def _column(lines: Sequence[Features]) -> Column | None:
    typed = [
        (x.line.box, x) for x in lines if x.line.box is not None and is_typed(x, _TYPED_LETTERS)
    ]
    if len(typed) < _FEWEST:
        return None
    # Letters that were read together or apart change one line's measure, not the page's.
    return Column(
        pitch=max(1.0, median(box.width / max(1, len(x.line.raw.strip())) for box, x in typed)),
        height=median(box.height for box, _ in typed),
        left=_quantile([box.left for box, _ in typed], 0.1),
        right=_quantile([box.right for box, _ in typed], 0.9),
    )


def is_typed(line: Features, letters: int) -> bool:
    """Whether ``line`` reads as Russian text of at least ``letters`` known letters."""
    return line.russian_words >= 3 and line.known_letters >= letters


def _quantile(values: Sequence[int], share: float) -> float:
    ordered = sorted(values)
    return float(ordered[min(len(ordered) - 1, int(share * len(ordered)))])


def _beside(lines: Sequence[Features]) -> list[bool]:
    """Swept from the top: only boxes that cross a level, and the nearest of them, are compared."""
    found = [False] * len(lines)
    boxes = [line.line.box for line in lines]
    order = sorted((box.top, i) for i, box in enumerate(boxes) if box is not None)
    for place, (_, one) in enumerate(order):
        for top, other in order[place + 1 : place + _NEAREST]:
            here, there = boxes[one], boxes[other]
            if here is None or there is None or top > here.bottom:
                break
            for small, large in ((one, other), (other, one)):
                if _same_row(boxes[small], boxes[large]) and is_typed(lines[large], _TYPED_LETTERS):
                    found[small] = True
    return found


def _same_row(box: Box | None, other: Box | None) -> bool:
    """Whether half of ``box``'s height or more lies on the row of ``other``, which is longer."""
    if box is None or other is None:
        return False
    return other.width > 2 * box.width and box.beside(other) > 0.5 * min(box.height, other.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Where a line stands: the ``index``-th, from 0, of the page ``view``."""

    view: View
    index: int

    @property
    def above(self) -> Features | None:
        """The line read before it; ``None`` at the page's start."""
        return self.view.lines[self.index - 1] if self.index else None

    @property
    def below(self) -> Features | None:
        """The line read after it; ``None`` at the page's end."""
        after = self.index + 1
        return self.view.lines[after] if after < len(self.view.lines) else None


Rule = Callable[[Features, Neighbours], Finding]
