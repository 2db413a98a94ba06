"""Lines of another engine's text that the text around them vouches for, where nothing else can.

A name of a list, a program's command, a formula: without a picture their letters alone look like
scraps. What the kept text itself uses, and what goes on with a list, is none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import regex

from pipeline.model import FILE, Line, LineKind, Verdict
from pipeline.noise.rescue import kept_unsure
from pipeline.transcript import WORDING, selected

NAMED = "named-in-text"
"""Rule name of the reason why a command or a formula stays whose names the text has."""

LISTED = "name-in-list"
"""Rule name of the reason why a name alone stays that stands among others."""

_SYMBOL = regex.compile(r"(?<![\p{L}\d])[A-Z][A-Z0-9]{0,7}(?![\p{L}\d])")
_SYMBOLS_ALONE = regex.compile(r"\W{0,2}[A-Z][A-Z0-9]{1,7}(?:\s+[A-Z0-9]{1,4}){0,2}\W{0,2}")
_FORMULA = regex.compile(
    r"(?:[A-Z][A-Z0-9]{0,7}|[a-z]|\d+(?:[.,]\d+)?|[-+*/()\[\]{}^|.,<>≤≥]|\s)+"
    r"=(?:[A-Z][A-Z0-9]{0,7}|[a-z]|\d+(?:[.,]\d+)?|[-+*/()\[\]{}^|.,;=<>≤≥]|\s)+"
)
_NAME = regex.compile(
    r"\W{0,2}(?:т\.\s?){0,2}(?:\p{Lu}\.\s?){0,2}\p{Lu}\p{Ll}{3,}(?:-\p{Lu}\p{Ll}{2,})?\W{0,2}"
)
_NEAR, _LEAST_NAMES = 3, 2
"""Lines on each side in which other names of a list stand, and how many."""


def rescued_by_text(lines: Sequence[Line]) -> tuple[Line, ...]:
    """``lines`` of one page, those that were left out and are one of these as unsure text."""
    if not all(line.reading.reader == FILE for line in lines):
        return tuple(lines)
    kept = selected(lines, WORDING)
    symbols = frozenset(name for line in kept for name in _SYMBOL.findall(line.raw))
    names = [bool(_NAME.fullmatch(line.raw.strip())) for line in lines]
    texts = {line.id for line in kept}
    return tuple(
        _judged(line, symbols, _named_around(lines, names, texts, place))
        if line.id not in texts and line.verdict is Verdict.DROP
        else line
        for place, line in enumerate(lines)
    )


def _named_around(
    lines: Sequence[Line], names: Sequence[bool], texts: Collection[str], place: int
) -> LineKind | None:
    """The kind of the list of names in which the line stands; ``None`` where in none."""
    if not names[place]:
        return None
    for near in (range(place - 1, -1, -1), range(place + 1, len(lines))):
        found = [lines[i] for i in near[:_NEAR] if names[i] and lines[i].id in texts]
        if len(found) >= _LEAST_NAMES:
            return found[0].kind
    return None


def _judged(line: Line, symbols: frozenset[str], listed: LineKind | None) -> Line:
    raw = line.raw.strip()
    if listed is not None:
        return kept_unsure(line, LISTED, "a name among others, one below the other", listed)
    own = _SYMBOL.findall(raw)
    if _SYMBOLS_ALONE.fullmatch(raw) and own[0] in symbols:
        return kept_unsure(line, NAMED, f"the text speaks of {own[0]}")
    if own and symbols.issuperset(own) and _FORMULA.fullmatch(raw):
        return kept_unsure(line, NAMED, f"a formula; the text speaks of {own[0]}")
    return line
