"""How many characters of a page are wrong, as far as the readers themselves can tell.

From the words' probabilities of being right, from how far the two readers differ, and from
Tesseract's own doubts, by characters; ``config/fitted/expected_error.toml`` turns these into the
rate that such pages turned out to have.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import Levenshtein

from pipeline.model import TESSERACT, TYPEWRITER, Line
from pipeline.resources import fitted

EVIDENCE = ("doubt", "differ", "tesseract")
"""Shares of a page's characters: by which words are doubted, on which the readers differ, and
by which Tesseract doubts its words."""

LEAST = 0.003
"""Added to each share before its logarithm is taken."""


def expected_error(lines: Sequence[Line]) -> float | None:
    """The expected character error rate (0.0-1.0) of ``lines``, those of a transcript.

    ``None`` where no word has a confidence, as of raw text.
    """
    found = evidence(lines)
    if found is None:
        return None
    table = fitted.expected_error()
    total = table.always + sum(
        table.weights[name] * math.log(share + LEAST)
        for name, share in zip(EVIDENCE, found, strict=True)
    )
    return round(min(1.0, math.exp(min(0.0, total))), 4)


def evidence(lines: Sequence[Line]) -> tuple[float, ...] | None:
    """The shares of :data:`EVIDENCE`; ``None`` where no word has a confidence."""
    known = [word for line in lines for word in line.reading.words if word.confidence is not None]
    length = sum(len(word.text) for word in known)
    if not length:
        return None
    doubt = sum(len(word.text) * (1.0 - (word.confidence or 0.0)) for word in known)
    differ = tesseract = 0.0
    for line in lines:
        own, other = line.read_by(TYPEWRITER), line.read_by(TESSERACT)
        if own is not None and other is not None:
            differ += Levenshtein.distance(own.text, other.text)
        if other is not None:
            tesseract += sum(len(x.text) * (1.0 - (x.confidence or 0.0)) for x in other.words)
    return doubt / length, differ / length, tesseract / length


def together(parts: Iterable[tuple[float | None, Sequence[Line]]]) -> float | None:
    """The rate of pages together, weighed by their characters; ``None`` where none has one."""
    known = [
        (rate, sum(len(line.raw) for line in lines)) for rate, lines in parts if rate is not None
    ]
    length = sum(count for _, count in known)
    return round(sum(rate * count for rate, count in known) / length, 4) if length else None
