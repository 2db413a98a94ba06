"""Files that are whole or not there, whatever happens while they are written."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from pipeline.errors import OutputError

SURROGATE = re.compile("[\ud800-\udfff]")
_TEMPORARY = ".depesha-*.tmp"
_NO_ROOM = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE, errno.ENODEV)
)
"""What goes wrong with a disk as a whole, not with one file."""


def files_digest(folder: Path, paths: Iterable[Path]) -> str:
    """A digest (16 hex digits) of the names, within ``folder``, and the contents of ``paths``."""
    digest = hashlib.sha256()
    for path in paths:
        name = path.relative_to(folder).as_posix()
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def write_atomic(path: Path, data: str | bytes) -> None:
    """Write ``path`` whole or not at all; an older file stands until the new one is complete.

    Text is UTF-8; an unpaired surrogate becomes U+FFFD.

    Raises:
        OutputError: it cannot be written.

    """
    write_together(path.parent, {path.name: data})


def write_together(
    folder: Path,
    files: Mapping[str, str | bytes],
    *,
    last: str = "",
    aside: str = "",
    durable: bool = False,
) -> None:
    """Write ``files`` (name: contents) into ``folder``: none of them half, ``last`` last.

    Where ``last`` stands the others are complete and belong to it: an older one is moved to
    ``aside`` before any of them is replaced, and removed in the end. ``durable``: all are on the
    disk, power cut or not, when this returns.

    Raises:
        OutputError: one cannot be written.

    """
    ready: list[tuple[Path, Path]] = []
    try:
        for name, data in files.items():
            ready.append((_write_temporary(folder / name, data, durable=durable), folder / name))
        if last and (folder / last).exists():
            (folder / last).replace(folder / aside)
        for temporary, final in sorted(ready, key=lambda pair: pair[1].name == last):
            temporary.replace(final)
        if durable:
            sync_folder(folder)
        if aside:
            (folder / aside).unlink(missing_ok=True)
    except OSError as error:
        named = folder / next(iter(files)) if len(files) == 1 else folder
        raise unwritable(named, error) from error
    finally:
        remove(temporary for temporary, _ in ready)


def make_folder(folder: Path, *, durable: bool = False) -> None:
    """Make ``folder`` and those above it, where they are missing.

    ``durable``: they are on the disk, power cut or not, when this returns.

    Raises:
        OutputError: it cannot be made, or a file stands in its place.

    """
    made = _missing(folder) if durable else []
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(folder, "is a file; a folder is needed here") from None
    except OSError as error:
        raise unwritable(folder, error) from error
    for one in made:
        sync_folder(one.parent)


def _missing(folder: Path) -> list[Path]:
    found: list[Path] = []
    while not folder.exists() and folder != folder.parent:
        found.append(folder)
        folder = folder.parent
    return found


def remove_temporary(folder: Path) -> None:
    """Remove what a killed run left half written in ``folder``; silent where it cannot."""
    with suppress(OSError):
        remove(folder.glob(_TEMPORARY))


def remove(paths: Iterable[Path]) -> None:
    """Remove files; silent where they are gone or cannot be removed."""
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Have the disk hold the names in ``folder``, too; not every file system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def unwritable(path: Path, error: OSError) -> OutputError:
    """``error`` as ours; ``of_the_disk`` where not one file but the disk is at fault."""
    fault = OutputError(path, f"cannot be written: {error.strerror or error}")
    fault.of_the_disk = error.errno in _NO_ROOM
    return fault


def text_bytes(text: str) -> bytes:
    """``text`` in UTF-8; an unpaired surrogate becomes U+FFFD."""
    return SURROGATE.sub("\ufffd", text).encode()


def _write_temporary(path: Path, data: str | bytes, *, durable: bool) -> Path:
    if isinstance(data, str):
        data = text_bytes(data)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".depesha-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        # mkstemp makes files private; results are as readable as any other file.
        Path(name).chmod(0o666 & ~_umask())
    except BaseException:
        remove([Path(name)])
        raise
    return Path(name)


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current
