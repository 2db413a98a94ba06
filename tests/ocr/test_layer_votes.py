"""A scan's text layer decides doubtful words that are none, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import InputSettings
from pipeline.model import LAYER, VOTE, Box, Line, Reading, Word
from pipeline.ocr import with_layer
from pipeline.scans import open_scan

SHEET = Path(__file__).parents[1] / "cases" / "formats" / "ocrmypdf.pdf"


def line(words: str, reader: str, sure: float | None = None, top: int = 100) -> Line:
    """A line whose words are of confidence ``sure``, or 0.99 without a star before them."""
    made = [
        Word(
            text=word.lstrip("*"),
            box=Box(left=100 * n, top=top, right=100 * n + 90, bottom=top + 30),
            confidence=sure if word.startswith("*") or sure is None else 0.99,
        )
        for n, word in enumerate(words.split())
    ]
    box = Box(left=0, top=top, right=100 * len(made), bottom=top + 30)
    return Line(id="p1-l001", reading=Reading.of_words(reader, made), box=box)


def voted(own: str, layer: str, sure: float = 0.8) -> str:
    (found,) = with_layer([line(own, VOTE, sure)], [line(layer, "file")])
    return found.reading.text


@pytest.mark.parametrize(
    ("own", "layer", "text"),
    [
        ("в *иаучном сборнике", "в научном сборнике", "в научном сборнике"),
        ("*идепонированныепубликации имеют", "и депонированные публикации имеют", None),
        ("список *нздания.", "список издания.", "список издания."),
        ("*составляющуюпослед- ние цифры", "составляющую послед- ние цифры", None),
    ],
)
def test_doubtful_words_that_are_none(own: str, layer: str, text: str | None) -> None:
    assert voted(own, layer) == (text or layer)


@pytest.mark.parametrize(
    ("own", "layer"),
    [
        ("в *научном сборнике", "в научной сборнике"),  # a word
        ("длина *F(2) равна", "длина F(S) равна"),  # figures are never a layer's
        ("см. *пункт (М).", "см. пункт (М),"),  # nor are marks
        ("*многокомпонентность: система", "многокомпонентное»: система"),
        ("опрос *статуса дисплея", "опрос статуса ди-плея"),
        ("слово *иаучном сборнике", "слово картина сборнике"),  # other letters
        ("список *абвгдж равен", "список абвгдз равен"),  # no word either
    ],
)
def test_all_else_stays(own: str, layer: str) -> None:
    assert voted(own, layer) == own.replace("*", "")


def test_sure_words_stay_and_so_do_spaces_left_out_surely() -> None:
    assert voted("в *иаучном сборнике", "в научном сборнике", 0.95) == "в иаучном сборнике"
    assert voted("комплекса *вцелом со", "комплекса в целом со", 0.9) == "комплекса вцелом со"


def test_what_was_decided_can_be_seen() -> None:
    (found,) = with_layer(
        [line("в *иаучном сборнике", VOTE, 0.8)], [line("в научном сборнике", "")]
    )
    word = found.reading.words[1]
    assert (word.other, word.confidence) == ("иаучном", 0.9)
    assert found.read_by(LAYER) is not None


def test_a_line_elsewhere_or_only_in_the_layer_says_nothing() -> None:
    own = line("в *иаучном сборнике", VOTE, 0.8)
    far = line("в научном сборнике", "file", top=300)
    assert with_layer([own], [far]) == (own,)


def test_the_layer_comes_with_the_picture_in_its_pixels() -> None:
    with open_scan(SHEET, InputSettings()) as scan:
        page = scan.load(1)
    assert page.pixels is not None
    assert [x.raw for x in page.layer][2] == "Ответ ожидается завтра."
    box = page.layer[2].box
    assert box is not None
    assert page.pixels[box.top : box.bottom, box.left : box.right].min() == 0
    assert box.right <= page.pixels.shape[1]
    with open_scan(SHEET, InputSettings(layer_votes=False)) as scan:
        assert scan.load(1).layer == ()
