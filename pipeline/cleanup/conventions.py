"""The reading layer's conventions: what an editor prints for what the machine could type."""

from __future__ import annotations

import regex

from pipeline.lexicon import knows, with_yo
from pipeline.model import Edit
from pipeline.text import ROMAN_MONTHS, TYPED_ROMAN
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
_LAST_WORD = regex.compile(r"(?<!\p{L})(\p{L}++)(-)\s*$")
_YO_WORD = regex.compile(r"(?<![\p{L}\p{N}-])[а-яА-Я][а-я]++(?![\p{L}\p{N}-])")
_FIRST_WORD = regex.compile(r"^\s*(\p{Ll}[\p{L}]*)")


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


def line_end_hyphen(raw: str, below: str) -> tuple[Edit, ...]:
    """The edit that joins ``raw``'s last, hyphenated word to the first word ``below``.

    The hyphen goes where the joined word is known, or neither is known; it stays, without
    a space, where only the compound is (``по-`` + ``отечески``).
    """
    last, first = _LAST_WORD.search(raw), _FIRST_WORD.match(below)
    if last is None or first is None:
        return ()
    solid, compound = last[1] + first[1], f"{last[1]}-{first[1]}"
    stays = not knows(solid) and knows(compound)
    word = compound if stays else solid
    return (
        Edit(
            rule=JOIN_HYPHEN,
            start=last.start(2),
            before="-",
            after="-" if stays else "",
            evidence=f"{word}{'' if knows(word) else ' (not in the lexicon)'}",
        ),
    )
