"""Two texts at one level, normalised and aligned once for every measure."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.evaluate.align import Operation, align
from pipeline.text import Level, graphemes, normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
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


def compare_texts(reference: str, hypothesis: str, level: Level) -> Compared:
    """``hypothesis`` against ``reference`` at ``level``."""
    true, read = normalise(reference, level), normalise(hypothesis, level)
    true_units, read_units = graphemes(true), graphemes(read)
    return Compared(
        level=level,
        reference=reference,
        hypothesis=hypothesis,
        true=true,
        read=read,
        true_units=true_units,
        read_units=read_units,
        operations=align(true_units, read_units),
    )
