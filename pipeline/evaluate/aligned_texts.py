"""Two texts at one level, normalised and aligned once for every measure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.evaluate.align import Operation, align
from pipeline.text import Level, graphemes, normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedTexts:
    """A truth and a reading at ``level``.

    ``reference`` and ``hypothesis`` are as they came, ``true`` and ``read`` normalised;
    ``true_units`` and ``read_units`` are their graphemes, ``operations`` lead from the
    former to the latter.
    """

    level: Level
    reference: str
    hypothesis: str
    true: str
    read: str
    true_units: tuple[str, ...]
    read_units: tuple[str, ...]
    operations: tuple[Operation, ...]


def align_texts(reference: str, hypothesis: str, level: Level) -> AlignedTexts:
    """``hypothesis`` against ``reference`` at ``level``."""
    true, read = normalise(reference, level), normalise(hypothesis, level)
    true_units, read_units = graphemes(true), graphemes(read)
    return AlignedTexts(
        level=level,
        reference=reference,
        hypothesis=hypothesis,
        true=true,
        read=read,
        true_units=true_units,
        read_units=read_units,
        operations=align(true_units, read_units),
    )


@lru_cache(maxsize=20_000)
def reads_alike(true: str, read: str) -> bool:
    """Whether two short stretches differ only in what an editor settles anyway.

    That is what level ``reading`` folds, and hyphens and spaces, which differ with the
    breaking of words and lines. What a level folds by its surroundings (``I`` in a number)
    is not seen here.
    """
    return _bare(true) == _bare(read)


def _bare(text: str) -> str:
    return normalise(text, Level.READING).replace("-", "").replace(" ", "")
