"""Many documents: what is the same for all, who works on them, and what came of it."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.batch.naming import Task, make_tasks
from pipeline.batch.results import BatchResult, Row, write_summary
from pipeline.batch.task import Plan, TaskResult, Work, do_task, fail_task, own_versions
from pipeline.config import Settings
from pipeline.errors import DepeshaError
from pipeline.executors import Finished, Interrupts, run_jobs, worker_count
from pipeline.model import Problem, Status
from pipeline.process import process_file
from pipeline.scans import LeftOut
from pipeline.store import make_folder, remove_temporary, write_atomic

Progress = Callable[[int, int, Row | None], None]
"""Called with documents done, documents in all, and the row just finished (at first none)."""

_log = logging.getLogger("depesha")


def run_batch(  # noqa: PLR0913 - all but the plain four are named at the call
    files: Sequence[Path],
    errors: Sequence[DepeshaError],
    out: Path,
    settings: Settings,
    *,
    work: Work = process_file,
    provenance: Iterable[tuple[str, str]] = (),
    ground_truth: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    left_out: Sequence[LeftOut] = (),
) -> BatchResult:
    """Transcribe ``files`` into ``out`` and write the summary there.

    ``errors`` are inputs that were refused before (missing, say); they count as failed.
    ``left_out`` are files that were not taken; they are only named.
    A document with a truth (``STEM.gt.*`` in the folder ``ground_truth``) is scored where it
    is made, and the score stored beside it. ``work`` must be an importable function, for it
    goes to other processes. ``provenance``: versions and hashes of engine, language data and
    models; where one changes, all is done anew. No document's failure touches another; after
    Ctrl-C what is done is kept and the summary says what is not.

    Raises:
        OutputError: ``out`` cannot be written, told before any work is begun.

    """
    started = time.perf_counter()
    _check_writable(out)
    plan = Plan(
        out=out,
        settings=settings,
        versions=tuple(sorted((*own_versions(), *provenance))),
        work=work,
        ground_truth=ground_truth,
        force=force,
    )
    tasks = make_tasks(files)
    jobs = worker_count(settings.batch.jobs, len(tasks))
    with Interrupts() as interrupts:
        rows = dict(_work_through(plan, tasks, jobs, interrupts, progress))
        # Still inside: a second Ctrl-C must not cost the summary.
        not_done = [task for index, task in enumerate(tasks) if index not in rows]
        _sweep(plan, not_done)
        done = tuple(rows[index] for index in sorted(rows))
        result = BatchResult(
            rows=(*(_refused(error) for error in errors), *done),
            out=out,
            settings=settings,
            versions=plan.versions,
            not_done=tuple(str(task.path) for task in not_done),
            interrupted=bool(interrupts.count),
            seconds=time.perf_counter() - started,
            jobs=jobs,
            left_out=tuple(left_out),
        )
        write_summary(result)
    return result


def _work_through(
    plan: Plan,
    tasks: Sequence[Task],
    jobs: int,
    interrupts: Interrupts,
    progress: Progress | None,
) -> Iterator[tuple[int, Row]]:
    said: set[tuple[str, str]] = set()
    if progress is not None:
        progress(0, len(tasks), None)
    job = functools.partial(do_task, plan)
    finished = run_jobs(job, tasks, workers=jobs, interrupts=interrupts)
    for count, ended in enumerate(finished, start=1):
        row = _row_of(plan, tasks[ended.index], ended)
        _log_problems(row, said)
        if progress is not None:
            progress(count, len(tasks), row)
        yield ended.index, row


def _row_of(plan: Plan, task: Task, ended: Finished[TaskResult]) -> Row:
    if ended.value is None:
        # The worker died, or what it sent could not be unpacked.
        return fail_task(plan, task, ended.error if isinstance(ended.error, Exception) else None)
    if ended.value.trace:
        _log.debug("%s\n%s", task.path, ended.value.trace)
    return ended.value.row


def _log_problems(row: Row, said: set[tuple[str, str]]) -> None:
    """Each message once: the count of the documents it hit is in the summary."""
    for problem in row.problems:
        if (problem.code, problem.message) not in said:
            said.add((problem.code, problem.message))
            page = f", page {problem.page}" if problem.page is not None else ""
            _log.warning("%s%s: %s [%s]", row.source, page, problem.message, problem.code)


def _refused(error: DepeshaError) -> Row:
    problem = Problem(code=error.exit_code.name, message=error.message)
    return Row(id=error.subject, source=error.subject, status=Status.FAILED, problems=(problem,))


def _check_writable(out: Path) -> None:
    make_folder(out)
    remove_temporary(out)
    write_atomic(out / ".depesha-probe.tmp", b"")
    remove_temporary(out)


def _sweep(plan: Plan, not_done: Iterable[Task]) -> None:
    """Remove what workers that were killed after Ctrl-C had half written."""
    for task in not_done:
        remove_temporary(plan.out / task.marked)
        remove_temporary(plan.out / task.name)
