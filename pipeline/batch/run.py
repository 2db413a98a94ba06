"""Many documents: what is the same for all, who works on them, and what came of it."""

from __future__ import annotations

import logging
import os
import platform
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.batch.carry import Carried, Store, do_here, do_there, own_place, remove_fetched
from pipeline.batch.cluster import Cluster
from pipeline.batch.collection import LedgerRows
from pipeline.batch.decide import Work, find_work, rebuild
from pipeline.batch.fingerprints import Stages
from pipeline.batch.jobs import PAGES, Derive, Done, Job, OpenPages, Plan, Workers
from pipeline.batch.ledger import LEDGER_FILE, Ledger
from pipeline.batch.lock import WORK, locked
from pipeline.batch.results import CAUSES, BatchResult, Row
from pipeline.batch.schedule import Schedule
from pipeline.batch.share import Shared, help_out
from pipeline.batch.summary import write_summary
from pipeline.batch.task import do_job
from pipeline.config import Settings
from pipeline.errors import DepeshaError, InUseError, UsageError
from pipeline.executors import Crew, Inline, Interrupts, worker_count
from pipeline.model import Problem, Status
from pipeline.process import PageFile, derive
from pipeline.scans import refuse_own
from pipeline.store import make_folder, remove_temporary, write_atomic

_log = logging.getLogger("depesha")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far a run is: ``documents`` of ``of`` done, ``failed`` among them; ``pages`` read.

    ``pages_an_hour`` and ``seconds_left`` are ``None`` before anything is known of them.
    """

    documents: int
    of: int
    failed: int = 0
    pages: int = 0
    pages_an_hour: float | None = None
    seconds_left: float | None = None


Progress = Callable[[State, Row | None], None]
"""Called at first, after each page, and after each document with its row."""


def run_batch(  # noqa: PLR0913 - all but the plain three are named at the call
    inputs: Sequence[Path],
    out: Path,
    settings: Settings,
    *,
    provenance: Iterable[tuple[str, str]] = (),
    ground_truth: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    inline: bool = False,
    opens: Callable[[Path, Settings], OpenPages] = PageFile,
    derives: Derive = derive,
) -> BatchResult:
    """Transcribe ``inputs`` (files and folders) into ``out`` and write the summary there.

    A document with a truth (``STEM.gt.*`` in the folder ``ground_truth``) is scored where it
    is made, and the score stored beside it. ``provenance``: versions and hashes of engine,
    language data and models; where one changes, all is read anew. No document's failure touches
    another; after Ctrl-C what is done is kept and the summary says what is not. ``opens``
    and ``derives``, which read pages and make documents of them, must be importable, for they go
    to other processes; with ``inline`` all is done in this one, without limits.

    Raises:
        NoInputError: an input lies in ``out``; this and the next are told before work is begun.
        UsageError: settings do not go together.
        OutputError: ``out`` cannot be written.
        InUseError: another run is at work there.
        ResultError: the ledger there is damaged.

    """
    started = time.perf_counter()
    refuse_own(inputs, out)
    _check_fits(settings)
    plan = Plan(
        out=out,
        settings=settings,
        stages=Stages.of(settings, provenance),
        ground_truth=ground_truth,
        force=force,
        open=opens,
        derive=derives,
        carry=own_place(settings.batch.carry, out),
    )
    make_folder(out)
    while True:
        try:
            with locked(out, share=settings.batch.share):
                return _coordinate(plan, inputs, progress, started, inline=inline)
        except InUseError:
            if not settings.batch.share:
                raise
        help_out(plan, provenance, do_job)


def _coordinate(
    plan: Plan,
    inputs: Sequence[Path],
    progress: Progress | None,
    started: float,
    *,
    inline: bool,
) -> BatchResult:
    """The run, with the lock of the output folder held."""
    out = plan.out
    settings = plan.settings
    with Interrupts() as interrupts:
        _check_writable(out)
        with Ledger(out / LEDGER_FILE) as ledger:
            run, work = _begin(ledger, plan, inputs, interrupts)
            plan = replace(plan, truths=work.truths)
            told = _Told(work, progress)
            jobs = worker_count(settings.batch.jobs, 1 << 20)
            stopped = ""
            if work.to_do and not interrupts.count:
                # Inside: a second Ctrl-C must not cost the summary.
                with _workers(plan, jobs, inline=inline) as workers:
                    schedule = Schedule(plan, ledger, run, workers, interrupts)
                    for event in schedule.work():
                        told.tell(event.row, event.pages, event.kept, event.trace)
                stopped = schedule.stopped
                schedule.sweep()
            ended = _Ended(
                number=run,
                work=work,
                told=told,
                interrupted=bool(interrupts.count),
                stopped=stopped,
                jobs=jobs,
                started=started,
            )
            result = _end(ledger, plan, ended)
        write_summary(result)
    return result


def plan_batch(
    inputs: Sequence[Path],
    out: Path,
    settings: Settings,
    *,
    provenance: Iterable[tuple[str, str]] = (),
    ground_truth: Path | None = None,
    force: bool = False,
) -> Work:
    """What :func:`run_batch` would do; nothing is written.

    Raises:
        NoInputError, InUseError, ResultError: as there.

    """
    refuse_own(inputs, out)
    stages = Stages.of(settings, provenance)
    plan = Plan(out=out, settings=settings, stages=stages, ground_truth=ground_truth, force=force)
    path = out / LEDGER_FILE
    with Ledger(path if path.is_file() else None) as ledger, Interrupts() as interrupts:
        ledger.begin()
        try:
            return find_work(
                ledger, plan, inputs, ledger.start_run(version=__version__), interrupts
            )
        finally:
            ledger.rollback()


def _begin(
    ledger: Ledger, plan: Plan, inputs: Sequence[Path], interrupts: Interrupts
) -> tuple[int, Work]:
    ledger.begin()
    if ledger.is_new:
        known = rebuild(ledger, plan.out)
        if known:
            _log.warning("%s: the ledger was made anew from %d results", plan.out, known)
    run = ledger.start_run(
        host=platform.node(),
        pid=os.getpid(),
        inputs="\n".join(map(str, inputs)),
        version=__version__,
    )
    work = find_work(ledger, plan, inputs, run, interrupts)
    ledger.commit()
    return run, work


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """What is known of a run when its work is over."""

    number: int
    work: Work
    told: _Told
    interrupted: bool
    stopped: str
    jobs: int
    started: float


def _end(ledger: Ledger, plan: Plan, ended: _Ended) -> BatchResult:
    run, work, told = ended.number, ended.work, ended.told
    ledger.begin()
    waiting = "FROM documents WHERE seen_run=? AND state='waiting'"
    count = ledger.one(f"SELECT count(*) {waiting}", [run])
    names = ledger.all(f"SELECT source {waiting} ORDER BY position LIMIT {CAUSES}", [run])
    not_done = tuple(name for (name,) in names)
    refused = tuple(_refused(error) for error in work.errors)
    state = "interrupted" if ended.interrupted else "stopped" if ended.stopped else "ended"
    ledger.end_run(
        run,
        state=state,
        documents=work.documents,
        unchanged=work.unchanged,
        failed=told.failed,
        pages=told.pages,
        cause=ended.stopped,
    )
    if not ledger.one("SELECT 1 FROM documents WHERE state='waiting' AND gone=0 LIMIT 1"):
        shutil.rmtree(plan.out / WORK / PAGES, ignore_errors=True)
        if plan.carry:
            Store(plan.carry).remove()
    ledger.commit()
    return BatchResult(
        rows=LedgerRows(plan.out, run, whole=False, refused=refused),
        collection=LedgerRows(plan.out, run, whole=True, refused=refused),
        out=plan.out,
        settings=plan.settings,
        versions=plan.stages.versions,
        not_done=not_done,
        waiting=count[0] if count else 0,
        interrupted=ended.interrupted,
        stopped=ended.stopped,
        seconds=time.perf_counter() - ended.started,
        jobs=ended.jobs,
        left_out=tuple(work.left_out),
        left_out_counts=tuple(sorted(work.left_out_counts.items())),
        kept=tuple(told.kept),
    )


class _Told:
    """What is told while a run goes on, and counted."""

    def __init__(self, work: Work, progress: Progress | None) -> None:
        self._progress = progress
        self._of = work.documents
        self._documents = self._before = work.unchanged
        self._started = time.monotonic()
        self._said: set[tuple[str, str]] = set()
        self.failed = 0
        self.pages = 0
        self.kept: list[str] = []
        if progress is not None:
            progress(self._state(), None)

    def tell(self, row: Row | None, pages: int, kept: Sequence[str], trace: str) -> None:
        """Tell of a page or a document that ended."""
        self.pages += pages
        self.kept += kept
        if trace:
            _log.debug("%s\n%s", row.source if row else "a page", trace)
        if row is not None:
            self._documents += 1
            self.failed += row.status is Status.FAILED
            _log.info("%s: %s, %d pages, %.1f seconds", row.id, row.status, row.pages, row.seconds)
            self._log_problems(row)
        if self._progress is not None:
            self._progress(self._state(), row)

    def _state(self) -> State:
        passed = time.monotonic() - self._started
        done = self._documents - self._before
        left = self._of - self._documents
        return State(
            documents=self._documents,
            of=self._of,
            failed=self.failed,
            pages=self.pages,
            pages_an_hour=self.pages / passed * 3600 if self.pages and passed else None,
            seconds_left=passed / done * left if done else None,
        )

    def _log_problems(self, row: Row) -> None:
        """Each message once: the count of the documents it hit is in the summary."""
        for problem in row.problems:
            known = (problem.code, problem.message)
            if known in self._said or len(self._said) >= CAUSES:
                continue
            self._said.add(known)
            page = f", page {problem.page}" if problem.page is not None else ""
            _log.warning("%s%s: %s [%s]", row.source, page, problem.message, problem.code)


@contextmanager
def _workers(plan: Plan, jobs: int, *, inline: bool) -> Iterator[Workers]:
    function: Callable[[Any], Any] = partial(do_job, plan)
    if inline:
        with Inline(function) as here:
            yield here
        return
    batch = plan.settings.batch
    memory = batch.page_memory << 20
    if batch.cluster and plan.carry:
        Store(plan.carry).put("probe", b"")  # told before any work is begun
        there = partial(do_there, replace(plan, truths={}, ground_truth=None))
        own: Crew[Job, Done] = Crew(partial(do_here, plan), jobs, memory=memory)
        with own, Cluster(batch.cluster, there, jobs, memory=memory, anywhere=True) as cluster:
            yield Carried(own, cluster)
        remove_fetched()
        return
    if batch.cluster:
        with Cluster(batch.cluster, function, jobs, memory=memory) as cluster:
            yield cluster
        return
    with Crew(function, jobs, memory=memory) as crew:
        if not plan.settings.batch.share:
            yield crew
            return
        with Shared(crew, plan) as shared:
            yield shared


def _refused(error: DepeshaError) -> Row:
    problem = Problem(code=error.exit_code.name, message=error.message)
    return Row(id=error.subject, source=error.subject, status=Status.FAILED, problems=(problem,))


def _check_fits(settings: Settings) -> None:
    batch = settings.batch
    if batch.cluster and batch.share:
        raise UsageError("--share", "does not go with --cluster, whose workers share already")
    if batch.carry and not batch.cluster:
        raise UsageError("batch.carry", "says how files get to a cluster; give --cluster, too")


def _check_writable(out: Path) -> None:
    remove_temporary(out)
    write_atomic(out / ".depesha-probe.tmp", b"")
    remove_temporary(out)
