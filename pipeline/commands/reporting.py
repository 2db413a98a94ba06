"""From stored results and scores to a report: one page per document, over several processes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import track

from pipeline import __version__
from pipeline.batch.executors import Interrupts, run_jobs, worker_count
from pipeline.config import Settings, flatten
from pipeline.errors import DepeshaError, ExitCode
from pipeline.evaluate.pairs import Loaded, Pair, as_problem, load_result, name_of
from pipeline.evaluate.paths import score_pair
from pipeline.evaluate.score import Score, score_document
from pipeline.ground_truth import find_truth
from pipeline.model import Problem
from pipeline.report import Entry, write_entry
from pipeline.store import DOCUMENT_FILE, load_stored

FEW = 24
"""Jobs that are done in this process: starting others takes about a second."""

_Job = TypeVar("_Job", Pair, Path)
_Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What one job gave: an entry where a page was written, a score, or the problem."""

    entry: Entry | None = None
    score: Score | None = None
    problem: Problem | None = None


def make_pairs(
    pairs: Sequence[Pair], folder: Path | None, settings: Settings, interrupts: Interrupts
) -> Iterator[Made]:
    """Score ``pairs`` and, where ``folder`` is a report's, write their pages; in their order."""
    job = functools.partial(_make_pair, folder=folder, settings=settings)
    return _in_order(job, pairs, settings, interrupts)


def make_unscored(
    paths: Sequence[Path], folder: Path, settings: Settings, interrupts: Interrupts
) -> Iterator[Made]:
    """Write the pages of results that have no truth; those that cannot be read are problems."""
    job = functools.partial(_make_unscored, folder=folder, settings=settings)
    return _in_order(job, paths, settings, interrupts)


def make_documents(
    paths: Sequence[Path],
    folder: Path,
    truth: Path | None,
    settings: Settings,
    interrupts: Interrupts,
) -> Iterator[Made]:
    """Write the pages of stored documents (their folders), scored where they have a truth."""
    job = functools.partial(_make_document, folder=folder, truth=truth, settings=settings)
    return _in_order(job, paths, settings, interrupts)


def versions_and_settings(result: Path, settings: Settings) -> tuple[_Pairs, _Pairs]:
    """Versions and settings to show: of the first stored document in ``result``, and ours."""
    own = {key: value for key, value in flatten(settings) if key.startswith("evaluate.")}
    paths = [result] if (result / DOCUMENT_FILE).is_file() else sorted(result.glob("*/"))
    for path in paths:
        with suppress(DepeshaError):
            run = load_stored(path).run
            return run.versions, tuple(sorted((dict(run.settings) | own).items()))
    return (("depesha", __version__),), tuple(sorted(own.items()))


def with_bar(items: Iterable[Made], total: int, what: str) -> Iterable[Made]:
    """A bar on stderr, where that is a terminal and there is something to wait for."""
    console = Console(stderr=True)
    if total < 2 or not console.is_terminal:
        return items
    return track(items, total=total, console=console, description=what)


def _make_pair(pair: Pair, *, folder: Path | None, settings: Settings) -> Made:
    try:
        found = score_pair(pair, settings.evaluate)
        if folder is None:
            return Made(score=found.score)
        entry = write_entry(
            folder,
            pair.name,
            found.loaded.document,
            truth=found.truth,
            score=found.score,
            source=_source(pair.result, found.loaded),
            settings=settings,
            problems=found.loaded.document.problems,
        )
    except DepeshaError as error:
        return Made(problem=as_problem(error))
    return Made(entry=entry, score=found.score)


def _make_unscored(path: Path, *, folder: Path, settings: Settings) -> Made:
    try:
        loaded = load_result(path)
        entry = write_entry(
            folder,
            name_of(path),
            loaded.document,
            truth=None,
            score=None,
            source=_source(path, loaded),
            settings=settings,
            problems=loaded.document.problems,
        )
    except DepeshaError as error:
        return Made(problem=as_problem(error))
    return Made(entry=entry)


def _make_document(path: Path, *, folder: Path, truth: Path | None, settings: Settings) -> Made:
    try:
        stored = load_stored(path)
        problems = list(stored.document.problems)
        source = Path(stored.run.source)
        true = score = None
        try:
            true = find_truth(source.stem, truth) if truth is not None else None
            if true is not None:
                score = score_document(stored.document, true, settings.evaluate)
                score = replace(score, document_id=path.name)
        except DepeshaError as error:
            problems.append(as_problem(error))
            true = score = None
        entry = write_entry(
            folder,
            path.name,
            stored.document,
            truth=true,
            score=score,
            source=source,
            settings=settings,
            problems=problems,
        )
    except DepeshaError as error:
        return Made(problem=as_problem(error))
    return Made(entry=entry, score=score)


def _source(result: Path, loaded: Loaded) -> Path:
    """The scan of a result: as the run was given it, or beside another program's file."""
    if loaded.run is not None:
        return Path(loaded.run.source)
    pages = loaded.document.pages
    return result.parent / Path(pages[0].scan.path).name if pages else result


def _in_order(
    job: Callable[[_Job], Made], jobs: Sequence[_Job], settings: Settings, interrupts: Interrupts
) -> Iterator[Made]:
    """The results in the order of ``jobs``; few jobs are not worth other processes."""
    few = len(jobs) <= FEW
    workers = 1 if few else worker_count(settings.batch.jobs, len(jobs))
    waiting: dict[int, Made] = {}
    wanted = 0
    for ended in run_jobs(job, jobs, workers=workers, interrupts=interrupts):
        waiting[ended.index] = ended.value or _unforeseen(ended.error, jobs[ended.index])
        while wanted in waiting:
            yield waiting.pop(wanted)
            wanted += 1


def _unforeseen(error: BaseException | None, job: object) -> Made:
    what = f"{type(error).__name__}: {error}" if error else "its worker process was killed, twice"
    name = job.result if isinstance(job, Pair) else job
    return Made(problem=Problem(code=ExitCode.INTERNAL.name, message=f"{name}: {what}"))
