"""Words broken at a line's end in other engines' text, among marks that were read for nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import regex

from pipeline.model import Edit, Layer
from pipeline.transcript import JOIN_HYPHEN

RULE = "marks"
"""Rule of the edits that take marks out of a broken word."""

_HYPHENS = "-\u00ad\u00ac\u2010\u2011"
_PLAIN_END = regex.compile(rf"[{_HYPHENS}\u2013\u2014]\s*")
_SOILED_END = regex.compile(rf"[:;~·^'\"`]{{0,2}}[{_HYPHENS}]{{1,2}}[^\p{{L}}\p{{N}}]*")
_HYPHEN = regex.compile(rf"[{_HYPHENS}\u2013\u2014]")
_HEAD = regex.compile(r"\S*[\p{L}\p{M}\p{N}~]", regex.REVERSE)

_WORD_BELOW = regex.compile(r"\s*(?P<marks>(?:[.,;:!?·•~^'`*_|\\/]+\s+)*)(?P<word>\p{L}\S*)")
"""What a line begins with; dashes, quotes and brackets before a word are no mere marks."""

_MARKS_ALONE = regex.compile(r"[^\p{L}\p{N}]*")
_WORD = 5
"""Letters of a known word that is rather the next one than a rest."""

_MOST_BETWEEN = 3
"""Lines of mere marks that may lie inside a word."""


class Break(NamedTuple):
    """A word that ends at a line's end: its ``head`` at ``start``, and its rest.

    ``rest`` is the first piece of the line ``below``, at ``at``.
    """

    line: int
    start: int
    head: str
    below: int
    at: int
    rest: str


def break_at(raws: Sequence[str], number: int, is_clean: Callable[[str], bool]) -> Break | None:
    """The word that is broken at the end of line ``number``, if one is."""
    raw = raws[number]
    stop = len(raw)
    while stop and not (raw[stop - 1].isalnum() or regex.match(r"\p{M}", raw[stop - 1])):
        stop -= 1
    end = raw[stop:]
    plain = _PLAIN_END.fullmatch(end) is not None
    if not stop or raw[stop - 1].isdigit() or not (plain or _SOILED_END.fullmatch(end)):
        return None
    found = _HEAD.match(raw, 0, stop)
    assert found is not None  # noqa: S101  a letter stands there
    below = number + 1
    while below < len(raws) - 1 and below - number <= _MOST_BETWEEN:
        if not _MARKS_ALONE.fullmatch(raws[below]):
            break
        below += 1
    after = _WORD_BELOW.match(raws[below]) if below < len(raws) else None
    if after is None:
        return None
    head, rest = found[0], after["word"]
    if not _belong(head, rest, is_clean, plain=plain):
        return None
    return Break(number, found.start(), head, below, after.start("word"), rest)


def _belong(head: str, rest: str, is_clean: Callable[[str], bool], *, plain: bool) -> bool:
    """Whether ``head`` goes on with ``rest``."""
    if plain:
        return not rest[0].isupper()
    if rest[0].isupper() and rest[1:].islower():
        return False
    # Engines that read marks for nothing read small letters as capitals, too.
    if is_clean(head + rest):
        return not (is_clean(head) and is_clean(rest))
    return not is_clean(head) and (len(rest) < _WORD or not is_clean(rest))


def marks_inside(raws: Sequence[str], broken: Break) -> Iterator[tuple[int, Edit]]:
    """The edits that take marks out of a broken word, each with its line, and join it."""
    stop = broken.start + len(broken.head)
    raw = raws[broken.line]
    hyphen = _HYPHEN.search(raw, stop)
    assert hyphen is not None  # noqa: S101  else it would not be broken
    found = [
        *_gone(raw, broken.line, stop, hyphen.start()),
        *_gone(raw, broken.line, hyphen.end(), len(raw)),
    ]
    for line in range(broken.line + 1, broken.below):
        found += _gone(raws[line], line, 0, len(raws[line]))
    found += _gone(raws[broken.below], broken.below, 0, broken.at)
    yield from found
    if found:
        evidence = f"{broken.head} goes on with {broken.rest}, among marks"
        join = Edit(
            rule=JOIN_HYPHEN, start=hyphen.start(), before=hyphen[0], after="", evidence=evidence
        )
        yield broken.line, join


def _gone(raw: str, line: int, start: int, stop: int) -> Iterator[tuple[int, Edit]]:
    marks = raw[start:stop].strip()
    if marks:
        evidence = "stands inside a word that is broken at a line's end"
        at = raw.index(marks, start)
        edit = Edit(
            rule=RULE, start=at, before=marks, after="", layer=Layer.DIPLOMATIC, evidence=evidence
        )
        yield line, edit
