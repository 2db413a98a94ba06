"""How well neighbouring words go together."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.agreement import agreement, classes_of
from pipeline.training.agreement import fit


@pytest.mark.parametrize(
    ("left", "better", "worse"),
    [
        ("отдельных", "дипломатов", "дипломаты"),
        ("в", "Киеве", "Киеву"),
        ("по", "контролю", "контроль"),
        ("политических", "кругах", "кругами"),
        ("собрать", "информацию", "информации"),
    ],
)
def test_what_agrees_is_likelier(left: str, better: str, worse: str) -> None:
    assert agreement(left, better) > agreement(left, worse)


@given(st.text(max_size=12), st.text(max_size=12))
def test_words_that_are_none_say_nothing(left: str, right: str) -> None:
    if not classes_of(left.lower().replace("ё", "е")):
        assert agreement(left, right) == 0.0


def test_ratios_come_from_counts() -> None:
    pairs = Counter({("в", "доме"): 90, ("в", "дома"): 5, ("новые", "дома"): 90})
    words = Counter({"в": 9500, "доме": 9000, "дома": 9500, "новые": 9000})
    names, ratios = fit(pairs, words)
    place = {name: number for number, name in enumerate(names)}
    plural = next(name for name in names if name.startswith("NOUN:nomn:plur"))
    local = next(name for name in names if name.startswith("NOUN:loct:sing"))
    assert ratios[place["в"], place[local]] > 1 > ratios[place["в"], place[plural]]
