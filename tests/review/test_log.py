"""The log of the editor's work: only added to, refused where stale, undone by events."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from review_samples import decide, sample

from pipeline.errors import OutputError, ResultError
from pipeline.review.decisions import Event, LineState, line_key
from pipeline.review.log import REVIEW_FILE, EventLog, StaleError, fold, read_events, undoable

KEY = line_key("base-one", "p1-l001")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / REVIEW_FILE


def follow(log: EventLog, event: Event, after: LineState, **more: object) -> Event:
    """An event on the same line that takes it from where ``event`` left it to ``after``."""
    fields = {"before": event.after, "after": {KEY: after}, "undoes": None}
    made = replace(event, **(fields | more))  # type: ignore[arg-type]
    return log.add(made, {KEY: event.number})


def test_events_come_back_as_they_were_added(path: Path) -> None:
    log = EventLog(path)
    event = decide(log, sample(), "p1-l001", LineState(text="б", seen=(1, 2)))
    assert event.number == 1
    assert event.time.endswith("+00:00")
    assert log.events("альфа") == (event,)
    assert log.documents() == ("альфа",)
    assert tuple(log.all_events()) == (event,)
    log.close()
    assert read_events(path, "альфа") == (event,)
    assert read_events(path, "бета") == ()


def test_a_later_save_is_told_of_the_earlier_one_and_saves_nothing(path: Path) -> None:
    log = EventLog(path)
    first = decide(log, sample(), "p1-l001", LineState(text="она"))
    with pytest.raises(StaleError) as caught:
        decide(log, sample(), "p1-l001", LineState(text="он"), user="boris")
    assert caught.value.threads[KEY].state == LineState(text="она")
    assert caught.value.threads[KEY].user == "anna"
    assert log.events("альфа") == (first,)
    log.close()


def test_nothing_is_ever_changed_or_taken_out(path: Path) -> None:
    log = EventLog(path)
    decide(log, sample(), "p1-l001", LineState(text="б"))
    log.close()
    with sqlite3.connect(path) as connection:
        for statement in ("DELETE FROM event", "UPDATE event SET user = 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                connection.execute(statement)
    connection.close()


def test_undo_and_redo_walk_along_a_users_own_events(path: Path) -> None:
    log = EventLog(path)
    one = decide(log, sample(), "p1-l001", LineState(text="1"))
    two = follow(log, one, LineState(text="2"))
    assert undoable(log.events("альфа"), "boris") == (None, None)
    assert undoable(log.events("альфа"), "anna") == (two, None)
    back = follow(log, two, LineState(text="1"), undoes=two.number)
    assert undoable(log.events("альфа"), "anna") == (one, back)
    again = follow(log, back, LineState(text="2"), undoes=back.number)
    assert undoable(log.events("альфа"), "anna") == (again, None)
    third = follow(log, again, LineState(text="3"))
    assert undoable(log.events("альфа"), "anna") == (third, None)
    assert fold(log.events("альфа"))[KEY].revision == third.number
    log.close()


def test_names_that_are_no_utf8_are_kept_apart(path: Path) -> None:
    log = EventLog(path)
    odd = replace(sample(), id="a\udcff")
    event = decide(log, odd, "p1-l001", LineState(text="б"))
    assert [e.number for e in log.events("a\udcff")] == [event.number]
    assert log.events("a?") == ()
    log.close()


def test_files_that_are_no_log_are_refused_with_their_name(tmp_path: Path) -> None:
    text = tmp_path / "text.sqlite"
    text.write_text("не база данных " * 100, encoding="utf-8")
    with pytest.raises(ResultError, match=r"text\.sqlite: is damaged"):
        EventLog(text)
    with pytest.raises(ResultError, match=r"text\.sqlite"):
        read_events(text, "альфа")
    other = tmp_path / "other.sqlite"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE a (b)")
    connection.close()
    with pytest.raises(ResultError, match="no log of the editor's work"):
        EventLog(other)
    later = tmp_path / "later.sqlite"
    EventLog(later).close()
    connection = sqlite3.connect(later)
    connection.execute("PRAGMA user_version = 9")
    connection.close()
    with pytest.raises(ResultError, match="version 9"):
        read_events(later, "альфа")
    with pytest.raises(OutputError, match="nowhere"):
        EventLog(tmp_path / "nowhere" / REVIEW_FILE)
