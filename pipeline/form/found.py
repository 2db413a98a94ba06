"""What a reader of fields gives, before it becomes a field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.model import Box, Field, Line, Reason

_EXACT = 0.97
"""Confidence in a value that fits its pattern and was read from raw text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value with the text it was read from; ``likeness`` (0.0-1.0) where it was matched."""

    name: str
    value: str
    raw: str
    why: str = "fits its pattern"
    likeness: float = 1.0
    number: int | None = None


Reader = Callable[[Line], Iterator[Found]]


def as_field(found: Found, line: Line) -> Field:
    """``found`` as a field of the form, read from ``line``.

    Its confidence is the likeness, less what the engine doubts of the line (half of it: a
    value that fits is better than its line).
    """
    read = line.reading.confidence
    engine = 1.0 if read is None else 0.5 + 0.5 * read
    return Field(
        name=found.name,
        value=found.value,
        raw=found.raw,
        number=found.number,
        box=_box(found, line),
        confidence=round(_EXACT * min(1.0, max(0.0, found.likeness)) * engine, 3),
        reasons=(
            Reason(
                rule=f"form-{found.name.replace('_', '-')}",
                evidence=f"read from {' '.join(found.raw.split())!r}: {found.why}",
                weight=0.0,
            ),
        ),
    )


def _box(found: Found, line: Line) -> Box | None:
    """The box of the words it was read from, where they can be told; else the line's."""
    words = [w.box for w in line.reading.words if w.box and w.text.strip() in found.raw]
    return words[0] if len(words) == 1 and len(found.raw.split()) == 1 else line.box
