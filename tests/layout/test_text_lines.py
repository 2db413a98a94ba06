"""Lines of raw text and the cutting of merged ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.layout.split import split_merged
from pipeline.layout.text import text_lines
from pipeline.model import Box, Line, Reading, Word

FOOT = "8 экз.ам Отпеч. 14.У. 19-15 Разослано 20° /4. Выпустил Плотников 14.У.50г. РОЩИН"


def test_foot_and_signature_are_cut_apart() -> None:
    left, right = split_merged(text_lines(FOOT, 1))
    assert right.raw == "РОЩИН"
    assert left.raw + right.raw == FOOT
    assert (left.id, right.id) == ("p1-l001a", "p1-l001b")


def test_words_and_boxes_go_with_their_part() -> None:
    words = tuple(
        Word(text=w, box=Box(left=10 * i, top=0, right=10 * i + 9, bottom=10))
        for i, w in enumerate(FOOT.split())
    )
    reading = Reading.of_words("x", words)
    left, right = split_merged([Line(id="l", reading=reading)])
    assert [w.text for w in right.reading.words] == ["РОЩИН"]
    assert right.box == words[-1].box
    assert left.box is not None
    assert left.box.right == words[-2].box.right if words[-2].box else False


def test_body_that_mentions_foot_words_stays_whole() -> None:
    text = "Разослано членам Политбюро письмо тов. СТАЛИНА"
    assert [x.raw for x in split_merged(text_lines(text, 1))] == [text]


def test_paragraphs_of_raw_text() -> None:
    lines = text_lines("Первая\nвторая\n\n  Третья\nчетвертая", 1)
    assert [x.starts_paragraph for x in lines] == [True, False, True, False]


@given(st.text(max_size=300))
def test_every_visible_character_is_in_some_line(text: str) -> None:
    lines = text_lines(text, 1)
    assert "".join("".join(x.raw.split()) for x in lines) == "".join(text.split())
    assert len({x.id for x in lines}) == len(lines)


def test_other_readings_of_a_cut_line_are_cut_at_the_same_place() -> None:
    def reading(reader: str, words: list[str]) -> Reading:
        boxes = [Box(left=100 * n, top=0, right=100 * n + 90, bottom=9) for n in range(len(words))]
        placed = [Word(text=w, box=b) for w, b in zip(words, boxes, strict=True)]
        return Reading.of_words(reader, placed)

    own = FOOT.split()
    other = [word.replace("о", "0") for word in own]
    line = Line(id="l", reading=reading("vote", own), alternatives=(reading("tesseract", other),))
    parts = split_merged([line])
    assert len(parts) == 2
    for part in parts:
        first, second = part.reading, part.alternatives[0]
        assert second.text == first.text.strip().replace("о", "0")
        assert len(second.words) == len(first.words)
