"""Which words to look at, in order of worth, and how much of the errors that finds.

Doubtful words come first: figures, then names, then the rest, the least certain of each first. A
random sample of the sure words is asked as well: so the error rate of all that nobody looks at is
known, with its interval.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import regex

from pipeline.lexicon import is_name
from pipeline.model import Layer, Line, Verdict
from pipeline.review.edited import Row

_FIGURE = regex.compile(r"\d")
_CAPITAL = regex.compile(r"\p{Lu}\p{Ll}")
_LETTERS = regex.compile(r"\p{L}+")
_SENTENCE_END = regex.compile(r"[.!?:]['\"»)]*$")
_Z = 1.959964
"""The 97.5 % quantile of the normal distribution: for intervals of 95 %."""


class Worth(IntEnum):
    """What a doubtful word is; the lower, the more a wrong one costs."""

    FIGURE = 0
    NAME = 1
    REST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A word to look at: of the row ``row``, the ``word``-th of the machine's words of its head.

    ``start`` and ``end`` are its place in the row's text; ``probability`` that of being right as
    it was read. ``other`` is what the other reader made of it, ``None`` where both agree.
    ``audit``: it is sure, and asked only to know how sure.
    """

    row: int
    word: int
    start: int
    end: int
    worth: Worth
    probability: float
    other: str | None = None
    audit: bool = False


def asked(
    document: str, rows: Sequence[Row], kinds: Iterable[str], below: float, share: float
) -> list[Asked]:
    """The words of ``rows``, those of a document, to look at, the worthiest first.

    ``kinds`` are those of the transcript; words are doubtful below the probability ``below``, and
    ``share`` (0.0-1.0) of the others is asked at random, always the same of one result.
    """
    shown = set(kinds)
    found: list[Asked] = []
    opens = True
    for index, row in enumerate(rows):
        line = row.line
        if line.verdict is Verdict.DROP or line.kind not in shown:
            continue
        for place, word in enumerate(line.reading.words):
            text = word.text
            if word.confidence is not None:
                sampled = word.confidence >= below and _drawn(document, row, place, text) < share
                if word.confidence < below or sampled:
                    span = place_in(line, *line.reading.spans[place])
                    if span is not None:
                        found.append(
                            Asked(
                                row=index,
                                word=row.first_word + place,
                                start=span[0],
                                end=span[1],
                                worth=worth_of(text, word.other or "", opens=opens),
                                probability=word.confidence,
                                other=word.other,
                                audit=sampled,
                            )
                        )
            opens = bool(_SENTENCE_END.search(text))
    return sorted(found, key=lambda x: (x.audit, x.worth, x.probability, x.row, x.start))


def worth_of(word: str, other: str = "", *, opens: bool = False) -> Worth:
    """What ``word`` is, or what another reader made of it; ``opens`` a sentence."""
    if _FIGURE.search(word) or _FIGURE.search(other):
        return Worth.FIGURE
    letters = "".join(_LETTERS.findall(word))
    if letters and is_name(letters):
        return Worth.NAME
    if _CAPITAL.match(letters) and not opens:
        return Worth.NAME
    return Worth.REST


def place_in(line: Line, start: int, end: int) -> tuple[int, int] | None:
    """Where ``raw[start:end]``, a word, stands in the diplomatic text; ``None`` where it is gone.

    Whole words there, where edits changed, joined or parted it.
    """
    text = line.text_in(Layer.DIPLOMATIC)
    first, last, shift = start, end, 0
    growth = 0
    for edit in line.edits:
        if edit.layer is not Layer.DIPLOMATIC or edit.start > end:
            continue
        if edit.end < start:
            shift += edit.growth
        else:
            first, last = min(first, edit.start), max(last, edit.end)
            growth += edit.growth
    left, right = first + shift, last + shift + growth
    while left < right and text[left].isspace():
        left += 1
    while right > left and text[right - 1].isspace():
        right -= 1
    if left >= right:
        return None
    while left > 0 and not text[left - 1].isspace():
        left -= 1
    while right < len(text) and not text[right].isspace():
        right += 1
    return left, right


def expected_errors(rows: Iterable[Row], kinds: Iterable[str]) -> tuple[int, float]:
    """How many words nobody looked at, and how many of them are expected to be wrong."""
    shown = set(kinds)
    words, wrong = 0, 0.0
    for row in rows:
        if row.line.verdict is Verdict.DROP or row.line.kind not in shown:
            continue
        for word in row.line.reading.words:
            if word.confidence is not None:
                words += 1
                wrong += 1.0 - word.confidence
    return words, wrong


def interval(wrong: int, looked: int) -> tuple[float, float] | None:
    """The 95 % interval of a rate of ``wrong`` among ``looked`` (Wilson 1927); ``None`` of none."""
    if not looked:
        return None
    rate, z2 = wrong / looked, _Z * _Z
    middle = (rate + z2 / (2 * looked)) / (1 + z2 / looked)
    half = _Z * math.sqrt(rate * (1 - rate) / looked + z2 / (4 * looked * looked))
    half /= 1 + z2 / looked
    return max(0.0, min(rate, middle - half)), min(1.0, max(rate, middle + half))


def worths(found: Iterable[Asked]) -> Iterator[tuple[Worth, int]]:
    """How many doubtful words there are of each worth."""
    counts = dict.fromkeys(Worth, 0)
    for one in found:
        if not one.audit:
            counts[one.worth] += 1
    yield from counts.items()


def _drawn(document: str, row: Row, place: int, text: str) -> float:
    """A number from 0 to 1 that is random, but the same each time."""
    name = f"{document}\0{row.head}\0{row.first_word + place}\0{text}"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6]) / (1 << 48)
