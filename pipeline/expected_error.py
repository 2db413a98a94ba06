"""How many characters of a page are wrong, as far as the readers themselves can tell.

From the words' probabilities of being right and from the recogniser's own doubts, by characters:
both are there whichever lines Tesseract was asked for. ``config/fitted/expected_error.toml`` turns
these into the rate that such pages turned out to have.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from pipeline.model import TYPEWRITER, Line
from pipeline.resources import fitted

EVIDENCE = ("doubt", "recogniser")
"""Shares of a page's characters: by which words are doubted, and by which the recogniser doubts
its words."""

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
    # Where the recogniser did not read, its doubts are those of the reader that did.
    own = [(line.read_by(TYPEWRITER) or line.reading).words for line in lines]
    doubted = sum(len(x.text) * (1.0 - (x.confidence or 0.0)) for words in own for x in words)
    return doubt / length, doubted / length


def together(parts: Iterable[tuple[float | None, Sequence[Line]]]) -> float | None:
    """The rate of pages together, weighed by their characters; ``None`` where none has one."""
    known = [
        (rate, sum(len(line.raw) for line in lines)) for rate, lines in parts if rate is not None
    ]
    length = sum(count for _, count in known)
    return round(sum(rate * count for rate, count in known) / length, 4) if length else None
