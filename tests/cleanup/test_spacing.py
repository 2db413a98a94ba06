"""Spaces after signs: the pitch says whether the typist struck them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cleanup.spacing import false_spaces, letter_spaced, pitch_of
from pipeline.model import Box, Layer, Line, Reading, Word

PITCH = 12


def typed(text: str, pitch: int = PITCH) -> list[Word]:
    """The words of ``text``, cut after commas too, each letter in its cell."""
    words: list[Word] = []
    start = 0
    for end in range(1, len(text) + 1):
        piece = text[start:end]
        ends = end == len(text) or text[end] == " " or piece.endswith(",")
        if ends and piece.strip():
            sign = 5 if piece.endswith(",") else 1  # a comma stands at the left of its cell
            box = Box(left=start * pitch + 1, top=0, right=end * pitch - sign, bottom=20)
            words.append(Word(text=piece, box=box, confidence=0.5 + 0.1 * (len(words) % 4)))
        if ends or not piece.strip():
            start = end
    return words


def line_of(words: list[Word]) -> Line:
    return Line(id="l", reading=Reading.of_words("x", words))


def mended(words: list[Word]) -> str:
    line = line_of(words)
    return line.with_edits(false_spaces(line)).text_in(Layer.DIPLOMATIC)


def test_only_struck_spaces_stay() -> None:
    text = "Лёня Голиков,Валя Котик, Зина Портнова,Марат"
    line = line_of(typed(text))
    assert line.raw == "Лёня Голиков, Валя Котик, Зина Портнова, Марат"
    assert mended(typed(text)) == text
    assert [edit.start for edit in false_spaces(line)] == [13, 40]


def test_printed_type_and_short_lines_are_left_alone() -> None:
    widths = (30, 55, 21, 44, 38, 61)
    lefts = [sum(widths[:i]) + 4 * i for i in range(len(widths))]
    printed = [
        Word(text="раз,", box=Box(left=x, top=0, right=x + w, bottom=9))
        for x, w in zip(lefts, widths, strict=True)
    ]
    assert pitch_of(printed) is None
    assert false_spaces(line_of(printed)) == ()
    assert false_spaces(line_of(typed("раз,два"))) == ()


def test_words_without_boxes_are_left_alone() -> None:
    words = [Word(text=text) for text in ("раз,", "два,", "три,", "пять")]
    assert false_spaces(line_of(words)) == ()


@given(
    st.lists(st.tuples(st.text("абв", min_size=2, max_size=9), st.sampled_from([" ", ",", ", "]))),
    st.integers(12, 40),
)
def test_exactly_the_struck_spaces_stay(parts: list[tuple[str, str]], pitch: int) -> None:
    text = "".join(word + sign for word, sign in parts).strip()
    words = typed(text, pitch)
    fixed = pitch_of(words) is not None
    assert mended(words) == (text if fixed else " ".join(w.text for w in words))


def spread_out(before: str, word: str, after: str, read: list[str]) -> Line:
    """``before``, ``word`` with a space between its letters, ``after``; read as ``read``.

    The reader's boxes of the spread word's pieces share its room evenly.
    """
    start = (len(before) + 1) * PITCH
    end = start + (2 * len(word) - 1) * PITCH
    share = (end - start) // len(read)
    lefts = [start + share * place + 1 for place in range(len(read))]
    pieces = [
        Word(text=text, box=Box(left=left, top=0, right=left + share - 2, bottom=20))
        for text, left in zip(read, lefts, strict=True)
    ]
    return line_of([*typed(before), *pieces, *(moved(w, end + PITCH) for w in typed(after))])


def moved(word: Word, by: int) -> Word:
    assert word.box is not None
    return replace(word, box=replace(word.box, left=word.box.left + by, right=word.box.right + by))


def spaced(line: Line) -> str:
    return line.with_edits(letter_spaced(line)).text_in(Layer.DIPLOMATIC)


@pytest.mark.parametrize("read", [["особо"], ["ос", "обо"], ["ос", "об", "о"]])
def test_a_word_typed_spread_out_gets_its_spaces_back(read: list[str]) -> None:
    line = spread_out("это было сказано", "особо", "товарищем министром вчера", read)
    assert spaced(line) == "это было сказано о с о б о товарищем министром вчера"


def test_words_in_their_own_cells_are_left_alone() -> None:
    for text in ("это было сказано особо товарищем министром", "а и в к это было сказано вчера"):
        assert letter_spaced(line_of(typed(text))) == ()


def test_a_wide_gap_is_no_spread_word() -> None:
    words = typed("это было в виду сказано вчера")
    apart = [moved(word, 60) if place >= 4 else word for place, word in enumerate(words)]
    assert letter_spaced(line_of(apart)) == ()
