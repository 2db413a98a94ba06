"""Evaluation of files and folders: results and truths are matched by their stems."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.config import EvaluateSettings
from pipeline.errors import DepeshaError, ExitCode, ResultError, TruthError
from pipeline.evaluate.score import Score, load_score, score_document, score_foreign
from pipeline.evaluate.summary import Summary, Tally, lean
from pipeline.executors import Interrupts, run_in_order
from pipeline.formats import SUFFIXES, read_document, stem_of
from pipeline.ground_truth import (
    JSON_SUFFIX,
    MARKUP_SUFFIXES,
    TEXT_SUFFIX,
    Truth,
    find_truth,
    load_truth,
    truth_stem,
)
from pipeline.model import Document, Problem
from pipeline.store import DOCUMENT_FILE, ERROR_FILE, RunInfo, load_error, load_stored

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do: at first, and after each."""


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
class Pair:
    """A result and its truth, by path. ``name`` is the result's stem, and differs in each pair."""

    name: str
    result: Path
    truth: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """All pairs, sorted by name, and everything that is not in one.

    ``unmatched`` are paths of results without truth and of truths without result, ``alone`` the
    results among them; ``problems`` are results that cannot be matched (damaged, or a second
    one of the same name).
    """

    pairs: tuple[Pair, ...]
    unmatched: tuple[str, ...] = ()
    alone: tuple[Path, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A result as it was read; ``run`` is ``None`` for another program's."""

    document: Document
    run: RunInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The scores of all pairs, and everything that could not be scored.

    ``scores`` are sorted by name, ``pairs`` are theirs; ``summary`` has micro-averages with
    intervals over them. ``unmatched`` are paths of results without truth and of truths
    without result, ``alone`` the results among them. ``problems`` are pairs that could not
    be scored: a damaged file, or a document on which the run failed. After Ctrl-C
    (``interrupted``) the rest is missing.
    """

    scores: tuple[Score, ...]
    pairs: tuple[Pair, ...]
    summary: Summary
    unmatched: tuple[str, ...] = ()
    alone: tuple[Path, ...] = ()
    problems: tuple[Problem, ...] = ()
    interrupted: bool = False


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

    ``result`` is the folder of a run (``STEM/document.json.xz``), one document's folder or
    ``document.json.xz``, a file of another program (PAGE XML, ALTO XML, hOCR, plain text in
    UTF-8), or a folder of such. ``truth`` is ``STEM.gt.txt``, ``STEM.gt.json``, a file of one
    of these formats, or a folder of them (of others than ``STEM.gt.*`` only where it has
    none such). One file against one file are a pair whatever their names; in folders the
    stem decides, and for a document its source's stem too.

    Without ``confusions`` the scores lack theirs, which are most of their size; the summary
    has them. ``jobs``: processes for many pairs, 0 for one a core. Ctrl-C ends it early, with
    what is done; ``interrupts`` is for who catches it already.

    Raises:
        ResultError: ``result`` is missing, holds no result, or is one file and unreadable.
        TruthError: likewise ``truth``.

    """
    pairing = pair_paths(result, truth)
    job = functools.partial(score_pair, settings=settings or EvaluateSettings())
    tally, scores, scored = Tally(), list[Score](), list[Pair]()
    problems = list(pairing.problems)
    alone = len(pairing.pairs) == 1 and not pairing.unmatched and not pairing.problems
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
                problems.append(unforeseen(ended.error, pair.result))
            if progress is not None:
                progress(ended.index + 1, len(pairing.pairs))
        interrupted = bool(stop.count)
    return Evaluation(
        scores=tuple(scores),
        pairs=tuple(scored),
        summary=tally.summary(),
        unmatched=pairing.unmatched,
        alone=pairing.alone,
        problems=tuple(problems),
        interrupted=interrupted,
    )


def score_pair(pair: Pair, settings: EvaluateSettings) -> Score:
    """The score of one pair, with the pair's name: read where it is stored, else made.

    Raises:
        ResultError: the result is damaged or unknown, or the run failed on it.
        TruthError: the truth cannot be understood.

    """
    loaded, truth = load_result(pair.result), load_true(pair.truth)
    if loaded.run is None:
        score = score_foreign(loaded.document, truth, settings)
    else:
        folder = pair.result if pair.result.is_dir() else pair.result.parent
        named = pair.result.is_dir() or pair.result.name == DOCUMENT_FILE
        known = load_score(folder, truth, settings) if named else None
        score = known or score_document(loaded.document, truth, settings)
    return replace(score, document_id=pair.name)


def unforeseen(error: BaseException | None, path: Path) -> Problem:
    """Why a job on ``path`` has no result (``None``: its process died); names the file."""
    if isinstance(error, DepeshaError):
        return as_problem(error)
    what = f"{type(error).__name__}: {error}" if error else "its worker process was killed, twice"
    return Problem(code=ExitCode.INTERNAL.name, message=f"{path}: {what}")


def pair_paths(result: Path, truth: Path) -> Pairing:
    """The pairs of ``result`` and ``truth``; see :func:`evaluate_paths`.

    Raises:
        ResultError: ``result`` is missing, holds no result, or is one file and unreadable.
        TruthError: likewise ``truth``.

    """
    results = _find_results(result)
    if not truth.is_dir():
        stem = load_truth(truth).stem
        if len(results) == 1:
            pair = Pair(name=name_of(results[0]), result=results[0], truth=truth)
            return Pairing(pairs=(pair,))
        return _match_all(results, {stem: truth})
    truths = _find_truths(truth)
    if _is_one(result):
        found = _match(results[0], truths)
        if found is None:
            raise TruthError(truth, f"holds no ground truth for {results[0]}")
        pair = Pair(name=name_of(results[0]), result=results[0], truth=truths[found])
        return Pairing(pairs=(pair,))
    return _match_all(results, truths)


def load_result(path: Path) -> Loaded:
    """The result in ``path``: a document's folder, ``document.json.xz``, or any other format.

    Raises:
        ResultError: it is missing, damaged or unknown, or the run failed on this document.

    """
    if _failed(path):
        causes = "; ".join(problem.message for problem in load_error(path).problems)
        raise ResultError(path, f"the run failed on this document: {causes}")
    if path.is_dir() or path.name == DOCUMENT_FILE:
        stored = load_stored(path)
        return Loaded(document=stored.document, run=stored.run)
    return Loaded(document=read_document(path, ResultError))


def load_true(path: Path) -> Truth:
    """The truth in ``path``; the twin of a ``.gt`` file counts too, whichever is named.

    Raises:
        TruthError: it is missing or cannot be understood.

    """
    if path.name.endswith((TEXT_SUFFIX, JSON_SUFFIX)):
        return find_truth(truth_stem(path), path.parent) or load_truth(path)
    return load_truth(path)


def as_problem(error: DepeshaError) -> Problem:
    """``error`` as it is reported: its message names the file."""
    return Problem(code=error.exit_code.name, message=str(error))


def _match_all(results: list[Path], truths: dict[str, Path]) -> Pairing:
    pairs: dict[str, Pair] = {}
    alone: list[Path] = []
    problems: list[Problem] = []
    used: set[str] = set()
    for path in results:
        name = name_of(path)
        try:
            found = _match(path, truths)
            if found is None:
                alone.append(path)
            elif name in pairs:
                raise ResultError(path, f"is a second result named {name}; left out")
            else:
                used.add(found)
                pairs[name] = Pair(name=name, result=path, truth=truths[found])
        except DepeshaError as error:
            used.add(name)
            problems.append(as_problem(error))
    unread = [path for stem, path in truths.items() if stem not in used]
    return Pairing(
        pairs=tuple(pairs.values()),
        unmatched=tuple(str(path) for path in (*alone, *unread)),
        alone=tuple(alone),
        problems=tuple(problems),
    )


def _find_results(path: Path) -> list[Path]:
    """Document folders and files of text, sorted by stem."""
    if _is_one(path):
        return [path]
    entries = _entries(path, ResultError)
    found = [entry for entry in entries if _is_result(entry)]
    if not found:
        raise ResultError(
            path,
            f"holds no results: neither STEM/{DOCUMENT_FILE} nor STEM{', STEM'.join(SUFFIXES)}",
        )
    return sorted(found, key=name_of)


def _is_one(path: Path) -> bool:
    return path.is_file() or any((path / x).is_file() for x in (DOCUMENT_FILE, ERROR_FILE))


def _is_result(path: Path) -> bool:
    if path.is_dir():
        return _is_one(path)
    return path.name.endswith(SUFFIXES) and ".gt." not in path.name and path.name[0] != "."


def _find_truths(folder: Path) -> dict[str, Path]:
    """Stem to path, sorted; other names than ``STEM.gt.*`` only where the folder has none such."""
    entries = [path for path in _entries(folder, TruthError) if path.is_file()]
    ours = (TEXT_SUFFIX, JSON_SUFFIX)
    named = [x for x in entries if x.name.endswith((*ours, ".gt.xml", ".gt.hocr"))]
    other = [x for x in entries if x.name.endswith((".txt", *MARKUP_SUFFIXES))]
    if not named and not other:
        raise TruthError(
            folder,
            f"holds no ground truth: no STEM{TEXT_SUFFIX}, {JSON_SUFFIX}, .xml, .hocr or .txt",
        )
    return {truth_stem(path): path for path in named or other}


def _entries(folder: Path, error: type[DepeshaError]) -> Iterator[Path]:
    try:
        return iter(sorted(folder.iterdir()))
    except OSError as fault:
        raise error(folder, f"cannot be read: {fault.strerror or fault}") from fault


def name_of(path: Path) -> str:
    """The name of a result: its stem, or that of the folder it is in."""
    if path.name == DOCUMENT_FILE:
        return path.resolve().parent.name
    return path.resolve().name if path.is_dir() else stem_of(path)


def _match(path: Path, truths: dict[str, Path]) -> str | None:
    stem = name_of(path)
    if stem in truths:
        return stem
    if path.is_file() and path.name != DOCUMENT_FILE:
        return None
    # Two inputs with one stem have results under other names; their source tells.
    run = (load_error(path) if _failed(path) else load_stored(path)).run
    stem = Path(run.source).stem
    return stem if stem in truths else None


def _failed(path: Path) -> bool:
    return path.is_dir() and (path / ERROR_FILE).is_file()
