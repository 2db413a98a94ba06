"""A text made of lines as graphemes that still know what their line is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.align import intern
from pipeline.text import Level, graphemes, normalise

_Label = TypeVar("_Label")


def labelled_units(
    rows: Iterable[tuple[str, _Label]], level: Level
) -> tuple[tuple[str, ...], list[_Label | None]]:
    """The graphemes of all rows, normalised at ``level`` as one text, and the label of each.

    What stands between two rows has their label where it is the same, else ``None``. A level also
    joins what lines part (hyphens, spaces after a full stop), so that rows cannot be normalised
    one by one; labels go along grapheme by grapheme.
    """
    listed = list(rows)
    whole = graphemes(normalise("\n".join(text for text, _ in listed), level))
    units: list[str] = []
    labels: list[_Label | None] = []
    last: _Label | None = None
    for text, label in listed:
        row = graphemes(normalise(text, level))
        if not row:
            continue
        if units:
            units.append(" ")
            labels.append(label if label == last else None)
        units += row
        labels += [label] * len(row)
        last = label
    found: list[_Label | None] = []
    for code in Levenshtein.opcodes(*intern(units, whole)):
        if code.tag in ("equal", "replace"):
            found += labels[code.src_start : code.src_end]
        elif code.tag == "insert":
            near = labels[max(0, code.src_start - 1) : code.src_start + 1]
            same = near[0] if near and all(x == near[0] for x in near) else None
            found += [same] * (code.dest_end - code.dest_start)
    return whole, found
