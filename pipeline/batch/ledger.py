"""The account of a collection: one SQLite file beside the results, written by one process.

It knows every document that was ever found, what became of it and what that depends on, so that
a run that changes nothing reads no result, and summaries show the whole collection. It follows
from the results and can be made again from them; what people decide is kept elsewhere.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pipeline.errors import OutputError, ResultError

LEDGER_FILE = "depesha.sqlite"
VERSION = 3

_SCHEMA = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE runs(
  id INTEGER PRIMARY KEY, started REAL, ended REAL, state TEXT, host TEXT, pid INTEGER,
  inputs TEXT, version TEXT, documents INTEGER DEFAULT 0, unchanged INTEGER DEFAULT 0,
  failed INTEGER DEFAULT 0, pages INTEGER DEFAULT 0, cause TEXT DEFAULT ''
);
CREATE TABLE documents(
  number INTEGER PRIMARY KEY, id NOT NULL UNIQUE, folded NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE,
  path NOT NULL, source NOT NULL, root, files, bytes INTEGER, found TEXT, signature TEXT,
  sha256 TEXT DEFAULT '', state TEXT NOT NULL DEFAULT 'waiting', gone INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL DEFAULT '', code TEXT NOT NULL DEFAULT '', cause TEXT DEFAULT '',
  pages INTEGER NOT NULL DEFAULT 0,
  reading TEXT DEFAULT '', derived TEXT DEFAULT '', attempts INTEGER DEFAULT 0,
  seconds REAL DEFAULT 0, peak INTEGER DEFAULT 0, expected_error REAL,
  result_bytes INTEGER NOT NULL DEFAULT 0, scored INTEGER DEFAULT 0, reported TEXT DEFAULT '',
  made_run INTEGER, seen_run INTEGER, position INTEGER, finished REAL,
  parts INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX by_place ON documents(seen_run, position);
CREATE INDEX by_state ON documents(state, gone);
CREATE TABLE tally(
  state, gone, status, code, documents INTEGER, pages INTEGER, bytes INTEGER,
  PRIMARY KEY(state, gone, status, code)
) WITHOUT ROWID;
CREATE TRIGGER counted_in AFTER INSERT ON documents BEGIN
  INSERT OR IGNORE INTO tally VALUES(new.state, new.gone, new.status, new.code, 0, 0, 0);
  UPDATE tally SET documents=documents+1, pages=pages+new.pages, bytes=bytes+new.result_bytes
  WHERE state=new.state AND gone=new.gone AND status=new.status AND code=new.code;
END;
CREATE TRIGGER counted_out AFTER DELETE ON documents BEGIN
  UPDATE tally SET documents=documents-1, pages=pages-old.pages, bytes=bytes-old.result_bytes
  WHERE state=old.state AND gone=old.gone AND status=old.status AND code=old.code;
END;
CREATE TRIGGER counted_anew AFTER UPDATE OF state, gone, status, code, pages, result_bytes
ON documents BEGIN
  UPDATE tally SET documents=documents-1, pages=pages-old.pages, bytes=bytes-old.result_bytes
  WHERE state=old.state AND gone=old.gone AND status=old.status AND code=old.code;
  INSERT OR IGNORE INTO tally VALUES(new.state, new.gone, new.status, new.code, 0, 0, 0);
  UPDATE tally SET documents=documents+1, pages=pages+new.pages, bytes=bytes+new.result_bytes
  WHERE state=new.state AND gone=new.gone AND status=new.status AND code=new.code;
END;
CREATE TABLE rows(number INTEGER PRIMARY KEY, row TEXT NOT NULL);
CREATE TABLE left_out(path PRIMARY KEY, reason TEXT, kind TEXT, run INTEGER) WITHOUT ROWID;
"""

_ADDED = """
CREATE TABLE parts(
  number INTEGER, place INTEGER, id NOT NULL, row TEXT NOT NULL, bytes INTEGER,
  reported TEXT DEFAULT '', PRIMARY KEY(number, place)
);
CREATE TABLE pages(
  number INTEGER, page INTEGER, state TEXT, code TEXT, cause TEXT, reading TEXT,
  derived TEXT DEFAULT '', attempts INTEGER, seconds REAL, peak INTEGER, run INTEGER, finished REAL,
  PRIMARY KEY(number, page)
) WITHOUT ROWID;
CREATE INDEX by_parts ON documents(number) WHERE parts > 0;
"""
"""Since version 3: documents that a file was split into; pages of documents of several."""

_ANEW = "Remove it: it is made again from the results"

_EVERY = 0.5
"""Seconds between commits: what is not committed yet is found again by its result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Documents of one state, status and cause together."""

    state: str
    gone: bool
    status: str
    code: str
    documents: int
    pages: int
    bytes: int


class Ledger:
    """The open ledger of an output folder; use it in a ``with`` statement.

    Raises:
        OutputError: it cannot be opened or written.
        ResultError: it is damaged, or of another version.

    """

    def __init__(self, path: Path | None, *, write: bool = True) -> None:
        self.path = path
        self._last = time.monotonic()
        if path is not None and not write and not path.is_file():
            raise ResultError(path, "does not exist: nothing was transcribed into this folder")
        name = (
            ":memory:"
            if path is None
            else f"{path.absolute().as_uri()}{'' if write else '?mode=ro'}"
        )
        try:
            self.db = sqlite3.connect(name, uri=True, timeout=30.0, isolation_level=None)
        except sqlite3.Error as error:
            raise self._fault(error) from error
        try:
            # One file, whole after any crash; readers wait for a commit, which is short.
            self.db.execute("PRAGMA journal_mode=DELETE" if write else "PRAGMA query_only=1")
            self.db.execute("PRAGMA synchronous=FULL")
            self._prepare(write=write)
        except sqlite3.Error as error:
            self.db.close()
            raise self._fault(error) from error
        except ResultError:
            self.db.close()
            raise

    def _prepare(self, *, write: bool) -> None:
        tables = {name for (name,) in self.db.execute("SELECT name FROM sqlite_master")}
        self.is_new = "meta" not in tables
        if self.is_new and write:
            self.db.executescript(f"BEGIN;{_SCHEMA}{_ADDED}")
            self.db.execute("INSERT INTO meta VALUES('version', ?)", (VERSION,))
            self.db.execute("COMMIT")
        found = dict(self.db.execute("SELECT name, value FROM meta")).get("version")
        if found == 2 and write:
            parts = "ALTER TABLE documents ADD COLUMN parts INTEGER NOT NULL DEFAULT 0;"
            self.db.executescript("BEGIN;" + parts + _ADDED)
            self.db.execute("UPDATE meta SET value=? WHERE name='version'", (VERSION,))
            self.db.execute("COMMIT")
            found = VERSION
        if found != VERSION:
            raise ResultError(
                self.path,
                f"is of version {found}; this Depesha reads version {VERSION}. "
                + ("The next run brings it up to date" if found == 2 else _ANEW),
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(sqlite3.Error):
            if self.db.in_transaction:
                self.db.execute("COMMIT")
        self.db.close()

    def begin(self) -> None:
        """Begin a transaction, unless one is open."""
        if not self.db.in_transaction:
            self.do("BEGIN IMMEDIATE")

    def commit(self, *, now: bool = True) -> None:
        """Put what was written on the disk; without ``now`` only from time to time."""
        if self.db.in_transaction and (now or time.monotonic() - self._last > _EVERY):
            self.do("COMMIT")
            self._last = time.monotonic()

    def rollback(self) -> None:
        """Forget what was written since the last commit."""
        if self.db.in_transaction:
            self.do("ROLLBACK")

    def do(self, statement: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        """Execute one statement; texts that are no UTF-8 go in and come out as they are.

        Raises:
            OutputError: it cannot be done.

        """
        try:
            return self.db.execute(statement, tuple(_in(value) for value in values))
        except sqlite3.Error as error:
            raise self._fault(error) from error

    def all(self, statement: str, values: Iterable[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of one statement, one by one."""
        for row in self.do(statement, values):
            yield tuple(_out(value) for value in row)

    def one(self, statement: str, values: Iterable[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of one statement."""
        return next(self.all(statement, values), None)

    def start_run(self, **values: Any) -> int:
        """The number of a new run; earlier ones that never ended were killed."""
        self.do("UPDATE runs SET state='killed' WHERE state='running'")
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        cursor = self.do(
            f"INSERT INTO runs(started, state, {names}) VALUES(?, 'running', {marks})",
            (time.time(), *values.values()),
        )
        return int(cursor.lastrowid or 0)

    def end_run(self, run: int, **values: Any) -> None:
        """Write what came of ``run``."""
        names = ", ".join(f"{name}=?" for name in values)
        self.do(
            f"UPDATE runs SET ended=?, {names} WHERE id=?",  # noqa: S608
            (time.time(), *values.values(), run),
        )

    def set(self, number: int, **values: Any) -> None:
        """Write columns of the document ``number``."""
        names = ", ".join(f"{name}=?" for name in values)
        self.do(f"UPDATE documents SET {names} WHERE number=?", (*values.values(), number))  # noqa: S608

    def set_row(self, number: int, row: str) -> None:
        """Write the summary's row of the document ``number``, as JSON."""
        self.do("INSERT OR REPLACE INTO rows VALUES(?, ?)", (number, row))

    def set_parts(self, number: int, parts: Iterable[tuple[str, str, int]]) -> None:
        """Write the parts of the document ``number``: each with id, row (as JSON) and bytes."""
        self.do("DELETE FROM parts WHERE number=?", [number])
        for place, (name, row, size) in enumerate(parts, start=1):
            self.do(
                "INSERT INTO parts(number, place, id, row, bytes) VALUES(?, ?, ?, ?, ?)",
                (number, place, name, row, size),
            )

    def set_page(self, number: int, page: int, **values: Any) -> None:
        """Write what is known of a page of the document ``number``."""
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self.do(
            f"INSERT OR REPLACE INTO pages(number, page, {names}) VALUES(?, ?, {marks})",
            (number, page, *values.values()),
        )

    def forget(self, number: int) -> None:
        """Forget the document ``number`` and all that belongs to it."""
        for table in ("rows", "parts", "pages", "documents"):
            self.do(f"DELETE FROM {table} WHERE number=?", [number])  # noqa: S608

    def tallies(self) -> tuple[Tally, ...]:
        """Documents by state, status and cause: counted as they change, not when asked."""
        found = self.all(
            "SELECT state, gone, status, code, documents, pages, bytes FROM tally WHERE documents>0"
        )
        return tuple(
            Tally(
                state=state,
                gone=bool(gone),
                status=status or "",
                code=code or "",
                documents=count,
                pages=pages or 0,
                bytes=size or 0,
            )
            for state, gone, status, code, count, pages, size in found
        )

    def _fault(self, error: sqlite3.Error) -> OutputError | ResultError:
        code = getattr(error, "sqlite_errorname", "")
        if code in {"SQLITE_CORRUPT", "SQLITE_NOTADB"}:
            return ResultError(self.path, f"is damaged ({error}). {_ANEW}")
        if code in {"SQLITE_BUSY", "SQLITE_LOCKED"}:
            return OutputError(self.path, "is in use by another run; wait for it to end")
        fault = OutputError(self.path, f"cannot be written: {error}")
        fault.of_the_disk = True
        return fault


def _in(value: Any) -> Any:
    """File names may be no UTF-8, which SQLite's texts must be; such are stored as bytes."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogatepass")
    return value


def _out(value: Any) -> Any:
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value
