"""What is known of all documents at once: for lists, filters and search.

Derived from the results and the log, and made again where it is missing: ``.depesha-review/`` in
the folder of results may be thrown away at any time. Full text is searched with SQLite's FTS5 over
dictionary forms, so that a word is found in all its forms.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from itertools import chain, takewhile
from pathlib import Path
from typing import Any

import regex

from pipeline.lexicon import folded, normal_forms
from pipeline.store import make_folder

WORK_FOLDER = ".depesha-review"
VERSION = 3
_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_RUSSIAN = regex.compile(r"[А-Яа-яЁё]+")
_LONGEST = 60
"""Letters of a word beyond which it is searched as it is: the dictionary would guess for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document in the list.

    ``stamp`` tells whether its folder changed since. ``status`` is that of its least done page
    (``problem`` before all). ``wrong`` of its ``words`` nobody looked at are expected to be wrong;
    ``figures``, ``names`` and ``rest`` count doubtful words, ``audits`` sampled ones. ``gain`` is
    what the next document is chosen by: wrong words that looking at the doubtful ones would find.
    ``asked`` and ``missed`` count sampled words that were looked at and were wrong; ``looked``,
    ``changed`` and ``seconds`` are the work done. ``failed``: why there is no result.
    """

    key: str
    id: str
    folder: str
    stamp: int
    status: str = "open"
    pages: int = 0
    done: int = 0
    words: int = 0
    wrong: float = 0.0
    figures: int = 0
    names: int = 0
    rest: int = 0
    audits: int = 0
    gain: float = 0.0
    questions: int = 0
    by_hand: int = 0
    expected: float | None = None
    date: str = ""
    sender: str = ""
    failed: str = ""
    asked: int = 0
    missed: int = 0
    looked: int = 0
    changed: int = 0
    seconds: float = 0.0
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What the list is narrowed to; empty and ``None`` narrow nothing."""

    text: str = ""
    name: str = ""
    status: str = ""
    doubt: str = ""
    sender: str = ""
    since: str = ""
    until: str = ""
    over: float | None = None
    sort: str = "gain"
    start: int = 0
    count: int = 50


_COLUMNS = tuple(field.name for field in fields(Entry))
_SORTS = {
    "gain": "gain DESC, id",
    "name": "id",
    "expected": "expected DESC, id",
    "date": "date DESC, id",
    "status": "status, id",
}
_DOUBTS = {
    "figures": "figures > 0",
    "names": "names > 0",
    "rest": "rest > 0",
    "questions": "questions > 0",
    "by_hand": "by_hand > 0",
    "any": "figures + names + rest > 0",
}


class Index:
    """The list of a folder of results. Safe to share between threads; close it at the end."""

    def __init__(self, out: Path) -> None:
        make_folder(out / WORK_FOLDER)
        self._lock = threading.Lock()
        self._totals: tuple[float, ...] | None = None  # until something is written
        path = out / WORK_FOLDER / f"index-{VERSION}.sqlite"
        for older in set(path.parent.glob("index-*.sqlite")) - {path}:
            older.unlink(missing_ok=True)
        try:
            self._open(path)
        except sqlite3.DatabaseError:
            self._connection.close()
            path.unlink(missing_ok=True)  # nothing is in it that cannot be found again
            self._open(path)

    def _open(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=30
        )
        run = self._connection.execute
        run("PRAGMA synchronous = OFF")
        run("PRAGMA journal_mode = MEMORY")
        columns = ", ".join(f"{name}" for name in _COLUMNS if name != "key")
        run(f"CREATE TABLE IF NOT EXISTS document (key TEXT PRIMARY KEY, {columns})")
        run("CREATE INDEX IF NOT EXISTS by_gain ON document(gain DESC, id)")
        run("CREATE INDEX IF NOT EXISTS by_id ON document(id)")
        # Whose page it is stands apart from its text: a word may be on ten thousand pages.
        run("CREATE TABLE IF NOT EXISTS page (number INTEGER, key TEXT, document INTEGER)")
        run("CREATE INDEX IF NOT EXISTS page_of ON page(key)")
        run(
            "CREATE VIRTUAL TABLE IF NOT EXISTS page_words USING"
            " fts5(forms, content='', tokenize=\"unicode61 remove_diacritics 0\")"
        )
        run("CREATE TABLE IF NOT EXISTS text_of (rowid INTEGER PRIMARY KEY, text TEXT, forms TEXT)")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def stamps(self) -> dict[str, tuple[int, int]]:
        """By key, the stamp of each document's folder and the last event that was counted in."""
        with self._lock:
            rows = self._connection.execute("SELECT key, stamp, revision FROM document")
            return {str(key): (int(stamp), int(last)) for key, stamp, last in rows}

    def put(self, entry: Entry, pages: Mapping[int, str]) -> None:
        """List ``entry`` in place of an older one of its key; ``pages`` are texts by number."""
        values = asdict(entry)
        names = ", ".join(_COLUMNS)
        marks = ", ".join("?" for _ in _COLUMNS)
        with self._writing() as run:
            self._forget_pages(entry.key)
            own = run(
                f"INSERT OR REPLACE INTO document ({names}) VALUES ({marks})",  # noqa: S608
                [_plain(values[name]) for name in _COLUMNS],
            ).lastrowid
            for number, text in pages.items():
                forms = forms_of(text)
                row = run(
                    "INSERT INTO page (number, key, document) VALUES (?, ?, ?)",
                    (number, entry.key, own),
                ).lastrowid
                run("INSERT INTO page_words (rowid, forms) VALUES (?, ?)", (row, forms))
                run(
                    "INSERT INTO text_of (rowid, text, forms) VALUES (?, ?, ?)",
                    (row, _plain(text), forms),
                )

    def remove(self, keys: Iterable[str]) -> None:
        """Take documents off the list whose results are gone."""
        with self._writing() as run:
            for key in keys:
                self._forget_pages(key)
                run("DELETE FROM document WHERE key = ?", (key,))

    def get(self, key: str) -> Entry | None:
        """The entry of ``key``; ``None`` where there is none."""
        names = ", ".join(_COLUMNS)
        sql = f"SELECT {names} FROM document WHERE key = ?"  # noqa: S608
        with self._lock:
            row = self._connection.execute(sql, (key,)).fetchone()
        return None if row is None else Entry(**dict(zip(_COLUMNS, row, strict=True)))

    def find(self, query: Query) -> tuple[int, list[Entry]]:
        """How many documents ``query`` leaves, and those of them that it asks for."""
        where, values = _where(query)
        names = ", ".join(f"document.{name}" for name in _COLUMNS)
        order = _SORTS.get(query.sort, _SORTS["gain"])
        count = "SELECT count(*) FROM document"
        sql = f"SELECT {names}, ({count} {where}) FROM document {where} ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: E501, S608
        given = [*values, *values]
        with self._lock:
            run = self._connection.execute
            rows = run(sql, (*given, query.count, query.start)).fetchall()
            total = rows[0][-1] if rows else 0
            if not rows and query.start:
                total = run(f"{count} {where}", values).fetchone()[0]
        return int(total), [Entry(**dict(zip(_COLUMNS, row[:-1], strict=True))) for row in rows]

    def search(self, text: str, count: int = 50) -> list[tuple[str, str, int, str]]:
        """Pages with all words of ``text`` in any form: key, id, page and what stands there."""
        match = match_of(text)
        if not match:
            return []
        sql = (
            "SELECT document.key, document.id, page.number, text_of.text FROM page_words"
            " JOIN page ON page.rowid = page_words.rowid JOIN document ON document.key = page.key"
            " JOIN text_of ON text_of.rowid = page_words.rowid"
            " WHERE page_words MATCH ? LIMIT ?"
        )
        with self._lock:
            rows = self._connection.execute(sql, (match, count)).fetchall()
        return [(str(a), str(b), int(c), str(d)) for a, b, c, d in rows]

    def totals(self) -> dict[str, float]:
        """Sums over all documents."""
        names = (
            "pages", "done", "words", "wrong", "figures", "names", "rest", "asked", "missed",
            "looked", "changed", "seconds", "questions",
        )  # fmt: skip
        sums = ", ".join(f"coalesce(sum({name}), 0)" for name in names)
        with self._lock:
            if self._totals is None:
                run = self._connection.execute
                self._totals = run(f"SELECT count(*), {sums} FROM document").fetchone()  # noqa: S608
            return dict(zip(("documents", *names), self._totals, strict=True))

    def _forget_pages(self, key: str) -> None:
        run = self._connection.execute
        for (row,) in run("SELECT rowid FROM page WHERE key = ?", (key,)).fetchall():
            # A table without contents of its own is told what to forget.
            run(
                "INSERT INTO page_words (page_words, rowid, forms)"
                " SELECT 'delete', rowid, forms FROM text_of WHERE rowid = ?",
                (row,),
            )
            run("DELETE FROM text_of WHERE rowid = ?", (row,))
        run("DELETE FROM page WHERE key = ?", (key,))

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self._lock:
            self._totals = None
            self._connection.execute("BEGIN")
            try:
                yield self._connection.execute
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def forms_of(text: str) -> str:
    """The dictionary forms of each word of ``text``, as FTS5 is given them."""
    return " ".join(form for word in _TOKEN.findall(text) for form in _forms(word))


def match_of(text: str) -> str:
    """The FTS5 query that finds all words of ``text`` in any of their forms; empty for none."""
    parts = []
    for word in _TOKEN.findall(text)[:20]:
        forms = " OR ".join(f'"{form}"' for form in _forms(word))
        parts.append(f"({forms})")
    return " AND ".join(parts)


def excerpt(text: str, query: str, around: int = 90) -> list[tuple[str, bool]]:
    """What stands around the first word of ``query`` in ``text``: pieces, found words marked."""
    wanted = {form for word in _TOKEN.findall(query) for form in _forms(word)}

    def is_found(token: regex.Match[str]) -> bool:
        return not wanted.isdisjoint(_forms(token[0]))

    first = next(filter(is_found, _TOKEN.finditer(text)), None)
    if first is None:
        return [(text[: 2 * around], False)]
    start = max(0, first.start() - around)
    end = min(len(text), start + 2 * around + 40)
    # What stands behind the end is not looked at.
    rest = takewhile(lambda token: token.end() <= end, _TOKEN.finditer(text, first.end()))
    pieces: list[tuple[str, bool]] = []
    at = start
    for token in chain([first], filter(is_found, rest)):
        pieces += [(text[at : token.start()], False), (token[0], True)]
        at = token.end()
    return [*pieces, (text[at:end], False)]


@lru_cache(maxsize=65536)
def _forms(word: str) -> Sequence[str]:
    if len(word) > _LONGEST or not _RUSSIAN.fullmatch(word):
        return (folded(word),)
    return (*normal_forms(word), folded(word))


def _where(query: Query) -> tuple[str, list[object]]:
    parts: list[str] = []
    values: list[object] = []

    def add(part: str, *some: object) -> None:
        parts.append(part)
        values.extend(some)

    if query.text and (match := match_of(query.text)):
        add(
            # The plus keeps SQLite from beginning there: it goes by the order, and stops early.
            "+document.rowid IN (SELECT page.document FROM page_words"
            " JOIN page ON page.rowid = page_words.rowid WHERE page_words MATCH ?)",
            match,
        )
    if query.name:
        add("instr(id, ?) > 0", _plain(query.name))
    if query.status:
        add("status = ?", query.status)
    if query.doubt in _DOUBTS:
        add(_DOUBTS[query.doubt])
    if query.sender:
        add("instr(sender, ?) > 0", query.sender.upper())
    if query.since:
        add("date >= ?", query.since)
    if query.until:
        add("date <> '' AND date <= ?", query.until)
    if query.over is not None:
        add("expected >= ?", query.over)
    return ("WHERE " + " AND ".join(parts) if parts else ""), values


def _plain(value: Any) -> Any:
    """Lone surrogates of file names, which SQLite cannot hold, as U+FFFD."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
