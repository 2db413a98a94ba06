"""The jobs of a batch, as a child process does them: a document, or one page of a long one.

Everything that goes back is small (a row of the summary): pages and lines go to
the disk, so that 20,000 documents need no more memory than a few. A page that was read is on the
disk before anybody counts on it; whoever comes after a crash finds it there.
"""

from __future__ import annotations

import json
import shutil
import time
import traceback
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import msgspec

from pipeline.batch.fingerprints import fingerprint
from pipeline.batch.jobs import Done, Job, Plan, pages_folder
from pipeline.batch.naming import files_hash
from pipeline.batch.outcome import as_problem, as_stored, save, save_failure, standings
from pipeline.batch.results import Row
from pipeline.errors import DepeshaError, OutputError, ResultError
from pipeline.model import Page
from pipeline.store import (
    make_folder,
    pack,
    remove_temporary,
    to_json,
    unpack,
    without_defaults,
    write_together,
)

PAGE_END = ".json.xz"
"""How files of pages that were read end."""


def do_job(plan: Plan, job: Job) -> Done:
    """Do one job; never raises an ``Exception`` but for memory that ran out."""
    started = time.perf_counter()
    work = {"document": _document, "page": _page, "finish": _finish}[job.kind]
    try:
        return replace(work(plan, job, started), seconds=time.perf_counter() - started)
    except MemoryError:
        raise
    except Exception as error:
        trace = "" if isinstance(error, DepeshaError) else traceback.format_exc()
        if isinstance(error, OutputError) and (error.of_the_disk or not plan.out.is_dir()):
            return Done(stop=str(error))
        row = fail(plan, job, error, time.perf_counter() - started)
        return Done(row=row, sha256=job.sha256, trace=trace)


def fail(plan: Plan, job: Job, error: Exception, seconds: float) -> Row:
    """Store why the document of ``job`` failed, in place of a result, and give its row."""
    task = job.task
    sha256 = job.sha256
    if not sha256:
        with suppress(DepeshaError):
            sha256 = files_hash(task.files)
    return save_failure(plan, task, as_problem(error, task.path), sha256, seconds)


def _document(plan: Plan, job: Job, started: float) -> Done:
    task = job.task
    sha256 = files_hash(task.files)
    remove_temporary(plan.out / task.id)
    stands = [] if plan.force else list(standings(plan, task))
    reading = fingerprint(plan.stages.reading, sha256)
    for standing in stands:
        if standing.run.fingerprint == fingerprint(plan.stages.derived, sha256) and standing.whole:
            return as_stored(plan, task, standing, sha256)
    for standing in stands:
        if standing.run.reading == reading and standing.read:
            problems = [x for x in standing.problems if x.page is not None]
            return save(plan, task, standing.read, problems, sha256, standing.run.seconds)
    if len(task.files) == 1:
        with plan.open(task.path, plan.settings) as file:
            if file.is_text or (file.page_count == 1 and not plan.carry):
                read = [file.read(number) for number in range(1, file.page_count + 1)]
                return save(plan, task, read, (), sha256, time.perf_counter() - started)
            counts: tuple[int, ...] = (file.page_count,)
    else:
        counts = tuple(_pages_of(plan, Path(path)) for path in task.files)
    there = _pages_there(pages_folder(plan, task, sha256), sum(counts))
    return Done(counts=counts, there=there, sha256=sha256)


def _page(plan: Plan, job: Job, started: float) -> Done:
    del started
    task = job.task
    path = Path(task.files[job.file])
    try:
        with plan.open(path, plan.settings) as file:
            page = file.read(job.page_of_file, job.page)
    except MemoryError:
        raise
    except Exception as error:
        trace = "" if isinstance(error, DepeshaError) else traceback.format_exc()
        return Done(problem=as_problem(error, task.path, job.page), trace=trace)
    folder = pages_folder(plan, task, job.sha256)
    make_folder(folder, durable=True)
    write_together(folder, {f"{job.page:06}{PAGE_END}": packed(page)}, durable=True)
    return Done()


def packed(page: Page) -> bytes:
    """``page``, as it was read, as it is kept until its document is made."""
    return pack(to_json(without_defaults(page), indent=None))


def _finish(plan: Plan, job: Job, started: float) -> Done:
    task = job.task
    folder = pages_folder(plan, task, job.sha256)
    failed = {problem.page for problem in job.problems}
    read: list[Page] = []
    missing: list[int] = []
    for number in range(1, job.pages + 1):
        if number in failed:
            continue
        try:
            data = json.loads(unpack(folder / f"{number:06}{PAGE_END}"))
            read.append(msgspec.convert(data, Page))
        except (ResultError, ValueError):
            missing.append(number)
    if missing:
        return Done(missing=tuple(missing), sha256=job.sha256)
    if not read:
        # Of a file of one page nobody needs to be told which.
        problem = job.problems[0] if job.pages > 1 else replace(job.problems[0], page=None)
        return Done(
            row=save_failure(plan, task, problem, job.sha256, job.seconds), sha256=job.sha256
        )
    problems = sorted(job.problems, key=lambda problem: problem.page or 0)
    seconds = job.seconds + time.perf_counter() - started
    done = save(plan, task, read, problems, job.sha256, seconds)
    shutil.rmtree(folder, ignore_errors=True)
    return done


def _pages_of(plan: Plan, path: Path) -> int:
    """Pages of a file of several; one that cannot be opened is a page that fails."""
    try:
        with plan.open(path, plan.settings) as file:
            return file.page_count
    except DepeshaError:
        return 1


def _pages_there(folder: Path, pages: int) -> frozenset[int]:
    names = {path.name for path in folder.glob(f"*{PAGE_END}")}
    return frozenset(n for n in range(1, pages + 1) if f"{n:06}{PAGE_END}" in names)
