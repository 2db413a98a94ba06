"""A process that does one job after another for the one that started it, and can be killed.

Started by :class:`pipeline.executors.children.Child` as ``python -m pipeline.executors FD``.
Over the connection ``FD`` come the preparation, the function, and jobs; answers go back.
"""

from __future__ import annotations

import ctypes
import multiprocessing.spawn
import os
import re
import resource
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

_OUT_OF_MEMORY = re.compile(
    r"bad_?alloc|insufficient memory|failed to allocate|cannot allocate|out ?of ?memory", re.I
)
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a job: its value, or the error it raised, or that memory ran out.

    ``peak``: the most memory in use at a time, bytes.
    """

    value: Any = None
    error: BaseException | None = None
    out_of_memory: bool = False
    peak: int = 0


def main(descriptor: int) -> None:
    """Work until the other end closes the connection."""
    _die_with_parent()
    connection = Connection(descriptor)
    preparation, memory = connection.recv()
    if preparation is not None:
        multiprocessing.spawn.prepare(preparation)
    function = connection.recv()
    _limit_memory(memory)
    connection.send(None)  # ready: from here on the clock runs
    while True:
        try:
            job = connection.recv()
        except (EOFError, ConnectionResetError):
            return
        answer = _do(function, job)
        try:
            connection.send(answer)
        except (BrokenPipeError, ConnectionResetError):
            return
        except Exception:  # a value or an error that cannot be pickled
            said = RuntimeError(f"{type(answer.error).__name__}: {answer.error}")
            connection.send(Answer(error=said, peak=answer.peak))


def _do(function: Any, job: Any) -> Answer:
    _forget_peak()
    try:
        value = function(job)
    except MemoryError:
        return Answer(out_of_memory=True, peak=peak_memory())
    except Exception as error:
        if _OUT_OF_MEMORY.search(str(error)):
            return Answer(out_of_memory=True, peak=peak_memory())
        return Answer(error=error, peak=peak_memory())
    return Answer(value=value, peak=peak_memory())


def peak_memory() -> int:
    """The most memory, in bytes, that this process had in use since :func:`_forget_peak`."""
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _forget_peak() -> None:
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _limit_memory(limit: int) -> None:
    # Linux counts in RLIMIT_DATA what a process may write to; RLIMIT_AS also what libraries map.
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    if limit:
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, resource.getrlimit(kind)[1]))


def _die_with_parent() -> None:
    """End when the parent is gone: a killed run must not leave anybody behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to handle
    parent = os.getppid()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)

    def watch() -> None:
        while os.getppid() == parent:
            threading.Event().wait(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
