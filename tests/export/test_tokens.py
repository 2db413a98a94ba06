"""Words of a layer and where they are: whatever the edits do, text and places stay together."""

from __future__ import annotations

from export_samples import edit, line, telegram
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export.tokens import joined, line_words
from pipeline.model import Box, Edit, Layer, Line, Reading, Word
from pipeline.transcript import JOIN_HYPHEN


def texts(some: Line, layer: Layer = Layer.READING) -> list[str]:
    return [token.text for token in line_words(some, layer).tokens]


def test_an_edited_word_keeps_its_place_and_tells_what_was_read() -> None:
    text = 'об"единения и мир'
    some = line(1, text, edits=(edit(text, '"', "ъ", "hard-sign"),))
    first, second, third = line_words(some, Layer.READING).tokens
    assert (first.text, first.read) == ("объединения", 'об"единения')
    assert first.box == some.reading.words[0].box
    assert (second.read, third.read) == (None, None)
    assert texts(some, Layer.DIPLOMATIC) == text.split()


def test_words_run_together_share_their_box() -> None:
    some = line(1, "внастоящее", edits=(Edit(rule="lost-space", start=1, before="", after=" "),))
    first, second = line_words(some, Layer.READING).tokens
    assert (first.text, second.text) == ("в", "настоящее")
    assert first.box is not None
    assert second.box is not None
    assert first.box.right == second.box.left
    assert Box.around((first.box, second.box)) == some.reading.words[0].box


def test_a_word_read_in_two_has_both_boxes() -> None:
    some = line(1, "марш рутам", edits=(Edit(rule="split-word", start=4, before=" ", after=""),))
    (token,) = line_words(some, Layer.READING).tokens
    assert token.text == "маршрутам"
    assert token.box == some.box
    assert token.read == "марш рутам"


def test_a_broken_word_is_whole_and_its_second_part_empty() -> None:
    lines = [x for page in telegram().pages for x in page.lines if x.kind.value == "body"]
    rows = [list(row) for _, row in joined([line_words(x, Layer.READING) for x in lines])]
    assert rows[1][-1] == "подписаны"
    assert rows[2][0] == ""
    assert rows[2][-1] == "по-русски"
    assert rows[3][0] == ""


def test_a_word_over_three_lines() -> None:
    some = [
        line(n, text, edits=(edit(text, "-", "", JOIN_HYPHEN),) if "-" in text else ())
        for n, text in enumerate(("теле-", "грам-", "ма"))
    ]
    rows = [list(row) for _, row in joined([line_words(x, Layer.READING) for x in some])]
    assert rows == [["телеграмма"], [""], [""]]


@st.composite
def edited_lines(draw: st.DrawFn) -> Line:
    words = draw(st.lists(st.text("аб-", min_size=1, max_size=6), min_size=1, max_size=6))
    boxes = [Box(left=100 * n, top=0, right=100 * n + 90, bottom=20) for n in range(len(words))]
    reading = Reading.of_words(
        "x", [Word(text=t, box=b, confidence=0.5) for t, b in zip(words, boxes, strict=True)]
    )
    edits: list[Edit] = []
    place = 0
    raw = reading.text
    while place < len(raw):
        place += draw(st.integers(0, 5))
        size = draw(st.integers(0, 3))
        before = raw[place : place + size]
        if place + size <= len(raw):
            after = draw(st.text("вг ", max_size=4))
            layer = draw(st.sampled_from(Layer))
            if before != after:
                edits.append(Edit(rule="r", start=place, before=before, after=after, layer=layer))
        place += size + 1
    return Line(id="p1-l001", reading=reading, edits=tuple(edits), box=Box.around(boxes))


@given(edited_lines(), st.sampled_from(Layer))
def test_tokens_are_the_text_of_the_layer(some: Line, layer: Layer) -> None:
    words = line_words(some, layer)
    assert [token.text for token in words.tokens] == some.text_in(layer).split()
    for token in words.tokens:
        assert some.raw[token.start : token.end] is not None
        if token.box is not None:
            assert some.box is not None
            assert token.box.share_inside(some.box) == 1.0
