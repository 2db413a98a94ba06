"""Many jobs over a few processes, where neither a crash nor Ctrl-C costs finished work.

A child process (:mod:`pipeline.executors.children`) that dies, or that is over a limit and
killed, costs the job it was at; that is tried once more and then given up. All others finish as
if nothing had happened.

Ctrl-C sets a flag instead of raising wherever it happens to hit: no new job is started,
those under way get a little time to finish, and a second Ctrl-C ends them at once.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from types import FrameType, TracebackType
from typing import Any, Self, TypeVar

from pipeline.executors.children import Crew, Finished, Inline

__all__ = [
    "FEW",
    "GRACE",
    "STRIKES",
    "Crew",
    "Finished",
    "Inline",
    "Interrupts",
    "in_folder",
    "limit_threads",
    "run_in_order",
    "run_jobs",
    "worker_count",
]

Job = TypeVar("Job")
Result = TypeVar("Result")

FEW = 24
"""Short jobs that are done in this process: starting others takes about a second."""

GRACE = 10.0
"""Seconds that jobs under way may take to finish after Ctrl-C."""

STRIKES = 2
"""How often a job may cost its process before it is given up."""

_TICK = 0.2  # seconds between looks at the Ctrl-C flag


class Interrupts:
    """Ctrl-C as a flag, inside a ``with`` block; in the main thread only.

    ``count`` says how often it came.
    """

    def __init__(self) -> None:
        self.count = 0
        self._raise = False
        self._before: Any = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def run(self, function: Callable[[Job], Result], job: Job) -> Result:
        """``function(job)``, ended by Ctrl-C with ``KeyboardInterrupt``."""
        self._raise = True
        try:
            return function(job)
        finally:
            self._raise = False

    def _note(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.count += 1
        if self._raise:
            raise KeyboardInterrupt


def worker_count(jobs: int, documents: int) -> int:
    """How many processes to use: ``jobs``, 0 meaning one per core, and no idle ones."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(jobs or cores or 1, documents))


def in_folder(folder: str, function: Callable[[Job], Result], job: Job) -> Result:
    """``function(job)`` where relative paths are those from ``folder``; for another process."""
    os.chdir(folder)
    return function(job)


def limit_threads() -> None:
    """One thread per process for Tesseract (OpenMP), NumPy (OpenBLAS) and OpenCV.

    Here and in child processes. Several processes already fill the cores; threads on top only
    make them wait. Values of ``OMP_THREAD_LIMIT`` and ``OPENBLAS_NUM_THREADS`` that the user set
    stand.
    """
    for name in ("OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    import cv2  # noqa: PLC0415 - after the environment is set, and not before it is needed

    cv2.setNumThreads(1)


def run_jobs(
    function: Callable[[Job], Result],
    jobs: Sequence[Job],
    *,
    workers: int,
    interrupts: Interrupts,
    grace: float = GRACE,
) -> Iterator[Finished[Result]]:
    """``function`` over ``jobs``, in the order in which they finish.

    With one worker the work is done in this process. With more, ``function`` and the
    jobs must be picklable. After Ctrl-C the iterator ends early: what it has not given
    was not done.
    """
    if workers == 1:
        limit_threads()
        return _run_here(function, jobs, interrupts)
    return _run_there(function, jobs, workers, interrupts, grace)


def run_in_order(
    function: Callable[[Job], Result], jobs: Sequence[Job], *, workers: int, interrupts: Interrupts
) -> Iterator[Finished[Result]]:
    """As :func:`run_jobs`, but in the order of ``jobs``; up to :data:`FEW` are done right here."""
    few = 1 if len(jobs) <= FEW else worker_count(workers, len(jobs))
    waiting: dict[int, Finished[Result]] = {}
    wanted = 0
    for ended in run_jobs(function, jobs, workers=few, interrupts=interrupts):
        waiting[ended.index] = ended
        while wanted in waiting:
            yield waiting.pop(wanted)
            wanted += 1


def _run_here(
    function: Callable[[Job], Result], jobs: Sequence[Job], interrupts: Interrupts
) -> Iterator[Finished[Result]]:
    for index, job in enumerate(jobs):
        if interrupts.count:
            return
        try:
            yield Finished(index=index, value=interrupts.run(function, job))
        except KeyboardInterrupt:
            return
        except Exception as error:  # it belongs to the job, not to the run
            yield Finished(index=index, error=error)


def _run_there(
    function: Callable[[Job], Result],
    jobs: Sequence[Job],
    workers: int,
    interrupts: Interrupts,
    grace: float,
) -> Iterator[Finished[Result]]:
    waiting = deque(range(len(jobs)))
    strikes: dict[int, int] = {}
    stop_at = float("inf")
    with Crew(function, workers) as crew:
        while (waiting and not interrupts.count) or crew.busy:
            while waiting and crew.free and not interrupts.count:
                index = waiting.popleft()
                crew.submit(index, jobs[index])
            if interrupts.count:
                stop_at = min(stop_at, time.monotonic() + grace)
                if interrupts.count > 1 or time.monotonic() > stop_at:
                    return
            for ended in crew.wait(_TICK):
                strikes[ended.index] = strikes.get(ended.index, 0) + bool(ended.lost)
                if ended.lost and strikes[ended.index] < STRIKES:
                    waiting.appendleft(ended.index)
                else:
                    yield ended
