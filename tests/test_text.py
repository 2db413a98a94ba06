"""Normalisation is idempotent and cumulative, and folds what its docstring says, no more."""

from __future__ import annotations

import unicodedata

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.text import (
    CYRILLIC_TO_LATIN,
    LATIN_TO_CYRILLIC,
    Level,
    graphemes,
    normalise,
    words,
)

# Letters, marks and signs that the rules look at, so that they meet often.
ALPHABET = "абеёуоПШХУІIlVXKkyCs105. ,-–\"«»'\u0301\u0306\u0308\u0323\u200d\u00ad\r\n\t№№й"
texts = st.text() | st.text(st.sampled_from(ALPHABET))
levels = st.sampled_from(Level)


@given(texts, levels)
@example("е\u0308\u0308", Level.TYPEWRITER)
@example("y\u0306", Level.READING)
@example("14.1У.50", Level.READING)
@example("-\u00ad -а", Level.READING)
def test_normalising_twice_changes_nothing(text: str, level: Level) -> None:
    once = normalise(text, level)
    assert normalise(once, level) == once


@given(texts)
def test_each_level_includes_the_one_before(text: str) -> None:
    strict = normalise(text, Level.STRICT)
    typewriter = normalise(text, Level.TYPEWRITER)
    reading = normalise(text, Level.READING)
    assert normalise(strict, Level.TYPEWRITER) == typewriter
    assert normalise(typewriter, Level.READING) == normalise(strict, Level.READING) == reading


@given(texts, levels)
def test_white_space_never_counts(text: str, level: Level) -> None:
    spread = " \n" + text.replace(" ", "\t\u00a0\n") + "\u2003"
    assert normalise(spread, level) == normalise(text, level)


@given(texts)
def test_graphemes_are_all_of_the_composed_text(text: str) -> None:
    clusters = graphemes(text)
    composed = unicodedata.normalize("NFC", text)
    assert "".join(clusters) == composed
    assert list(clusters) == regex.findall(r"\X", composed)


def test_a_letter_with_its_accent_is_one_grapheme() -> None:
    assert graphemes("за\u0301мок и\u0306") == ("з", "а\u0301", "м", "о", "к", " ", "й")


@pytest.mark.parametrize(
    ("level", "one", "other"),
    [
        (Level.STRICT, "и\u0306", "й"),
        (Level.STRICT, " Мао\r\n\n Цзе-дун\x1c", "Мао Цзе-дун"),
        (Level.TYPEWRITER, "«Аврора» — „крейсер“", '"Аврора" - \'крейсер"'),
        (Level.TYPEWRITER, "её ЁЛКА", "ее ЕЛКА"),
        (Level.TYPEWRITER, "I9I7г., 2l экз., №І2", "1917г.,21 экз.,№12"),
        (Level.TYPEWRITER, "Октябрь, словно: да! Нет. Ещё", "Октябрь,словно:да!Нет.Еще"),
        (Level.TYPEWRITER, "ве\u200bче\u00adром\ufeff \u202aв\u202c Москве", "вечером в Москве"),
        (Level.READING, "октяб-\nре", "октябре"),
        (Level.READING, "октяб\u00ad\nре", "октябре"),
        (Level.READING, "по-\nотечески", "по-отечески"),
        (Level.READING, "КОММУ-\nНИСТ", "КОММУНИСТ"),
        (Level.READING, "307-\nтысячный, 1919-\n1920", "307-тысячный, 1919-1920"),
        (Level.READING, "MOCKBA, cop", "МОСКВА, сор"),
        (Level.READING, 'об"единения С"ЕЗД', "объединения СЪЕЗД"),
        (Level.READING, "сверх'естественный", "сверхъестественный"),
        (Level.READING, "14.У.50г. 3.П.1950 9 Ш 50", "14.V.50г. 3.II.1950 9 III 50"),
        (Level.READING, "П-я конференция, Ш-й", "II-я конференция, III-й"),
        (Level.READING, "ХУШ съезд, век ХХ", "XVIII съезд, век XX"),
    ],
)
def test_equal_at_its_level_and_not_before(level: Level, one: str, other: str) -> None:
    assert normalise(one, level) == normalise(other, level)
    order = list(Level)
    if level is not Level.STRICT:
        below = order[order.index(level) - 1]
        assert normalise(one, below) != normalise(other, below)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("№ 5", "No 5"),
        ("указал", "уназал"),
        ("мир", "Мир"),
        ("слово - слово", "слово слово"),
        ("10 экз.", "1О экз."),
        ("1950", "1956"),
        ("У нас", "V нас"),
        ("в П зале", "в II зале"),
        ("ПУШ", "VII"),
        ("12-го", "11-го"),
        ('сказал "Если', "сказал ъЕсли"),
    ],
)
def test_differences_that_no_level_hides(one: str, other: str) -> None:
    assert all(normalise(one, level) != normalise(other, level) for level in Level)


@given(texts, levels)
def test_nothing_is_invented(text: str, level: Level) -> None:
    # Only П and Ш become more signs than they were (II, III).
    grown = sum({"П": 1, "Ш": 2}.get(c, 0) for c in unicodedata.normalize("NFC", text))
    assert len(normalise(text, level)) <= len(unicodedata.normalize("NFC", text)) + grown


def test_words_stand_between_white_space() -> None:
    assert words(" 14 мая\n в 16,5\x1cчасов ") == ("14", "мая", "в", "16,5", "часов")
    assert words("") == ()


def test_words_end_after_a_closing_sign_where_its_space_is_ignored() -> None:
    spaced = normalise('Иди." Он шёл, В. И. Ленин...', Level.TYPEWRITER)
    tight = normalise('Иди." Он шел,В.И.Ленин...', Level.TYPEWRITER)
    expected = ('Иди."', "Он", "шел,", "В.", "И.", "Ленин...")
    assert words(spaced, Level.TYPEWRITER) == words(tight, Level.TYPEWRITER) == expected


def test_look_alikes_map_one_to_one() -> None:
    assert len(CYRILLIC_TO_LATIN) == len(LATIN_TO_CYRILLIC)
    assert "Mao".translate(LATIN_TO_CYRILLIC).translate(CYRILLIC_TO_LATIN) == "Mao"


@pytest.mark.parametrize("text", ["1" * 50_000 + "б", "I" * 50_000, "а- " * 20_000, "П1" * 20_000])
def test_long_runs_stay_linear(text: str) -> None:
    assert len(normalise(text, Level.READING)) <= 2 * len(text)
