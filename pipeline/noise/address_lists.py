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

_MISSED = 1
"""Lines between two names of a list, in a text without places, that are none."""

_STEADY = 1.25
"""The last name of a list looks like a signature; it stands no farther below than the others do."""

_OTHER_KINDS = frozenset({LineKind.TABLE, LineKind.FORM, LineKind.BODY, LineKind.HEADING,
                          LineKind.ADDRESSEE, LineKind.NOISE, LineKind.SIGNATURE})  # fmt: skip


def with_address_lists(lines: Sequence[Line]) -> tuple[Line, ...]:
    """``lines``, the names below one that addresses several people made addressees like it.

    Names in one column, three at least, each close below the one before; in a text without places
    each the whole of the next line. Such a list is the document's own text, also where it stands at
    the right margin; a copy list (``Экз. № 1 т. Сталину``) begins otherwise and stays a table.
    """
    result = list(lines)
    for head, line in enumerate(lines):
        if line.kind is not LineKind.ADDRESSEE or not _HEAD.match(line.raw):
            continue
        if line.box is None:
            names = _names_next(lines, head)
        else:
            names = _names_below(lines, head, line.box)
        if len(names) >= _LEAST_NAMES:
            for index in names:
                result[index] = _as_addressee(result[index], line)
    return tuple(result)


def _names_next(lines: Sequence[Line], head: int) -> list[int]:
    """The names that follow in a text without places; a mark or number may stand between them."""
    names: list[int] = []
    missed = 0
    for index in range(head + 1, len(lines)):
        if missed and lines[index].kind is LineKind.SIGNATURE:
            break
        if _is_name(lines[index]):
            names.append(index)
            missed = 0
        elif missed == _MISSED:
            break
        else:
            missed += 1
    return names


def _is_name(line: Line) -> bool:
    return _NAME.fullmatch(line.raw.strip()) is not None and line.kind in _OTHER_KINDS


def _names_below(lines: Sequence[Line], head: int, start: Box) -> list[int]:
    names: list[int] = []
    last, step = start, 0
    height = start.height
    for index in range(head + 1, len(lines)):
        line, box = lines[index], lines[index].box
        if box is None or box.top - last.top > _BELOW * height:
            break
        if not _is_name(line):
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
