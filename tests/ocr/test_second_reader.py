"""Which lines Tesseract is asked for, and what a line reads as for which it is not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from ctc_samples import clean, output

from pipeline.character_lm import CharacterLM
from pipeline.config import OcrSettings, SecondReader
from pipeline.model import VOTE, Reading, Word
from pipeline.ocr import PageLine, Readers, ToRead
from pipeline.ocr.certainty import ALONE_NAMES, alone
from pipeline.ocr.ctc import LineRecognition, LogProbs, greedy
from pipeline.ocr.doubt import SHORT, SURE, is_doubted
from pipeline.ocr.engine import Provenance, make_reading
from pipeline.ocr.typewriter import Typewriter, words_of
from pipeline.pixels import Pixels
from pipeline.resources import fitted

CHARS = CharacterLM.load()
LONG = "указал на это товарищ"


def recognised(seen: LogProbs) -> LineRecognition:
    picture = np.full((48, 4 * len(seen)), 200, np.uint8)
    decoded = greedy(seen)
    reading = make_reading("typewriter", words_of(decoded, picture, 4.0))
    return LineRecognition(seen, decoded, reading, 4.0)


def doubted(text: str) -> LogProbs:
    """``text`` with one sign, its fourth, that may be another."""
    steps: list[dict[str, float]] = [{"": 0.9999}]
    for place, sign in enumerate(text):
        steps += [{sign: 0.55, "ж": 0.44} if place == 3 else {sign: 0.9999}, {"": 0.9999}]
    return output(*steps)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (clean(LONG), False),
        (doubted(LONG), True),
        (clean(LONG[: SHORT - 1].replace(" ", "а")), True),  # short lines cost little
        (clean(""), True),
    ],
)
def test_a_line_is_doubted_for_its_least_certain_sign_or_its_shortness(
    seen: LogProbs, expected: bool
) -> None:
    assert is_doubted([recognised(seen)]) is expected


def test_one_doubted_cell_makes_its_line_doubted() -> None:
    assert is_doubted([recognised(clean(LONG)), recognised(doubted(LONG))])
    assert not is_doubted([recognised(clean(LONG)), recognised(clean(LONG))])


class Seen(Typewriter):
    """A recogniser that has seen pictures, by their width, already."""

    def __init__(self, by_width: dict[int, LogProbs]) -> None:
        super().__init__(OcrSettings())
        self.by_width = by_width

    def recognize(self, images: Sequence[Pixels]) -> list[LineRecognition]:
        return [recognised(self.by_width[image.shape[1]]) for image in images]


class Asked:
    """An engine that notes which pictures, by their width, it is asked for."""

    name = version = "asked"

    def __init__(self) -> None:
        self.widths: list[int] = []

    def read_lines(self, images: Sequence[Pixels], *, look_for_text: bool = True) -> list[Reading]:  # noqa: ARG002
        self.widths += [image.shape[1] for image in images]
        return [make_reading("tesseract", [Word(text="иное", confidence=0.5)]) for _ in images]

    def read_page(self, image: Pixels, psm: int) -> list[PageLine]:  # noqa: ARG002
        raise AssertionError("the page is cut by us")

    def provenance(self) -> Provenance:
        return (("engine", "asked"),)


def lines() -> tuple[Seen, list[ToRead]]:
    """A sure line, a doubted one, and a sure one for which two readers are wanted."""
    seen = {400: clean(LONG), 404: doubted(LONG), 408: clean(LONG)}
    pictures = [np.full((48, width), 255, np.uint8) for width in seen]
    wanted = [ToRead((x,), doubtful=x.shape[1] == 408) for x in pictures]
    return Seen(seen), wanted


@pytest.mark.parametrize(
    ("second", "expected"), [("doubtful", [404, 408]), ("all", [400, 404, 408])]
)
def test_tesseract_is_asked_for_doubtful_lines_or_for_all(
    second: SecondReader, expected: list[int]
) -> None:
    typewriter, wanted = lines()
    engine = Asked()
    read = Readers(engine, typewriter, second).read(wanted)
    assert engine.widths == expected
    for line, ((first, *others),) in zip(wanted, read, strict=True):
        asked = line.images[0].shape[1] in expected
        assert first.reader == VOTE
        assert [x.reader for x in others] == ["typewriter", *(["tesseract"] if asked else [])]


def test_what_tesseract_sees_beside_a_typed_cell_where_the_recogniser_saw_nothing_is_no_text() -> (
    None
):
    typewriter = Seen({400: clean(LONG), 404: clean("")})
    cells = [np.full((48, width), 255, np.uint8) for width in (404, 400)]
    engine = Asked()
    read = Readers(engine, typewriter, "all").read([ToRead(cells), ToRead(cells[:1])])
    assert [first.text for first, *_ in read[0]] == ["", LONG]
    assert [first.text for first, *_ in read[1]] == ["иное"]  # alone it stays, for the noise filter
    assert all(readings[-1].text == "иное" for line in read for readings in line)


def test_where_no_other_was_asked_the_recognisers_text_stands_undisputed() -> None:
    own = recognised(doubted(LONG))
    reading = alone(own, CHARS)
    assert reading.text == own.reading.text
    assert [word.box for word in reading.words] == [word.box for word in own.reading.words]
    assert all(word.other is None for word in reading.words)
    probabilities = [word.confidence or 0.0 for word in reading.words]
    assert probabilities[0] == min(probabilities)
    assert alone(recognised(clean("")), CHARS).text == ""


def test_what_decides_is_stored_with_the_result() -> None:
    typewriter, _ = lines()
    for second in ("doubtful", "all"):
        facts = dict(Readers(Asked(), typewriter, second).provenance())
        assert facts["second_reader"].startswith(second)
        assert (f"{SURE:g}" in facts["second_reader"]) == (second == "doubtful")


def test_the_table_has_a_weight_for_each_evidence() -> None:
    assert set(fitted.certainty().alone) == set(ALONE_NAMES)
