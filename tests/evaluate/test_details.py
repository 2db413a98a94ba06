"""Letters, digits, punctuation, words, alphabets: each figure counts what its name says."""

from __future__ import annotations

import pytest
from corruptions import any_pair, corrupted
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.align import align_texts, reads_alike
from pipeline.evaluate.details import Bag, Confusion, Details, Share, bag_of_words, details_of
from pipeline.evaluate.metrics import cer, wer
from pipeline.text import Level


def details(true: str, read: str, level: Level = Level.STRICT) -> Details:
    return details_of(align_texts(true, read, level))


def test_each_kind_of_character_by_itself() -> None:
    found = details("Прибыл 14.V в 10-30.", "Прибыл 11.V в 10,30.")
    assert found.letters == Share(count=8, total=8)
    assert found.digits == Share(count=5, total=6)
    assert found.punctuation == Share(count=2, total=3)
    assert found.confusions == (
        Confusion(true="-", read=",", count=1),
        Confusion(true="4", read="1", count=1),
    )


def test_what_was_added_is_a_confusion_with_nothing() -> None:
    found = details("тело", "те лоо")
    assert set(found.confusions) == {
        Confusion(true="", read=" ", count=1),
        Confusion(true="", read="о", count=1),
    }
    assert found.letters.rate == 1.0


def test_words_of_two_alphabets() -> None:
    found = details("товар в USA", "тoвар в USA")  # a Latin o
    assert found.mixed_words == Share(count=1, total=3)
    assert details("товар", "тoвар", Level.READING).mixed_words.count == 0


@given(any_pair, st.sampled_from(Level))
def test_the_bag_of_words_is_never_worse_than_the_words_in_order(
    pair: tuple[str, str], level: Level
) -> None:
    bag, counts = details(*pair, level).bag, wer(*pair, level)
    assert max(bag.missing, bag.extra) <= counts.errors
    assert bag.length == counts.length
    assert bag.extra - bag.missing == counts.insertions - counts.deletions


def test_the_bag_knows_no_order() -> None:
    assert bag_of_words(["а", "б", "в"], ["в", "а", "б"]).rate == 0.0
    assert bag_of_words(["а", "а", "б"], ["а", "б", "б"]) == Bag(missing=1, extra=1, length=3)
    assert bag_of_words([], ["а"]).rate is None


@given(corrupted(), st.sampled_from(Level))
def test_confusions_are_all_the_errors(pair: tuple[str, str], level: Level) -> None:
    found = details(*pair, level)
    assert sum(x.count for x in found.confusions) == cer(*pair, level).errors


@given(corrupted(), corrupted())
def test_sums_are_sums(one: tuple[str, str], two: tuple[str, str]) -> None:
    first, second = details(*one), details(*two)
    both = first + second
    assert both.letters.total == first.letters.total + second.letters.total
    assert sum(x.count for x in both.confusions) == sum(
        x.count for x in (*first.confusions, *second.confusions)
    )
    assert len({(x.true, x.read) for x in both.confusions}) == len(both.confusions)


@pytest.mark.parametrize(
    ("true", "read", "alike"),
    [("ё", "е", True), ("«", '"', True), ("- ", "", True), ("a", "а", True), ("ш", "щ", False)],
)
def test_what_an_editor_settles_anyway(true: str, read: str, alike: bool) -> None:
    assert reads_alike(true, read) is alike


def test_the_normalised_rate_never_passes_one() -> None:
    counts = cer("тело", "совсем другое и длинное")
    assert counts.rate is not None
    assert counts.rate > 1
    assert counts.normalised is not None
    assert counts.normalised <= 1
    assert cer("", "").normalised is None
    assert cer("", "шум").normalised == 1.0


def test_names_that_the_truth_marks_are_counted_whole() -> None:
    true = "Тов. Гриндевальду и Бильбо: Бильбович прибыл в Шир."
    pair = align_texts(true, true.replace("Бильбо:", "Вильбо:"), Level.STRICT)
    assert details_of(pair, ["Гриндевальду", "Бильбо", "Шир"]).names == Share(count=2, total=3)
    assert details_of(pair, []).names.total < 3
