"""What every read line of a keyed page is: told by its text, for keyed lines have no places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from pipeline.model import Line
from pipeline.noise.crf import STATES
from pipeline.training.keyed import folded
from pipeline.training.keyed_match import matches

_STATES = {
    "B": ("body",),
    "H": ("heading", "body"),
    "A": ("addressee",),
    "S": ("signature",),
    "F": ("head", "table", "foot"),
    "N": ("page_number",),
    "P": ("head", "table", "foot", "noise"),
    "W": ("noise",),
}
"""By the tags of keyed lines: the states that such a line may be in. Whether a heading is one, or
body, is the keyer's judgement; what is printed may be form or stamp."""

_PIECE, _UNLIKE = 85.0, 70.0
"""Partial likeness (rapidfuzz, 0-100) from which a line is a piece of a keyed one, and under which
it is none."""

_SCRAP = 4
"""Letters and figures; fewer of them may be a piece of anything."""


def allowed_states(lines: Sequence[Line], truth: Sequence[tuple[str, str]]) -> NDArray[np.bool_]:
    """For each of ``lines`` the states that it may be in, ``(N, S)``; ``truth``: tags and texts.

    A line that is like a keyed one, or a piece of it, is what the keyer says; one that is like
    none is noise. All states are allowed where it cannot be told: for scraps beside a keyed line,
    which may be a raised sign of it, and for lines that are a little like one.
    """
    allowed = np.zeros((len(lines), len(STATES)), bool)
    texts = [folded(line.raw) for line in lines]
    wanted = [folded(text) for _, text in truth]
    found = {place: number for number, place in matches(wanted, texts)}
    for place, text in enumerate(texts):
        number = found.get(place)
        if number is None:
            number, unlike = _piece_of(text, wanted)
            scrap = sum(map(str.isalnum, text)) < _SCRAP
            if number is None:
                beside = scrap and any(_on_row(lines[place], lines[x]) for x in found)
                allowed[place] = True
                if unlike or (scrap and not beside):
                    allowed[place] = [state == "noise" for state in STATES]
                continue
        allowed[place] = [state in _STATES[truth[number][0]] for state in STATES]
    return allowed


def _piece_of(text: str, wanted: Sequence[str]) -> tuple[int | None, bool]:
    """The keyed line that ``text`` is a piece of; and whether it is unlike all of them."""
    if sum(map(str.isalnum, text)) < _SCRAP:
        return None, False
    likeness = [
        fuzz.partial_ratio(text, other) if len(other) >= len(text) else 0.0 for other in wanted
    ]
    best = int(np.argmax(likeness)) if likeness else 0
    highest = likeness[best] if likeness else 0.0
    return (best if highest >= _PIECE else None), highest < _UNLIKE


def _on_row(line: Line, other: Line) -> bool:
    """Whether half of ``line``'s height or more lies on the row of ``other``."""
    if line.box is None or other.box is None or line is other:
        return False
    return line.box.beside(other.box) > 0.5 * line.box.height
