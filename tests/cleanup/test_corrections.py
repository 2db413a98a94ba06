"""What corrections do, and what they never do, whatever comes in."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.cleanup import clean
from pipeline.cleanup.conventions import hard_signs, year_spaces, yo
from pipeline.cleanup.joins import lost_spaces, split_words
from pipeline.cleanup.misreadings import misreadings
from pipeline.cleanup.noisy_channel import is_counted
from pipeline.config import CleanupSettings
from pipeline.layout.text import text_lines
from pipeline.lexicon import folded, is_common, knows, with_yo
from pipeline.model import Box, Edit, Layer, Line, LineKind, Reading, Verdict, Word, apply_edits
from pipeline.resources import fitted

ON = CleanupSettings(corrections=True, conventions=False)
COMMON = sorted(word for word in fitted.word_counts() if len(word) > 3)[::7]
LIKE = {"ш": "щ", "к": "н", "д": "л", "п": "л", "о": "с", "ь": "ъ", "в": "з"}


def line(raw: str, kind: LineKind = LineKind.BODY, verdict: Verdict = Verdict.KEEP) -> Line:
    return Line(id="l", reading=Reading.of("file", raw), kind=kind, verdict=verdict)


def fixed(raw: str) -> str:
    return "\n".join(x.text_in(Layer.DIPLOMATIC) for x in clean(text_lines(raw, 1), ON))


@st.composite
def misread(draw: st.DrawFn) -> str:
    """A line of common words, some with a letter taken for another, some with figures."""
    words = draw(st.lists(st.sampled_from(COMMON), min_size=3, max_size=9))
    result = []
    for word in words:
        places = [n for n, c in enumerate(word) if c in LIKE]
        if places and draw(st.integers(0, 2)) == 0:
            place = draw(st.sampled_from(places))
            word = word[:place] + LIKE[word[place]] + word[place + 1 :]  # noqa: PLW2901
        result.append(word)
    if draw(st.booleans()):
        result.insert(1, draw(st.sampled_from(["14.V.50", "№ 812", "3О", "1-го", "2я"])))
    return " ".join(result)


FEWER_MISREAD = "абсслютно абсслютно абсслютно абсслютно абсолютно армий лравильным трулящиеся"


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@example(FEWER_MISREAD)
@given(misread())
def test_edits_replay_and_a_second_time_undoes_nothing(raw: str) -> None:
    once = clean(text_lines(raw, 1), CleanupSettings())
    for done in once:
        assert apply_edits(done.raw, done.edits) == done.text
    # What was mended makes a text cleaner: the next time other words of it may be mended, by
    # rules that are for cleaner texts. Words that are common, mended ones too, are left alone.
    text = "\n".join(done.text for done in once)
    for done in clean(text_lines(text, 1), ON):
        for edit in done.edits:
            assert not all(is_counted(folded(word)) for word in around(done.raw, edit))


def around(raw: str, edit: Edit) -> list[str]:
    """The words of ``raw`` that an edit touches."""
    words = re.finditer(r"\w+", raw)
    return [
        x[0] for x in words if x.start() <= edit.start + len(edit.before) and edit.start <= x.end()
    ]


@settings(max_examples=60)
@given(st.one_of(misread(), st.text(alphabet='абвгдеоклмншщъь 0123456789.-"№АБ', max_size=60)))
def test_figures_and_known_words_stay(raw: str) -> None:
    assert [c for c in fixed(raw) if c.isdigit()] == [c for c in raw if c.isdigit()]
    for done in clean(text_lines(raw, 1), ON):
        for edit in done.edits:
            if edit.rule == "misread":
                assert not knows(edit.before)
                assert is_common(edit.after)
                assert edit.evidence


@pytest.mark.parametrize("word", ["Цзе-дун", "Рощин", "Филипповым", "Чжан", "Штыхов", "ШТЫНОВ"])
def test_names_stay(word: str) -> None:
    raw = f"Вчера товарищ {word} уназал на это."
    assert fixed(raw) == f"Вчера товарищ {word} указал на это."


@pytest.mark.parametrize("word", ["Штыхов", "Партин", "Рошин", "Хрищенко", "Дзю-энь"])
def test_names_that_open_a_sentence_stay(word: str) -> None:
    raw = f"Это сделано. {word} сообщил об этом."
    assert fixed(raw) == raw


def test_a_misread_word_may_open_a_sentence() -> None:
    assert fixed("Это сделано. Тольхо после этого") == "Это сделано. Только после этого"


def test_the_words_beside_help_to_choose() -> None:
    # By themselves neither is likely enough over the other.
    edits = misreadings("в настоящее вреия мы не можем")
    assert [(x.before, x.after) for x in edits] == [("вреия", "время")]


def test_dropped_lines_and_lines_of_the_form() -> None:
    raw = "снятие копин воспрещается уназал"
    dropped = line(raw, verdict=Verdict.DROP)
    assert clean([dropped], ON)[0].text == raw
    # What the form says is mended even where the line is dropped; nothing else is.
    form = line(raw, LineKind.FORM, Verdict.DROP)
    assert clean([form], ON)[0].text == "снятие копий воспрещается уназал"
    off = CleanupSettings(corrections=False)
    assert clean([form], off)[0].text == raw


def typed(words: Sequence[tuple[str, float, float]]) -> Line:
    """A line of type with cells of 20 pixels; words by the cells where they begin and end."""
    boxes = [
        Word(text=text, box=Box(left=round(20 * a), top=0, right=round(20 * b), bottom=20))
        for text, a, b in words
    ]
    return Line(id="l", reading=Reading.of_words("t", boxes))


def test_the_pitch_has_a_say_in_spaces() -> None:
    row = [("дело", 0.1, 3.9), ("обстоит", 5.1, 11.9), ("иначе", 13.1, 17.9)]
    spaced = typed([*row, ("внастоящее", 19.1, 29.9), ("время", 31.1, 35.9)])
    assert [x.rule for x in lost_spaces(spaced)] == ["lost-space"]
    solid = typed([*row, ("внастоящее", 19.1, 28.9), ("время", 30.1, 34.9)])
    assert lost_spaces(solid) == ()
    close = typed([*row, ("марш", 19.1, 22.9), ("рутам", 23.1, 27.9)])
    assert [x.rule for x in split_words(close)] == ["split-word"]
    apart = typed([*row, ("марш", 19.1, 22.9), ("рутам", 24.5, 29.3)])
    assert split_words(apart) == ()


def test_yo_only_where_nothing_else_is_spelt_so() -> None:
    assert with_yo("еще") == "ещё"
    assert with_yo("Еще") == "Ещё"
    assert [with_yo(word) for word in ("все", "осел", "дело", "абвг")] == [
        "все", "осел", "дело", "абвг",
    ]  # fmt: skip
    raw = "Она еще не все идет"
    assert apply_edits(raw, yo(raw)) == "Она ещё не все идёт"
    plain = clean([line(raw)], CleanupSettings())[0]
    assert plain.text == raw
    spelt = clean([line(raw)], CleanupSettings(yo=True))[0]
    assert spelt.text == "Она ещё не все идёт"
    assert spelt.text_in(Layer.DIPLOMATIC) == raw


def test_a_space_before_the_years_sign_in_dates_only() -> None:
    raw = "дата 14.У.50г. и 5.11.1950г."
    assert apply_edits(raw, year_spaces(raw)) == "дата 14.У.50 г. и 5.11.1950 г."
    assert year_spaces("весом 50г. и 14.У.50 г.") == ()


def test_long_lines_take_no_time() -> None:
    started = time.process_time()
    for raw in ("а" * 50_000, "а" * 25_000 + '"' + "е" * 25_000, 'а"е' * 10_000):
        hard_signs(raw)
        clean([line(raw)], CleanupSettings(yo=True))
    assert time.process_time() - started < 5.0


def test_stars_that_lead_to_a_note_at_the_foot_stay() -> None:
    text = (
        "Он ушёл* и не вернулся**. В примечании* сказано иначе.\n"
        "На полях стоит пометка другой рукой.\n* Рукою автора.\n** Зачёркнуто."
    )
    assert fixed(text) == text


def test_an_english_line_in_a_russian_text_is_not_corrected() -> None:
    rows = [
        'Черчилль сказал: "We shall fight on the beaches, we shall fight on the',
        'landing grounds". Эти слова облетели весь мир. Рузвельт ответил кратко:',
        '"The only thing we have to fear is fear itself".',
        'В статье "On the electrodynamics of moving bodies" (Ann. Phys., 1905)',
        "The end of the story is not known.",
    ]
    lines = clean(text_lines("\n".join(rows), 1), CleanupSettings())
    assert [x.text_in(Layer.DIPLOMATIC) for x in lines] == rows
