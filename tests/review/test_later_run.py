"""A later run: decisions go with their lines, and what does not fit is asked again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from review_samples import decide, line, sample

from pipeline.model import Document, Layer, Line, LineKind, Verdict
from pipeline.review import REVIEW_FILE, Decisions, edited, write_edited_texts
from pipeline.review.decisions import (
    Approved,
    Event,
    LineState,
    PageState,
    PageStatus,
    page_key,
)
from pipeline.review.log import EventLog, fold
from pipeline.review.places import anchor_of, decisions_for
from pipeline.store import DOCUMENT_FILE

KINDS = (LineKind.ADDRESSEE, LineKind.HEADING, LineKind.BODY, LineKind.SIGNATURE)
CORRECTED = LineState(text="Далее товарищ указал, что")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    made = EventLog(tmp_path / REVIEW_FILE)
    yield made
    made.close()


def changed(lines: Sequence[Line]) -> Document:
    document = sample()
    return replace(document, pages=(replace(document.pages[0], lines=tuple(lines)),))


def moved_ids(lines: Sequence[Line]) -> list[Line]:
    return [replace(x, id=f"p1-l{n:03d}") for n, x in enumerate(lines, start=40)]


def asked(log: EventLog, document: Document, base: str = "base-two") -> Decisions:
    return decisions_for(document, base, fold(log.events("альфа")), KINDS)


def test_decisions_go_with_the_line_whatever_its_id_is_now(log: EventLog) -> None:
    decide(log, sample(), "p1-l001", CORRECTED)
    later = changed(moved_ids(sample().lines))
    found = asked(log, later)
    assert found.lines == {"p1-l041": CORRECTED}
    assert found.questions == ()
    text = edited(later, found).lines[1].text_in(Layer.DIPLOMATIC)
    assert text == "Далее товарищ указал, что"


def test_a_better_reading_of_the_line_keeps_the_editors_text(log: EventLog) -> None:
    decide(log, sample(), "p1-l001", CORRECTED)
    lines = list(sample().lines)
    lines[1] = replace(line(1, "Далее товарищ указал. что"), id="p1-l001")
    found = asked(log, changed(lines))
    assert found.lines == {"p1-l001": CORRECTED}


def test_another_text_in_the_place_is_asked_and_not_changed(log: EventLog) -> None:
    decide(log, sample(), "p1-l001", CORRECTED)
    lines = list(sample().lines)
    lines[1] = line(1, "совсем другие слова тут")
    later = changed(lines)
    found = asked(log, later)
    assert found.lines == {}
    (question,) = found.questions
    assert question.state == CORRECTED
    assert question.near == "p1-l001"
    assert edited(later, found).lines[1].text == "совсем другие слова тут"


def test_a_line_that_is_gone_is_asked(log: EventLog) -> None:
    decide(log, sample(), "p1-l001", CORRECTED)
    found = asked(log, changed([x for x in sample().lines if x.id != "p1-l001"]))
    assert [x.state for x in found.questions] == [CORRECTED]
    assert found.questions[0].near == ""


def test_a_line_now_read_as_two_is_asked(log: EventLog) -> None:
    decide(log, sample(), "p1-l001", CORRECTED)
    lines = list(sample().lines)
    whole = lines[1]
    assert whole.box is not None
    half = whole.box.columns(0.0, 0.5)
    lines[1:2] = [
        replace(line(1, "Далее товарищ"), box=half),
        replace(line(1, "уназал, что"), id="p1-l901", box=whole.box.columns(0.5, 1.0)),
    ]
    found = asked(log, changed(lines))
    assert len(found.questions) == 1
    assert found.lines == {}


def test_two_decisions_for_one_line_apply_the_newer_and_ask_the_other(log: EventLog) -> None:
    decide(log, sample(), "p1-l001", CORRECTED)
    second = replace(sample(), pages=(replace(sample().pages[0], lines=(sample().lines[1],)),))
    newer = LineState(text="Далее товарищ сказал, что")
    decide(log, second, "p1-l001", newer, base="base-other")
    found = asked(log, sample())
    assert found.lines == {"p1-l001": newer}
    assert [x.state for x in found.questions] == [CORRECTED]


def test_what_was_undone_asks_nothing(log: EventLog) -> None:
    event = decide(log, sample(), "p1-l001", CORRECTED)
    log.add(
        replace(event, before=event.after, after=event.before, undoes=event.number),
        dict.fromkeys(event.after, event.number),
    )
    found = asked(log, changed([x for x in sample().lines if x.id != "p1-l001"]))
    assert found.are_none


def test_confirmed_words_go_with_the_words(log: EventLog) -> None:
    decide(log, sample(), "p1-l001", LineState(seen=(0, 2, 3)))
    lines = list(sample().lines)
    lines[1] = line(1, "И Далее товарищ указал, что")
    assert asked(log, changed(lines)).lines["p1-l001"].seen == (1, 4)


def test_raw_text_is_matched_by_its_words(log: EventLog) -> None:
    bare = [replace(x, box=None) for x in sample().lines]
    decide(log, changed(bare), "p1-l001", CORRECTED)
    found = asked(log, changed(moved_ids(bare)))
    assert found.lines == {"p1-l041": CORRECTED}
    twice = [*bare, replace(bare[1], id="p1-l900")]
    assert asked(log, changed(twice)).lines == {"p1-l001": CORRECTED}
    assert len(asked(log, changed(moved_ids(twice))).questions) == 1


def approve(log: EventLog, document: Document) -> Event:
    page = document.pages[0]
    lines = tuple(
        Approved(
            anchor=anchor_of(x, 1, "base-one"),
            text=x.text_in(Layer.DIPLOMATIC),
            kind=x.kind,
            verdict=x.verdict,
            paragraph=x.starts_paragraph,
        )
        for x in page.lines
    )
    state = PageState(status=PageStatus.LOOKED, first="anna", lines=lines)
    key = page_key(1)
    event = Event(
        document=document.id,
        user="anna",
        base="base-one",
        action="page",
        before={key: PageState()},
        after={key: state},
    )
    return log.add(event, {key: 0})


def test_an_approved_page_stays_as_it_was_approved(log: EventLog) -> None:
    approve(log, sample())
    lines = list(sample().lines)
    lines[6] = line(6, "Последняя строна текста", starts_paragraph=True)
    lines[5] = replace(lines[5], verdict=Verdict.KEEP, kind=LineKind.BODY)
    later = changed(lines)
    found = asked(log, later)
    assert found.pages[1].status is PageStatus.LOOKED
    assert edited(later, found).lines[6].text == "Последняя строка текста"
    assert edited(later, found).lines[5].verdict is Verdict.DROP


def test_a_new_or_a_lost_line_opens_an_approved_page(log: EventLog) -> None:
    approve(log, sample())
    more = asked(log, changed([*sample().lines, line(12, "Новая строка")]))
    assert more.pages[1].status is PageStatus.OPEN
    assert more.again == {1}
    fewer = asked(log, changed(sample().lines[:6] + sample().lines[7:]))
    assert fewer.pages[1].status is PageStatus.OPEN
    assert [x.approved for x in fewer.questions] == [True]


def test_a_line_changed_after_the_second_look_needs_another(log: EventLog) -> None:
    event = approve(log, sample())
    key = page_key(1)
    state = PageState(status=PageStatus.CHECKED, first="anna", lines=())
    checked = replace(event, user="boris", before=event.after, after={key: state})
    log.add(checked, {key: event.number})
    assert asked(log, sample(), "base-one").pages[1].status is PageStatus.CHECKED
    decide(log, sample(), "p1-l001", CORRECTED)
    assert asked(log, sample(), "base-one").pages[1].status is PageStatus.LOOKED


def test_a_damaged_result_costs_only_its_own_edited_texts(
    log: EventLog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    decide(log, sample(), "p1-l001", CORRECTED)
    folder = tmp_path / "альфа"
    folder.mkdir()
    (folder / DOCUMENT_FILE).write_bytes(b"no such thing")
    assert write_edited_texts(tmp_path) == 0
    assert "its edited texts were not written again" in caplog.text
