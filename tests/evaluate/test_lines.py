"""Each true line finds what became of it; perfect lines are those without an error."""

from __future__ import annotations

import pytest
from corruptions import lines
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.align import align_texts
from pipeline.evaluate.lines import (
    LineCounts,
    LineMatchKind,
    line_report,
    line_texts,
    match_lines,
)
from pipeline.text import Level

A = "Далее товарищ Мао Цзе-дун указал, что он"
B = "сообщил корейским товарищам о возможности"
C = "заключения между Китаем и Кореей договора"
D = "о дружбе, союзе и взаимопомощи навсегда."
NOISE = "> N : 6 i-r 1 Бу ЛІ ra H 4H y"


def kinds(reference: list[str], hypothesis: list[str]) -> list[tuple[str, object, object]]:
    pair = align_texts("\n".join(reference), "\n".join(hypothesis), Level.STRICT)
    return [(m.kind.value, m.reference, m.hypothesis) for m in match_lines(pair)]


def test_equal_and_changed_lines() -> None:
    assert kinds([A, B], [A, B.replace("о", "а")]) == [
        ("equal", (0,), (0,)),
        ("changed", (1,), (1,)),
    ]


def test_a_missing_and_an_added_line() -> None:
    assert kinds([A, B, C], [A, NOISE, C]) == [
        ("equal", (0,), (0,)),
        ("extra", (), (1,)),
        ("missing", (1,), ()),
        ("equal", (2,), (2,)),
    ]


def test_merged_and_split_lines() -> None:
    assert kinds([A, B, C], [f"{A} {B}", C]) == [("merged", (0, 1), (0,)), ("equal", (2,), (1,))]
    assert kinds([A, B], [A[:20].strip(), A[20:].strip(), B]) == [
        ("split", (0,), (0, 1)),
        ("equal", (1,), (2,)),
    ]
    assert kinds([A, B], [A[:20], f"{A[20:]} {B}"])[0][0] == "mixed"


def test_a_moved_line_is_not_lost() -> None:
    assert kinds([A, B, C, D], [D, A, B, C]) == [
        ("equal", (0,), (1,)),
        ("equal", (1,), (2,)),
        ("equal", (2,), (3,)),
        ("moved", (3,), (0,)),
    ]


def test_nothing_against_something() -> None:
    assert kinds([], [A]) == [("extra", (), (0,))]
    assert kinds([A], []) == [("missing", (0,), ())]
    assert kinds([], []) == []


def perfect_lines(reference: str, hypothesis: str, level: Level) -> tuple[int, int]:
    found = line_report(align_texts(reference, hypothesis, level))
    return found.perfect, found.total


rows = st.lists(lines | st.text(min_size=1, max_size=9), max_size=7)


@given(rows, rows, st.sampled_from(Level))
def test_every_line_is_in_one_match(true: list[str], read: list[str], level: Level) -> None:
    reference = line_texts("\n".join(true), level)
    hypothesis = line_texts("\n".join(read), level)
    pair = align_texts("\n".join(true), "\n".join(read), level)
    matches = match_lines(pair)
    assert 0 <= line_report(pair).perfect <= len(reference)
    assert sorted(i for m in matches for i in m.reference) == list(range(len(reference)))
    assert sorted(i for m in matches for i in m.hypothesis) == list(range(len(hypothesis)))
    for match in matches:
        assert bool(match.reference) is (match.kind is not LineMatchKind.EXTRA)
        assert bool(match.hypothesis) is (match.kind is not LineMatchKind.MISSING)


def test_perfect_lines_whatever_the_breaks() -> None:
    true = f"{A}\n{B}\n{C}\n"
    assert perfect_lines(true, true, Level.STRICT) == (3, 3)
    assert perfect_lines(true, f"{A} {B} {C}", Level.STRICT) == (3, 3)
    assert perfect_lines(true, f"{A[:13]}\n{A[14:]} {B}\n{C}", Level.STRICT) == (3, 3)
    assert perfect_lines(true, f"{A}\n{B.replace('щ', 'ш')}\n{C}", Level.STRICT) == (2, 3)
    assert perfect_lines(true, f"{A}\n{B}x\n{C}", Level.STRICT) == (2, 3)
    assert perfect_lines(true, "", Level.STRICT) == (0, 3)
    assert perfect_lines("", A, Level.STRICT) == (0, 0)


@pytest.mark.parametrize("read", ["по корейским\nтоварищам", "по корей-\nским товарищам"])
def test_a_hyphen_at_the_end_is_no_error_at_level_reading(read: str) -> None:
    assert perfect_lines("по корей-\nским товарищам", read, Level.READING) == (2, 2)


def test_a_hyphen_at_the_end_counts_at_level_strict() -> None:
    assert perfect_lines("по корей-\nским", "по корейским", Level.STRICT) == (0, 2)


def test_lines_are_counted_by_what_became_of_them() -> None:
    pair = align_texts(f"{A}\n{B}\n{C}\n{D}", f"{A} {B}\n{NOISE}\n{D}", Level.STRICT)
    counts = line_report(pair).counts
    assert counts == LineCounts(equal=1, merged=2, missing=1, extra=1)
    assert counts + counts == LineCounts(equal=2, merged=4, missing=2, extra=2)
