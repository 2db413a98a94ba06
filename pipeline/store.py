r"""Results on disk: one folder per document, written so that a kill leaves nothing half done.

``document.json`` holds the whole :class:`~pipeline.model.Document` and the
:class:`RunInfo` of the run that made it. A field that has its default is left out, and so
is what follows from the rest (the text of a line follows from its reading and its edits).
It is put in place last, so where it stands, the texts beside it are complete and belong to
it. ``error.json`` stands there instead where the document failed; what an earlier run had
made is then kept in ``previous/``.

JSON is UTF-8 with the letters as they are. Unicode's one trap is the unpaired surrogate
(a file name that is not UTF-8 brings one in): UTF-8 cannot hold it, so JSON gets it as an
escape (``\udc80``), which loads back to the same string. (Python strings can also hold
the two halves of a pair side by side as two characters; these load as the one character
they stand for.) In the text files, made for editors, such a code point becomes U+FFFD.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import msgspec

from pipeline.errors import OutputError, ResultError
from pipeline.model import Document, Problem, Status

VERSION: Final = 2
"""Of ``document.json`` and ``error.json``."""

DOCUMENT_FILE = "document.json"
ERROR_FILE = "error.json"
SCORE_FILE = "score.json"
"""What :mod:`pipeline.evaluate` found of a document: it belongs to the document beside it."""

PREVIOUS = "previous"
"""Folder inside a document's folder: what an earlier run made, where the newest failed."""

_FORMULA = tuple("=+-@\t\r＝＋－＠")  # what spreadsheets take for the start of a formula
_SURROGATE = re.compile("[\ud800-\udfff]")
_INNERMOST = re.compile(r"\{\n[^{}\[\]]*\n *\}")
_TEMPORARY = ".depesha-*.tmp"
_Envelope = TypeVar("_Envelope", bound="StoredDocument | StoredError")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """What made a result.

    ``fingerprint`` is a SHA-256 (hex) over everything that decides the result; where it
    is equal, running again would change nothing. ``source`` is the input's path as the
    user gave it, ``source_key`` the SHA-256 of its absolute path (which itself is not
    stored), ``input_sha256`` the hash of its bytes, empty where it could not be read.
    ``settings`` and ``versions`` are sorted pairs; a setting's value is JSON. ``seconds``
    is the time the document took, without waiting.
    """

    fingerprint: str
    source: str
    source_key: str
    input_sha256: str
    status: Status
    seconds: float
    settings: tuple[tuple[str, str], ...] = ()
    versions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """The contents of ``document.json``."""

    schema: Literal["depesha/document"] = "depesha/document"
    version: Literal[2] = 2
    run: RunInfo
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredError:
    """The contents of ``error.json``: why a document failed."""

    schema: Literal["depesha/error"] = "depesha/error"
    version: Literal[2] = 2
    run: RunInfo
    document_id: str
    problems: tuple[Problem, ...]


def save_document(
    folder: Path, document: Document, *, run: RunInfo, texts: Mapping[str, str]
) -> None:
    """Write ``texts`` (file name: contents) and ``document.json`` into ``folder``.

    Everything is first written under temporary names; ``document.json`` takes its place
    last. Temporary files that a killed run left in the folder are removed.

    Raises:
        OutputError: the folder or a file cannot be written.
        ValueError: a number in the document is not finite (JSON has none such).

    """
    stored = StoredDocument(run=run, document=document)
    data = to_json(
        {
            "schema": stored.schema,
            "version": stored.version,
            "run": run,
            "document": _without_defaults(document),
        }
    )
    make_folder(folder)
    remove_temporary(folder)
    ready: list[tuple[Path, Path]] = []
    try:
        for name, text in (*texts.items(), (DOCUMENT_FILE, data)):
            ready.append((_write_temporary(folder / name, text), folder / name))
        # From here to the last rename the old document.json would not fit its texts.
        (folder / DOCUMENT_FILE).unlink(missing_ok=True)
        for temporary, final in ready:
            temporary.replace(final)
        for name in (ERROR_FILE, SCORE_FILE):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        _remove(temporary for temporary, _ in ready)


def save_error(
    folder: Path, document_id: str, *, run: RunInfo, problems: tuple[Problem, ...]
) -> None:
    """Write ``error.json`` and move an earlier result into ``previous/``.

    So a result of an older input or older settings never looks current, and is not lost.

    Raises:
        OutputError: the folder or a file cannot be written.

    """
    make_folder(folder)
    remove_temporary(folder)
    try:
        _set_aside(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    stored = StoredError(run=run, document_id=document_id, problems=problems)
    write_atomic(folder / ERROR_FILE, to_json(stored))


def load_document(path: Path) -> Document:
    """The document stored in ``path``, a ``document.json`` or the folder that holds one.

    Raises:
        ResultError: it is missing, damaged, or of another schema or version.

    """
    return load_stored(path).document


def load_run(path: Path) -> RunInfo:
    """What made the result stored in ``path``; as :func:`load_document`."""
    return load_stored(path).run


def load_stored(path: Path) -> StoredDocument:
    """Document and run of ``path``, a ``document.json`` or the folder that holds one.

    Raises:
        ResultError: it is missing, damaged, or of another schema or version.

    """
    return _load(path / DOCUMENT_FILE if path.is_dir() else path, StoredDocument)


def result_folders(out: Path) -> Iterator[Path]:
    """Every folder in ``out``, at any depth and itself too, that holds a result or its failure.

    Sorted by path. What an earlier run left in ``previous/`` is no result.
    """
    for folder, below, files in os.walk(out):
        below[:] = sorted(name for name in below if name != PREVIOUS)
        if DOCUMENT_FILE in files or ERROR_FILE in files:
            yield Path(folder)


def is_failure(folder: Path) -> bool:
    """Whether the result in ``folder`` is a failure."""
    return not (folder / DOCUMENT_FILE).is_file()


def load_error(path: Path) -> StoredError:
    """The failure stored in ``path``, an ``error.json`` or the folder that holds one.

    Raises:
        ResultError: it is missing, damaged, or of another schema or version.

    """
    return _load(path / ERROR_FILE if path.is_dir() else path, StoredError)


def document_schema() -> str:
    """The JSON Schema (2020-12) of ``document.json``, as kept in ``docs/document.schema.json``."""
    schema = msgspec.json.schema(StoredDocument)
    # Both have a default in the class alone; a file without them is refused.
    schema["$defs"]["StoredDocument"]["required"] += ["schema", "version"]
    return to_json({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def to_json(value: object, indent: int | None = 1) -> str:
    """``value`` (dataclasses, Structs, tuples, ...) as JSON with a last line feed.

    Where it is indented, an object of plain values (a box, say) stands on one line.

    Raises:
        ValueError: a number in it is not finite.

    """
    plain = msgspec.to_builtins(value)
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=indent)
    # No string holds a line feed in JSON, so whatever is taken together here stays the same.
    text = _INNERMOST.sub(_on_one_line, text)
    return _SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", text) + "\n"


def _on_one_line(found: re.Match[str]) -> str:
    parts = (part.lstrip(" ") for part in found[0][1:-1].strip().split("\n"))
    return "{" + " ".join(parts) + "}"


def _without_defaults(value: object) -> Any:
    """``value`` (of the model) as dicts and lists; a field that has its default is left out."""
    if is_dataclass(value) and not isinstance(value, type):
        given = ((field, getattr(value, field.name)) for field in fields(value))
        return {
            field.name: _without_defaults(item) for field, item in given if item != field.default
        }
    return [_without_defaults(item) for item in value] if isinstance(value, tuple) else value


def files_digest(folder: Path, paths: Iterable[Path]) -> str:
    """A digest (16 hex digits) of the names, within ``folder``, and the contents of ``paths``."""
    digest = hashlib.sha256()
    for path in paths:
        name = path.relative_to(folder).as_posix()
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def csv_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as spreadsheets take it: comma-separated, with a byte order mark.

    The mark makes them read UTF-8. A text that they would take for a formula gets an
    apostrophe in front. An unknown value (``None``) is an empty cell.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return "\ufeff" + stream.getvalue()


def write_atomic(path: Path, data: str | bytes) -> None:
    """Write ``path`` whole or not at all; an older file stands until the new one is complete.

    Text is UTF-8; an unpaired surrogate becomes U+FFFD.

    Raises:
        OutputError: it cannot be written.

    """
    temporary: Path | None = None
    try:
        temporary = _write_temporary(path, data)
        temporary.replace(path)
        temporary = None
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        _remove([temporary] if temporary else [])


def make_folder(folder: Path) -> None:
    """Make ``folder`` and those above it, where they are missing.

    Raises:
        OutputError: it cannot be made, or a file stands in its place.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(folder, "is a file; a folder is needed here") from None
    except OSError as error:
        raise _unwritable(folder, error) from error


def remove_temporary(folder: Path) -> None:
    """Remove what a killed run left half written in ``folder``; silent where it cannot."""
    with suppress(OSError):
        _remove(folder.glob(_TEMPORARY))


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6f}"
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return "'" + value
    return value


def _write_temporary(path: Path, data: str | bytes) -> Path:
    if isinstance(data, str):
        data = _SURROGATE.sub("\ufffd", data).encode()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".depesha-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        # mkstemp makes files private; results are as readable as any other file.
        Path(name).chmod(0o666 & ~_umask())
    except BaseException:
        _remove([Path(name)])
        raise
    return Path(name)


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _set_aside(folder: Path) -> None:
    current = folder / DOCUMENT_FILE
    if not current.is_file():
        return
    previous = folder / PREVIOUS
    previous.mkdir(exist_ok=True)
    # document.json goes first: without it the texts no longer pass for a result.
    current.replace(previous / DOCUMENT_FILE)
    for path in (*folder.glob("*.txt"), *folder.glob(SCORE_FILE)):
        path.replace(previous / path.name)


def _load(path: Path, kind: type[_Envelope]) -> _Envelope:
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise ResultError(path, f"cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise ResultError(path, f"is damaged, not JSON: {error}") from error
    _check_envelope(path, data, "depesha/error" if kind is StoredError else "depesha/document")
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise ResultError(path, f"is damaged: {error}") from error


def _check_envelope(path: Path, data: object, wanted: str) -> None:
    found = data.get("schema") if isinstance(data, dict) else None
    if found != wanted:
        raise ResultError(path, f"is not a {wanted} file but {found or 'something else'}")
    version = data.get("version") if isinstance(data, dict) else None
    if version != VERSION:
        raise ResultError(
            path, f"is of version {version}; this Depesha reads version {VERSION}. Run again"
        )


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(path, f"cannot be written: {error.strerror or error}")
