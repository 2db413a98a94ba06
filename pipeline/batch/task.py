"""One document of a batch, from its file to its folder; this is what a worker runs.

Everything a worker gives back is small (a row of the summary): pages and lines go to
the disk, so that 20,000 documents need no more memory than a few.
"""

from __future__ import annotations

import hashlib
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from pipeline import __version__
from pipeline.batch.naming import Task, choose_folder
from pipeline.batch.results import Row, make_row
from pipeline.config import Settings, flatten
from pipeline.errors import (
    DepeshaError,
    ExitCode,
    OutputError,
    TruthError,
    WorkerLostError,
)
from pipeline.evaluate import ScoreCounts, stored_score
from pipeline.ground_truth import find_truth
from pipeline.model import Document, Problem, Status
from pipeline.resources.tables import resources_digest
from pipeline.scans import file_hash
from pipeline.store import RunInfo, StoredDocument, files_digest, save_document, save_error
from pipeline.transcript import TEXT_FILES, make_texts

Work = Callable[[Path, str, Settings], Document]
"""One file, its document's id and the settings in; its document out, or a DepeshaError."""

_SHOWS = frozenset(
    (
        "__main__",
        "batch",
        "cli",
        "commands",
        "config",
        "evaluate",
        "executors",
        "export",
        "facsimile",
        "formats",
        "ground_truth",
        "report",
        "review",
        "training",
    )
)
"""Rooms that shape no document: what they do is scoring, showing, or working many off.

(``config`` loads settings, whose values are compared themselves.)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is the same for all documents of a batch. Goes to the workers: must pickle."""

    out: Path
    settings: Settings
    versions: tuple[tuple[str, str], ...]
    work: Work
    ground_truth: Path | None
    force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """The row of one document, and the trace of an error nobody foresaw (else empty)."""

    row: Row
    trace: str = ""


def do_task(plan: Plan, task: Task) -> TaskResult:
    """Do one document, or find that nothing has changed; never raises an ``Exception``."""
    started = time.perf_counter()
    try:
        row = _do(plan, task, started)
    except DepeshaError as error:
        return TaskResult(row=fail_task(plan, task, error, started))
    except Exception as error:
        row = fail_task(plan, task, error, started)
        return TaskResult(row=row, trace=traceback.format_exc())
    return TaskResult(row=row)


def fail_task(plan: Plan, task: Task, error: Exception | None, started: float | None = None) -> Row:
    """Store why ``task`` failed, in place of a result, and give its row.

    ``error`` is ``None`` where its worker process died.
    """
    error = error or WorkerLostError(
        task.path,
        "its worker process was killed, twice: out of memory, or a crash in a library. "
        "Try it alone with --jobs 1, or with more memory",
    )
    problem = as_problem(error, task.path)
    seconds = time.perf_counter() - started if started is not None else 0.0
    sha256 = ""
    with suppress(DepeshaError):
        sha256 = file_hash(task.path)
    folder, _ = choose_folder(task, sha256, plan.out)
    run = _run_info(plan, task, sha256, Status.FAILED, seconds)
    # A folder that cannot be written may be the very cause; the summary has it anyway.
    with suppress(OutputError):
        save_error(folder, folder.name, run=run, problems=(problem,))
    return Row(
        id=folder.name,
        source=str(task.path),
        status=Status.FAILED,
        seconds=seconds,
        problems=(problem,),
    )


def as_problem(error: Exception, path: Path) -> Problem:
    """``error`` as it is stored: without the name of the document it stands beside."""
    if not isinstance(error, DepeshaError):
        return Problem(code=ExitCode.INTERNAL.name, message=f"{type(error).__name__}: {error}")
    message = error.message if error.subject == str(path) else str(error)
    return Problem(code=error.exit_code.name, message=message)


def _do(plan: Plan, task: Task, started: float) -> Row:
    sha256 = file_hash(task.path)
    folder, stored = choose_folder(task, sha256, plan.out)
    if isinstance(stored, StoredDocument) and _is_current(plan, stored, sha256, folder):
        return _row(plan, task, stored, folder, unchanged=True)
    document = plan.work(task.path, folder.name, plan.settings)
    seconds = time.perf_counter() - started
    run = _run_info(plan, task, sha256, document.status, seconds)
    texts = make_texts(document, plan.settings.output.kinds)
    save_document(folder, document, run=run, texts=texts)
    made = StoredDocument(run=run, document=document)
    return _row(plan, task, made, folder, unchanged=False)


def _is_current(plan: Plan, stored: StoredDocument, sha256: str, folder: Path) -> bool:
    return (
        not plan.force
        and stored.run.fingerprint == fingerprint(plan, sha256)
        and all((folder / name).is_file() for name in TEXT_FILES)
    )


def _row(plan: Plan, task: Task, stored: StoredDocument, folder: Path, *, unchanged: bool) -> Row:
    # A page's problem may name the file; the row does already, and equal causes go together.
    problems = tuple(
        replace(problem, message=problem.message.removeprefix(f"{task.path}: "))
        for problem in stored.document.problems
    )
    counts = None
    if plan.ground_truth is not None:
        try:
            truth = find_truth(task.path.stem, plan.ground_truth)
            if truth is not None:
                score = stored_score(folder, stored.document, truth, plan.settings.evaluate)
                counts = ScoreCounts.of(score)
        except TruthError as error:
            problems = (*problems, as_problem(error, task.path))
    return make_row(
        stored.document,
        source=str(task.path),
        unchanged=unchanged,
        seconds=stored.run.seconds,
        counts=counts,
        problems=problems,
    )


def _run_info(plan: Plan, task: Task, sha256: str, status: Status, seconds: float) -> RunInfo:
    return RunInfo(
        fingerprint=fingerprint(plan, sha256),
        source=str(task.path),
        source_key=task.key,
        input_sha256=sha256,
        status=status,
        seconds=round(seconds, 3),
        settings=deciding_settings(plan.settings),
        versions=plan.versions,
    )


def deciding_settings(settings: Settings) -> tuple[tuple[str, str], ...]:
    """The settings that decide a result: not how many at once, how it is scored, or shown."""
    pairs = flatten(settings)
    return tuple(
        pair
        for pair in pairs
        if not pair[0].startswith(("batch.", "evaluate.", "report.", "review."))
    )


def own_versions() -> tuple[tuple[str, str], ...]:
    """Our version, and digests of the code and the tables that decide a result.

    By their contents: a version number that nobody raised hides no change. A new chart in
    the report, on the other hand, is no reason to read 20,000 documents again.
    """
    return (
        ("depesha", __version__),
        ("code", code_digest(Path(__file__).parents[1])),
        ("tables", resources_digest()[:16]),
    )


def code_digest(package: Path) -> str:
    """A digest of the code in the folder ``package`` that decides a result."""

    def room(path: Path) -> str:
        return path.relative_to(package).parts[0].removesuffix(".py")

    decisive = [path for path in sorted(package.rglob("*.py")) if room(path) not in _SHOWS]
    return files_digest(package, decisive)


def fingerprint(plan: Plan, input_sha256: str) -> str:
    """SHA-256 (hex) over all that decides a result: input, settings, code, tables, engines."""
    decisive = (input_sha256, deciding_settings(plan.settings), plan.versions)
    return hashlib.sha256(msgspec.json.encode(decisive)).hexdigest()
