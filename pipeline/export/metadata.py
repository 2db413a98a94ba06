"""A CSV of what an archive knows of its documents: shelfmark, title, date, and any more."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.errors import InputMissingError, InputUnreadableError

_ALIASES = {
    "path": "path", "file": "path", "id": "path", "document": "path", "файл": "path",
    "путь": "path", "shelfmark": "shelfmark", "signature": "shelfmark", "шифр": "shelfmark",
    "title": "title", "заголовок": "title", "название": "title", "date": "date", "дата": "date",
    "архив": "repository", "repository": "repository", "фонд": "collection",
    "collection": "collection",
}  # fmt: skip
_MOST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Metadata:
    """Rows by what they are called: path, document id or file name.

    ``columns`` are all names but the path's, lower-case, in the file's order. ``unused``
    are the rows that no document asked for yet.
    """

    columns: tuple[str, ...] = ()
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def row(self, name: str, source: str) -> tuple[str | None, Mapping[str, str]]:
        """What is known of the document ``name``, read from ``source``, and what its row is called.

        That may be the document's id, the path of the scan as it was given, or the end of that
        path: its name with folders or without; the longest match counts. ``None`` and nothing
        where there is no row.
        """
        path = PurePosixPath(source.replace("\\", "/"))
        ends = ["/".join(path.parts[start:]) for start in range(len(path.parts))]
        for key in (name, str(path), *ends, path.stem):
            if key in self.rows:
                self.take(key)
                return key, self.rows[key]
        return None, {}

    def take(self, key: str | None) -> None:
        """Note that a document has the row called ``key``."""
        if key is not None:
            self._taken.add(key)

    @property
    def unused(self) -> tuple[str, ...]:
        """The names of rows that no document had."""
        return tuple(name for name in self.rows if name not in self._taken)


def load_metadata(path: Path) -> Metadata:
    """The rows of ``path``: CSV with a heading, parted by commas, semicolons or tabs, in UTF-8.

    One column is called ``path`` (or ``file``, ``id``, ``путь``); others may have any name,
    ``shelfmark`` (``шифр``), ``title``, ``date``, ``repository`` and ``collection`` have places
    of their own in the formats.

    Raises:
        InputMissingError: there is no such file.
        InputUnreadableError: it is no such table; names the row.

    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputUnreadableError(path, "is too large for a table of metadata")
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputMissingError(path, "no such file; check the path") from error
    except OSError as error:
        raise InputUnreadableError(path, f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputUnreadableError(
            path, f"is not UTF-8 (byte {error.start}); save it as UTF-8"
        ) from error
    return _parsed(path, text)


def _parsed(path: Path, text: str) -> Metadata:
    first = text.partition("\n")[0]
    counted = Counter({mark: first.count(mark) for mark in ",;\t"})
    (mark, _), *_ = counted.most_common(1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        head = [_column(name) for name in next(reader, [])]
        return _table(path, head, reader)
    except csv.Error as error:
        raise InputUnreadableError(path, f"row {reader.line_num}: {error}") from error


def _table(path: Path, head: list[str], rows: Iterator[list[str]]) -> Metadata:
    if head.count("path") != 1:
        raise InputUnreadableError(path, "has no column `path` (or more than one)")
    if twice := [name for name, count in Counter(head).items() if name and count > 1]:
        raise InputUnreadableError(path, f"has two columns `{twice[0]}`")
    known: dict[str, Mapping[str, str]] = {}
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(head):
            raise InputUnreadableError(
                path, f"row {number} has {len(row)} cells, the heading has {len(head)}"
            )
        cells = {key: cell.strip() for key, cell in zip(head, row, strict=False) if key}
        key = cells.pop("path").replace("\\", "/").removeprefix("./") if "path" in cells else ""
        if not key:
            raise InputUnreadableError(path, f"row {number} has no path")
        if key in known:
            raise InputUnreadableError(path, f"row {number}: `{key}` stands there twice")
        known[key] = {name: cell for name, cell in cells.items() if cell}
    return Metadata(tuple(name for name in head if name and name != "path"), known)


def _column(name: str) -> str:
    plain = " ".join(name.split()).lower()
    return _ALIASES.get(plain, plain)
