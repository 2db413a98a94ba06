"""Storing a document's result or its failure, so that neither a kill nor a person loses by it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from pipeline.errors import OutputError, ResultError
from pipeline.model import Document, Page, Problem
from pipeline.store.documents import (
    DOCUMENT_FILE,
    ERROR_FILE,
    PREVIOUS,
    SCORE_FILE,
    VOLUME_FILE,
    RunInfo,
    StoredDocument,
    StoredError,
    StoredFile,
    StoredVolume,
    document_json,
    load_as,
    pack,
    unpack,
)
from pipeline.store.files import (
    make_folder,
    remove,
    remove_temporary,
    sync_folder,
    text_bytes,
    unwritable,
    write_together,
)
from pipeline.store.plain import to_json

_REPLACED = ".depesha-replaced"
"""The stored document while its texts are being replaced: it knows which were ours."""

_EDITED = ".depesha-texts.json"
"""Digests of texts that were written later, with an editor's decisions: these are ours too."""


def save_document(
    folder: Path,
    document: Document,
    *,
    run: RunInfo,
    texts: Mapping[str, str],
    read: Sequence[Page] = (),
) -> tuple[str, ...]:
    """Write ``texts`` (file name: contents) and the stored document into ``folder``.

    Everything is first written under temporary names; the stored document takes its place
    last, and all of it is on the disk when this returns. Temporary files that a killed run left
    in the folder are removed. A text that a person changed since it was written is kept under
    another name.

    Returns:
        The names of texts that were kept so.

    Raises:
        OutputError: the folder or a file cannot be written.
        ValueError: a number in the document is not finite (JSON has none such).

    """
    encoded = {name: text_bytes(text) for name, text in texts.items()}
    stored = StoredDocument(
        run=run,
        document=document,
        read=tuple(read),
        texts=tuple((name, _digest(data)) for name, data in encoded.items()),
    )
    data = pack(document_json(stored))
    make_folder(folder, durable=True)
    remove_temporary(folder)
    kept = _keep_changed(folder, encoded)
    # While they are renamed the old document would not fit its texts.
    write_together(
        folder,
        {**encoded, DOCUMENT_FILE: data},
        last=DOCUMENT_FILE,
        aside=_REPLACED,
        durable=True,
    )
    remove(folder / name for name in (ERROR_FILE, SCORE_FILE))
    return kept


def save_error(
    folder: Path, document_id: str, *, run: RunInfo, problems: tuple[Problem, ...]
) -> None:
    """Write ``error.json`` and move an earlier result into ``previous/``.

    So a result of an older input or older settings never looks current, and is not lost.

    Raises:
        OutputError: the folder or a file cannot be written.

    """
    make_folder(folder, durable=True)
    remove_temporary(folder)
    set_aside(folder)
    stored = StoredError(run=run, document_id=document_id, problems=problems)
    write_together(folder, {ERROR_FILE: to_json(stored)}, durable=True)


def save_volume(folder: Path, volume: StoredVolume) -> None:
    """Write ``volume.json`` into ``folder``; its parts stand, whole and on the disk, by then.

    Raises:
        OutputError: it cannot be written.

    """
    make_folder(folder, durable=True)
    write_together(folder, {VOLUME_FILE: to_json(volume)}, durable=True)
    remove([folder / ERROR_FILE])


def write_texts(folder: Path, texts: Mapping[str, str], *, aside: Collection[str] = ()) -> None:
    """Write ``texts`` (file name: contents) beside the stored document in ``folder``.

    A text that a person changed is left as it stands; one whose name is in ``aside`` (what was
    changed in it has been taken over) is kept under another name, and written.

    Raises:
        OutputError: a file cannot be written.

    """
    changed = set(changed_texts(folder, texts)) - set(aside)
    encoded = {
        name: text_bytes(text)
        for name, text in texts.items()
        if name not in changed and not _holds(folder / name, text_bytes(text))
    }
    if not encoded:
        return
    _keep_changed(folder, encoded)
    known = {name: [*digests] for name, digests in _edited_digests(folder).items()}
    for name, data in encoded.items():
        # A kill between the two writes: the text of before and that of after are both ours.
        known[name] = [*known.get(name, [])[-1:], _digest(data)]
    write_together(folder, {_EDITED: to_json(known)}, durable=True)
    write_together(folder, encoded)


def _holds(path: Path, data: bytes) -> bool:
    with suppress(OSError):
        return path.read_bytes() == data
    return False


def changed_texts(folder: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the text files ``names`` in ``folder`` that a person changed since."""
    there = [name for name in names if (folder / name).is_file()]
    ours = _known_digests(folder) if there else {}
    found = []
    for name in there:
        with suppress(OSError):
            if _digest((folder / name).read_bytes()) not in ours.get(name, ()):
                found.append(name)
    return tuple(found)


def last_written(folder: Path, name: str) -> str:
    """The digest of the text ``name`` as Depesha last wrote it into ``folder``; empty if never."""
    edited = _edited_digests(folder).get(name)
    if edited:
        return edited[-1]
    return next(iter(sorted(_known_digests(folder).get(name, ()))), "")


def text_digest(text: str) -> str:
    """The digest by which a text file of these contents is known again."""
    return _digest(text_bytes(text))


def stands(folder: Path, name: str, digest: str) -> bool:
    """Whether the file ``name`` in ``folder`` is still the text of that digest."""
    with suppress(OSError):
        return _digest((folder / name).read_bytes()) == digest
    return False


def _edited_digests(folder: Path) -> dict[str, list[str]]:
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((folder / _EDITED).read_bytes(), type=dict[str, list[str]])
    return {}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _keep_changed(folder: Path, texts: Mapping[str, bytes]) -> tuple[str, ...]:
    """Give the texts that a person changed another name; the new names."""
    found: dict[str, bytes] = {}
    for name, new in texts.items():
        with suppress(OSError):
            data = (folder / name).read_bytes()
            if data != new:
                found[name] = data
    if not found:
        return ()
    ours = _known_digests(folder)
    kept: list[str] = []
    for name, data in found.items():
        if _digest(data) in ours.get(name, ()):
            continue
        other = _free_name(folder, name)
        try:
            (folder / name).replace(folder / other)
        except OSError as error:
            raise unwritable(folder / other, error) from error
        kept.append(other)
    return tuple(kept)


def remove_texts(folder: Path) -> tuple[Path, ...]:
    """Remove the texts in ``folder`` that Depesha wrote; those that a person changed stay."""
    kept: list[Path] = []
    for name, digests in _known_digests(folder).items():
        path = folder / name
        with suppress(OSError):
            if _digest(path.read_bytes()) in digests:
                path.unlink()
            else:
                kept.append(path)
    if not kept:
        remove([folder / _EDITED])
    return tuple(kept)


def _known_digests(folder: Path) -> dict[str, set[str]]:
    """By file name, the digests of the texts that Depesha wrote into ``folder``."""
    known: dict[str, set[str]] = {}
    for name in (DOCUMENT_FILE, _REPLACED):
        with suppress(ResultError):
            path = folder / name
            for text, digest in load_as(path, unpack(path), StoredFile).texts:
                known.setdefault(text, set()).add(digest)
    for text, digests in _edited_digests(folder).items():
        known.setdefault(text, set()).update(digests)
    return known


def _free_name(folder: Path, name: str) -> str:
    stem, _, ending = name.rpartition(".")
    for number in range(1, 10_000):
        mark = "changed" if number == 1 else f"changed-{number}"
        other = f"{stem}.{mark}.{ending}"
        if not (folder / other).exists():
            return other
    raise OutputError(folder / name, "was changed by a person, and no name is left to keep it by")


def set_aside(folder: Path) -> None:
    """Move the result in ``folder``, if there is one, into its ``previous/``.

    Raises:
        OutputError: a file cannot be moved.

    """
    try:
        _set_aside(folder)
    except OSError as error:
        raise unwritable(folder, error) from error


def _set_aside(folder: Path) -> None:
    current = next((folder / x for x in (DOCUMENT_FILE, _REPLACED) if (folder / x).is_file()), None)
    if current is None:
        return
    texts = [name for name in _known_digests(folder) if (folder / name).is_file()]
    _keep_changed(folder, dict.fromkeys(texts, b""))
    previous = folder / PREVIOUS
    previous.mkdir(exist_ok=True)
    # The document goes first: without it the texts no longer pass for a result.
    current.replace(previous / DOCUMENT_FILE)
    for name in (*texts, SCORE_FILE):
        if (folder / name).exists():
            (folder / name).replace(previous / name)
    sync_folder(folder)
