"""Typed words on the grid of a typewriter, for the sample documents of several rooms."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.model import Box, Word

CELL, HEIGHT, LEFT = 15, 26, 100
"""Pixels: of a cell, of a word's box, and where lines begin."""

Doubt = Callable[[str], tuple[float, str | None]]


def typed_words(text: str, top: int, doubt: Doubt) -> tuple[Word, ...]:
    """The words of ``text``, each in its box; ``doubt`` gives its confidence and other reading."""
    found: list[Word] = []
    end = 0
    for match in re.finditer(r"\S+", text):
        confidence, other = doubt(match[0])
        box = Box(
            left=LEFT + CELL * match.start(),
            top=top,
            right=LEFT + CELL * match.end() - 2,
            bottom=top + HEIGHT,
        )
        gap = text[end : match.start()] if found else ""
        end = match.end()
        found.append(Word(text=match[0], gap=gap, box=box, confidence=confidence, other=other))
    return tuple(found)
