"""A correction by words alone goes by what the readers of a scan saw."""

from __future__ import annotations

import pytest

from pipeline.cleanup import clean
from pipeline.cleanup.misreadings import look_alikes
from pipeline.config import CleanupSettings
from pipeline.model import FILE, TESSERACT, TYPEWRITER, VOTE, Layer, Line, LineKind, Reading, Word

_BEFORE, _AFTER = ("В", "докладе", "сказано"), ("мы", "будем", "завтра")


def _reading(reader: str, word: str, confidence: float) -> Reading:
    words = [Word(text=x, confidence=0.99, gap=" ") for x in (*_BEFORE, word, *_AFTER)]
    words[0] = Word(text=_BEFORE[0], confidence=0.99)
    words[len(_BEFORE)] = Word(text=word, confidence=confidence, gap=" ")
    return Reading(reader=reader, words=tuple(words))


def _cleaned(word: str, confidence: float, other: str | None, reader: str = VOTE) -> str:
    """The word as it is corrected: how sure the recogniser is of it, and what Tesseract reads."""
    alternatives = [_reading(TYPEWRITER, word, confidence)]
    if other is not None:
        alternatives.append(_reading(TESSERACT, other, 0.9))
    line = Line(
        id="l1",
        reading=_reading(reader, word, 0.9),
        alternatives=tuple(alternatives) if reader == VOTE else (),
        kind=LineKind.BODY,
    )
    (found,) = clean([line], CleanupSettings())
    return found.text_in(Layer.DIPLOMATIC).split()[len(_BEFORE)]


@pytest.mark.parametrize(
    ("word", "confidence", "other", "expected"),
    [
        # A letter that looks like another: the recogniser is sure, and wrong.
        ("комисеии", 0.94, None, "комиссии"),
        ("комисеии", 0.94, "комиссий", "комиссии"),
        # Both read a slip of the typist's: it stands there.
        ("комисеии", 0.94, "комисеии", "комисеии"),
        ("комисеии", 0.40, "комисеии", "комиссии"),
        # No letter is overlooked where all are certain: the typist left it out.
        ("комисии", 0.99, None, "комисии"),
        ("комисии", 0.45, None, "комиссии"),
        # A word that is hardly ever used is no better than one that nobody knows.
        ("покомандное", 0.45, None, "покомандное"),
    ],
)
def test_what_was_seen_for_certain_stays(
    word: str, confidence: float, other: str | None, expected: str
) -> None:
    assert _cleaned(word, confidence, other) == expected


def test_other_programs_do_not_say_how_sure_they_are() -> None:
    assert _cleaned("комисеии", 0.99, None, reader=FILE) == "комиссии"


@pytest.mark.parametrize(
    ("raw", "told", "changed"),
    [
        ("Разговор шел O том, что было", False, True),
        ("Разговор шел O том, что было", True, False),
        ("и далее до адреса 0B включительно", False, False),
        ("СOЮЗ был создан тогда", True, True),
    ],
)
def test_single_latin_letters_may_be_a_formulas(raw: str, told: bool, changed: bool) -> None:
    assert bool(look_alikes(raw, scripts_told=told)) is changed
