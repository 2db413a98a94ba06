"""Latin letters that stand for Cyrillic ones of the same shape."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from pipeline.lexicon import knows
from pipeline.model import Edit, Layer
from pipeline.text import LATIN_TO_CYRILLIC

_WORD = regex.compile(r"\p{L}+(?:-\p{L}+)*")
_CYRILLIC = regex.compile(r"\p{Cyrillic}")
_LATIN = regex.compile(r"[A-Za-zëË]")
_MOSTLY = 0.7


def look_alikes(raw: str) -> tuple[Edit, ...]:
    """Edits that put words of ``raw`` into one script, without changing any letter's shape.

    A word of both scripts becomes Cyrillic where each of its Latin letters has a Cyrillic
    twin and most of it is Cyrillic already or the result is a known word. A wholly Latin
    word is changed only in a mostly Cyrillic line and only into a known word.
    """
    letters = [c for c in raw if c.isalpha()]
    if not any(_LATIN.match(c) for c in letters):
        return ()
    cyrillic_line = sum(1 for c in letters if _CYRILLIC.match(c)) >= _MOSTLY * len(letters)
    return tuple(_folded(raw, cyrillic_line=cyrillic_line))


def _folded(raw: str, *, cyrillic_line: bool) -> Iterator[Edit]:
    for match in _WORD.finditer(raw):
        word = match[0]
        latin = len(_LATIN.findall(word))
        folded = word.translate(LATIN_TO_CYRILLIC)
        if not latin or _LATIN.search(folded):
            continue
        cyrillic = len(_CYRILLIC.findall(word))
        if cyrillic > latin or (cyrillic_line and knows(folded)):
            yield Edit(
                rule="look-alikes",
                start=match.start(),
                before=word,
                after=folded,
                layer=Layer.DIPLOMATIC,
                evidence=f"{latin} Latin letters of Cyrillic shape",
            )
