"""What was read of a line: words with their places, in the text that they make.

Nouns as those of :mod:`pipeline.model`, which has them too: import them from there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain, repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in scan pixels; ``right`` and ``bottom`` are exclusive.

    Raises:
        ValueError: a side is negative, or the box is empty.

    """

    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        if self.left < 0 or self.top < 0 or self.right <= self.left or self.bottom <= self.top:
            raise ValueError(
                f"not a box: left {self.left}, top {self.top}, "
                f"right {self.right}, bottom {self.bottom}"
            )

    @property
    def width(self) -> int:
        """Width in pixels, at least 1."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Height in pixels, at least 1."""
        return self.bottom - self.top

    @staticmethod
    def around(boxes: Iterable[Box]) -> Box | None:
        """The smallest box around all ``boxes``; ``None`` where there are none."""
        some = tuple(boxes)
        if not some:
            return None
        return Box(
            left=min(b.left for b in some),
            top=min(b.top for b in some),
            right=max(b.right for b in some),
            bottom=max(b.bottom for b in some),
        )

    def beside(self, other: Box) -> int:
        """Pixels from top to bottom that both cover, wherever they stand across; 0 if none."""
        return max(0, min(self.bottom, other.bottom) - max(self.top, other.top))

    def share_inside(self, area: Box) -> float:
        """The share (0.0-1.0) of this box that lies in ``area``."""
        across = max(0, min(self.right, area.right) - max(self.left, area.left))
        return across * self.beside(area) / (self.width * self.height)

    def columns(self, start: float, end: float) -> Box:
        """The part between two shares (0.0-1.0) of its width, one pixel wide at least."""
        left = min(self.left + round(start * self.width), self.right - 1)
        right = max(left + 1, self.left + round(end * self.width))
        return replace(self, left=left, right=right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word as a reader saw it; ``box`` and ``confidence`` are ``None`` where unknown.

    ``gap`` is what stands between the word before and this one, as it was read: white space
    (none before a line's first word, as a rule), and in files of other programs also characters
    that they count to no word. ``confidence`` is of ``text`` as it stands here, whatever is
    made of it later. ``other`` is what the other reader made of the word, where two readers
    voted and differed.
    """

    text: str
    gap: str = " "
    box: Box | None = None
    confidence: float | None = None
    other: str | None = None

    def __post_init__(self) -> None:
        check_probability(self.confidence)

    def part(self, start: int, end: int) -> Word:
        """``text[start:end]`` as a word of its own; of the box what falls to its characters."""
        if (start, end) == (0, len(self.text)):
            return self
        shares = start / len(self.text), end / len(self.text)
        box = None if self.box is None else self.box.columns(*shares)
        return replace(self, text=self.text[start:end], box=box, other=None)


def mean_confidence(words: Iterable[Word]) -> float | None:
    """The mean confidence (0.0-1.0) of the characters of ``words``; ``None`` where none has one."""
    known = [(word.confidence, len(word.text)) for word in words if word.confidence is not None]
    characters = sum(count for _, count in known)
    return sum(sure * count for sure, count in known) / characters if characters else None


VOTE, TYPEWRITER, TESSERACT, FILE = "vote", "typewriter", "tesseract", "file"
LATIN = "tesseract-latin"
LAYER = "text-layer"
"""Readers' names: two readers' vote, the recogniser, Tesseract, another program's text,
Tesseract with the data of a language in Latin letters, and the text layer of a scan."""

GUESSES = "guesses"
"""Name of a reading that says what the unmended words of another program's text may have been: each
of its words is a guess, with its probability as ``confidence`` (``None``: nothing was found) and
what was read as ``other``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one reader (``tesseract``, ``file`` for raw text ...) made of one line.

    Its text is that of its words with the gaps before them, and the ``tail`` after the last;
    a reader that tells no words (raw text) has nothing but a tail.
    """

    reader: str
    words: tuple[Word, ...] = ()
    tail: str = ""
    confidence: float | None = None

    def __post_init__(self) -> None:
        check_probability(self.confidence)

    @classmethod
    def of(
        cls, reader: str, text: str, words: Iterable[Word] = (), confidence: float | None = None
    ) -> Reading:
        """The reading ``text``, in which ``words`` stand in this order.

        Raises:
            ValueError: a word does not stand in the text, after the one before it.

        """
        placed: list[Word] = []
        done = 0
        for word in words:
            start = text.find(word.text, done)
            if start < 0:
                raise ValueError(f"no word {word.text!r} in {text!r} from position {done}")
            placed.append(replace(word, gap=text[done:start]))
            done = start + len(word.text)
        return cls(reader=reader, words=tuple(placed), tail=text[done:], confidence=confidence)

    @classmethod
    def of_words(
        cls, reader: str, words: Iterable[Word], confidence: float | None = None
    ) -> Reading:
        """The reading that ``words`` make with one space between them."""
        spaced = tuple(
            word if word.gap == gap else replace(word, gap=gap)
            for word, gap in zip(words, chain([""], repeat(" ")), strict=False)
        )
        return cls(reader=reader, words=spaced, confidence=confidence)

    @property
    def text(self) -> str:
        """The line as it was read."""
        return "".join([part for word in self.words for part in (word.gap, word.text)]) + self.tail

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each word in ``text``; the end is exclusive."""
        spans: list[tuple[int, int]] = []
        end = 0
        for word in self.words:
            start = end + len(word.gap)
            end = start + len(word.text)
            spans.append((start, end))
        return tuple(spans)

    def touching(self, start: int, end: int) -> tuple[Word, ...]:
        """The words with a character in ``text[start:end]`` or right beside it."""
        return tuple(
            word
            for word, (first, last) in zip(self.words, self.spans, strict=True)
            if first <= end and last >= start
        )

    def slice(self, start: int, end: int) -> Reading:
        """What stands in ``text[start:end]`` (``0 <= start <= end``), with its words.

        Slices side by side join to the whole; a word that is cut goes into both.
        """
        text = self.text
        words: list[Word] = []
        done = start
        for word, (first, last) in zip(self.words, self.spans, strict=True):
            left, right = max(first, start), min(last, end)
            if left < right:
                part = word.part(left - first, right - first)
                words.append(replace(part, gap=text[done:left]))
                done = right
        return replace(self, words=tuple(words), tail=text[done:end])


def check_probability(value: float | None) -> None:
    """Refuse what is no probability.

    Raises:
        ValueError: ``value`` is neither ``None`` nor within 0.0 to 1.0.

    """
    if value is not None and not 0.0 <= value <= 1.0:
        raise ValueError(f"a probability is 0.0 to 1.0 or None, not {value}")
