"""Intervals hold the rate, are the same on every run, and compare runs document by document."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.comparison import Change, compare_runs
from pipeline.evaluate.intervals import interval_of, rate_with_interval
from pipeline.evaluate.metrics import Counts

counts = st.builds(
    lambda errors, length: Counts(substitutions=errors, length=length),
    st.integers(0, 50),
    st.integers(1, 1000),
)


def made(*errors: int, length: int = 100) -> list[Counts]:
    return [Counts(substitutions=e, length=length) for e in errors]


@given(st.lists(counts, min_size=2, max_size=30))
def test_an_interval_holds_the_rate_and_is_the_same_again(documents: list[Counts]) -> None:
    rate = rate_with_interval(documents)
    assert rate.interval is not None
    assert rate.rate is not None
    assert 0 <= rate.interval.low <= rate.rate + 1e-9
    assert rate.rate - 1e-9 <= rate.interval.high
    assert rate == rate_with_interval(documents)


def test_many_like_documents_have_the_interval_of_the_normal_distribution() -> None:
    documents = made(*[error % 11 for error in range(220)])
    errors = np.array([x.errors for x in documents])
    reach = 1.96 * errors.std(ddof=1) / np.sqrt(len(errors)) / 100
    interval = rate_with_interval(documents).interval
    assert interval is not None
    assert interval.low == pytest.approx(0.05 - reach, abs=0.0003)
    assert interval.high == pytest.approx(0.05 + reach, abs=0.0003)


def test_one_bad_page_of_ten_reaches_far_up() -> None:
    """A percentile interval of these would end at 0.11: other draws may hold two such pages."""
    interval = rate_with_interval(made(1, 2, 1, 3, 2, 1, 2, 3, 1, 40)).interval
    assert interval is not None
    assert interval.high > 0.13
    assert interval.low < 0.03


def test_intervals_hold_as_often_as_they_say() -> None:
    """Of made-up runs of 20 documents, a few of them bad, nine in ten hold the true rate."""
    generator = np.random.default_rng(7)
    hold = false = 0
    for _ in range(150):
        hard = generator.beta(0.6, 19.4, 20)
        one, other = (
            made(*map(int, generator.binomial(1_000, hard)), length=1_000) for _ in range(2)
        )
        interval = rate_with_interval(one).interval
        assert interval is not None
        hold += interval.low <= 0.03 <= interval.high
        difference = interval_of([one, other])
        assert difference is not None
        false += not difference.low <= 0 <= difference.high
    assert hold >= 0.88 * 150
    assert false <= 0.09 * 150


def test_equal_documents_leave_no_doubt() -> None:
    rate = rate_with_interval(made(5, 5, 5))
    assert rate.rate == 0.05
    assert rate.interval is not None
    assert (rate.interval.low, rate.interval.high) == pytest.approx((0.05, 0.05))


def test_one_document_has_no_interval() -> None:
    assert rate_with_interval(made(5)).interval is None
    assert rate_with_interval([]).rate is None
    assert rate_with_interval([*made(5), Counts(insertions=3)]).interval is None


def test_errors_over_an_empty_reference_count() -> None:
    rate = rate_with_interval([*made(0, 0), Counts(insertions=4)])
    assert rate.rate == 0.02
    assert rate.interval is not None
    assert rate.interval.high > 0.02


def test_two_runs_are_compared_in_pairs() -> None:
    first = dict(zip("abcde", made(10, 20, 30, 40, 5), strict=True))
    second = dict(zip("abcdf", made(5, 15, 30, 49, 5), strict=True))
    result = compare_runs(first, second)
    assert (result.better, result.equal, result.worse) == (2, 1, 1)
    assert result.difference == pytest.approx(-1 / 400)
    assert result.worst == (Change(document_id="d", before=first["d"], after=second["d"]),)
    assert result.worst[0].added == 9
    assert result.unpaired == ("e", "f")


def test_pairing_finds_what_single_intervals_hide() -> None:
    # Documents differ much, the gain is the same in each.
    first = {str(i): c for i, c in enumerate(made(*range(5, 95, 3)))}
    second = {str(i): c for i, c in enumerate(made(*range(4, 94, 3)))}
    result = compare_runs(first, second)
    assert result.interval is not None
    assert result.interval.low == pytest.approx(-0.01)
    assert result.interval.high == pytest.approx(-0.01)
    assert result.first.interval is not None
    assert result.second.interval is not None
    assert result.first.interval.low < result.second.interval.high


@given(st.dictionaries(st.sampled_from("abcdefgh"), counts))
def test_a_run_equals_itself(run: dict[str, Counts]) -> None:
    result = compare_runs(run, run)
    assert (result.better, result.equal, result.worse) == (0, len(run), 0)
    assert not result.unpaired
    assert not result.worst
    assert result.difference == (0.0 if run else None)
    if len(run) > 1:
        assert result.interval is not None
        assert (result.interval.low, result.interval.high) == (0.0, 0.0)


def test_the_worst_come_first_and_are_ten() -> None:
    first = {f"{i:02}": c for i, c in enumerate(made(*[0] * 15))}
    second = {f"{i:02}": c for i, c in enumerate(made(*range(15)))}
    worst = compare_runs(first, second).worst
    assert [c.added for c in worst] == list(range(14, 4, -1))
