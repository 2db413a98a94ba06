"""Points of a list: each opens a paragraph of its own."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

import regex

from pipeline.model import Line

_POINT = regex.compile(
    r"\s*(?:(?:\d{1,2}(?:\.\d{1,2})*[.)]|\(\d{1,2}\)|[а-яa-z]\)|[IVX]{1,4}[.)])\s*(?=[\p{L}\"«])"
    r"|[-‐‑–—•*·]\s+(?=[\p{L}\p{N}\"«])|[-–—](?=\p{Ll})"
    r"|§\s?\d+|(?:Пункт|Статья|Глава|Раздел|Параграф)\s+(?:\d+|[IVX]+)[.:])"
)
_BARE = regex.compile(r"\s*(\d{1,2})\s+(?=\p{Lu}\p{Ll})")
"""A number without a stop: a point only beside one that counts on."""

_ENDED = regex.compile(r"[.;:!?…,]\W*$")
_NUMBERED = regex.compile(r"\s*\(?\d")
_MONTH = regex.compile(
    r"\s*\d{1,2}[.)]?\s*(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|[IVX]+[. ])"
)


def with_points(lines: Sequence[Line]) -> tuple[Line, ...]:
    """``lines`` in which numbered points and those after a dash open paragraphs.

    Only after a line that ends a sentence or a clause, or beside another point: a dash, or the day
    of a date, may also begin a line in the middle of a sentence.
    """
    found: list[Line] = []
    listed = False
    bare = {int(match[1]) for line in lines if (match := _BARE.match(line.raw))}
    for place, line in enumerate(lines):
        above = lines[place - 1].raw if place else ""
        opens = (_is_point(line.raw) or _counts_on(line.raw, bare)) and (
            not above or listed or _ENDED.search(above) is not None
        )
        # The list goes on over the lines that its points run on to.
        listed = opens or (listed and not line.starts_paragraph)
        found.append(replace(line, starts_paragraph=True) if opens else line)
    return tuple(found)


def _counts_on(raw: str, numbers: Container[int]) -> bool:
    match = _BARE.match(raw)
    return (
        match is not None
        and not _MONTH.match(raw)
        and (int(match[1]) + 1 in numbers or int(match[1]) - 1 in numbers)
    )


def _is_point(raw: str) -> bool:
    if _POINT.match(raw) is None:
        return False
    return not (_NUMBERED.match(raw) and _MONTH.match(raw))
