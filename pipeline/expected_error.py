"""How many characters of a page are wrong, as far as the readers themselves can tell.

From the words' probabilities of being right and the lines' of being text: both are there whichever
lines Tesseract was asked for. ``config/fitted/expected_error.toml`` turns these into the rate that
such pages turned out to have.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from pipeline.errors import ConfigError
from pipeline.model import Line
from pipeline.resources import fitted

EVIDENCE = ("words", "lines")
"""The doubts of a page, to a character of it: about its words, and about whether its lines are text
(there by characters).

Doubts are squared: a word that is wrong with one half counts as a hundred that are with a
twentieth, for small doubts are on every page and say little of it. Words count once, however long
they are: a wrong one has mostly one wrong character.
"""

LEAST = 0.0002
"""Added to each of :data:`EVIDENCE` before its logarithm is taken."""


def expected_error(lines: Sequence[Line]) -> float | None:
    """The expected character error rate (0.0-1.0) of ``lines``, those of a transcript.

    ``None`` where no word has a confidence, as of raw text.

    Raises:
        ConfigError: the table lacks a weight.

    """
    found = evidence(lines)
    if found is None:
        return None
    table = fitted.expected_error()
    try:
        weights = [table.weights[name] for name in EVIDENCE]
    except KeyError as error:
        path = "config/fitted/expected_error.toml"
        raise ConfigError(path, f"has no weight for {error}; fit it anew") from error
    total = table.always + sum(
        weight * math.log(doubt + LEAST) for weight, doubt in zip(weights, found, strict=True)
    )
    return round(min(1.0, math.exp(min(0.0, total))), 4)


def evidence(lines: Sequence[Line]) -> tuple[float, ...] | None:
    """The doubts of :data:`EVIDENCE`, each 0.0-1.0; ``None`` where no word has a confidence."""
    known = [word for line in lines for word in line.reading.words if word.confidence is not None]
    length = sum(len(word.text) for word in known)
    if not length:
        return None
    words = sum((1.0 - (word.confidence or 0.0)) ** 2 for word in known)
    text = [(len(line.raw), line.text_probability) for line in lines]
    others = sum(size * (1.0 - sure) ** 2 for size, sure in text if sure is not None)
    return words / length, min(1.0, others / length)


def together(parts: Iterable[tuple[float | None, Sequence[Line]]]) -> float | None:
    """The rate of pages together, weighed by their characters; ``None`` where none has one."""
    known = [
        (rate, sum(len(line.raw) for line in lines)) for rate, lines in parts if rate is not None
    ]
    length = sum(count for _, count in known)
    return round(sum(rate * count for rate, count in known) / length, 4) if length else None
