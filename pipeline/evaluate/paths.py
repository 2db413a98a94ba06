"""Evaluation of files and folders: the pairs of ``pairs.py``, each scored."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.config import EvaluateSettings
from pipeline.errors import DepeshaError, ExitCode, ResultError
from pipeline.evaluate.pairs import Pair, Pairing, name_below, name_of, pair_paths
from pipeline.evaluate.score import Score, load_score, score_document, score_foreign, score_text
from pipeline.evaluate.summary import Summary, Tally, lean
from pipeline.executors import Interrupts, run_in_order
from pipeline.formats import read_document
from pipeline.ground_truth import load_truth
from pipeline.model import Document, Problem
from pipeline.store import (
    DOCUMENT_FILE,
    ERROR_FILE,
    RunInfo,
    StoredDocument,
    load_error,
    load_stored,
)

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do: at first, and after each."""

Revise = Callable[[Path, StoredDocument], StoredDocument]
"""A stored document (and where it lies) in, the same as people corrected it out. Must pickle."""


def evaluate_document(
    document: Document, truth: str | Path, settings: EvaluateSettings | None = None
) -> Score:
    """The score of a document against the ground truth in a file.

    ``truth``: ``STEM.gt.txt``, ``STEM.gt.json``, PAGE XML, ALTO XML or hOCR; ``settings`` say which
    kinds of lines are compared, ``None``: the defaults.

    Raises:
        TruthError: the truth is missing or cannot be understood.

    """
    return score_document(document, load_truth(Path(truth)), settings or EvaluateSettings())


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A result as it was read; ``run`` is ``None`` for another program's.

    ``revised``: people corrected it, and it is as they have it.
    """

    document: Document
    run: RunInfo | None = None
    revised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The scores of all pairs, and everything that could not be scored.

    ``scores`` are sorted by name, ``pairs`` are theirs; ``summary`` has micro-averages with
    intervals over them. ``pairing`` tells what was in no pair. ``problems`` are pairs that could
    not be scored: a damaged file, or a document on which the run failed. After Ctrl-C
    (``interrupted``) the rest is missing. ``revise`` is what the results were read with.
    """

    scores: tuple[Score, ...]
    pairs: tuple[Pair, ...]
    summary: Summary
    pairing: Pairing
    problems: tuple[Problem, ...] = ()
    interrupted: bool = False
    revise: Revise | None = None

    @property
    def unmatched(self) -> tuple[str, ...]:
        """Paths that are in no pair."""
        return self.pairing.unmatched


def evaluate_paths(
    result: Path,
    truth: Path,
    settings: EvaluateSettings | None = None,
    *,
    confusions: bool = True,
    jobs: int = 1,
    progress: Progress | None = None,
    interrupts: Interrupts | None = None,
) -> Evaluation:
    """Score ``result`` against ``truth``.

    ``result`` is the folder of a run, one document's folder or its stored file, a file of
    another program (PAGE XML, ALTO XML, hOCR, plain text in UTF-8), or a folder of such.
    ``truth`` is ``STEM.gt.txt``, ``STEM.gt.json``, ``STEM.gt.tsv``, a file of one of these
    formats, or a folder of them. Which belong together, :func:`pair_paths` says; what has no
    partner is told and left out.

    Without ``confusions`` the scores lack theirs, which are most of their size; the summary
    has them. ``jobs``: processes for many pairs, 0 for one a core. Ctrl-C ends it early, with
    what is done; ``interrupts`` is for who catches it already.

    Raises:
        InputMissingError: ``result`` does not exist.
        ResultError: ``result`` holds no result, or is one file and unreadable.
        TruthError: ``truth`` is missing, holds none, or is one file and unreadable.

    """
    return evaluate_pairs(
        pair_paths(result, truth),
        settings,
        confusions=confusions,
        jobs=jobs,
        progress=progress,
        interrupts=interrupts,
    )


def evaluate_pairs(
    pairing: Pairing,
    settings: EvaluateSettings | None = None,
    *,
    confusions: bool = True,
    jobs: int = 1,
    progress: Progress | None = None,
    interrupts: Interrupts | None = None,
    revise: Revise | None = None,
) -> Evaluation:
    """Score the pairs of ``pairing``, as ``revise`` has them; see :func:`evaluate_paths`.

    Raises:
        ResultError: the only pair's result cannot be read.
        TruthError: the only pair's truth cannot be understood.

    """
    job = functools.partial(score_pair, settings=settings or EvaluateSettings(), revise=revise)
    tally, scores, scored = Tally(), list[Score](), list[Pair]()
    problems: list[Problem] = []
    alone = len(pairing.pairs) == 1 and not pairing.unmatched
    with nullcontext(interrupts) if interrupts else Interrupts() as stop:
        if progress is not None:
            progress(0, len(pairing.pairs))
        for ended in run_in_order(job, pairing.pairs, workers=jobs, interrupts=stop):
            pair = pairing.pairs[ended.index]
            if ended.value is not None:
                tally.add(ended.value)
                scores.append(ended.value if confusions else lean(ended.value))
                scored.append(pair)
            elif alone and ended.error is not None:
                raise ended.error
            else:
                problems.append(unforeseen(ended.error, pair.result or pair.truth))
            if progress is not None:
                progress(ended.index + 1, len(pairing.pairs))
        interrupted = bool(stop.count)
    return Evaluation(
        scores=tuple(scores),
        pairs=tuple(scored),
        summary=tally.summary(),
        pairing=pairing,
        problems=tuple(problems),
        interrupted=interrupted,
        revise=revise,
    )


def score_pair(pair: Pair, settings: EvaluateSettings, revise: Revise | None = None) -> Score:
    """The score of one pair, with the pair's name: read where it is stored, else made.

    The stored score is of the result as the run made it; what ``revise`` changed is scored anew.

    Raises:
        ResultError: the result is damaged or unknown, or the run failed on it.
        TruthError: the truth cannot be understood.

    """
    truth = load_truth(pair.truth)
    if pair.result is None:
        return score_text(pair.name, "", truth, settings)
    loaded = load_result(pair.result, revise)
    if loaded.run is None:
        score = score_foreign(loaded.document, truth, settings)
    elif loaded.revised:
        score = score_document(loaded.document, truth, settings)
    else:
        folder = pair.result if pair.result.is_dir() else pair.result.parent
        named = pair.result.is_dir() or pair.result.name == DOCUMENT_FILE
        known = load_score(folder, truth, settings) if named else None
        score = known or score_document(loaded.document, truth, settings)
    return replace(score, document_id=pair.name)


def filled(pairing: Pairing, root: Path) -> Pairing:
    """``pairing`` with an empty text for each result that is missing, or failed.

    ``root`` is the folder of the truths. So a program gains nothing by failing on hard pages.
    """
    pairs = [
        replace(pair, result=None) if pair.result and _failed(pair.result) else pair
        for pair in pairing.pairs
    ]
    taken = {pair.name for pair in pairs}
    for path in pairing.unread:
        name = name_of(path) if path == root else name_below(path, root)
        free = name if name not in taken else f"{name} ({path})"
        pairs.append(Pair(name=free, result=None, truth=path))
    ordered = tuple(sorted(pairs, key=lambda pair: pair.name))
    return replace(pairing, pairs=ordered, unread=())


def unforeseen(error: BaseException | None, path: Path) -> Problem:
    """Why a job on ``path`` has no result (``None``: its process died); names the file."""
    if isinstance(error, DepeshaError):
        return as_problem(error)
    what = f"{type(error).__name__}: {error}" if error else "its worker process was killed, twice"
    return Problem(code=ExitCode.INTERNAL.name, message=f"{path}: {what}")


def load_result(path: Path, revise: Revise | None = None) -> Loaded:
    """The result in ``path``: a document's folder, its stored file, or any other format.

    Raises:
        ResultError: it is missing, damaged or unknown, or the run failed on this document.

    """
    if _failed(path):
        causes = "; ".join(problem.message for problem in load_error(path).problems)
        raise ResultError(path, f"the run failed on this document: {causes}")
    if path.is_dir() or path.name == DOCUMENT_FILE:
        stored = load_stored(path)
        made = stored if revise is None else revise(path, stored)
        return Loaded(document=made.document, run=made.run, revised=made is not stored)
    return Loaded(document=read_document(path, ResultError))


def as_problem(error: DepeshaError) -> Problem:
    """``error`` as it is reported: its message names the file."""
    return Problem(code=error.exit_code.name, message=str(error))


def _failed(path: Path) -> bool:
    return path.is_dir() and (path / ERROR_FILE).is_file()
