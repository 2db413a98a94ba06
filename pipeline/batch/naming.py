"""Which folder a document's results go to: its stem, or its stem and a mark of its own.

The name of an input without its last ending is the id of its document and the name of
its folder; quotes, spaces and Cyrillic stay as they are. Where that name would be shared
the id is ``STEM~xxxxxx``, with the first six hex digits of the SHA-256 of the input's
absolute path (links not followed): the same file gets the same id in every run. That is

- where two inputs of one run have the same stem (case and Unicode composition aside,
  since some file systems do not tell them apart): both get the mark;
- where the folder already holds the result of another file: see :func:`choose_folder`.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ResultError
from pipeline.store import (
    DOCUMENT_FILE,
    ERROR_FILE,
    StoredDocument,
    StoredError,
    load_error,
    load_stored,
)

MARK_DIGITS = 6
_TAKEN = ("summary.json", "summary.csv", "report", "", ".", "..")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One input of a batch.

    ``key`` is the SHA-256 (hex) of its absolute path; ``marked`` its id with the mark,
    ``plain`` its id without, ``None`` where another input of the run has the same.
    """

    path: Path
    key: str
    marked: str
    plain: str | None

    @property
    def name(self) -> str:
        """The id to call it by before its folder was looked at."""
        return self.plain or self.marked


def make_tasks(files: Iterable[Path]) -> tuple[Task, ...]:
    """One task per file, in order; a file that is named twice is one document."""
    once: dict[str, Path] = {}
    for path in files:
        once.setdefault(path_key(path), path)
    ordered = tuple(once.items())
    stems = Counter([_folded(path.stem) for _, path in ordered] + [_folded(x) for x in _TAKEN])
    marks = Counter(_folded(_marked(path, key)) for key, path in ordered)
    return tuple(
        Task(
            path=path,
            key=key,
            marked=_marked(path, key, whole=marks[_folded(_marked(path, key))] > 1),
            plain=path.stem if stems[_folded(path.stem)] == 1 else None,
        )
        for key, path in ordered
    )


def path_key(path: Path) -> str:
    """SHA-256 (hex) of the absolute path, links not followed."""
    return hashlib.sha256(os.fsencode(Path(os.path.abspath(path)))).hexdigest()  # noqa: PTH100


def choose_folder(
    task: Task, input_sha256: str, out: Path
) -> tuple[Path, StoredDocument | StoredError | None]:
    """The folder for ``task`` in ``out``, and what an earlier run stored for it there.

    A stored result is of the same input where the absolute path or the contents are the
    same (so results stay valid when everything is moved). A damaged result has no owner
    and is replaced.
    """
    marked = out / task.marked
    stored = _stored(marked)
    if task.plain is None or stored is not None:
        return marked, stored
    plain = out / task.plain
    stored = _stored(plain)
    if stored is None or _same_input(stored, task, input_sha256):
        return plain, stored
    return marked, None


def _same_input(stored: StoredDocument | StoredError, task: Task, input_sha256: str) -> bool:
    run = stored.run
    return run.source_key == task.key or (input_sha256 != "" and run.input_sha256 == input_sha256)


def _stored(folder: Path) -> StoredDocument | StoredError | None:
    with suppress(ResultError, OSError):
        if (folder / DOCUMENT_FILE).exists():
            return load_stored(folder)
        if (folder / ERROR_FILE).exists():
            return load_error(folder)
    return None


def _marked(path: Path, key: str, *, whole: bool = False) -> str:
    return f"{path.stem}~{key if whole else key[:MARK_DIGITS]}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
