"""How the character model is counted and thinned."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.character_lm import BEGIN_NUMBER, BITS, END_NUMBER, CharacterLM, packed, unpacked
from pipeline.errors import InputMissingError
from pipeline.training.counts import (
    HELD_OUT,
    bits,
    build_character_lm,
    counted,
    estimated,
    numbers_of,
    typed,
)

PARAGRAPH = (
    "Товарищ Иванов сообщил, что договор о поставке хлеба и угля подписан {} числа, "
    "и просит срочно прислать ему № {} списка людей, посланных в город."
)


@given(st.lists(st.text("аб ", max_size=6), max_size=6), st.integers(1, 5))
def test_ngrams_are_counted_within_lines(lines: list[str], order: int) -> None:
    expected: Counter[int] = Counter()
    for line in lines:
        numbers = numbers_of([line]).tolist()
        for start in range(len(numbers) - order + 1):
            key = 0
            for number in numbers[start : start + order]:
                key = key << BITS | number
            expected[key] += 1
    expected.pop(BEGIN_NUMBER, None)  # the beginning of a line follows nothing
    found = counted(numbers_of(lines), order)
    assert dict(zip(found.keys.tolist(), found.counts.tolist(), strict=True)) == expected
    assert found.keys.tolist() == sorted(expected)


def test_signs_of_no_typewriter_are_left_out() -> None:
    assert numbers_of(["а€б"]).tolist() == [BEGIN_NUMBER, 2, 3, END_NUMBER]


@pytest.mark.parametrize("threshold", [0.0, 2.0, 1e9])
def test_all_orders_give_probabilities(threshold: float) -> None:
    lines = list(typed([PARAGRAPH.format(n, 7 * n) for n in range(30)], seed=1))
    first, orders = estimated(numbers_of(lines), 5, threshold)
    model = unpacked(packed(first, orders))
    for context in ("", "\n", "\nТова", "догов", "ъъъъ", "а б"):
        assert np.exp(model.after(context)).sum() == pytest.approx(1.0, abs=1e-5)
    assert all(len(x.followers) == 0 for x in orders) == (threshold == 1e9)


def test_without_thinning_relative_counts_are_met() -> None:
    lines = ["абаб"] * 50 + ["абба"] * 50
    first, orders = estimated(numbers_of(lines), 3, 0.0)
    model = unpacked(packed(first, orders))
    # After "аб" at the beginning of a line, "а" and "б" follow as often.
    after = np.exp(model.after("\nаб"))
    assert after[2] == pytest.approx(0.5, abs=0.2)
    assert np.exp(model.after("\n"))[2] > 0.9


def test_a_model_is_built_the_same_twice_and_learns(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(HELD_OUT + 2):
        text = PARAGRAPH.format(number, 3 * number)
        (corpus / f"{number:03}").write_text(f"About\n\n{text}\n", encoding="utf-8")
    made = [
        build_character_lm(corpus, tmp_path / name / "m.npz", order=4, threshold=1.0)
        for name in "ab"
    ]
    assert made[0] == made[1]
    assert (tmp_path / "a" / "m.npz").stat().st_size == made[0]["bytes"]
    assert made[0]["bits"] == sorted(made[0]["bits"], reverse=True)
    assert made[0]["bits"][-1] < 3
    model = CharacterLM.load(tmp_path / "a" / "m.npz")
    assert (model.order, model.digest) == (4, made[0]["digest"])
    assert bits(model, []) == 0.0


def test_no_text_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputMissingError):
        build_character_lm(tmp_path, tmp_path / "m.npz")
