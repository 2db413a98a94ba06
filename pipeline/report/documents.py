"""The pages of many documents, from stored results and their scores, over several processes."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import __version__
from pipeline.config import Settings, flatten
from pipeline.errors import DepeshaError
from pipeline.evaluate import Evaluation, Score, ScoreCounts, stored_score
from pipeline.evaluate.paths import (
    Loaded,
    Progress,
    Revise,
    as_problem,
    load_result,
    unforeseen,
)
from pipeline.evaluate.summary import lean
from pipeline.executors import Interrupts, run_in_order
from pipeline.ground_truth import load_truth
from pipeline.model import Problem
from pipeline.report.entry import Entry, write_entry
from pipeline.store import load_stored, result_folders

REPORT = "report"
"""The folder, among the results, that a report goes to."""

EVALUATION = "evaluation"
"""The folder in it for the report of a comparison with truth, which holds what was compared."""

_Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageJob:
    """A page to be written: of ``result``, under ``name``.

    ``truth`` is its truth's file. ``score`` is what is known
    already; without it, that of a document's folder is the one stored there. ``revise``: as in
    :func:`pipeline.evaluate.paths.evaluate_pairs`.
    """

    name: str
    result: Path
    truth: Path | None = None
    score: Score | None = None
    revise: Revise | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDone:
    """An entry where a page was written, with the score it shows; else the problem."""

    entry: Entry | None = None
    score: Score | None = None
    problem: Problem | None = None


def write_documents(
    folder: Path,
    jobs: Sequence[PageJob],
    settings: Settings,
    interrupts: Interrupts,
    progress: Progress | None = None,
) -> Iterator[PageDone]:
    """Write the pages of ``jobs`` into the report in ``folder``; what came of each, in order."""
    job = functools.partial(_write, folder=folder, settings=settings)
    workers = settings.batch.jobs
    for ended in run_in_order(job, jobs, workers=workers, interrupts=interrupts):
        failed = PageDone(problem=unforeseen(ended.error, jobs[ended.index].result))
        yield failed if ended.value is None else ended.value
        if progress is not None:
            progress(ended.index + 1, len(jobs))


def write_evaluation(
    folder: Path,
    found: Evaluation,
    settings: Settings,
    interrupts: Interrupts,
    progress: Progress | None = None,
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Write the pages of an evaluation.

    Gives the entries, by name, and the problems of pages that could not be written.
    """
    jobs = [
        PageJob(
            name=pair.name,
            result=pair.result,
            truth=pair.truth,
            score=lean(score),
            revise=found.revise,
        )
        for pair, score in zip(found.pairs, found.scores, strict=True)
        if pair.result is not None
    ]
    entries = [
        Entry(name=pair.name, counts=ScoreCounts.of(score))
        for pair, score in zip(found.pairs, found.scores, strict=True)
        if pair.result is None
    ]
    problems = list[Problem]()
    for done in write_documents(folder, jobs, settings, interrupts, progress):
        if done.entry is not None:
            entries.append(done.entry)
        elif done.problem is not None:
            problems.append(done.problem)
    return tuple(sorted(entries, key=lambda entry: entry.name)), tuple(problems)


def versions_and_settings(result: Path, settings: Settings) -> tuple[_Pairs, _Pairs]:
    """Versions and settings to show: of the first stored document in ``result``, and ours."""
    own = {key: value for key, value in flatten(settings) if key.startswith("evaluate.")}
    for path in result_folders(result):
        with suppress(DepeshaError):
            run = load_stored(path).run
            return run.versions, tuple(sorted((dict(run.settings) | own).items()))
    return (("depesha", __version__),), tuple(sorted(own.items()))


def _write(job: PageJob, *, folder: Path, settings: Settings) -> PageDone:
    loaded = load_result(job.result, job.revise)
    source = _source(job.result, loaded)
    problems = list(loaded.document.problems)
    truth, score = None, job.score
    try:
        truth = load_truth(job.truth) if job.truth is not None else None
        if truth is not None and score is None:
            score = stored_score(job.result, loaded.document, truth, settings.evaluate)
            score = replace(score, document_id=job.name)
    except DepeshaError as error:
        problems.append(as_problem(error))
        truth = score = None
    entry = write_entry(
        folder,
        job.name,
        loaded.document,
        truth=truth,
        score=score,
        source=source,
        settings=settings,
        problems=problems,
    )
    return PageDone(entry=entry, score=score)


def _source(result: Path, loaded: Loaded) -> Path:
    """The scan of a result: as the run was given it, or beside another program's file."""
    if loaded.run is not None:
        return Path(loaded.run.source)
    pages = loaded.document.pages
    return result.parent / Path(pages[0].scan.path).name if pages else result
