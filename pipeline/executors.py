"""Many jobs over a few processes, where neither a crash nor Ctrl-C costs finished work.

A worker that the system kills (out of memory, a fault in a C library) takes the whole
pool of :mod:`concurrent.futures` with it, and with that every job under way. Which of
them was at fault is not known then; so each is run again alone, and the one that kills
its worker again is the one. All others finish as if nothing had happened.

Ctrl-C sets a flag instead of raising wherever it happens to hit: no new job is started,
those under way get a little time to finish, and a second Ctrl-C ends them at once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    ALL_COMPLETED,
    FIRST_COMPLETED,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any, Generic, Self, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

AHEAD = 1
"""Jobs handed to the pool beyond one per worker: no worker waits, and nothing piles up."""

FEW = 24
"""Short jobs that are done in this process: starting others takes about a second."""

GRACE = 10.0
"""Seconds that jobs under way may take to finish after Ctrl-C."""

_TICK = 0.2  # seconds between looks at the Ctrl-C flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Generic[Result]):
    """One finished job: its index, counted from 0, and its value or the error it raised.

    ``lost``: neither, for its worker process died over it twice.
    """

    index: int
    value: Result | None = None
    error: BaseException | None = None
    lost: bool = False


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


def limit_threads() -> None:
    """One thread per process for OpenMP (Tesseract) and OpenCV, here and in child processes.

    Several processes already fill the cores; threads on top only make them wait. A value
    of ``OMP_THREAD_LIMIT`` that the user set stands.
    """
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
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
    limit_threads()
    if workers == 1:
        return _run_here(function, jobs, interrupts)
    return _Pool(function, jobs, workers, interrupts, grace).run()


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


class _Pool(Generic[Job, Result]):
    """The jobs of one run, the pool that works on them, and who is suspected of killing it."""

    def __init__(
        self,
        function: Callable[[Job], Result],
        jobs: Sequence[Job],
        workers: int,
        interrupts: Interrupts,
        grace: float,
    ) -> None:
        self._function = function
        self._jobs = jobs
        self._workers = workers
        self._interrupts = interrupts
        self._grace = grace
        self._stop_at = float("inf")

    def run(self) -> Iterator[Finished[Result]]:
        waiting = deque(range(len(self._jobs)))
        while waiting and not self._interrupts.count:
            suspects: list[int] = []
            yield from self._until_broken(waiting, self._workers, suspects)
            alone = deque(suspects)
            while alone and not self._interrupts.count:
                lost: list[int] = []
                yield from self._until_broken(alone, 1, lost)
                for index in lost:
                    yield Finished(index=index, lost=True)

    def _until_broken(
        self, waiting: deque[int], workers: int, lost: list[int]
    ) -> Iterator[Finished[Result]]:
        """Work until nothing waits, Ctrl-C, or a dead worker; then ``lost`` has its victims."""
        limit = workers + AHEAD if workers > 1 else 1
        running: dict[Future[Result], int] = {}
        pool = _make_pool(workers)
        try:
            while not lost:
                whole = self._submit(pool, waiting, running, limit)
                if not running or self._too_late():
                    return
                # In a broken pool every job ends at once, each with the same error.
                until = FIRST_COMPLETED if whole else ALL_COMPLETED
                done, _ = wait(running, timeout=_TICK, return_when=until)
                yield from self._collect(done, running, lost)
            yield from self._collect(wait(running).done, running, lost)
        finally:
            _close(pool, kill=bool(running))

    def _submit(
        self,
        pool: ProcessPoolExecutor,
        waiting: deque[int],
        running: dict[Future[Result], int],
        limit: int,
    ) -> bool:
        """Fill up ``running`` to ``limit``; false where the pool turns out to be broken."""
        while waiting and len(running) < limit and not self._interrupts.count:
            try:
                with _interrupt_held_back():
                    future = pool.submit(self._function, self._jobs[waiting[0]])
            except BrokenProcessPool:
                return False  # the job at hand never began, and stays in waiting
            running[future] = waiting.popleft()
        return True

    def _collect(
        self, done: Iterable[Future[Result]], running: dict[Future[Result], int], lost: list[int]
    ) -> Iterator[Finished[Result]]:
        for future in done:
            index = running.pop(future)
            error = future.exception()
            if isinstance(error, BrokenProcessPool):
                lost.append(index)
            elif error is not None:
                yield Finished(index=index, error=error)
            else:
                yield Finished(index=index, value=future.result())

    def _too_late(self) -> bool:
        if self._interrupts.count and self._stop_at == float("inf"):
            self._stop_at = time.monotonic() + self._grace
        return self._interrupts.count > 1 or time.monotonic() > self._stop_at


def _make_pool(workers: int) -> ProcessPoolExecutor:
    # "spawn": a clean process, whatever threads and libraries this one has by now.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker)


def _close(pool: ProcessPoolExecutor, *, kill: bool) -> None:
    if kill:
        for process in list((pool._processes or {}).values()):
            process.kill()
    pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupt_held_back() -> Iterator[None]:
    """Ctrl-C waits; a process started meanwhile is deaf to it before it can set that itself."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to handle
    limit_threads()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the parent is gone: a killed run must not leave workers behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
