"""What was exported, from what and with which settings: one growing file beside the exports.

``exports.jsonl`` gets a row for every document and format as soon as its files stand. So an
export that was killed goes on where it was. Rows of an earlier export are outweighed by later
ones; the file is written anew, without them, at the end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.export.options import Options
from pipeline.export.source import REVIEW_FILE
from pipeline.store import EXPORT_RECORD, SCORE_FILE, files_digest, to_json, write_atomic

_UNDECIDING = (SCORE_FILE,)
_BESIDE = (REVIEW_FILE, f"{REVIEW_FILE}-wal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document in one format.

    ``files``: paths below the folder of exports, and bytes; ``source``: the input's path as it
    was given; ``fingerprint``: of all that decided them.
    """

    document: str
    format: str
    source: str
    files: Mapping[str, int]
    fingerprint: str

    def stands(self, folder: Path, fingerprint: str) -> bool:
        """Whether the files are there, whole, and of what ``fingerprint`` says."""
        return self.fingerprint == fingerprint and all(
            _size(folder / name) == size for name, size in self.files.items()
        )


class Record:
    """The record in ``folder``, open for more."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self._path = folder / EXPORT_RECORD
        self._entries: dict[tuple[str, str], tuple[Entry, str]] = {}
        self._settings: dict[str, Mapping[str, str]] = {}
        for row in _rows(self._path):
            self._take(row)
        self._key = _digest(to_json(dict(settings)))
        self._settings[self._key] = settings
        self._announced = False

    def find(self, document: str, name: str) -> Entry | None:
        """What was exported of ``document`` in the format ``name``."""
        found = self._entries.get((document, name))
        return found[0] if found else None

    def add(self, entry: Entry) -> None:
        """Note what now stands.

        Raises:
            OSError: the record cannot be written.

        """
        text = _row(self._entry_row(entry, self._key))
        if not self._announced:
            # A kill may have left half a row: it ends here.
            text = "\n" + _row(self._settings_row(self._key)) + text
        with self._path.open("ab") as stream:
            stream.write(text.encode("utf-8", "replace"))
        self._announced = True
        self._entries[entry.document, entry.format] = (entry, self._key)

    def compact(self) -> None:
        """Write the record anew, without what no longer counts.

        Raises:
            OutputError: it cannot be written.

        """
        used = dict.fromkeys(key for _, key in self._entries.values())
        rows = [self._settings_row(key) for key in used if key in self._settings]
        rows += [self._entry_row(entry, key) for entry, key in self._entries.values()]
        write_atomic(self._path, "".join(map(_row, rows)))

    def _take(self, row: dict[str, Any]) -> None:
        with suppress(KeyError, TypeError):  # a row of another version says nothing here
            if "values" in row:
                self._settings[row["settings"]] = row["values"]
                return
            entry = Entry(
                document=row["document"],
                format=row["format"],
                source=row["source"],
                files=row["files"],
                fingerprint=row["fingerprint"],
            )
            self._entries[entry.document, entry.format] = (entry, row["settings"])

    def _settings_row(self, key: str) -> dict[str, Any]:
        return {"settings": key, "values": dict(self._settings[key])}

    def _entry_row(self, entry: Entry, key: str) -> dict[str, Any]:
        return {
            "document": entry.document,
            "format": entry.format,
            "source": entry.source,
            "files": dict(entry.files),
            "fingerprint": entry.fingerprint,
            "settings": key,
        }


def settings_of(options: Options) -> dict[str, str]:
    """What is recorded of an export: its choices, and version and code of the software."""
    return {**dict(options.pairs()), "depesha": __version__, "code": code_digest()}


def fingerprint(
    folder: Path,
    out: Path,
    settings: Mapping[str, str],
    extra: Mapping[str, str],
    scan: Path | None,
) -> str:
    """A digest of all that decides an export: result, editor's work, choices, metadata, scan.

    Files are taken by name, size and time of change.
    """
    parts = [f"{key}={value}" for key, value in (*settings.items(), *extra.items())]
    parts += [
        _state(path)
        for path in sorted(folder.iterdir())
        if path.name not in _UNDECIDING and path.is_file()
    ]
    parts += [_state(out / name) for name in _BESIDE]
    if scan is not None:
        parts.append(_state(scan))
    return _digest("\0".join(parts))


def code_digest() -> str:
    """A digest of the code of exports."""
    folder = Path(__file__).parent
    return files_digest(folder, sorted(folder.rglob("*.py")))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _state(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return f"{path.name} -"
    return f"{path.name} {found.st_size} {found.st_mtime_ns}"


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _rows(path: Path) -> list[dict[str, Any]]:
    """The rows that are whole; a kill may have cut the last one off."""
    rows = []
    try:
        with path.open("rb") as stream:
            for line in stream:
                with suppress(ValueError):
                    row = json.loads(line)
                    if isinstance(row, dict):
                        rows.append(row)
    except OSError:
        return []
    return rows


def _row(value: dict[str, Any]) -> str:
    return to_json(value, indent=None)
