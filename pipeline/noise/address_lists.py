"""Lists of addressees: names below one another that go on from a line that addresses somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from pipeline.model import Line, LineKind, Reason, Verdict
from pipeline.reading import Box

ADDRESS_LIST = "addressee-list"
"""Rule name of the reason why a name alone is an addressee: it goes on with a list of them."""

_HEAD = regex.compile(
    r"^\W*(?:[тТ]\s?\.\s?[тТ]\s?\.|[тТ]{2}\s?\.|[тТ]оварищам\b|[тТ]ов\.\s?[тТ]ов\.)"
)
"""Several are addressed: ``т.т.``, ``тт.``, ``товарищам``. A copy list has ``т.`` or numbers."""

_NAME = regex.compile(
    r"\W{0,2}(?:\p{Lu}\.\s?){0,2}\p{L}[\p{Ll}-]{3,}(?:\s+\p{Lu}\.\s?(?:\p{Lu}\.)?)?\W{0,2}"
)
_LEAST_NAMES = 3
_ASIDE, _BELOW = 1.2, 2.6
"""In heights of a line: how far the names' left edges may be apart, and how far below each other
they may stand."""

_STEADY = 1.25
"""The last name of a list looks like a signature; it stands no farther below than the others do."""

_OTHER_KINDS = frozenset({LineKind.TABLE, LineKind.FORM, LineKind.BODY, LineKind.HEADING,
                          LineKind.ADDRESSEE, LineKind.NOISE, LineKind.SIGNATURE})  # fmt: skip


def with_address_lists(lines: Sequence[Line]) -> tuple[Line, ...]:
    """``lines``, the names below one that addresses several people made addressees like it.

    Needs places: names in one column, three at least, each close below the one before. Such a
    list is the document's own text, also where it stands at the right margin; a copy list
    (``Экз. № 1 т. Сталину``) begins otherwise and stays a table.
    """
    result = list(lines)
    for head, line in enumerate(lines):
        if line.kind is not LineKind.ADDRESSEE or line.box is None or not _HEAD.match(line.raw):
            continue
        names = _names_below(lines, head, line.box)
        if len(names) >= _LEAST_NAMES:
            for index in names:
                result[index] = _as_addressee(result[index], line)
    return tuple(result)


def _names_below(lines: Sequence[Line], head: int, start: Box) -> list[int]:
    names: list[int] = []
    last, step = start, 0
    height = start.height
    for index in range(head + 1, len(lines)):
        line, box = lines[index], lines[index].box
        if box is None or box.top - last.top > _BELOW * height:
            break
        if not _NAME.fullmatch(line.raw) or line.kind not in _OTHER_KINDS:
            continue
        if line.kind is LineKind.SIGNATURE and box.top - last.top > _STEADY * step:
            continue
        # The first name stands below the first one's, which its `т.т.` is to the left of.
        left = lines[names[0]].box if names else None
        inside = start.left <= box.left <= start.right
        if inside if left is None else abs(box.left - left.left) <= _ASIDE * height:
            names.append(index)
            step, last = box.top - last.top, box
    return names


def _as_addressee(line: Line, head: Line) -> Line:
    words = f"goes on with the list of addressees that begins with {head.raw.strip()!r}"
    reason = Reason(rule=ADDRESS_LIST, evidence=words, weight=5.0)
    return replace(
        line,
        kind=LineKind.ADDRESSEE,
        verdict=Verdict.KEEP,
        reasons=(reason, *line.reasons),
        text_probability=max(line.text_probability or 0.0, head.text_probability or 0.0),
    )
