"""Words and text are one thing: what is read, cut, corrected and looked up fits together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Box, Edit, Layer, Line, Reading, Word, apply_edits

letters = st.text("абв-.", min_size=1, max_size=6)
gaps = st.text(" \t-", max_size=3)
words = st.builds(
    lambda text, gap, left: Word(
        text=text, gap=gap, box=Box(left=left, top=0, right=left + 7, bottom=9), confidence=0.5
    ),
    letters,
    gaps,
    st.integers(0, 99),
)
readings = st.builds(
    lambda some, tail: Reading(reader="x", words=tuple(some), tail=tail),
    st.lists(words, max_size=6),
    gaps,
)


def line(text: str, *edits: tuple[int, str, str]) -> Line:
    made = tuple(
        Edit(rule="r", start=start, before=before, after=after) for start, before, after in edits
    )
    spoken = [Word(text=word) for word in text.split()]
    return Line(id="l", reading=Reading.of("x", text, spoken), edits=made)


@given(readings)
def test_the_text_is_that_of_the_words_in_their_places(reading: Reading) -> None:
    for word, (start, end) in zip(reading.words, reading.spans, strict=True):
        assert reading.text[start:end] == word.text
        assert reading.text[start - len(word.gap) : start] == word.gap
        assert word in reading.touching(start, end)


@given(st.text("аб \t", max_size=20))
def test_white_space_survives_to_the_letter(text: str) -> None:
    assert Reading.of("x", text).text == text
    reading = Reading.of("x", text, [Word(text=word) for word in text.split()])
    assert reading.text == text
    assert [word.text for word in reading.words] == text.split()


@given(readings, st.integers(0, 60), st.integers(0, 60))
def test_slices_join_to_the_whole(reading: Reading, one: int, other: int) -> None:
    first, second = sorted((one, other))
    text = reading.text
    places = [(0, first), (first, second), (second, len(text))]
    parts = [reading.slice(start, max(start, end)) for start, end in places]
    assert "".join(part.text for part in parts) == text
    letters = "".join(word.text for part in parts for word in part.words)
    assert letters == "".join(word.text for word in reading.words)
    for part in parts:
        assert all(word.box is not None and word.box.width >= 1 for word in part.words)
    assert reading.slice(0, len(text)) == reading


@given(st.lists(words, max_size=6))
def test_spaced_words_are_words_again(some: list[Word]) -> None:
    reading = Reading.of_words("x", some)
    assert reading.text == " ".join(word.text for word in some)
    assert [replace(word, gap="") for word in reading.words] == [replace(x, gap="") for x in some]


def test_words_that_are_not_in_the_text_are_refused() -> None:
    with pytest.raises(ValueError, match="no word 'в' in 'а б в' from position 5"):
        Reading.of("x", "а б в", [Word(text="в"), Word(text="в")])


@given(st.text("аб ", max_size=12), st.lists(st.integers(0, 12), max_size=6, unique=True))
def test_text_is_the_reading_with_the_edits(text: str, places: list[int]) -> None:
    cuts = sorted(place for place in places if place <= len(text))
    edits = tuple(
        Edit(
            rule="r",
            start=start,
            before=text[start:end],
            after="Я",
            layer=Layer.DIPLOMATIC if start % 2 else Layer.READING,
        )
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    )
    made = Line(id="l", reading=Reading.of("x", text), edits=edits)
    assert made.text == apply_edits(made.raw, edits) == made.text_in(Layer.READING)
    repairs = [edit for edit in edits if edit.layer is Layer.DIPLOMATIC]
    assert made.text_in(Layer.DIPLOMATIC) == apply_edits(made.raw, repairs)
    assert made.with_edits(edits) == made
    assert line(text).with_edits(edits).text == made.text


def test_edits_that_do_not_fit_the_reading_are_refused() -> None:
    with pytest.raises(ValueError, match="expects 'б' at 0"):
        line("абв", (0, "б", "я"))
    with pytest.raises(ValueError, match="overlaps"):
        line("абв", (0, "аб", "я"), (1, "б", "я"))


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (line("он уназал что", (3, "уназал", "указал")), ["он", "указал", "что"]),
        (line("он уназал что", (4, "н", "к")), ["он", "указал", "что"]),
        (line("все марш рутам да", (8, " ", "")), ["все", "маршрутам", "маршрутам", "да"]),
        (line("и внастоящее время", (3, "", " ")), ["и", "в настоящее", "время"]),
        (line("сообщил корей-", (13, "-", "")), ["сообщил", "корей"]),
        (line("сообщил -", (8, "-", "")), ["сообщил", ""]),
        (line("14.У.50г. да", (3, "У", "V"), (7, "", " ")), ["14.V.50 г.", "да"]),
        (line("а оч ень б", (2, "оч ень", "о ч е н ь")), ["а", *["о ч е н ь"] * 2, "б"]),
    ],
)
def test_what_a_word_became(made: Line, wanted: list[str]) -> None:
    assert [made.printed(*span) for span in made.reading.spans] == wanted


def test_boxes_know_what_they_share() -> None:
    one = Box(left=0, top=0, right=10, bottom=10)
    other = Box(left=50, top=6, right=60, bottom=26)
    assert (one.beside(other), other.beside(one)) == (4, 4)
    assert one.beside(replace(other, top=10)) == 0
    assert one.share_inside(other) == 0.0
    assert one.share_inside(Box(left=5, top=0, right=99, bottom=5)) == 0.25
    assert Box.around([one, other]) == Box(left=0, top=0, right=60, bottom=26)
    assert Box.around([]) is None
