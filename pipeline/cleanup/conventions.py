"""The reading layer's conventions: what an editor prints for what the machine could type."""

from __future__ import annotations

import unicodedata

import regex

from pipeline.lexicon import knows, with_yo
from pipeline.model import Edit, Layer
from pipeline.text import INVISIBLE, NO_INK, ROMAN_MONTHS, TYPED_ROMAN
from pipeline.transcript import JOIN_HYPHEN

# Possessive and from a word's edge on: a line may be thousands of letters long.
_SPLIT_BY_QUOTE = regex.compile(r"(?<!\p{Cyrillic})(\p{Cyrillic}++)([\"'’“”«»ʼ])(\p{Cyrillic}++)")
_SOFTENING = "еёюяЕЁЮЯ"
_MONTH = regex.compile(
    r"(?<!\d)(?P<day>[0-3]?\d)(?P<gap>\s?[.\s]\s?)(?P<roman>[IІl1VУXХПШ]{1,4})"
    r"(?=\s?[.\s]\s?(?:19)?\d\d(?!\d))"
)
_YEAR = regex.compile(
    r"(?<!\d)[0-3]?\d\s?\.\s?[IІl1VУXХПШ]{1,4}\s?\.\s?(?:19)?\d\d(?=г\.?(?!\p{L}))"
)
# Engines write U+00AD, U+00AC and all kinds of hyphens and dashes for the hyphen at a line's end.
_LAST_PART = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}\p{{N}}])((?:\p{{L}}\p{{M}}*+)++|\p{{N}}++)"
    rf"([-\u00ad\u00ac\u2010\u2011\u2012\u2013\u2014\u2212])[\s{NO_INK}]*$"
)
_FIRST_PART = regex.compile(rf"^[\s{NO_INK}]*((?:\p{{L}}\p{{M}}*+)++|\p{{N}}++)")
# What else engines make of it; of these only where a word comes of it that the halves are not.
_MISREAD_LAST = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}\p{{N}}])((?:\p{{L}}\p{{M}}*+)++)"
    rf"(\s?[:'\".]?(?:[-\u00ad\u00ac\u2010-\u2014\u2212]{{1,2}}|[~_=\u2e17]))[\s{NO_INK}]*$"
)
_MISREAD = frozenset("~_=\u2e17")
_GOES_ON = regex.compile(r"-\p{Lu}\p{L}")
_LIGATURE = regex.compile("[\ufb00-\ufb06]")
_ENDING = 3
"""Letters, at most, of the ending of a numeral (``25-ти``)."""

_YO_WORD = regex.compile(r"(?<![\p{L}\p{N}-])[а-яА-Я][а-я]++(?![\p{L}\p{N}-])")


def hard_signs(raw: str) -> tuple[Edit, ...]:
    """Quotation marks typed for ъ: ``об"единения`` to ``объединения``, known words only."""
    edits: list[Edit] = []
    for match in _SPLIT_BY_QUOTE.finditer(raw):
        left, quote, right = match.groups()
        if right[0] in _SOFTENING and knows(f"{left}ъ{right}"):
            letter = "Ъ" if right[0].isupper() else "ъ"
            edits.append(
                Edit(
                    rule="hard-sign",
                    start=match.start(2),
                    before=quote,
                    after=letter,
                    evidence=f"{left}{letter}{right} is a word",
                )
            )
    return tuple(edits)


def roman_months(raw: str) -> tuple[Edit, ...]:
    """Roman months in their own letters: ``14.У.50`` to ``14.V.50``; only true months."""
    edits: list[Edit] = []
    for match in _MONTH.finditer(raw):
        typed = match["roman"]
        roman = typed.translate(TYPED_ROMAN)
        if roman in ROMAN_MONTHS and roman != typed and not typed.isdigit():
            edits.append(
                Edit(
                    rule="roman-month",
                    start=match.start("roman"),
                    before=typed,
                    after=roman,
                    evidence=f"month {roman} between day and year",
                )
            )
    return tuple(edits)


def year_spaces(raw: str) -> tuple[Edit, ...]:
    """A space between a date's year and its ``г.``: ``14.V.50г.`` to ``14.V.50 г.``."""
    return tuple(
        Edit(
            rule="year-space",
            start=match.end(),
            before="",
            after=" ",
            evidence=f"{match[0]} is a date",
        )
        for match in _YEAR.finditer(raw)
    )


def yo(raw: str) -> tuple[Edit, ...]:
    """ё for е in words that cannot be read otherwise: ``еще`` to ``ещё``, never ``все``."""
    edits: list[Edit] = []
    for match in _YO_WORD.finditer(raw):
        word = match[0]
        if "е" in word and (spelt := with_yo(word)) != word:
            edits.append(
                Edit(
                    rule="yo",
                    start=match.start(),
                    before=word,
                    after=spelt,
                    evidence="no other word is spelt so",
                )
            )
    return tuple(edits)


def invisible(raw: str) -> tuple[Edit, ...]:
    """Signs without ink go: zero-width and direction signs, soft hyphens inside words."""
    return tuple(
        Edit(
            rule="invisible",
            start=match.start(),
            before=match[0],
            after="",
            layer=Layer.DIPLOMATIC,
            evidence=f"U+{ord(match[0][0]):04X} leaves no ink",
        )
        for match in INVISIBLE.finditer(raw)
    )


def ligatures(raw: str) -> tuple[Edit, ...]:
    """Letters of print that an engine kept as one sign (U+FB00 to U+FB06), each by itself."""
    return tuple(
        Edit(
            rule="ligature",
            start=match.start(),
            before=match[0],
            after=unicodedata.normalize("NFKC", match[0]),
            layer=Layer.DIPLOMATIC,
            evidence="one sign for two or three letters",
        )
        for match in _LIGATURE.finditer(raw)
    )


def line_end_hyphen(raw: str, below: str) -> tuple[Edit, ...]:
    """The edit that joins what is broken at ``raw``'s end to what begins the line ``below``.

    A word: the hyphen goes where the joined word is known, or neither is known; it stays,
    without a space, where only the compound is (``по-`` + ``отечески``), a word is said twice
    (``Нет-`` + ``нет``) or two names are joined (``Нью-`` + ``Йорк``). Between figures, and
    after one, it stays (``1941-`` + ``1945``, ``12-`` + ``ю``).
    """
    first = _FIRST_PART.match(below)
    last = _LAST_PART.search(raw) or _MISREAD_LAST.search(raw)
    if last is None or first is None:
        return ()
    left, right = (unicodedata.normalize("NFC", part) for part in (last[1], first[1]))
    if len(last[2]) > 1 or last[2] in _MISREAD:
        halves = knows(left) and knows(right)
        stays = False if right.islower() and knows(left + right) and not halves else None
    elif left[0].isupper() and _GOES_ON.match(below, first.end()):
        stays = True  # Ростов- | на-Дону
    else:
        stays = _stays(left, right)
    if stays is None:
        return ()
    word = f"{left}-{right}" if stays else left + right
    known = "" if knows(word) or not word.isalpha() else " (not in the lexicon)"
    return (
        Edit(
            rule=JOIN_HYPHEN,
            start=last.start(2),
            before=last[2],
            after="-" if stays else "",
            evidence=f"{word}{known}",
        ),
    )


def _stays(left: str, right: str) -> bool | None:
    """Whether the hyphen between two halves stays; ``None`` where they do not belong together."""
    if not left.isalpha():
        return True if right[0].isdigit() or (right.islower() and len(right) <= _ENDING) else None
    if not right.isalpha():
        return None
    loud = len(left) > 1 and left.isupper()
    if right[0].isupper() and not (loud and right.isupper()):
        return True if left[0].isupper() and not loud and right[1:].islower() else None
    if left.lower() == right.lower():
        return True
    return not knows(left + right) and knows(f"{left}-{right}")
