"""Which language and orthography a paragraph is in: what is not modern Russian stays as it is.

Raw OCR holds stray letters of other alphabets, so one odd letter decides nothing: it takes a share
of the words, or the small words that only one language has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import lru_cache

import regex


class Language(StrEnum):
    """What a paragraph is written in."""

    RUSSIAN = "Russian"
    OLD_RUSSIAN = "Russian in the orthography before 1918"
    UKRAINIAN = "Ukrainian"
    BELARUSIAN = "Belarusian"
    BULGARIAN = "Bulgarian"
    SERBIAN = "Serbian"
    MACEDONIAN = "Macedonian"
    KOMI = "Komi"
    OTHER_CYRILLIC = "another language in Cyrillic letters"
    LATIN = "a language in Latin letters"
    READ_AS_LATIN = "Russian read as if in Latin letters, beyond repair"


_WORD = regex.compile(r"\p{L}+(?:['’ʼ]\p{L}+)*")
_TOKEN = regex.compile(r"[\p{L}\p{N}]{4,}")
_JUMBLED = regex.compile(r"[a-z][A-Z]|\p{L}\p{N}+\p{L}|^\p{N}\p{L}{3}")
_JUMBLED_SHARE, _FEWEST_TOKENS = 0.3, 8
"""Of words of four letters and more of which some have capitals or figures inside: type that is
Russian gives 0.7 of them where Latin letters are read, English text less than 0.05."""

_FEWEST = 5
"""Words from which a paragraph shows its language."""

_OLD = regex.compile(r"[ѣѳѵ]|[бвгджзклмнпрстфхцчшщ]ъ$|(?<!ј)і[аеиоуыэюяйѣ]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SMALL_WORDS = {
    Language.UKRAINIAN: _set(
        "і та що від про для як його які була були це цей або але щоб під час між ще всі "
        "їх із зі щодо рік року"
    ),
    Language.BELARUSIAN: _set(
        "і што ад для як яго якія была былі гэта або але каб пад час пасля між ёсць яшчэ "
        "усе іх са аб пра ў"
    ),
    Language.BULGARIAN: _set(
        "се са съ сж сѫ че ще това който която което които със във като към къмъ беше "
        "бѣше беха бъде бжде още след следъ през презъ тази този тези тия аз азъ нъ тукъ "
        "тъй отъ ний вий всички всичко нещо защо когато тогава едно една тоя тая"
    ),
    Language.SERBIAN: _set(
        "је су ће који која које није нису бити као од са али због између њега њих њихов "
        "овај ова ово тај када био била било биће сутра"
    ),
    Language.MACEDONIAN: _set(
        "дека ќе кои кој која што биде беше беа од со се ги го сите овој оваа тој таа "
        "исто помеѓу меѓу може според"
    ),
}
_RUSSIAN_SMALL = _set(
    "что как его это этот эта эти этого этой этом этих был была были было быть для или "
    "если они мы вы она он их ее ей им из чтобы также через который которая которое "
    "которые которых которого которой очень только еще уже при где все всех меня мне тебя "
    "нас нам вас вам него нее них чем чего кто когда бы же между"
)
_MARKED = {Language.BELARUSIAN: frozenset("ў"), Language.UKRAINIAN: frozenset("іїєґ")}
_OLD_SHARE, _LETTER_SHARE, _SMALL_SHARE, _BULGARIAN_SHARE = 0.15, 0.1, 0.06, 0.06
_LATIN_SHARE = 0.8
_LEAST_SMALL = 2
"""Small words of a language that a paragraph must have: one may be a misreading."""

_LATIN = frozenset((Language.LATIN, Language.READ_AS_LATIN))
_OTHER_SLAVIC = frozenset("їєґў")

OF_OTHERS = frozenset("әғқңөұүһҡҙҫҳҷӯҝҕӗӑӳӣҹӘҒҚҢӨҰҮҺҠҘҪҲҶӮҜҔӖӐӲӢҸ")
"""Letters of Turkic, Iranian, Mongolian and Finnic languages, which no engine takes Russian for and
no character set of one byte has."""

_SHARE_OF_OTHERS = 0.06


@lru_cache(maxsize=1024)
def language_of(text: str) -> Language:
    """The language of a paragraph; Russian where nothing speaks for another."""
    words = [word.lower() for word in _WORD.findall(text[:4000])]
    if len(words) < _FEWEST:
        return Language.RUSSIAN
    if _is_latin(words, frozenset()) and _is_jumbled(text[:4000]):
        return Language.READ_AS_LATIN
    return next(
        (language for language, test in _TESTS.items() if test(words, frozenset("".join(words)))),
        Language.RUSSIAN,
    )


def _is_jumbled(text: str) -> bool:
    words = [word for word in _TOKEN.findall(text) if sum(c.isalpha() for c in word) >= 3]
    odd = sum(_JUMBLED.search(word) is not None for word in words)
    return len(words) >= _FEWEST_TOKENS and odd >= _JUMBLED_SHARE * len(words)


def _is_latin(words: Sequence[str], _: frozenset[str]) -> bool:
    return sum(word.isascii() for word in words) > _LATIN_SHARE * len(words)


def _is_old_russian(words: Sequence[str], letters: frozenset[str]) -> bool:
    return _share(words, _is_old) >= _OLD_SHARE and _OTHER_SLAVIC.isdisjoint(letters)


def _is_marked(language: Language) -> Callable[[Sequence[str], frozenset[str]], bool]:
    own, small = _MARKED[language], _SMALL_WORDS[language]

    def test(words: Sequence[str], _: frozenset[str]) -> bool:
        marked = _share(words, lambda word: not own.isdisjoint(word))
        return marked >= _LETTER_SHARE and _share(words, small.__contains__) >= _SMALL_SHARE

    return test


def _is_komi(words: Sequence[str], _: frozenset[str]) -> bool:
    return _share(words, lambda word: "ӧ" in word) >= _LETTER_SHARE


def _has_small_words(language: Language) -> Callable[[Sequence[str], frozenset[str]], bool]:
    """Whether small words say so; misread Bulgarian has letters that only Russian has, too."""
    small = _SMALL_WORDS[language]

    def test(words: Sequence[str], _: frozenset[str]) -> bool:
        own = sum(map(small.__contains__, words))
        russian = _russian_words(words)
        return own >= max(_LEAST_SMALL, _BULGARIAN_SHARE * len(words)) and own > 2 * russian

    return test


def _is_other(words: Sequence[str], _: frozenset[str]) -> bool:
    return _share(words, lambda word: not OF_OTHERS.isdisjoint(word)) >= _SHARE_OF_OTHERS


def _russian_words(words: Sequence[str]) -> int:
    return sum(word.replace("ё", "е") in _RUSSIAN_SMALL for word in words)


def _is_old(word: str) -> bool:
    return len(word) > 1 and _OLD.search(word) is not None


def _share(words: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, words)) / len(words)


_TESTS: dict[Language, Callable[[Sequence[str], frozenset[str]], bool]] = {
    Language.LATIN: _is_latin,
    Language.BULGARIAN: _has_small_words(Language.BULGARIAN),
    Language.SERBIAN: _has_small_words(Language.SERBIAN),
    Language.MACEDONIAN: _has_small_words(Language.MACEDONIAN),
    Language.OLD_RUSSIAN: _is_old_russian,
    Language.BELARUSIAN: _is_marked(Language.BELARUSIAN),
    Language.UKRAINIAN: _is_marked(Language.UKRAINIAN),
    Language.KOMI: _is_komi,
    Language.OTHER_CYRILLIC: _is_other,
}


def languages_of(paragraphs: Sequence[str]) -> list[Language]:
    """The language of each paragraph; one that does not tell by itself takes that of the most."""
    found = [language_of(text) for text in paragraphs]
    weights: dict[Language, int] = {}
    for text, language in zip(paragraphs, found, strict=True):
        if (size := len(_WORD.findall(text))) >= _FEWEST:
            weights[language] = weights.get(language, 0) + size
    most = max(weights, key=lambda x: weights[x], default=Language.RUSSIAN)
    return [
        language if language is not Language.RUSSIAN or _is_surely_russian(text, most) else most
        for text, language in zip(paragraphs, found, strict=True)
    ]


def _is_surely_russian(text: str, most: Language) -> bool:
    """Whether a paragraph of a text that is mostly in ``most`` shows that it is modern Russian."""
    words = [word.lower() for word in _WORD.findall(text[:4000])]
    if most is Language.RUSSIAN or len(words) < _FEWEST:
        return most is Language.RUSSIAN
    return most in _LATIN or _russian_words(words) >= _LEAST_SMALL
