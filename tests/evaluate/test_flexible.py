"""The flexible accuracy: right where it is known, and the same whatever the order of lines."""

from __future__ import annotations

import random

import pytest
from corruptions import any_pair, corrupted, long_text, misread
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.flexible import Flexible, flexible_accuracy
from pipeline.text import Level

A = "Далее товарищ Мао Цзе-дун указал, что он"
B = "сообщил корейским товарищам о возможности"
C = "заключения между Китаем и Кореей договора"


@given(any_pair, st.randoms(use_true_random=False), st.sampled_from(Level))
def test_the_order_of_lines_does_not_matter(
    pair: tuple[str, str], rng: random.Random, level: Level
) -> None:
    true, read = pair
    rows = read.splitlines()
    rng.shuffle(rows)
    shuffled = flexible_accuracy(true, "\n".join(rows), level)
    assert shuffled == flexible_accuracy(true, read, level)


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.3])
def test_shuffled_blocks_cost_nothing(rate: float) -> None:
    text = long_text(6_000, seed=1)
    rows = [text[i : i + 60].strip() for i in range(0, len(text), 60)]
    read = [misread(row, rate, seed=index) for index, row in enumerate(rows)]
    blocks = [read[i : i + 10] for i in range(0, len(read), 10)]
    random.Random(2).shuffle(blocks)
    true = "\n".join(rows)
    found = flexible_accuracy(true, "\n".join(read))
    assert flexible_accuracy(true, "\n".join(row for block in blocks for row in block)) == found
    assert found.errors <= len(text) * rate * 1.2


@given(corrupted())
def test_errors_lie_within_what_is_possible(pair: tuple[str, str]) -> None:
    true, read = pair
    found = flexible_accuracy(true, read)
    size = sum(len(" ".join(row.split())) for row in read.splitlines())
    assert abs(found.length - size) <= found.errors <= found.length + size


def test_known_figures() -> None:
    true = f"{A}\n{B}\n{C}"
    length = len(A) + len(B) + len(C)
    assert flexible_accuracy(true, f"{C}\n{A}\n{B}") == Flexible(errors=0, length=length)
    one = flexible_accuracy(true, f"{C}\n{A.replace('ш', 'щ').replace('ц', 'п')}\n{B}")
    assert one.errors == 0 + A.count("ш") + A.count("ц")
    assert flexible_accuracy(true, f"{A}\n{C}").errors == len(B)
    assert flexible_accuracy(true, "").accuracy == 0.0
    assert flexible_accuracy("", A).accuracy is None


def test_merged_and_split_lines_cost_little() -> None:
    true = f"{A}\n{B}\n{C}"
    assert flexible_accuracy(true, f"{A} {B} {C}").errors == 0
    assert flexible_accuracy(f"{A} {B} {C}", true).errors == 0
    assert flexible_accuracy(true, f"{B} {C}\n{A[:20]}\n{A[20:]}").errors <= 2


def test_sums_are_over_characters() -> None:
    total = Flexible(errors=1, length=2) + Flexible(errors=1, length=98)
    assert total.accuracy == pytest.approx(0.98)
