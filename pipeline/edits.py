"""Edits over a raw reading: applying, choosing by layer, checking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.model import Edit, Layer, Line


def apply_edits(raw: str, edits: Iterable[Edit]) -> str:
    """``raw`` with all ``edits`` applied; positions are those of ``raw``.

    Raises:
        ValueError: two edits overlap, or ``before`` is not what stands at ``start``.

    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda e: (e.start, len(e.before))):
        if edit.start < done:
            raise ValueError(f"edit {edit.rule} at {edit.start} overlaps the one before it")
        end = edit.start + len(edit.before)
        if raw[edit.start : end] != edit.before:
            raise ValueError(f"edit {edit.rule} expects {edit.before!r} at {edit.start}")
        parts += [raw[done : edit.start], edit.after]
        done = end
    return "".join(parts) + raw[done:]


def layer_text(line: Line, layer: Layer) -> str:
    """The text of ``line`` in ``layer``: all edits, or only those that repair misreadings."""
    if layer is Layer.READING:
        return line.text
    return apply_edits(line.raw, (e for e in line.edits if e.layer is Layer.DIPLOMATIC))


def with_edits(line: Line, new: Iterable[Edit]) -> Line:
    """``line`` with ``new`` edits added; one that would overlap an earlier edit is left out."""
    kept = list(line.edits)
    for edit in new:
        if not any(_overlap(edit, other) for other in kept):
            kept.append(edit)
    edits = tuple(sorted(kept, key=lambda e: e.start))
    return replace(line, edits=edits, text=apply_edits(line.raw, edits))


def _overlap(a: Edit, b: Edit) -> bool:
    if a.start == b.start:
        return True
    return a.start < b.start + len(b.before) and b.start < a.start + len(a.before)
