"""Set phrases of the printed form: one misread word among words that are all as they should be."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import regex

from pipeline.cleanup.confusions import single_confusions
from pipeline.lexicon import folded, knows
from pipeline.model import Edit, Layer
from pipeline.resources import language

_WORD = regex.compile(r"(?<![\p{L}\p{N}])\p{Cyrillic}++(?![\p{L}\p{N}])")
_LEAST = 3
"""Words of a phrase: the others vouch for one."""


def set_phrases(raw: str) -> tuple[Edit, ...]:
    """Edits that mend one word of a phrase of ``form.toml``: ``снятие копин воспрещается``.

    Every other word must stand there as it should, and the misread one be no word.
    """
    return tuple(_edits(raw))


def _edits(raw: str) -> Iterator[Edit]:
    matches = list(_WORD.finditer(raw))
    words = [folded(match[0]) for match in matches]
    for phrase in _phrases():
        for first in range(len(words) - len(phrase) + 1):
            read = words[first : first + len(phrase)]
            wrong = [n for n, word in enumerate(phrase) if word != read[n]]
            if len(wrong) != 1 or knows(read[wrong[0]]):
                continue
            true, match = phrase[wrong[0]], matches[first + wrong[0]]
            if any(word == true for word, _ in single_confusions(read[wrong[0]])):
                yield Edit(
                    rule="set-phrase",
                    start=match.start(),
                    before=match[0],
                    after=_in_case(true, match[0]),
                    layer=Layer.DIPLOMATIC,
                    evidence=f"the form says “{' '.join(phrase)}”",
                )


def _in_case(word: str, read: str) -> str:
    if read.isupper():
        return word.upper()
    return word.capitalize() if read[0].isupper() else word


@cache
def _phrases() -> tuple[tuple[str, ...], ...]:
    phrases = (tuple(phrase.split()) for phrase in language.form().letterhead.phrases)
    return tuple(phrase for phrase in phrases if len(phrase) >= _LEAST)
