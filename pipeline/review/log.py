"""The log of the editor's work: ``OUT/review.sqlite``, to which events are only ever added.

SQLite with a rollback journal and ``synchronous=FULL``: an event is on the disk when
:meth:`EventLog.add` comes back, and a kill at any moment leaves the log whole. One connection
writes. What was decided on cannot change between look and save: every save names the number of
the last event that its editor had seen of each key, and is refused where there is a later one.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pipeline.errors import OutputError, ResultError
from pipeline.review.decisions import Anchor, Event, State, Thread, default_of, state_type

REVIEW_FILE = "review.sqlite"
VERSION = 1
_APPLICATION = 0x44455045  # "DEPE"
_COLUMNS = "number, document, time, user, base, action, asked, line, anchors, before, after, undoes"
_SURROGATE = re.compile("[\ud800-\udfff]")
_SCHEMA = f"""
CREATE TABLE event (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  document TEXT NOT NULL, time TEXT NOT NULL, user TEXT NOT NULL, base TEXT NOT NULL,
  action TEXT NOT NULL, asked TEXT NOT NULL, line TEXT NOT NULL,
  anchors TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
  undoes INTEGER REFERENCES event(number)
);
CREATE INDEX event_document ON event(document, number);
CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'only added to'); END;
CREATE TRIGGER event_is_kept BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'only added to'); END;
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {VERSION};
"""


class StaleError(Exception):
    """A key has a later event than its editor had seen; nothing was saved.

    ``threads`` are the keys' states as they are now, ``wanted`` those that were to be saved.
    """

    def __init__(self, threads: Mapping[str, Thread], wanted: Mapping[str, State]) -> None:
        super().__init__("decided on by somebody else since")
        self.threads = dict(threads)
        self.wanted = dict(wanted)


class EventLog:
    """The log of a folder of results. Safe to share between threads; close it at the end.

    Raises:
        OutputError: the file cannot be opened or written.
        ResultError: it is no log of ours, or one of a later version.

    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        with _errors(path):
            self._connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=30
            )
            try:
                self._connection.execute("PRAGMA journal_mode = DELETE")
                self._connection.execute("PRAGMA synchronous = FULL")
                with self._writing():
                    _prepare(self._connection, path)
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def add(self, event: Event, seen: Mapping[str, int]) -> Event:
        """Add ``event``, with its number and time; ``seen`` holds a revision for each of its keys.

        Raises:
            StaleError: a key has a later event.
            OutputError: the disk took it not; nothing was saved.

        """
        with self._lock, _errors(self.path), self._writing():
            threads = fold(_events(self._connection, event.document))
            for key, before in event.before.items():
                thread = threads.get(key)
                revision = thread.revision if thread else 0
                state = thread.state if thread else default_of(key)
                if revision != seen.get(key, 0) or state != before:
                    now = {k: threads[k] for k in event.before if k in threads}
                    raise StaleError(now, event.after)
            made = replace(event, time=datetime.now(UTC).isoformat(timespec="milliseconds"))
            number = self._connection.execute(
                "INSERT INTO event (document, time, user, base, action, asked, line, anchors,"
                " before, after, undoes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                _row(made),
            ).lastrowid
        return replace(made, number=number or 0)

    def events(self, document: str) -> tuple[Event, ...]:
        """All events of ``document``, in their order."""
        with self._lock, _errors(self.path):
            return tuple(_events(self._connection, document))

    def all_events(self) -> Iterator[Event]:
        """The events of all documents, document by document."""
        for name in self.documents():
            yield from self.events(name)

    def documents(self) -> tuple[str, ...]:
        """The ids of the documents that have events, sorted."""
        with self._lock, _errors(self.path):
            rows = self._connection.execute("SELECT DISTINCT document FROM event ORDER BY 1")
            return tuple(str(name) for (name,) in rows)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def read_events(path: Path, document: str) -> tuple[Event, ...]:
    """The events of ``document`` in the log ``path``, which is not changed; none where it is not.

    Raises:
        OutputError: it cannot be read.
        ResultError: it is no log of ours, or one of a later version.

    """
    if not path.is_file():
        return ()
    with _errors(path):
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=30)) as connection:
            _check_version(connection, path)
            return tuple(_events(connection, document))


def fold(events: Iterable[Event]) -> dict[str, Thread]:
    """Each key's state after ``events``, which are those of one document."""
    threads: dict[str, Thread] = {}
    for event in events:
        for key, state in event.after.items():
            before = threads.get(key)
            anchor = event.anchors.get(key) or (before.anchor if before else None)
            threads[key] = Thread(
                key=key,
                state=state,
                revision=event.number,
                user=event.user,
                time=event.time,
                anchor=anchor,
            )
    return threads


def undoable(events: Iterable[Event], user: str) -> tuple[Event | None, Event | None]:
    """The event that ``user`` would undo next, and the one (an undoing) that they would redo."""
    done: list[Event] = []
    undone: list[Event] = []
    for event in events:
        if event.user != user:
            continue
        if event.undoes is None:
            done.append(event)
            undone.clear()
        elif done and done[-1].number == event.undoes:
            done.pop()
            undone.append(event)
        elif undone and undone[-1].number == event.undoes:
            undone.pop()
            done.append(event)
    return (done[-1] if done else None), (undone[-1] if undone else None)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        _check_version(connection, path)
        return
    for statement in _statements():
        connection.execute(statement)


def _statements() -> Iterator[str]:
    """The schema's statements, one by one: ``executescript`` would end the transaction."""
    done = ""
    for line in _SCHEMA.splitlines(keepends=True):
        done += line
        if sqlite3.complete_statement(done):
            yield done
            done = ""


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != _APPLICATION:
        raise ResultError(path, "is no log of the editor's work; move it away")
    if version != VERSION:
        raise ResultError(path, f"is of version {version}; this Depesha reads version {VERSION}")


def _events(connection: sqlite3.Connection, document: str) -> Iterator[Event]:
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM event WHERE document = ? ORDER BY number",  # noqa: S608
        (_stored(document),),
    )
    return map(_event, rows)


def _stored(name: str) -> str:
    """``name`` as SQLite can hold it: a file name that is not UTF-8 brings in lone surrogates."""
    return _SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", name)


def _row(event: Event) -> tuple[object, ...]:
    texts = (msgspec.json.encode(x).decode() for x in (event.anchors, event.before, event.after))
    plain = (_stored(event.document), event.time, event.user, event.base, event.action, event.asked)
    return (*plain, event.line, *texts, event.undoes)


def _event(row: tuple[object, ...]) -> Event:
    number, document, time, user, base, action, asked, line, anchors, before, after, undoes = row
    return Event(
        number=int(str(number)),
        document=str(document),
        time=str(time),
        user=str(user),
        base=str(base),
        action=str(action),
        asked=str(asked),
        line=str(line),
        anchors=msgspec.json.decode(str(anchors), type=dict[str, Anchor]),
        before=_states(str(before)),
        after=_states(str(after)),
        undoes=None if undoes is None else int(str(undoes)),
    )


def _states(text: str) -> dict[str, State]:
    raw = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    return {key: msgspec.json.decode(value, type=state_type(key)) for key, value in raw.items()}


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, which name the file."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error) or "malformed" in str(error):
            raise ResultError(path, f"is damaged, no SQLite file: {error}") from error
        raise OutputError(path, f"cannot be read or written: {error}") from error
