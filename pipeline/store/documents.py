"""A document's result and its failure: what is stored, and reading it back."""

from __future__ import annotations

import json
import lzma
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from inspect import cleandoc
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import msgspec

from pipeline.errors import ResultError
from pipeline.model import Document, Page, Problem, Status
from pipeline.store.plain import to_json, without_defaults

VERSION: Final = 3
"""Of stored documents and failures."""

DOCUMENT_FILE = "document.json.xz"
ERROR_FILE = "error.json"
VOLUME_FILE = "volume.json"
"""In the folder of a volume whose parts, in folders below it, are documents of their own."""

SCORE_FILE = "score.json"
"""What :mod:`pipeline.evaluate` found of a document: it belongs to the document beside it."""

PREVIOUS = "previous"
"""Folder inside a document's folder: what an earlier run made, where the newest failed."""

REPORT = "report"
"""Folder inside the output folder that holds no results but the report of them."""

EXPORT_RECORD = "exports.jsonl"
"""File in a folder of exports, which repeat results and are none themselves."""

_OUR_PREFIX = ".depesha"
_EFFORT = 2
"""Of the compressor: a fifth larger than with the usual 6, in a sixth of the time, which is a
quarter of what making a document anew takes."""

_LARGEST = 4_000_000_000
"""Bytes that a stored document may unfold to: more is no result of ours."""

_Envelope = TypeVar("_Envelope", bound="StoredFile | StoredError | StoredVolume")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """What made a result.

    ``fingerprint`` is a SHA-256 (hex) over everything that decides the result; where it
    is equal, running again would change nothing. ``reading`` is the same of what decides how the
    pages were read. ``source`` is the input's path as the
    user gave it, ``source_key`` the SHA-256 of its absolute path (which itself is not
    stored), ``input_sha256`` the hash of its bytes, empty where it could not be read.
    ``settings`` and ``versions`` are sorted pairs; a setting's value is JSON. ``seconds``
    is the time the document took, without waiting. ``part_of``: the id of the volume that the
    document is a part of, empty where it is all of its input.
    """

    fingerprint: str
    source: str
    source_key: str
    input_sha256: str
    status: Status
    seconds: float
    settings: tuple[tuple[str, str], ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    reading: str = ""
    part_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A stored document.

    ``read`` are its pages as they were read, before anything was cut or judged; a page that
    failed is not among them. ``texts``: file names and digests of the texts written with it.
    """

    run: RunInfo
    document: Document
    read: tuple[Page, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """A page of a stored document, and the page as it was read that it was made of.

    Of two that one scan holds (facing sheets) the first has it; ``read`` is empty where it is not
    stored.
    """

    page: Page
    read: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """The contents of ``document.json.xz``: the document without its pages, and these.

    Both forms of a page stand side by side, for so they are compressed to hardly more than one.
    """

    schema: Literal["depesha/document"] = "depesha/document"
    version: Literal[3] = 3
    run: RunInfo
    document: Document
    pages: tuple[StoredPage, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredError:
    """The contents of ``error.json``: why a document failed."""

    schema: Literal["depesha/error"] = "depesha/error"
    version: Literal[3] = 3
    run: RunInfo
    document_id: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVolume:
    """The contents of ``volume.json``: into which parts a document was split.

    ``parts`` are the names of their folders below this one; ``pages`` the numbers of all that
    were read, which are stored with the parts; ``problems`` those of the whole.
    """

    schema: Literal["depesha/volume"] = "depesha/volume"
    version: Literal[1] = 1
    run: RunInfo
    document_id: str
    parts: tuple[str, ...]
    pages: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()


def load_document(path: Path) -> Document:
    """The document stored in ``path``, a ``document.json.xz`` or the folder that holds one.

    Raises:
        ResultError: it is missing, damaged, or of another schema or version.

    """
    return load_stored(path).document


def load_run(path: Path) -> RunInfo:
    """What made the result stored in ``path``; as :func:`load_document`."""
    return load_stored(path).run


def load_stored(path: Path) -> StoredDocument:
    """Document, run and readings of ``path``, a ``document.json.xz`` or the folder that holds one.

    Raises:
        ResultError: it is missing, damaged, or of another schema or version.

    """
    path = path / DOCUMENT_FILE if path.is_dir() else path
    found = load_as(path, unpack(path), StoredFile)
    return StoredDocument(
        run=found.run,
        document=replace(found.document, pages=tuple(x.page for x in found.pages)),
        read=tuple(sorted((x for page in found.pages for x in page.read), key=_by_number)),
        texts=found.texts,
    )


def load_error(path: Path) -> StoredError:
    """The failure stored in ``path``, an ``error.json`` or the folder that holds one.

    Raises:
        ResultError: it is missing, damaged, or of another schema or version.

    """
    path = path / ERROR_FILE if path.is_dir() else path
    return load_as(path, _read(path), StoredError)


def load_volume(folder: Path) -> StoredVolume:
    """The parts of the volume in ``folder``.

    Raises:
        ResultError: there is none, or it is damaged.

    """
    path = folder / VOLUME_FILE
    return load_as(path, _read(path), StoredVolume)


def result_folders(out: Path) -> Iterator[Path]:
    """Every folder in ``out``, at any depth and itself too, that holds a result or its failure.

    Sorted by path. Not among them are the report, what an earlier run left in ``previous/``, and
    the folders that Depesha works in.
    """
    for folder, below, files in os.walk(out):
        here = Path(folder)
        below[:] = sorted(
            name
            for name in below
            if name != PREVIOUS
            and not name.startswith(_OUR_PREFIX)
            and not (name == REPORT and here == out)
        )
        if DOCUMENT_FILE in files or ERROR_FILE in files:
            yield here


def is_result(path: Path) -> bool:
    """Whether ``path`` is a stored document, or a folder that holds one or its failure."""
    if path.is_dir():
        return any((path / name).is_file() for name in (DOCUMENT_FILE, ERROR_FILE))
    return path.name == DOCUMENT_FILE


def is_failure(folder: Path) -> bool:
    """Whether the result in ``folder`` is a failure."""
    return not (folder / DOCUMENT_FILE).is_file()


def document_schema() -> str:
    """The JSON Schema (2020-12) of a stored document, kept in ``docs/document.schema.json``."""
    schema = msgspec.json.schema(StoredFile)
    # Both have a default in the class alone; a file without them is refused.
    schema["$defs"]["StoredFile"]["required"] += ["schema", "version"]
    for what in schema["$defs"].values():
        # Docstrings keep their indent up to Python 3.12.
        what["description"] = cleandoc(what.get("description", ""))
    return to_json({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def document_json(stored: StoredDocument, *, indent: int | None = None, read: bool = True) -> str:
    """The JSON of a stored document; without ``read`` its pages as they were read are left out.

    Raises:
        ValueError: a number in it is not finite.

    """
    document = stored.document
    waiting = list(stored.read) if read else []
    pages: list[dict[str, Any]] = []
    for number, page in enumerate(document.pages, start=1):
        last = number == len(document.pages)
        made_of = [x for x in waiting if last or (x.scan.path, x.scan.page) == _scan_of(page)]
        waiting = [x for x in waiting if x not in made_of] if made_of else waiting
        as_read = {"read": [without_defaults(x) for x in made_of]} if made_of else {}
        pages.append({"page": without_defaults(page), **as_read})
    data = {
        "schema": "depesha/document",
        "version": VERSION,
        "run": stored.run,
        "document": without_defaults(replace(document, pages=())),
        "pages": pages,
        "texts": stored.texts,
    }
    return to_json(data, indent=indent)


def _by_number(page: Page) -> int:
    return page.number


def _scan_of(page: Page) -> tuple[str, int]:
    return page.scan.path, page.scan.page


def pack(text: str) -> bytes:
    """``text`` compressed, with a checksum."""
    return lzma.compress(text.encode(), check=lzma.CHECK_CRC64, preset=_EFFORT)


def unpack(path: Path) -> bytes:
    """What :func:`pack` made and ``path`` holds.

    Raises:
        ResultError: it cannot be read or is damaged.

    """
    data = _read(path)
    try:
        decompressor = lzma.LZMADecompressor()
        text = decompressor.decompress(data, max_length=_LARGEST)
    except (lzma.LZMAError, MemoryError) as error:
        raise ResultError(path, f"is damaged: {error}") from error
    if not decompressor.eof or decompressor.unused_data:
        raise ResultError(path, "is damaged: its compressed data do not end where they should")
    return text


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ResultError(path, f"cannot be read: {error.strerror or error}") from error


def load_as(path: Path, text: bytes, kind: type[_Envelope]) -> _Envelope:
    """``text``, the JSON in the file ``path``, as ``kind``.

    Raises:
        ResultError: it is damaged, or of another schema or version.

    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ResultError(path, f"is damaged, not JSON: {error}") from error
    wanted: dict[Any, tuple[str, int]] = {
        StoredError: ("depesha/error", VERSION),
        StoredVolume: ("depesha/volume", 1),
    }
    _check_envelope(path, data, *wanted.get(kind, ("depesha/document", VERSION)))
    try:
        return msgspec.convert(data, kind)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        # A value that the model refuses (an edit beyond its text) is no ValidationError always.
        raise ResultError(path, f"is damaged: {error}") from error


def _check_envelope(path: Path, data: object, wanted: str, known: int) -> None:
    found = data.get("schema") if isinstance(data, dict) else None
    if found != wanted:
        raise ResultError(path, f"is not a {wanted} file but {found or 'something else'}")
    version: Any = data.get("version") if isinstance(data, dict) else None
    if version != known:
        raise ResultError(
            path, f"is of version {version}; this Depesha reads version {known}. Run again"
        )
