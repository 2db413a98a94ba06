"""The vote of two readers: nothing is lost, nothing made up, every word gets a chance."""

from __future__ import annotations

import numpy as np
import pytest
from ctc_samples import clean, output
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.character_lm import CharacterLM
from pipeline.model import VOTE, Box, Reading, Word
from pipeline.ocr.ctc import LineRecognition, LogProbs, greedy
from pipeline.ocr.differences import NAMES, Difference, differences, evidence
from pipeline.ocr.engine import make_reading
from pipeline.ocr.typewriter import words_of
from pipeline.ocr.vote import WORD_NAMES, VoteModel, drafts, segments_of, vote, vote_model
from pipeline.pixels import Pixels
from pipeline.resources import fitted

TEXTS = st.text("абв г-1", max_size=14).map(lambda text: " ".join(text.split()))
CHARS = CharacterLM.load()


def picture(seen: LogProbs) -> Pixels:
    return np.full((48, 4 * len(seen)), 200, np.uint8)


def seen_as(log_probs: LogProbs) -> LineRecognition:
    decoded = greedy(log_probs)
    words = words_of(decoded, picture(log_probs), 4.0)
    return LineRecognition(log_probs, decoded, make_reading("typewriter", words), 4.0)


def tesseract(text: str, confidence: float = 0.9) -> Reading:
    box = Box(left=0, top=0, right=9, bottom=9)
    words = [Word(text=word, box=box, confidence=confidence) for word in text.split()]
    return make_reading("tesseract", words)


def voted(log_probs: LogProbs, other: Reading) -> Reading:
    return vote(picture(log_probs), seen_as(log_probs), other, CHARS)


@given(TEXTS, TEXTS)
def test_differences_turn_one_text_into_the_other(own: str, other: str) -> None:
    made, done = "", 0
    for place in differences(own, other):
        assert place.start >= done
        made += own[done : place.start] + other[place.other_start : place.other_end]
        done = place.end
    assert made + own[done:] == other


def test_signs_side_by_side_are_one_difference() -> None:
    expected = Difference(start=1, end=3, other_start=1, other_end=2)
    assert differences("абвг", "ахг") == [expected]


@settings(max_examples=40)
@given(TEXTS)
def test_what_both_readers_read_stands(text: str) -> None:
    reading = voted(clean(text), tesseract(text))
    assert reading.text == text
    assert reading.reader == VOTE
    assert all(word.other is None for word in reading.words)


@settings(max_examples=60)
@given(TEXTS, TEXTS)
def test_every_stretch_of_the_vote_is_one_of_the_readings(own: str, other: str) -> None:
    seen = seen_as(clean(own))
    pieces = list(segments_of(seen, tesseract(other), CHARS, vote_model()))
    taken = "".join(piece.text for piece in pieces)
    refused = "".join(piece.other for piece in pieces)
    assert sorted(taken + refused) == sorted(own + other)
    assert " ".join(taken.split()) == " ".join(draft.text for draft in drafts(pieces))
    assert bool(taken) == bool(own or other)  # no line gets lost in the vote


@pytest.mark.parametrize(("own", "other"), [("", "слово"), ("слово", ""), ("", "")])
def test_where_one_reader_saw_nothing_the_other_stands(own: str, other: str) -> None:
    assert voted(clean(own), tesseract(other)).text == own + other


def test_a_sure_recogniser_is_not_outvoted_by_an_unsure_tesseract() -> None:
    reading = voted(clean("указал на это"), tesseract("уназал на это", 0.3))
    assert reading.text == "указал на это"
    assert [word.other for word in reading.words] == ["уназал", None, None]


@pytest.mark.parametrize(
    ("own", "other"), [("1936 г.", "1956 г."), ("35 мая", "З5 мая"), ("за", "3а")]
)
def test_a_figure_of_ours_stands(own: str, other: str) -> None:
    unsure = output(*(step for x in own for step in ({x: 0.55}, {"": 0.9})))
    assert voted(unsure, tesseract(other, 0.99)).text == own


def test_tesseract_is_believed_where_the_recogniser_wavers() -> None:
    steps: list[dict[str, float]] = []
    for sign in "указал":
        steps += [{"н": 0.52, "к": 0.47} if sign == "к" else {sign: 0.999}, {"": 0.999}]
    seen = output({"": 0.999}, *steps)
    assert greedy(seen).text == "уназал"
    reading = voted(seen, tesseract("указал", 0.97))
    assert reading.text == "указал"
    assert reading.words[0].other == "уназал"
    (sure,) = voted(clean("указал"), tesseract("указал")).words
    assert (reading.words[0].confidence or 1.0) < (sure.confidence or 0.0)


def test_boxes_of_words_follow_each_other_along_the_line() -> None:
    reading = voted(clean("слово за словом"), tesseract("слово за словом"))
    boxes = [word.box for word in reading.words]
    assert all(box is not None for box in boxes)
    edges = [edge for box in boxes if box for edge in (box.left, box.right)]
    assert edges == sorted(edges)


def test_words_of_which_the_recogniser_saw_nothing_stand_where_tesseract_saw_them() -> None:
    other = tesseract("слово дня")
    placed = voted(clean(""), other)
    assert [word.text for word in placed.words] == ["слово", "дня"]
    assert [word.box for word in placed.words] == [word.box for word in other.words]


def test_an_agreed_word_is_surer_than_a_disputed_one() -> None:
    agreed = voted(clean("товарищ"), tesseract("товарищ")).words[0].confidence
    disputed = voted(clean("товарищ"), tesseract("тозариш")).words[0].confidence
    assert agreed is not None
    assert disputed is not None
    assert agreed > disputed


def test_evidence_has_a_name_for_each_fact() -> None:
    seen = seen_as(clean("мир"))
    facts = evidence(differences("мир", "мор")[0], seen, tesseract("мор"), CHARS, {})
    assert len(facts) == len(NAMES)
    assert facts[NAMES.index("picture")] < 0
    assert set(fitted.vote().difference) == set(NAMES)
    assert set(fitted.vote().word) == set(WORD_NAMES)


def test_a_model_gives_probabilities() -> None:
    model = VoteModel((1.0, 2.0), (0.0, -3.0), {})
    assert model.probability_of_other((0.0, 0.0)) == 0.5
    assert 0.0 < model.probability_of((1.0, 100.0)) < 1e-6
