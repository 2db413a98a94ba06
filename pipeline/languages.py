"""Which language and orthography a paragraph is in: what is not modern Russian stays as it is.

Raw OCR holds stray letters of other alphabets, so one odd letter decides nothing: it takes a share
of the words, or the small words that only one language has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

import regex


class Language(StrEnum):
    """What a paragraph is written in."""

    RUSSIAN = "Russian"
    OLD_RUSSIAN = "Russian in the orthography before 1918"
    UKRAINIAN = "Ukrainian"
    BELARUSIAN = "Belarusian"
    BULGARIAN = "Bulgarian"
    KOMI = "Komi"
    LATIN = "a language in Latin letters"


_WORD = regex.compile(r"\p{L}+(?:['’ʼ]\p{L}+)*")
_FEWEST = 5
"""Words from which a paragraph shows its language."""

_OLD = regex.compile(r"[ѣѳѵ]|[бвгджзклмнпрстфхцчшщ]ъ$|і[аеиоуыэюяйѣ]")
_SMALL_WORDS = {
    Language.UKRAINIAN: frozenset(
        "і та що від про для як його які була були це цей або але щоб під час після між є ще всі "
        "їх із зі надати ухвалив щодо рік роботи партії".split()
    ),
    Language.BELARUSIAN: frozenset(
        "і што ад для як яго якія была былі гэта або але каб пад час пасля між ёсць яшчэ усе іх з "
        "са аб пра не на ў".split()
    ),
}
_MARKED = {Language.BELARUSIAN: frozenset("ў"), Language.UKRAINIAN: frozenset("іїєґ")}
_BULGARIAN_ONLY = frozenset(
    "се това който която което които са със във като ще към беше бъде още след през тази този тези че".split()
)
_OLD_SHARE, _LETTER_SHARE, _SMALL_SHARE, _BULGARIAN_SHARE = 0.15, 0.1, 0.06, 0.08
_LATIN_SHARE = 0.8


def language_of(text: str) -> Language:
    """The language of a paragraph; Russian where nothing speaks for another."""
    words = [word.lower() for word in _WORD.findall(text[:4000])]
    if len(words) < _FEWEST:
        return Language.RUSSIAN
    letters = "".join(words)
    if sum(c.isascii() for c in letters) > _LATIN_SHARE * len(letters):
        return Language.LATIN
    if _share(words, _is_old) >= _OLD_SHARE and not any(c in "їєґў" for c in letters):
        return Language.OLD_RUSSIAN
    if "ӧ" in letters and _share(words, lambda word: "ӧ" in word) >= _LETTER_SHARE:
        return Language.KOMI
    for language, own in _MARKED.items():
        marked = _share(words, lambda word, own=own: not own.isdisjoint(word))  # type: ignore[misc]
        small = _share(words, _SMALL_WORDS[language].__contains__)
        if marked >= _LETTER_SHARE and small >= _SMALL_SHARE:
            return language
    bulgarian = _share(words, _BULGARIAN_ONLY.__contains__)
    if bulgarian >= _BULGARIAN_SHARE and not any(c in "ыэё" for c in letters):
        return Language.BULGARIAN
    return Language.RUSSIAN


def _is_old(word: str) -> bool:
    return len(word) > 1 and _OLD.search(word) is not None


def _share(words: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, words)) / len(words)


def languages_of(paragraphs: Sequence[str]) -> list[Language]:
    """The language of each paragraph; one too short to tell takes that of the most."""
    found = [language_of(text) for text in paragraphs]
    weights: dict[Language, int] = {}
    for text, language in zip(paragraphs, found, strict=True):
        if (size := len(_WORD.findall(text))) >= _FEWEST:
            weights[language] = weights.get(language, 0) + size
    most = max(weights, key=lambda x: weights[x], default=Language.RUSSIAN)
    return [
        language if len(_WORD.findall(text)) >= _FEWEST else most
        for text, language in zip(paragraphs, found, strict=True)
    ]
