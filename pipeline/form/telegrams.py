"""Where one telegram of a document ends and the next begins, and what stands where in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from pipeline.form.single_lines import head_line, is_addressed, is_head_line, is_signed
from pipeline.fuzzy import likeness_within
from pipeline.model import Line, LineKind, Verdict

_FORM = frozenset({LineKind.FORM, LineKind.TABLE})
_TEXT = frozenset({LineKind.BODY, LineKind.HEADING})
_COPY = regex.compile(r"\d\s?[-–—]\s?[йяг]\b|\bэкз\b", regex.I)
"""A place of the copy list: its numbers are no telegram's."""

_WORD = regex.compile(r"\p{L}{3}")
"""A number alone, stamped or by hand above the form, does not begin the text."""

_TITLE, _LIKE = "шифртелеграмма", 0.8
"""Printed over each telegram, and from when on a line reads so."""

_NUMBERS = "telegram_numbers"
_HEAD_FIELDS = frozenset((_NUMBERS, "origin", "date", "time"))
_FORM_LINES = 12
"""Lines from a form's title within which its head line stands."""

_NEAR = 4
"""Lines below the head line within which an addressee may stand that was filed as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram:
    """The lines of one telegram, or of a document that is none.

    ``head``: what stands above the text, without stamps; ``head_lines``, ``form``, ``foot``: the
    lines of the form there, in the whole, and below the text's beginning (all, where no text is
    seen and nobody can tell); ``addressees`` and ``signatures`` wherever they were filed.
    """

    lines: tuple[Line, ...]
    head: tuple[Line, ...]
    head_lines: tuple[Line, ...]
    form: tuple[Line, ...]
    foot: tuple[Line, ...]
    addressees: tuple[Line, ...]
    signatures: tuple[Line, ...]


def telegrams(lines: Sequence[Line]) -> tuple[Telegram, ...]:
    """The telegrams of ``lines`` (classified, in reading order), one at least.

    A head line after the text of another telegram begins a new one, together with the lines of
    its form right above it.
    """
    starts = telegram_starts(lines)
    ends = [*starts[1:], len(lines)]
    return tuple(telegram_of(lines[start:end]) for start, end in zip(starts, ends, strict=True))


def telegram_starts(lines: Sequence[Line], *, volume: bool = False) -> list[int]:
    """Where the telegrams of ``lines`` begin, as :func:`telegrams` parts them; 0 is the first.

    In a ``volume``, where much may be bound together, a form's title and a head line that is only
    partly read begin one too; text on sheets before the first is a document of its own; a head
    that repeats the number of the telegram it stands in is that of a further sheet.
    """
    starts = [0]
    text_on: str | None = None
    text_seen = head_seen = False
    numbers: set[str] = set()
    for index, line in enumerate(lines):
        if is_head_line(line.raw) or (volume and (_is_title(line) or _is_read_as_head(line))):
            own = _numbers_below(lines, index) if volume else set()
            of_its_own = head_seen or (volume and text_on != _page(line))
            if text_seen and of_its_own and not own & numbers:
                starts.append(_letterhead_above(lines, starts[-1], index))
                text_seen, numbers = False, set()
            numbers |= own
            head_seen = True
        elif line.kind in _TEXT and _WORD.search(line.raw):
            text_on = text_on if text_seen else _page(line)
            text_seen = True
    return starts


def _is_title(line: Line) -> bool:
    """Whether it is the printed title of a form."""
    return line.kind is LineKind.FORM and likeness_within(line.raw, _TITLE) > _LIKE


def _is_read_as_head(line: Line) -> bool:
    """Whether a line of the form says a number, and two more things of a head line."""
    if line.kind is not LineKind.FORM or line.verdict is Verdict.DROP or _COPY.search(line.raw):
        return False
    found = {found.name for found in head_line(line)}
    return _NUMBERS in found and len(found & _HEAD_FIELDS) > 2


def _numbers_below(lines: Sequence[Line], head: int) -> set[str]:
    """The telegram numbers of the form that the line ``head`` belongs to."""
    found: set[str] = set()
    for line in lines[head : head + _FORM_LINES]:
        if _page(line) != _page(lines[head]) or line.kind is LineKind.BODY:
            if line is not lines[head]:
                break
        elif line.kind is not LineKind.FORM or line.verdict is Verdict.DROP:
            continue
        if is_head_line(line.raw) or not _COPY.search(line.raw):
            found |= {x.value for x in head_line(line) if x.name == _NUMBERS}
    return found


def _letterhead_above(lines: Sequence[Line], first: int, head: int) -> int:
    """Where the telegram of the head line ``head`` begins: its page's first line of the form."""
    start = head
    page = _page(lines[head])
    while (
        start > first + 1
        and lines[start - 1].kind not in (*_TEXT, LineKind.SIGNATURE, LineKind.ADDRESSEE)
        and page is not None
        and _page(lines[start - 1]) == page
        and not any("foot" in reason.rule for reason in lines[start - 1].reasons)
    ):
        start -= 1
    return start


def _page(line: Line) -> str | None:
    """The page's part of the line's id (``p1`` of ``p1-l003``)."""
    return line.id.split("-", 1)[0] if "-" in line.id else None


def telegram_of(lines: Sequence[Line]) -> Telegram:
    """All ``lines`` as one telegram."""
    heads = {i for i, line in enumerate(lines) if is_head_line(line.raw)}
    first = next(
        (
            i
            for i, x in enumerate(lines)
            if x.kind is LineKind.BODY and i not in heads and _WORD.search(x.raw)
        ),
        len(lines),
    )
    form = tuple(x for i, x in enumerate(lines) if x.kind in _FORM or i in heads)
    below = tuple(x for x in lines[first:] if x.kind in _FORM)
    return Telegram(
        lines=tuple(lines),
        head=tuple(x for x in lines[:first] if x.kind is not LineKind.STAMP),
        head_lines=tuple(
            x
            for i, x in enumerate(lines)
            if i in heads or (i < first and x.kind in _FORM and not _COPY.search(x.raw))
        ),
        form=form,
        # Where no text is seen there is no telling head from foot.
        foot=below if first < len(lines) else form,
        addressees=_addressees(lines, heads),
        signatures=_signatures(lines, heads),
    )


def _addressees(lines: Sequence[Line], heads: set[int]) -> tuple[Line, ...]:
    """Those filed as such, and what addresses somebody right below the head line."""
    near = {i for head in heads for i in range(head + 1, head + 1 + _NEAR)}
    return tuple(
        line
        for i, line in enumerate(lines)
        if line.verdict is not Verdict.DROP
        and (
            line.kind is LineKind.ADDRESSEE
            or (i in near and line.kind in _TEXT and is_addressed(line.raw))
        )
    )


def _signatures(lines: Sequence[Line], heads: set[int]) -> tuple[Line, ...]:
    """Those filed as such; where there is none, the last of the text if it is post and name."""
    kept = [x for i, x in enumerate(lines) if x.verdict is not Verdict.DROP and i not in heads]
    found = tuple(x for x in kept if x.kind is LineKind.SIGNATURE)
    if found:
        return found
    text = [x for x in kept if x.kind in _TEXT]
    return tuple(text[-1:]) if text and is_signed(text[-1].raw) else ()
