"""Confidences against the truth: reliability, calibration, and what review finds."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.confidence import (
    Confidence,
    WordCounts,
    calibration_error,
    confidence_of,
    found_by,
    reliability,
    review_curve,
)

READ = [("Далее", 0.95), ("тсварищ", 0.4), ("Мао", 0.9), ("указап", 0.6), ("он", None)]
TRUE = "Далее товарищ Мао указал он"


def test_right_and_wrong_words_by_confidence() -> None:
    found = confidence_of(TRUE, READ)
    assert found.steps == (
        (400, WordCounts(words=1, errors=1)),
        (600, WordCounts(words=1, errors=1)),
        (900, WordCounts(words=1, right=1)),
        (950, WordCounts(words=1, right=1)),
    )
    assert found.unknown == WordCounts(words=1, right=1)
    assert found.unseen == 0


def test_what_level_reading_folds_is_right() -> None:
    found = confidence_of(
        'её "союз" корей-\nским', [("ее", 0.9), ("«союз»", 0.9), ("корейским", 0.9)]
    )
    assert found.steps == ((900, WordCounts(words=3, right=3)),)


def test_lost_text_belongs_to_no_word() -> None:
    found = confidence_of(f"{TRUE} и ещё целая строка текста", READ)
    assert found.unseen == len(" и ещё целая строка текста")
    assert found.steps == confidence_of(TRUE, READ).steps
    assert confidence_of(TRUE, []).unseen == len(TRUE)


def test_a_short_loss_belongs_to_the_word_before_it() -> None:
    found = confidence_of("Он был там", [("Он", 0.5), ("там", 0.9)])
    assert dict(found.steps)[500].errors + dict(found.steps)[900].errors == 4


def test_reliability_and_calibration() -> None:
    sure = Confidence(
        steps=((250, WordCounts(words=4, right=1, errors=3)), (950, WordCounts(words=6, right=6)))
    )
    low, high = reliability(sure)
    assert (low.low, low.high, low.words, low.confidence, low.accuracy) == (0.2, 0.3, 4, 0.25, 0.25)
    assert (high.words, high.accuracy) == (6, 1.0)
    assert calibration_error(sure) == pytest.approx(0.6 * 0.05)
    assert calibration_error(Confidence()) is None
    certain = Confidence(steps=((1000, WordCounts(words=2, right=2)),))
    assert calibration_error(certain) == 0.0


def test_the_review_curve_by_hand() -> None:
    sure = Confidence(
        steps=(
            (100, WordCounts(words=1, errors=6)),
            (500, WordCounts(words=4, right=2, errors=2)),
            (900, WordCounts(words=5, right=5)),
        ),
        unseen=2,
    )
    curve = review_curve(sure)
    assert [(p.words, p.errors) for p in curve] == [(0, 0), (0.1, 0.6), (0.5, 0.8), (1.0, 0.8)]
    assert found_by(curve, 0.1) == pytest.approx(0.6)
    assert found_by(curve, 0.3) == pytest.approx(0.7)
    assert found_by(curve, 1.0) == pytest.approx(0.8)
    assert found_by((), 0.1) is None


words = st.lists(
    st.tuples(st.sampled_from(["дом", "дам", "мао", "он", "-", ""]), st.none() | st.floats(0, 1)),
    max_size=12,
)


@given(st.lists(st.sampled_from(["дом", "мао", "он"])).map(" ".join), words)
def test_the_curve_rises_and_sums_add_up(true: str, read: list[tuple[str, float | None]]) -> None:
    found = confidence_of(true, read)
    counted = sum(sure.words for _, sure in found.steps) + found.unknown.words
    assert counted == sum(1 for text, _ in read if text.strip())
    curve = review_curve(found)
    assert all(a.words <= b.words and a.errors <= b.errors for a, b in pairwise(curve))
    twice = found + found
    assert twice.unseen == 2 * found.unseen
    assert calibration_error(twice) == pytest.approx(calibration_error(found)) or not found.steps
