"""Likeness of garble to words that may have stood there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fuzzy import folded, likeness, likeness_within, most_like

NAMES = ("Сталину", "Молотову", "Маленкову", "Булганину", "Вышинскому")


@pytest.mark.parametrize(
    ("garbled", "name"),
    [
        ("Бу\tЛІ\tra\tH\t4H\ty", "Булганину"),
        ("Вы\tШ\tāH\tCI\t40\tМУ", "Вышинскому"),
        ("Маленюову", "Маленкову"),
        ("Моаотову", "Молотову"),
    ],
)
def test_garbled_names_are_recognised(garbled: str, name: str) -> None:
    found = most_like(garbled, NAMES)
    assert found is not None
    assert found.word == name
    assert found.likeness > 0.7
    assert found.lead > 0.05


def test_a_word_may_be_a_part_of_what_was_read() -> None:
    assert likeness_within("4 è Молотову . , ŧ", "Молотову") > 0.85
    assert likeness("4 è Молотову . , ŧ", "Молотову") < likeness_within("4 è Молотову", "Молотову")


def test_nothing_to_choose_from() -> None:
    assert most_like("Сталину", ()) is None
    assert likeness("", "Сталину") < 0.2
    assert likeness("Сталину", "") == 0.0


@given(st.text(max_size=30))
def test_likeness_is_a_share_and_highest_for_the_same(text: str) -> None:
    for measure in (likeness, likeness_within):
        assert 0.0 <= measure(text, "Молотову") <= 1.0
    if folded(text):
        assert likeness(text, text) == 1.0 or len(folded(text)) > 40
