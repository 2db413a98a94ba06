"""Operations replay; the distance is the exact one."""

from __future__ import annotations

from corruptions import any_pair
from hypothesis import given
from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.align import Operation, OpKind, align, intern, replay
from pipeline.text import graphemes


@given(any_pair)
def test_reference_and_operations_give_the_hypothesis(pair: tuple[str, str]) -> None:
    for split in (graphemes, lambda text: tuple(text.split())):
        reference, hypothesis = map(split, pair)
        operations = align(reference, hypothesis)
        assert replay(reference, operations) == hypothesis
        assert sum(x.cost for x in operations) == Levenshtein.distance(reference, hypothesis)


@given(any_pair)
def test_operations_cover_both_texts_without_gaps(pair: tuple[str, str]) -> None:
    reference, hypothesis = map(graphemes, pair)
    at, other = 0, 0
    for x in align(reference, hypothesis):
        assert (x.start, x.other_start) == (at, other)
        at, other = x.stop, x.other_stop
        if x.kind is OpKind.EQUAL:
            assert reference[x.start : x.stop] == hypothesis[x.other_start : x.other_stop]
    assert (at, other) == (len(reference), len(hypothesis))


@given(any_pair)
def test_interning_keeps_what_is_equal(pair: tuple[str, str]) -> None:
    one, two = map(graphemes, pair)
    left, right = intern(one, two)
    assert [a == b for a in one for b in two] == [a == b for a in left for b in right]


def test_known_operations() -> None:
    operations = align(graphemes("уназал он"), graphemes("указал"))
    assert operations == (
        Operation(kind=OpKind.EQUAL, start=0, stop=1, other_start=0, other_stop=1),
        Operation(
            kind=OpKind.SUBSTITUTE, start=1, stop=2, other_start=1, other_stop=2, after=("к",)
        ),
        Operation(kind=OpKind.EQUAL, start=2, stop=6, other_start=2, other_stop=6),
        Operation(kind=OpKind.DELETE, start=6, stop=9, other_start=6, other_stop=6),
    )


def test_an_accented_letter_is_one_unit() -> None:
    (operation,) = align(graphemes("а\u0301"), graphemes("о\u0301"))
    assert (operation.cost, operation.after) == (1, ("о\u0301",))


def test_nothing_against_nothing() -> None:
    assert align((), ()) == ()
    assert replay((), ()) == ()
