"""One run at a time coordinates in an output folder."""

from __future__ import annotations

import fcntl
import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import InUseError
from pipeline.store import make_folder, unwritable

WORK = ".depesha"
"""Folder in the output folder that Depesha works in: the lock, pages of unfinished documents."""

SHARE, HELLO = "share", "hello.json"
"""Folder in :data:`WORK` where runs that share their work meet; what those that help say there."""

_LOCK = "lock"


@contextmanager
def locked(out: Path, *, share: bool = False) -> Iterator[None]:
    """Hold the output folder ``out``; let go of it however the process ends.

    ``share``: other runs may help (:mod:`pipeline.batch.share`).

    Raises:
        InUseError: another run holds it; says which.
        OutputError: the lock cannot be written.

    """
    make_folder(out / WORK)
    path = out / WORK / _LOCK
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InUseError(out, f"is in use by another run ({holder(out)})") from None
        who = {"host": platform.node(), "pid": os.getpid(), "since": time.time(), "share": share}
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(who).encode(), 0)
        yield
    finally:
        os.close(handle)


def holder(out: Path) -> str:
    """Who wrote the lock of ``out``, in words."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        who = json.loads((out / WORK / _LOCK).read_bytes())
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(who["since"]))
        return f"process {who['pid']} on {who['host']}, since {since}"
    return "unknown"


def shares(out: Path) -> bool:
    """Whether the run that wrote the lock of ``out`` shares its work."""
    with suppress(OSError, ValueError, AttributeError):
        return bool(json.loads((out / WORK / _LOCK).read_bytes()).get("share"))
    return False


def is_held(out: Path) -> bool:
    """Whether a run holds ``out`` now."""
    try:
        handle = os.open(out / WORK / _LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def helpers(out: Path) -> int:
    """How many runs help the one that holds ``out``."""
    return sum(1 for _ in (out / WORK / SHARE).glob(f"*/{HELLO}"))
