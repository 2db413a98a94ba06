"""Child processes that work under a deadline and a memory limit, and are killed where they must.

A library that hangs does not look at flags and may be deaf to SIGTERM; a page that eats memory
takes the machine with it. So the work is done in a process that another one watches. A child
does one job at a time: whoever's job it was when it died is at fault, and nobody else.
"""

from __future__ import annotations

import multiprocessing.spawn
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Any, Generic, TypeVar

from pipeline.executors.child import Answer

Job = TypeVar("Job")
Result = TypeVar("Result")

_LOOK = 0.5
"""Seconds between looks at how much memory children have."""

_START = 300.0
"""Seconds a new process may take before it looks at its first job."""

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Generic[Result]):
    """One finished job: its index, counted from 0, and its value or the error it raised.

    ``lost``: neither, for its process was killed or died; why, in words. ``peak``: the most
    memory its process had, in bytes; ``limit``: which limit it was over, if any.
    """

    index: int
    value: Result | None = None
    error: BaseException | None = None
    lost: str = ""
    limit: str = ""
    peak: int = field(default=0, compare=False)


class Child:
    """One process that works on ``function``; ``memory``: bytes it may have, 0 for any number."""

    def __init__(self, function: Callable[[Any], Any], memory: int) -> None:
        ours, theirs = Pipe()
        self._memory = memory
        self._process = subprocess.Popen(  # noqa: S603 - this very Python
            [sys.executable, "-m", "pipeline.executors", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,  # a group of its own, to be killed with all it started
        )
        theirs.close()
        self.connection: Connection = ours
        self.index: int | None = None
        self._ready = False
        self._deadline = float("inf")
        self._seconds = 0.0
        self._looked = 0.0
        # Functions of a script need the script; others are imported.
        module = getattr(getattr(function, "func", function), "__module__", "")
        of_script = module == "__main__"
        preparation = multiprocessing.spawn.get_preparation_data("depesha") if of_script else None
        with suppress(OSError):
            ours.send((preparation, memory))
            ours.send(function)

    def give(self, index: int, job: Any, seconds: float) -> None:
        """Give it ``job``; ``seconds``: how long it may take, 0 for any time."""
        self.index = index
        self._seconds = seconds
        # A new process on a busy machine takes its time before it looks at its first job.
        self._deadline = time.monotonic() + (self._allowed if self._ready else _START)
        with suppress(OSError):  # a child that is dead is found so when it is asked
            self.connection.send(job)

    @property
    def _allowed(self) -> float:
        return self._seconds or float("inf")

    def take(self) -> Finished[Any] | None:
        """What it answered; ``None`` where it only said that it is there.

        A child that lost its job is of no use any more.
        """
        index = -1 if self.index is None else self.index
        try:
            answer: Answer | None = self.connection.recv()
            if answer is None:
                self._ready = True
                self._deadline = time.monotonic() + self._allowed
                return None
            self.index = None
        except (EOFError, OSError):
            return Finished(index=index, lost=self._how_it_died())
        except Exception as error:  # its answer was made so that it cannot be unpacked
            return Finished(index=index, error=error)
        if answer.out_of_memory:
            return self._over_memory(index, answer.peak)
        return Finished(index=index, value=answer.value, error=answer.error, peak=answer.peak)

    def look(self) -> Finished[Any] | None:
        """Kill it where it is over a limit; what became of its job then."""
        now = time.monotonic()
        if self.index is None:
            return None
        if now > self._deadline:
            return Finished(
                index=self.index, lost=f"took over {self._seconds:g} seconds", limit="seconds"
            )
        if self._memory and now - self._looked > _LOOK:
            self._looked = now
            used = _resident(self._process.pid)
            if used > self._memory:
                return self._over_memory(self.index, used)
        return None

    def kill(self) -> None:
        """End it at once, with all that it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.connection.close()

    def close(self) -> None:
        """Let an idle child go."""
        self.connection.close()
        try:
            self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            self.kill()

    def _over_memory(self, index: int, peak: int) -> Finished[Any]:
        said = f"needs more than {self._memory >> 20} MB of memory"
        return Finished(index=index, lost=said, limit="memory", peak=peak)

    def _how_it_died(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2.0)
        code = self._process.returncode
        if code is None:
            return "closed its connection"
        if code >= 0:
            return f"ended by itself with exit code {code}"
        if -code == signal.SIGKILL:
            return "was killed: out of memory, mostly"
        with suppress(ValueError):
            return f"crashed in a library ({signal.Signals(-code).name}; out of memory, perhaps)"
        return f"crashed in a library (signal {-code})"


class Crew(Generic[Job, Result]):
    """``workers`` children for jobs that come one by one; use it in a ``with`` statement.

    ``function`` and jobs must be picklable. ``broken``: why there are no more workers, if so.
    """

    broken = ""

    def __init__(self, function: Callable[[Job], Result], workers: int, *, memory: int = 0) -> None:
        self._function = function
        self._memory = memory
        self.workers = workers
        self._idle: list[Child] = []
        self._busy: list[Child] = []

    def __enter__(self) -> Crew[Job, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def free(self) -> int:
        """How many jobs may be submitted now."""
        return self.workers - len(self._busy)

    @property
    def busy(self) -> int:
        """How many jobs are under way."""
        return len(self._busy)

    def submit(self, index: int, job: Job, *, seconds: float = 0.0) -> None:
        """Start ``job``; ``seconds``: how long it may take, 0 for any time."""
        child = self._idle.pop() if self._idle else self._new()
        child.give(index, job, seconds)
        self._busy.append(child)

    def wait(self, timeout: float) -> list[Finished[Result]]:
        """The jobs that ended, after ``timeout`` seconds at most."""
        found: list[Finished[Result]] = []
        ready = wait([child.connection for child in self._busy], timeout=timeout)
        for child in list(self._busy):
            ended = child.take() if child.connection in ready else None
            ended = ended or child.look()
            if ended is None:
                continue
            self._busy.remove(child)
            if ended.lost:
                child.kill()
            else:
                self._idle.append(child)
            found.append(ended)
        return found

    def close(self) -> None:
        """Kill who is busy, let the others go."""
        for child in self._busy:
            child.kill()
        for child in self._idle:
            child.close()
        self._busy, self._idle = [], []

    def _new(self) -> Child:
        return Child(self._function, self._memory)


class Inline(Generic[Job, Result]):
    """The same in this process, without limits: for short jobs, and for tests."""

    workers = 1
    broken = ""

    def __init__(self, function: Callable[[Job], Result]) -> None:
        self._function = function
        self._ended: list[Finished[Result]] = []

    def __enter__(self) -> Inline[Job, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def free(self) -> int:
        """One job at a time."""
        return 0 if self._ended else 1

    @property
    def busy(self) -> int:
        """Jobs whose answer was not fetched."""
        return len(self._ended)

    def submit(self, index: int, job: Job, *, seconds: float = 0.0) -> None:
        """Do ``job``."""
        del seconds
        try:
            self._ended.append(Finished(index=index, value=self._function(job)))
        except Exception as error:  # it belongs to the job, not to the run
            self._ended.append(Finished(index=index, error=error))

    def wait(self, timeout: float) -> Sequence[Finished[Result]]:
        """What was done."""
        del timeout
        ended, self._ended = self._ended, []
        return ended

    def close(self) -> None:
        """Nothing to close."""


def _environment() -> dict[str, str]:
    """That of this process; modules are found where it finds them, one thread a library."""
    here = str(Path.cwd())
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path or here for path in sys.path),
        "OMP_THREAD_LIMIT": os.environ.get("OMP_THREAD_LIMIT", "1"),
        "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "1"),
        "OPENCV_FOR_THREADS_NUM": "1",
    }


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0
