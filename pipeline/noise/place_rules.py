"""Rules on where a line stands: its neighbours, and its place and look on the scan."""

from __future__ import annotations

import regex

from pipeline.model import LineKind
from pipeline.noise.features import Features, Finding, Neighbours, is_typed

_ENDS = regex.compile(r"[.!?:;-]\W*$")
_TOP, _BOTTOM = 0.2, 0.85
"""Shares of the page's height: letterheads stand above, the foot below."""


def hyphen_part(this: Features, near: Neighbours) -> Finding:
    """The other half of a word hyphenated on the line above."""
    above = near.above
    if above is None or not above.text.endswith("-") or above.known_letters < 8:
        return None
    if not this.text[:1].islower():
        return None
    return 1.0, "goes on with the word hyphenated on the line above"


def between_text(_: Features, near: Neighbours) -> Finding:
    """Typed text above and below it."""
    above, below = near.above, near.below
    if above is None or below is None or not (is_typed(above, 15) and is_typed(below, 15)):
        return None
    return 1.0, "stands between two lines of Russian text"


def breaks_in(this: Features, near: Neighbours) -> Finding:
    """A short line that ends nothing, below a full line whose sentence goes on."""
    above = near.above
    if above is None or not is_typed(above, 25) or _ENDS.search(above.text[-4:]):
        return None
    if this.visible > 20 or _ENDS.search(this.text[-4:]) or not this.letters:
        return None
    return 1.0, "breaks into the sentence of the line above"


def typed_look(this: Features, _: Neighbours) -> Finding:
    """On the scan it looks typed or printed in the usual size."""
    return _look(this, LineKind.BODY, "looks typed")


def other_size(this: Features, _: Neighbours) -> Finding:
    """On the scan its letters are of another size than the typed ones."""
    return _look(this, LineKind.FORM, "letters of another size than the typed ones")


def drawn_look(this: Features, _: Neighbours) -> Finding:
    """On the scan its strokes do not stand level, as handwriting does not."""
    return _look(this, LineKind.HANDWRITING, "looks written by hand")


def ruled_area(this: Features, _: Neighbours) -> Finding:
    """On the scan it stands inside ruled lines."""
    return _look(this, LineKind.TABLE, "stands inside ruled lines")


def stamp_place(this: Features, _: Neighbours) -> Finding:
    """On the scan it stands inside a stamp, out of step with the type."""
    return _look(this, LineKind.STAMP, "stands in a stamp")


def off_pitch(this: Features, near: Neighbours) -> Finding:
    """Its characters are wider or narrower than the machine's."""
    box, column = this.line.box, near.view.column
    count = len(this.line.raw.strip())
    if box is None or column is None or count < 2:
        return None
    ratio = box.width / count / column.pitch
    away = max(ratio, 1 / max(ratio, 0.01)) - 1
    if away < 0.2:
        return None
    return min(1.0, away), f"its characters are {ratio:.1f} times as wide as the machine's"


def off_size(this: Features, near: Neighbours) -> Finding:
    """It is much lower or higher than a typed line."""
    box, column = this.line.box, near.view.column
    if box is None or column is None:
        return None
    ratio = box.height / column.height
    away = max(ratio, 1 / ratio) - 1
    if away < 0.3:
        return None
    return min(1.0, away / 2), f"it is {ratio:.1f} times as high as a typed line"


def outside_column(this: Features, near: Neighbours) -> Finding:
    """It stands in the margin beside the typed text."""
    box, column = this.line.box, near.view.column
    if box is None or column is None:
        return None
    out = max(column.left - box.left, box.right - column.right) / column.pitch
    if out < 2:
        return None
    return min(1.0, out / 10), f"reaches {out:.0f} strokes into the margin"


def beside_text(_: Features, near: Neighbours) -> Finding:
    """A longer line of text stands on the same row."""
    if not near.view.beside[near.index]:
        return None
    return 1.0, "stands on the row of a longer line of text"


def page_top(this: Features, near: Neighbours) -> Finding:
    """It stands high on the page."""
    share = _height(this, near)
    if share is None or share > _TOP:
        return None
    return 1.0 - share / _TOP, f"stands {share:.0%} down the page"


def page_bottom(this: Features, near: Neighbours) -> Finding:
    """It stands low on the page."""
    share = _height(this, near)
    if share is None or share < _BOTTOM:
        return None
    return (share - _BOTTOM) / (1 - _BOTTOM), f"stands {share:.0%} down the page"


def _look(this: Features, kind: LineKind, words: str) -> Finding:
    if this.line.box is None or this.line.kind is not kind:
        return None
    return 1.0, words


def _height(this: Features, near: Neighbours) -> float | None:
    box, height = this.line.box, near.view.height
    return None if box is None or not height else min(1.0, (box.top + box.bottom) / 2 / height)
