"""Which document a file is: its id, which is also its folder, and never changes.

The id is the path below the input folder, without its last ending (``Фонд/Дело/001``); quotes,
spaces and Cyrillic stay as they are. Where that is another document's already it keeps its
ending (``001.tif``); two new files that would have the same id both do. Where that is taken too
(two inputs with equal paths below them) a mark follows, the first six hex digits of the SHA-256 of
the file's absolute path. Names are the same where they differ in case or Unicode composition
alone, since some file systems do not tell them apart. The ledger remembers: a file that was named
once keeps its id, whatever comes or goes, and so does one that was moved with all its folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.batch.ledger import LEDGER_FILE, Ledger
from pipeline.batch.lock import WORK
from pipeline.errors import ConfigError, DepeshaError
from pipeline.scans import Found, file_hash
from pipeline.store import DOCUMENT_FILE, ERROR_FILE, PREVIOUS, SCORE_FILE, VOLUME_FILE
from pipeline.transcript import TEXT_FILES
from pipeline.volumes import PART_NAME

FOLDER = "folder"
"""The value of ``batch.group`` that makes the files of one folder one document."""

_MARK_DIGITS = 6
_INSIDE = frozenset((DOCUMENT_FILE, ERROR_FILE, SCORE_FILE, VOLUME_FILE, PREVIOUS, *TEXT_FILES))
"""Names that stand in a document's folder, and so can be no folder of another."""

_TOP = frozenset(
    (WORK, LEDGER_FILE, "review.sqlite", "report", "export", "summary.json", "summary.csv")
)
"""Names that stand in the output folder beside the documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One document of a batch: its number in the ledger, its id, its files in order.

    ``source`` is the input as it was named, ``key`` the SHA-256 (hex) of its absolute path.
    """

    number: int
    id: str
    key: str
    source: str
    files: tuple[str, ...]

    @property
    def path(self) -> Path:
        """The first file, or the only one."""
        return Path(self.files[0])


@dataclass(slots=True, kw_only=True)
class Candidate:
    """A document that was found: what it may be called, and how its files are told apart."""

    plain: str
    full: str
    path: str
    source: str
    root: str
    files: list[Found] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        """Whether it is made of the files of a group, be it one."""
        return self.path.endswith(os.sep)

    @property
    def key(self) -> str:
        """As :func:`path_key`."""
        return path_key(self.path)

    @property
    def signature(self) -> str:
        """Equal where no file was touched: number, sizes and times of change."""
        if len(self.files) == 1:
            return f"{self.files[0].size}:{self.files[0].mtime}"
        told = repr([(file.path.name, file.size, file.mtime) for file in self.files])
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def candidates(found: Iterable[Found], group: str) -> Iterator[Candidate]:
    """The documents that ``found`` files make: one each, or by folder or pattern ``group``.

    A pattern is searched in the path below the input folder; what its first group matched names
    the document. Files that it does not fit, PDFs and texts are documents of their own.
    """
    if not group:
        yield from (_alone(file) for file in found)
        return
    try:
        pattern = None if group == FOLDER else re.compile(group)
    except re.error as error:
        raise ConfigError("batch.group", f"is neither `folder` nor a pattern: {error}") from error
    together: dict[tuple[str, str], Candidate] = {}
    for file in found:
        name = _group_of(file, pattern)
        if name is None:
            yield _alone(file)
            continue
        root = str(file.root)
        # Files of the input folder itself are of its name, and so may be a folder's in it.
        inside = pattern is not None or file.path.parent != file.root
        where = Path(root, name) if inside else Path(root)
        known = together.get((root, str(where)))
        if known is None:
            known = together[root, str(where)] = Candidate(
                plain=name,
                full=name,
                path=_absolute(where) + os.sep,
                source=str(where),
                root=_absolute(Path(root)),
            )
        known.files.append(file)
    yield from together.values()


def register(ledger: Ledger, documents: Iterable[Candidate], run: int) -> int:
    """Write what was found into the ledger, each under its id; how many documents there are."""
    ledger.do(
        "CREATE TEMP TABLE fresh("
        "position INTEGER PRIMARY KEY, folded, whole, key, path, root, size, mtime)"
    )
    groups: dict[int, Candidate] = {}  # single files wait on the disk, however many
    position = 0
    for document in documents:
        known = ledger.one("SELECT number, seen_run FROM documents WHERE key=?", [document.key])
        if known is not None and known[1] == run:
            continue  # found under two inputs
        position += 1
        if known is not None:
            _note(ledger, known[0], document, run, position)
            continue
        one = document.files[0]
        if document.is_group:
            groups[position] = document
        names = folded(document.plain), folded(document.full), document.key
        where = str(one.path), None if one.root is None else str(one.root), one.size, one.mtime
        ledger.do("INSERT INTO fresh VALUES(?, ?, ?, ?, ?, ?, ?, ?)", (position, *names, *where))
    for column in ("folded", "whole", "key"):
        ledger.do(f"CREATE INDEX temp.fresh_{column} ON fresh({column})")
    last = 0
    while row := ledger.one("SELECT * FROM fresh WHERE position>? ORDER BY position", [last]):
        last, _, _, _, path, root, size, mtime = row
        found = Found(path=Path(path), root=Path(root) if root else None, size=size, mtime=mtime)
        _add(ledger, groups.get(last) or _alone(found), run, last)
    ledger.do("DROP TABLE fresh")
    return position


def path_key(path: str) -> str:
    """SHA-256 (hex) of an absolute path, links not followed."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()


def folded(name: str) -> str:
    """``name`` as file systems may compare it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _add(ledger: Ledger, document: Candidate, run: int, position: int) -> None:
    if ledger.one("SELECT 1 FROM fresh WHERE key=? AND position<?", [document.key, position]):
        return
    same = "SELECT count(DISTINCT key) FROM fresh WHERE {}=?"
    marked = f"{document.full}~{document.key[:_MARK_DIGITS]}"
    for name, column in ((document.plain, "folded"), (document.full, "whole"), (marked, "")):
        shared = ledger.one(same.format(column), [folded(name)]) if column else (1,)
        owner = ledger.one(
            "SELECT number, seen_run, path, bytes, sha256 FROM documents WHERE folded=?",
            [folded(name)],
        )
        if owner is not None and _moved(owner, document, run):
            _note(ledger, owner[0], document, run, position)
            return
        if owner is None and shared == (1,):
            _insert(ledger, name, document, run, position)
            return
    _insert(ledger, f"{document.full}~{document.key}", document, run, position)


def _moved(owner: Sequence[object], document: Candidate, run: int) -> bool:
    """Whether ``document`` is the file that was elsewhere before: gone there, the same bytes."""
    _, seen, path, size, sha256 = owner
    if seen == run or size != document.size or not sha256 or Path(str(path)).exists():
        return False
    try:
        return files_hash([str(file.path) for file in document.files]) == sha256
    except DepeshaError:
        return False


def files_hash(files: Sequence[str]) -> str:
    """SHA-256 (hex) of a file's bytes, or over those of several in order.

    Raises:
        DepeshaError: one cannot be read.

    """
    hashes = [file_hash(Path(path)) for path in files]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def _insert(ledger: Ledger, name: str, document: Candidate, run: int, position: int) -> None:
    cursor = ledger.do(
        "INSERT INTO documents(id, folded, key, path, source) VALUES(?, ?, ?, ?, ?)",
        (name, folded(name), document.key, document.path, document.source),
    )
    _note(ledger, int(cursor.lastrowid or 0), document, run, position)


def _note(ledger: Ledger, number: int, document: Candidate, run: int, position: int) -> None:
    grouped = document.is_group
    files = "\0".join(str(file.path) for file in document.files) if grouped else None
    ledger.set(
        number,
        key=document.key,
        path=document.path,
        source=document.source,
        root=document.root,
        files=files,
        bytes=document.size,
        found=document.signature,
        gone=0,
        seen_run=run,
        position=position,
    )


def _alone(file: Found) -> Candidate:
    below = Path(file.path.name) if file.root is None else file.path.relative_to(file.root)
    full = _possible(below)
    return Candidate(
        plain=_possible(below.with_name(below.stem)),
        full=full,
        path=_absolute(file.path),
        source=str(file.path),
        root="" if file.root is None else _absolute(file.root),
        files=[file],
    )


def _group_of(file: Found, pattern: re.Pattern[str] | None) -> str | None:
    if file.root is None or file.path.suffix.lower() in {".pdf", ".txt"}:
        return None
    below = file.path.relative_to(file.root)
    if pattern is None:
        inside = below.parent
        return _possible(inside if inside.parts else Path(file.root.resolve().name))
    found = pattern.search(below.as_posix())
    return None if found is None else _possible(Path(found[1] if found.re.groups else found[0]))


def _possible(below: Path) -> str:
    """``below`` as an id: no part of it is a name that stands there for another thing."""
    parts = [part + "~" if _is_taken(folded(part)) else part for part in below.parts]
    parts = [part for part in parts if part not in {"", ".", "..", os.sep}] or ["~"]
    if folded(parts[0]) in _TOP or parts[0].startswith(WORK):
        parts[0] += "~"
    return "/".join(parts)


def _is_taken(name: str) -> bool:
    return name in _INSIDE or PART_NAME.fullmatch(name) is not None


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - links are not followed
