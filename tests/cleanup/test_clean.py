"""Edits: what they do, what they leave alone, and that they can be undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cleanup import clean
from pipeline.config import CleanupSettings
from pipeline.layout.text import text_lines
from pipeline.model import Document, Edit, Layer, Line, LineKind, Page, Reading, Scan, apply_edits
from pipeline.transcript import render

BODY = (LineKind.BODY,)


def document(text: str, settings: CleanupSettings | None = None) -> Document:
    lines = clean(text_lines(text, 1), settings or CleanupSettings())
    return Document(id="x", pages=(Page(number=1, scan=Scan(path="x"), lines=lines),))


def both(text: str) -> tuple[str, str]:
    made = document(text)
    return render(made, Layer.DIPLOMATIC, BODY), render(made, Layer.READING, BODY)


@pytest.mark.parametrize(
    ("raw", "diplomatic", "reading"),
    [
        ('после ее об"единения', 'после ее об"единения', "после ее объединения"),
        ("дата 14.У.50г.", "дата 14.У.50г.", "дата 14.V.50 г."),
        ("дата 3.П.1950", "дата 3.П.1950", "дата 3.II.1950"),
        ("тoварищ Cталин cказал", "товарищ Сталин сказал", "товарищ Сталин сказал"),
        ("органи-\nзация", "органи-\nзация", "организация"),
        ("по-\nотечески", "по-\nотечески", "по-отечески"),
        ("слово -\nдело", "слово -\nдело", "слово - дело"),
        ("газета Time пишет", "газета Time пишет", "газета Time пишет"),
        ('статья "Авроры" верна', 'статья "Авроры" верна', 'статья "Авроры" верна'),
        ("пункты 1.1.50 и 2", "пункты 1.1.50 и 2", "пункты 1.1.50 и 2"),
    ],
)
def test_layers(raw: str, diplomatic: str, reading: str) -> None:
    assert both(raw) == (diplomatic + "\n", reading + "\n")


def test_all_can_be_turned_off() -> None:
    off = CleanupSettings(corrections=False, conventions=False)
    made = document('об"единения 14.У.50г. тoварищ', off)
    assert all(line.edits == () and line.text == line.raw for line in made.lines)


@given(st.text(alphabet='абвеёОPC oec"-\n.1У50', max_size=80))
def test_edits_replay(text: str) -> None:
    for line in document(text).lines:
        assert apply_edits(line.raw, line.edits) == line.text
        assert line.text_in(Layer.READING) == line.text


@given(st.text(alphabet='обяв ОЪC"-\n.1У50г', max_size=200), st.sets(st.integers(0, 9)))
def test_some_lines_alone_come_out_as_with_all(text: str, only: set[int]) -> None:
    settings = CleanupSettings(corrections=False)
    lines = text_lines(text, 1)
    whole, some = clean(lines, settings), clean(lines, settings, only=only)
    assert some == tuple(
        whole[index] if index in only else line for index, line in enumerate(lines)
    )


def test_overlapping_edits_are_refused_or_left_out() -> None:
    one = Edit(rule="a", start=0, before="аб", after="x")
    two = Edit(rule="b", start=1, before="б", after="y")
    with pytest.raises(ValueError, match="overlaps"):
        apply_edits("абв", [one, two])
    assert Line(id="l", reading=Reading.of("file", "абв")).with_edits([one, two]).edits == (one,)


def test_an_edit_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="expects"):
        apply_edits("абв", [Edit(rule="a", start=0, before="я", after="x")])
