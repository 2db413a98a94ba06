"""Figures of which the recogniser is unsure, looked at again: the line wider, and smaller.

No text says which figure stands on a sheet, so where the recogniser doubts one, it reads the line
twice more in other sizes; at each doubted place of a word with a figure in it that figure stands
which has the most confidence in all looks together. Never does a figure become a letter so: there
the looks, which know no language, were wrong more often than right (``docs/benchmarks.md``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
import regex
from rapidfuzz.distance import Levenshtein

from pipeline.ocr.ctc import Decoded, LogProbs, confidences, greedy
from pipeline.pixels import Pixels

DOUBTED = 0.8
"""Confidence below which a figure, or what may be one, is looked at again."""

_LIKE = frozenset("0123456789ОоЗзБбТГИПЛЧЭIl?!")
"""What a figure is read as, rightly or wrongly."""

_WIDER, _SMALLER = 1.06, 0.92
_PAPER = 255
_WORD = regex.compile(r"\S*\d\S*")


def looked_at_again(
    image: Pixels, log_probs: LogProbs, decoded: Decoded, read: Callable[[Pixels], LogProbs]
) -> Decoded:
    """``decoded`` with its doubted figures as most looks at ``image`` have them.

    ``read``: what the network makes of a picture. Characters are replaced one for one, so that
    spans stay as they are; nothing is read again where no figure is in doubt.
    """
    places = doubted(decoded)
    if not places:
        return decoded
    looks = [greedy(read(other)) for other in other_looks(image)]
    text = agreed_text(decoded, looks, places)
    if text == decoded.text:
        return decoded
    fresh = confidences(log_probs, text, decoded.spans)
    return replace(decoded, text=text, confidences=fresh)


def doubted(decoded: Decoded) -> list[int]:
    """The places of figures in doubt, and of what may be one in a word that has a figure."""
    return [
        place
        for word in _WORD.finditer(decoded.text)
        for place in range(*word.span())
        if decoded.text[place] in _LIKE and decoded.confidences[place] < DOUBTED
    ]


def agreed_text(decoded: Decoded, looks: Sequence[Decoded], places: Sequence[int]) -> str:
    """The text with the characters at ``places`` that have the most confidence in all looks.

    A place that a look read as nothing, or as more than one character, has no say from it. Only
    what becomes a figure changes.
    """
    says: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for look in looks:
        for place, character, confidence in _side_by_side(decoded.text, look):
            says[place][character] += confidence
    text = list(decoded.text)
    for place in places:
        own = text[place]
        says[place][own] += decoded.confidences[place]
        best = max(says[place], key=lambda x: (says[place][x], x == own))
        if best.isdigit():
            text[place] = best
    return "".join(text)


def other_looks(image: Pixels) -> Iterator[Pixels]:
    """The line ``image``, uint8 ``(H, W)``, wider; and smaller, on as high a picture."""
    height, width = image.shape
    yield _resized(image, round(width * _WIDER), height)
    low = round(height * _SMALLER)
    above = (height - low) // 2
    sides = ((above, height - low - above), (0, 0))
    small = _resized(image, round(width * _SMALLER), low)
    yield np.pad(small, sides, constant_values=_PAPER)


def _side_by_side(text: str, look: Decoded) -> Iterator[tuple[int, str, float]]:
    """For each character of ``text`` that a look has one for: its place, and what the look says."""
    for block in Levenshtein.opcodes(text, look.text):
        size = block.src_end - block.src_start
        if size != block.dest_end - block.dest_start:
            continue
        for step in range(size):
            there = block.dest_start + step
            yield block.src_start + step, look.text[there], look.confidences[there]


def _resized(image: Pixels, width: int, height: int) -> Pixels:
    way = cv2.INTER_AREA if width < image.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (max(1, width), height), interpolation=way), np.uint8)
