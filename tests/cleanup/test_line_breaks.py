"""Words broken at a line's end among marks, in other engines' text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cleanup.line_breaks import break_at, marks_inside
from pipeline.cleanup.slots import is_clean, slots_of
from pipeline.config import load_settings
from pipeline.model import Layer, apply_edits
from pipeline.process import process_text
from pipeline.transcript import JOIN_HYPHEN, render

PAGE = """В этих целях посольство передало своей стpaне, что никто из нахо·дящихся
на Украине не по~традал. Некоторые корреспонд~нты посетили аэропорты и
киевский вокзал, где опрашивали nассажиров и членов экипажей самолетов.
"""


def in_one(text: str) -> str:
    settings = load_settings()
    document = process_text(PAGE + text, "text", settings, source="text")
    return render(document, Layer.READING, settings.output.kinds)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("а также реакции со- ~~-\n, ветских людей на это", "советских людей"),
        ("в трех из осталь- ·\nных домов ничего не было", "остальных домов"),
        ("жители поме-\n- .-- -\nщений уехали в тот же день", "помещений уехали"),
        ("он сообщил о прави-   .·.\nтельстве и людях", "правительстве и"),
    ],
)
def test_marks_inside_a_broken_word_go(text: str, word: str) -> None:
    assert word in in_one(text)


@pytest.mark.parametrize(
    "lines",
    [
        ["он сказал слово -", "и ушел домой"],
        ["сообщил о словах- ~", "Министр уехал"],
        ["пункты такие-", "- первый пункт"],
        ["в 1941-", "1945 годах"],
        ["слова и дела.", "другие слова"],
        ["слова-", "~ · ."],
    ],
)
def test_what_is_not_broken_stays(lines: list[str]) -> None:
    assert break_at(lines, 0, is_clean) is None
    assert all(slot.broken is None for slot in slots_of(lines))


@given(st.lists(st.text(alphabet="абВ -~.·,1\u00ad—\n"), max_size=6))
def test_slots_are_what_was_read_and_marks_come_out_whole(lines: list[str]) -> None:
    raws = [line.replace("\n", " ") for line in lines]
    for slot in slots_of(raws):
        if slot.broken is None:
            assert raws[slot.line][slot.start :].startswith(slot.read)
            continue
        broken = slot.broken
        assert raws[broken.line][broken.start :].startswith(broken.head)
        assert raws[broken.below][broken.at :].startswith(broken.rest)
        for line, edit in marks_inside(raws, broken):
            assert (edit.layer is Layer.READING) == (edit.rule == JOIN_HYPHEN)
            assert not any(c.isalnum() for c in edit.before)
            assert apply_edits(raws[line], [edit]) != raws[line]
