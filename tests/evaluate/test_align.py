"""Operations replay; the distance is the exact one, and of equal ones the best is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from corruptions import any_pair, long_text, misread
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from pipeline.evaluate import align as alignment
from pipeline.evaluate import cuts
from pipeline.evaluate.align import Operation, OpKind, align, intern, replay
from pipeline.evaluate.maximum_matches import WHOLE
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


@pytest.mark.parametrize(("kinds", "split"), [(2_000, graphemes), (0, lambda text: text.split())])
def test_a_long_text_is_cut_and_the_distance_stays(
    kinds: int, split: Callable[[str], Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("LONG", 999), ("LONG_WORDS", 99), ("STEP", 300), ("KINDS", kinds)):
        monkeypatch.setattr(cuts, name, value)
    alignment._characters.cache_clear()
    alignment._units.cache_clear()
    true = long_text(6_000, 3)
    read = f"{misread(true[:2_000], 0.02, 4)} вставлено {misread(true[2_300:], 0.02, 5)}"
    one, two = split(true), split(read)
    assert len(list(cuts.cuts(*intern(one, two)))) >= 2
    operations = align(one, two)
    assert replay(one, operations) == tuple(two)
    assert sum(x.cost for x in operations) == Levenshtein.distance(one, two)


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


letters = st.text("аб ", max_size=40)
few_letters = st.tuples(letters, letters) | st.tuples(st.text("абвг", max_size=60), letters)


def most(reference: Sequence[str], hypothesis: Sequence[str]) -> tuple[int, int]:
    """Cost and substitutions of the best alignment: RapidFuzz's, weighted to count both."""
    left, right = intern(reference, hypothesis)
    heavy = 100_000
    return divmod(Levenshtein.distance(left, right, weights=(heavy, heavy, heavy + 1)), heavy)


def swaps(operations: Sequence[Operation]) -> int:
    return sum(x.cost for x in operations if x.kind is OpKind.SUBSTITUTE)


@settings(max_examples=300)
@given(any_pair | few_letters)
def test_of_equal_alignments_the_one_with_the_most_matches_is_taken(pair: tuple[str, str]) -> None:
    reference, hypothesis = map(graphemes, pair)
    operations = align(reference, hypothesis)
    cost, fewest = most(reference, hypothesis)
    assert sum(x.cost for x in operations) == cost
    if len(reference) * len(hypothesis) <= WHOLE:
        assert swaps(operations) == fewest
    else:
        left, right = intern(reference, hypothesis)
        plain = sum(x.tag == "replace" for x in Levenshtein.editops(left, right))
        assert fewest <= swaps(operations) <= plain


@pytest.mark.parametrize("rate", [0.03, 0.1, 0.3])
def test_so_it_is_in_a_misread_page(rate: float) -> None:
    true = long_text(2_000, seed=8)
    read = misread(true, rate, seed=9)
    operations = align(true, read)
    assert (sum(x.cost for x in operations), swaps(operations)) == most(true, read)


def test_a_match_beats_two_substitutions() -> None:
    kinds = [x.kind for x in align(tuple("ав"), tuple("ба"))]
    assert kinds == [OpKind.INSERT, OpKind.EQUAL, OpKind.DELETE]


@pytest.mark.parametrize("rate", [0.02, 0.2, 0.5])
def test_long_texts_are_exact(rate: float) -> None:
    true = long_text(60_000, seed=1)
    read = misread(true, rate, seed=2)
    operations = align(true, read)
    assert replay(true, operations) == tuple(read)
    assert sum(x.cost for x in operations) == Levenshtein.distance(true, read)


def test_long_texts_are_exact_where_a_block_moved() -> None:
    one, two, three = (long_text(30_000, seed=seed) for seed in (3, 4, 5))
    true, read = one + two + three, one + three + two
    operations = align(true, read)
    assert replay(true, operations) == tuple(read)
    assert sum(x.cost for x in operations) == Levenshtein.distance(true, read)


def test_long_unrelated_texts_with_common_phrases_are_exact() -> None:
    true, read = list(long_text(60_000, seed=10)), list(long_text(60_000, seed=11))
    phrases = long_text(400, seed=12)
    for number in range(10):
        phrase = phrases[number * 40 : number * 40 + 40]
        at = 5_000 * number + 1_000
        true[at : at + 40] = phrase
        read[(at * 7) % 59_000 : (at * 7) % 59_000 + 40] = phrase
    operations = align(true, read)
    assert replay(true, operations) == tuple(read)
    assert sum(x.cost for x in operations) == Levenshtein.distance("".join(true), "".join(read))
