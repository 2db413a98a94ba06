"""The jobs of a batch, as a child process does them: a document, or one page of a long one.

Everything that goes back is small (a row of the summary): pages and lines go to
the disk, so that 20,000 documents need no more memory than a few. A page that was read is on the
disk before anybody counts on it; whoever comes after a crash finds it there.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Protocol, Self

import msgspec

from pipeline.batch.fingerprints import Stages, fingerprint
from pipeline.batch.lock import WORK
from pipeline.batch.naming import Task, files_hash
from pipeline.batch.results import Row, make_row
from pipeline.config import Settings
from pipeline.errors import DepeshaError, ExitCode, OutputError, ResultError, TruthError
from pipeline.evaluate import ScoreCounts, stored_score
from pipeline.ground_truth import load_truth
from pipeline.model import Document, Page, Problem, Status
from pipeline.process import PageFile, derive
from pipeline.store import (
    RunInfo,
    StoredDocument,
    load_stored,
    make_folder,
    pack,
    remove_temporary,
    save_document,
    save_error,
    to_json,
    unpack,
    without_defaults,
    write_together,
)
from pipeline.transcript import TEXT_FILES, make_texts

PAGES = "pages"
"""Folder in :data:`~pipeline.batch.lock.WORK`: pages of documents that are not finished."""

_PAGE_END = ".json.xz"


class OpenPages(Protocol):
    """As :class:`~pipeline.process.PageFile`."""

    page_count: int
    is_text: bool

    def read(self, number: int, as_number: int | None = None) -> Page:
        """See :meth:`pipeline.process.PageFile.read`."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


Derive = Callable[[str, Sequence[Page], Sequence[Problem], Settings], Document]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is the same for all documents of a batch. Goes to the children: must pickle."""

    out: Path
    settings: Settings
    stages: Stages
    ground_truth: Path | None = None
    truths: Mapping[str, Path] = field(default_factory=dict)
    force: bool = False
    open: Callable[[Path, Settings], OpenPages] = PageFile
    derive: Derive = derive


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a child is to do.

    ``document``: all of ``task``, or, where it has many pages, say so. ``page``: read page
    ``page`` of the document, which is page ``page_of_file`` of file ``file``. ``finish``: make
    the document of its ``pages`` pages, all read but those in ``problems``.
    """

    kind: Literal["document", "page", "finish"]
    task: Task
    sha256: str = ""
    page: int = 0
    file: int = 0
    page_of_file: int = 0
    pages: int = 0
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a job.

    ``row``: the document is finished, or failed. ``counts``: pages by file, to be read one by one;
    ``there`` are read already. ``problem``: why the page failed. ``missing``: pages that are to
    be read first. ``trace`` of an error nobody foresaw; ``stop``: the output cannot be
    written at all.
    """

    row: Row | None = None
    sha256: str = ""
    counts: tuple[int, ...] = ()
    there: frozenset[int] = frozenset()
    problem: Problem | None = None
    missing: tuple[int, ...] = ()
    kept: tuple[str, ...] = ()
    seconds: float = 0.0
    trace: str = ""
    stop: str = ""


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
    return _fail(plan, task, as_problem(error, task.path), sha256, seconds)


def _fail(plan: Plan, task: Task, problem: Problem, sha256: str, seconds: float) -> Row:
    run = _run_info(plan, task, sha256, Status.FAILED, seconds)
    # A folder that cannot be written may be the very cause; the summary has it anyway.
    with suppress(OutputError):
        save_error(plan.out / task.id, task.id, run=run, problems=(problem,))
    return Row(
        id=task.id,
        source=task.source,
        status=Status.FAILED,
        seconds=seconds,
        problems=(problem,),
    )


def as_problem(error: Exception, path: Path, page: int | None = None) -> Problem:
    """``error`` as it is stored: without the name of the document it stands beside."""
    if not isinstance(error, DepeshaError):
        message = f"{type(error).__name__}: {error}"
        return Problem(code=ExitCode.INTERNAL.name, message=message, page=page)
    message = error.message if error.subject == str(path) else str(error)
    return Problem(code=error.exit_code.name, message=message, page=page)


def pages_folder(plan: Plan, task: Task, sha256: str) -> Path:
    """Where pages of an unfinished document lie; another one for other input or settings."""
    name = hashlib.sha256(f"{task.key} {sha256} {plan.stages.reading}".encode()).hexdigest()[:32]
    return plan.out / WORK / PAGES / name


def _document(plan: Plan, job: Job, started: float) -> Done:
    task = job.task
    sha256 = files_hash(task.files)
    folder = plan.out / task.id
    remove_temporary(folder)
    stored = None if plan.force else _stored(folder)
    if stored is not None and _is_current(plan, stored, sha256, folder):
        return Done(row=_row(plan, task, stored, unchanged=True), sha256=sha256)
    reading = fingerprint(plan.stages.reading, sha256)
    if stored is not None and stored.run.reading == reading and stored.read:
        problems = [problem for problem in stored.document.problems if problem.page is not None]
        return _save(plan, task, stored.read, problems, sha256, stored.run.seconds)
    if len(task.files) == 1:
        with plan.open(task.path, plan.settings) as file:
            if file.page_count == 1 or file.is_text:
                read = [file.read(number) for number in range(1, file.page_count + 1)]
                return _save(plan, task, read, (), sha256, time.perf_counter() - started)
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
    make_folder(folder)
    data = pack(to_json(without_defaults(page), indent=None))
    write_together(folder, {f"{job.page:06}{_PAGE_END}": data}, durable=True)
    return Done()


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
            data = json.loads(unpack(folder / f"{number:06}{_PAGE_END}"))
            read.append(msgspec.convert(data, Page))
        except (ResultError, ValueError):
            missing.append(number)
    if missing:
        return Done(missing=tuple(missing), sha256=job.sha256)
    if not read:
        problem = job.problems[0]
        return Done(row=_fail(plan, task, problem, job.sha256, job.seconds), sha256=job.sha256)
    problems = sorted(job.problems, key=lambda problem: problem.page or 0)
    seconds = job.seconds + time.perf_counter() - started
    done = _save(plan, task, read, problems, job.sha256, seconds)
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
    names = {path.name for path in folder.glob(f"*{_PAGE_END}")}
    return frozenset(n for n in range(1, pages + 1) if f"{n:06}{_PAGE_END}" in names)


def _save(
    plan: Plan,
    task: Task,
    read: Sequence[Page],
    problems: Sequence[Problem],
    sha256: str,
    seconds: float,
) -> Done:
    document = plan.derive(task.id, read, problems, plan.settings)
    run = _run_info(plan, task, sha256, document.status, seconds)
    texts = make_texts(document, plan.settings.output.kinds)
    folder = plan.out / task.id
    kept = save_document(folder, document, run=run, texts=texts, read=read)
    made = StoredDocument(run=run, document=document)
    row = _row(plan, task, made, unchanged=False)
    return Done(row=row, sha256=sha256, kept=tuple(str(folder / name) for name in kept))


def _stored(folder: Path) -> StoredDocument | None:
    with suppress(ResultError):
        return load_stored(folder)
    return None


def _is_current(plan: Plan, stored: StoredDocument, sha256: str, folder: Path) -> bool:
    current = stored.run.fingerprint == fingerprint(plan.stages.derived, sha256)
    return current and all((folder / name).is_file() for name in TEXT_FILES)


def _row(plan: Plan, task: Task, stored: StoredDocument, *, unchanged: bool) -> Row:
    # A page's problem may name the file; the row does already, and equal causes go together.
    problems = tuple(
        replace(problem, message=problem.message.removeprefix(f"{task.path}: "))
        for problem in stored.document.problems
    )
    counts = None
    if task.id in plan.truths:
        try:
            truth = load_truth(plan.truths[task.id])
            folder = plan.out / task.id
            score = stored_score(folder, stored.document, truth, plan.settings.evaluate)
            counts = ScoreCounts.of(score)
        except TruthError as error:
            problems = (*problems, as_problem(error, task.path))
        except Exception as error:  # nothing in a truth may cost the document its result
            problems = (
                *problems,
                as_problem(TruthError("", f"cannot be used: {error}"), task.path),
            )
    return make_row(
        stored.document,
        source=task.source,
        unchanged=unchanged,
        seconds=stored.run.seconds,
        counts=counts,
        problems=problems,
    )


def _run_info(plan: Plan, task: Task, sha256: str, status: Status, seconds: float) -> RunInfo:
    stages = plan.stages
    return RunInfo(
        fingerprint=fingerprint(stages.derived, sha256),
        reading=fingerprint(stages.reading, sha256),
        source=task.source,
        source_key=task.key,
        input_sha256=sha256,
        status=status,
        seconds=round(seconds, 3),
        settings=stages.settings,
        versions=stages.versions,
    )
