"""Which job goes to whom next, what came of it, and when to stop.

The unit of work is the page: a file of one page is one job, a longer one is opened by one job,
its pages are jobs of their own for whoever is free, and one more makes the document. A job
that costs its process (it hung, ate memory, crashed) is tried once more; then the page is given
up and the others go on.
"""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from pipeline.batch.collection import row_json
from pipeline.batch.jobs import Done, Job, Plan, Workers, pages_folder
from pipeline.batch.ledger import Ledger
from pipeline.batch.naming import Task
from pipeline.batch.outcome import as_problem
from pipeline.batch.results import Row
from pipeline.batch.task import fail
from pipeline.errors import DepeshaError, ExitCode, PageLimitError, WorkerLostError
from pipeline.executors import STRIKES, Finished, Interrupts
from pipeline.model import Problem, Status
from pipeline.store import DOCUMENT_FILE, remove_temporary

_TICK = 0.2
"""Seconds between looks at Ctrl-C and deadlines."""

_GRACE = 0.1
"""Seconds after Ctrl-C in which a job may still say that it has ended."""

_TRUTH = ExitCode.TRUTH.name
_DISK_EVERY = 2.0
_SAMPLE = 20
"""Documents from which a share of failures says something."""

_AT_ONCE = 200
"""Documents fetched from the ledger together."""


@dataclass(slots=True, kw_only=True)
class _Long:
    """A document whose pages are jobs of their own."""

    job: Job
    pages: tuple[Job, ...]
    left: set[int]
    problems: list[Problem] = field(default_factory=list)
    seconds: float = 0.0
    peak: int = 0


@dataclass(slots=True, kw_only=True)
class Event:
    """Something that ended: a page, or (with ``row``) a document."""

    row: Row | None = None
    pages: int = 0
    kept: tuple[str, ...] = ()
    trace: str = ""


class Schedule:
    """The jobs of one run; ``stopped`` says why it ended early, if it did."""

    def __init__(
        self, plan: Plan, ledger: Ledger, run: int, workers: Workers, interrupts: Interrupts
    ) -> None:
        self._plan = plan
        self._batch = plan.settings.batch
        self._ledger = ledger
        self._run = run
        self._workers = workers
        self._interrupts = interrupts
        self._place = 0
        self._fetched: deque[tuple[Task, str]] = deque()
        self._ready: deque[Job] = deque()
        self._long: dict[int, _Long] = {}
        self._found: dict[int, str] = {}
        self._under_way: dict[int, Job] = {}
        self._strikes: dict[tuple[str, int, int], int] = {}
        self._number = 0
        self._looked = 0.0
        self._ended = 0
        self._failed = 0
        self.stopped = ""

    def work(self) -> Iterator[Event]:
        """Work until nothing is left, Ctrl-C, or a reason to stop; what ends on the way."""
        while not (self._interrupts.count or self.stopped):
            self._look_at_disk()
            while self._workers.free and not self.stopped:
                job = self._next()
                if job is None:
                    break
                self._submit(job)
            if not self._workers.busy:
                break
            for ended in self._workers.wait(_TICK):
                yield from self._end(ended)
            self._ledger.commit(now=False)
        if self._interrupts.count:
            # What was finished while nobody looked is on the disk: it shall not count as not done.
            for ended in self._workers.wait(_GRACE):
                yield from self._end(ended)
            if self._workers.broken:
                self.stopped = self._workers.broken

    def sweep(self) -> None:
        """Remove what children that were killed had half written; after they are gone."""
        for job in self._under_way.values():
            remove_temporary(self._plan.out / job.task.id)
            remove_temporary(pages_folder(self._plan, job.task, job.sha256))

    def _next(self) -> Job | None:
        if self._ready:
            return self._ready.popleft()
        if not self._fetched:
            self._fetch()
        if not self._fetched:
            return None
        task, found = self._fetched.popleft()
        self._found[task.number] = found
        return Job(kind="document", task=task)

    def _fetch(self) -> None:
        rows = self._ledger.all(
            "SELECT position, number, id, key, source, path, files, found FROM documents "
            "WHERE seen_run=? AND position>? AND state='waiting' ORDER BY position LIMIT ?",
            (self._run, self._place, _AT_ONCE),
        )
        for position, number, name, key, source, path, files, found in list(rows):
            self._place = position
            # As it was named: what stands in results holds no more of this machine than that.
            names = tuple(files.split("\0")) if files else (source or path,)
            task = Task(number=number, id=name, key=key, source=source, files=names)
            self._fetched.append((task, found))

    def _submit(self, job: Job) -> None:
        self._number += 1
        self._under_way[self._number] = job
        seconds = self._batch.page_seconds
        if seconds and job.kind == "finish":
            seconds += job.pages
        self._workers.submit(self._number, job, seconds=seconds)

    def _end(self, ended: Finished[Done]) -> Iterator[Event]:
        job = self._under_way.pop(ended.index)
        long = self._long.get(job.task.number)
        if long is not None:
            long.peak = max(long.peak, ended.peak)
        if ended.lost:
            strike = (job.kind, job.task.number, job.page)
            self._strikes[strike] = self._strikes.get(strike, 0) + 1
            remove_temporary(self._plan.out / job.task.id)
            if self._strikes[strike] < STRIKES:
                self._ready.append(job)
                return
            yield from self._give_up(job, _lost_error(job, ended), ended)
        elif ended.value is None:
            error = ended.error if isinstance(ended.error, Exception) else None
            yield from self._give_up(job, error or RuntimeError(str(ended.error)), ended)
        elif ended.value.stop:
            self.stopped = ended.value.stop
        else:
            yield from self._take(job, ended.value, ended)

    def _take(self, job: Job, done: Done, ended: Finished[Done]) -> Iterator[Event]:
        if done.counts:
            self._open(job, done)
        elif done.missing:
            long = self._long[job.task.number]
            long.left = set(done.missing)
            self._ready.extend(page for page in long.pages if page.page in long.left)
        elif job.kind == "page":
            long = self._long[job.task.number]
            long.seconds += done.seconds
            yield from self._page_ended(job, ended, done.problem, done)
        else:
            yield self._finished(job, done, ended)

    def _open(self, job: Job, done: Done) -> None:
        pages = sum(done.counts)
        opened = replace(job, sha256=done.sha256, pages=pages)
        places = [(f, n) for f, count in enumerate(done.counts) for n in range(1, count + 1)]
        jobs = tuple(
            replace(opened, kind="page", page=number, file=file, page_of_file=page)
            for number, (file, page) in enumerate(places, start=1)
        )
        left = set(range(1, pages + 1)) - done.there
        self._long[job.task.number] = _Long(job=opened, pages=jobs, left=left, seconds=done.seconds)
        self._ready.extend(page for page in jobs if page.page in left)
        if not left:
            self._ready.append(replace(opened, kind="finish", seconds=done.seconds))

    def _page_ended(
        self, job: Job, ended: Finished[Done], problem: Problem | None, done: Done
    ) -> Iterator[Event]:
        number = job.task.number
        long = self._long[number]
        self._ledger.begin()
        self._ledger.set_page(
            number,
            job.page,
            state="failed" if problem else "read",
            code=problem.code if problem else "",
            cause=problem.message if problem else "",
            reading=self._plan.stages.reading,
            attempts=self._strikes.get((job.kind, number, job.page), 0) + (not ended.lost),
            seconds=done.seconds,
            peak=ended.peak,
            run=self._run,
            finished=time.time(),
        )
        long.left.discard(job.page)
        if problem is not None:
            long.problems.append(problem)
        yield Event(pages=1, trace=done.trace)
        if not long.left:
            problems = tuple(sorted(long.problems, key=lambda x: x.page or 0))
            self._ready.appendleft(
                replace(long.job, kind="finish", problems=problems, seconds=long.seconds)
            )

    def _give_up(self, job: Job, error: Exception, ended: Finished[Done]) -> Iterator[Event]:
        if job.kind == "page":
            problem = as_problem(error, job.task.path, job.page)
            yield from self._page_ended(job, ended, problem, Done())
            return
        row = fail(self._plan, job, error, 0.0)
        yield self._finished(job, Done(row=row, sha256=job.sha256), ended)

    def _finished(self, job: Job, done: Done, ended: Finished[Done]) -> Event:
        row = done.row
        assert row is not None  # noqa: S101 - a job that ended has a row, or one of the above
        number = job.task.number
        long = self._long.pop(number, None)
        strikes = [key for key in self._strikes if key[1] == number]
        lost = sum(self._strikes.pop(key) for key in strikes)
        failed = row.status is Status.FAILED
        problem = row.problems[0] if row.problems else None
        found = self._found.pop(number, "")
        self._ledger.begin()
        self._ledger.set(
            number,
            state="failed" if failed else "done",
            status=str(row.status),
            code=problem.code if problem else "",
            cause=problem.message if problem else "",
            pages=row.pages,
            reading=self._plan.stages.reading,
            derived=self._plan.stages.derived,
            signature=found,
            sha256=done.sha256,
            attempts=1 + lost,
            seconds=row.seconds,
            peak=max(ended.peak, long.peak if long else 0),
            expected_error=row.expected_error,
            result_bytes=0 if failed else self._size(job.task, done),
            parts=len(done.parts),
            scored=int(any(map(_is_scored, (row, *(part.row for part in done.parts))))),
            finished=time.time(),
            **({} if row.unchanged else {"made_run": self._run, "reported": ""}),
        )
        self._ledger.set_row(number, row_json(row))
        parts = [(part.row.id, row_json(part.row), part.bytes) for part in done.parts]
        self._ledger.set_parts(number, parts)
        if long is not None:
            values = (self._plan.stages.derived, number)
            self._ledger.do("UPDATE pages SET derived=? WHERE number=?", values)
        self._ended += 1
        self._failed += failed
        self._stop_rules()
        pages = 0 if long or row.unchanged else row.pages
        return Event(row=row, pages=pages, kept=done.kept, trace=done.trace)

    def _size(self, task: Task, done: Done) -> int:
        if done.parts:
            return sum(part.bytes for part in done.parts)
        with suppress(OSError):
            return (self._plan.out / task.id / DOCUMENT_FILE).stat().st_size
        return 0

    def _stop_rules(self) -> None:
        batch = self._batch
        if batch.stop_failures and self._failed >= batch.stop_failures:
            self.stopped = f"{self._failed} documents failed (batch.stop_failures)"
        share = self._failed / self._ended
        if self._ended >= _SAMPLE and 0 < batch.stop_failure_share < share:
            self.stopped = f"{share:.0%} of the documents failed (batch.stop_failure_share)"

    def _look_at_disk(self) -> None:
        now = time.monotonic()
        if now - self._looked < _DISK_EVERY:
            return
        self._looked = now
        out = self._plan.out
        try:
            free = shutil.disk_usage(out).free >> 20
        except OSError as error:
            self.stopped = f"{out}: is gone: {error.strerror or error}"
            return
        if free < self._batch.free_disk:
            self.stopped = f"{out}: only {free} MB are free there (batch.free_disk)"


def _is_scored(row: Row) -> bool:
    return row.counts is not None or any(x.code == _TRUTH for x in row.problems)


def _lost_error(job: Job, ended: Finished[Done]) -> DepeshaError:
    page = f"page {job.page} " if job.kind == "page" else ""
    if ended.limit:
        setting = f"batch.page_{ended.limit}"
        said = f"{page}{ended.lost}, twice; raise `{setting}` if it is honest"
        return PageLimitError(job.task.path, said)
    said = f"{page}cost its worker process, twice: it {ended.lost}. Look at the file"
    return WorkerLostError(job.task.path, said)
