"""Evaluation of files and folders: results and truths are matched by their stem."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.config import EvaluateSettings
from pipeline.errors import DepeshaError, ResultError, TruthError
from pipeline.evaluate.compare import Score, Summary, score_document, score_text, summarise
from pipeline.ground_truth import (
    JSON_SUFFIX,
    TEXT_SUFFIX,
    Truth,
    find_truth,
    load_truth,
    truth_stem,
)
from pipeline.model import Problem
from pipeline.store import DOCUMENT_FILE, ERROR_FILE, load_error, load_stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The scores of all pairs, and everything that could not be scored.

    ``scores`` are sorted by stem. ``unmatched`` are paths of results without truth and of
    truths without result. ``problems`` are pairs that could not be scored: a damaged file,
    or a document on which the run failed.
    """

    scores: tuple[Score, ...]
    unmatched: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def summary(self) -> Summary:
        """Micro-averages with intervals over ``scores``."""
        return summarise(self.scores)


def evaluate_paths(result: Path, truth: Path, settings: EvaluateSettings) -> Evaluation:
    """Score ``result`` against ``truth``.

    ``result`` is the folder of a run (``STEM/document.json``), one document's folder or
    ``document.json``, a plain text in UTF-8, or a folder of such (``STEM.txt``). ``truth``
    is ``STEM.gt.txt``, ``STEM.gt.json``, plain text, or a folder of the former two (or of
    ``STEM.txt``, where it has neither). One file against one file are a pair whatever
    their names; in folders the stem decides, and for a document its source's stem too.

    Raises:
        ResultError: ``result`` is missing, holds no result, or is one file and unreadable.
        TruthError: likewise ``truth``.

    """
    results = _find_results(result)
    if not truth.is_dir():
        true = load_truth(truth)
        if len(results) == 1:
            return Evaluation(scores=(_score(results[0], true, settings),))
        return _evaluate_many(results, {true.stem: truth}, settings)
    truths = _find_truths(truth)
    if _is_one(result):
        found = _match(results[0], truths)
        if found is None:
            raise TruthError(truth, f"holds no ground truth for {results[0]}")
        return Evaluation(scores=(_score(results[0], _load_truth(truths, found), settings),))
    return _evaluate_many(results, truths, settings)


def _evaluate_many(
    results: list[Path], truths: dict[str, Path], settings: EvaluateSettings
) -> Evaluation:
    scores: list[Score] = []
    unmatched: list[str] = []
    problems: list[Problem] = []
    used: set[str] = set()
    ids: set[str] = set()
    for path in results:
        try:
            found = _match(path, truths)
            if found is None:
                unmatched.append(str(path))
                continue
            used.add(found)
            score = _score(path, _load_truth(truths, found), settings)
            if score.document_id in ids:
                raise ResultError(path, f"is a second result named {score.document_id}; left out")
            ids.add(score.document_id)
            scores.append(score)
        except DepeshaError as error:
            used.add(_stem(path))
            problems.append(Problem(code=error.exit_code.name, message=str(error)))
    unmatched += [str(path) for stem, path in truths.items() if stem not in used]
    return Evaluation(scores=tuple(scores), unmatched=tuple(unmatched), problems=tuple(problems))


def _find_results(path: Path) -> list[Path]:
    """Document folders and text files, sorted by stem."""
    if _is_one(path):
        return [path]
    try:
        entries = sorted(path.iterdir())
    except OSError as error:
        raise ResultError(path, f"cannot be read: {error.strerror or error}") from error
    found = [entry for entry in entries if _is_result(entry)]
    if not found:
        raise ResultError(path, f"holds no results: neither STEM/{DOCUMENT_FILE} nor STEM.txt")
    return sorted(found, key=_stem)


def _is_one(path: Path) -> bool:
    return path.is_file() or any((path / x).is_file() for x in (DOCUMENT_FILE, ERROR_FILE))


def _is_result(path: Path) -> bool:
    if path.is_dir():
        return _is_one(path)
    return path.suffix == ".txt" and not path.name.endswith(TEXT_SUFFIX)


def _find_truths(folder: Path) -> dict[str, Path]:
    """Stem to path, sorted; plain texts only where the folder has no ``.gt`` files."""
    try:
        entries = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise TruthError(folder, f"cannot be read: {error.strerror or error}") from error
    named = [x for x in entries if x.name.endswith((TEXT_SUFFIX, JSON_SUFFIX))]
    plain = [x for x in entries if x.suffix == ".txt"]
    if not named and not plain:
        raise TruthError(folder, f"holds no ground truth: no STEM{TEXT_SUFFIX} or {JSON_SUFFIX}")
    return {truth_stem(path): path for path in named or plain}


def _load_truth(truths: dict[str, Path], stem: str) -> Truth:
    path = truths[stem]
    # The twin of a .gt file counts too, whichever of the two was found.
    return find_truth(stem, path.parent) or load_truth(path)


def _stem(path: Path) -> str:
    if path.name == DOCUMENT_FILE:
        return path.resolve().parent.name
    return path.resolve().name if path.is_dir() else path.name.removesuffix(".txt")


def _match(path: Path, truths: dict[str, Path]) -> str | None:
    stem = _stem(path)
    if stem in truths:
        return stem
    if path.suffix == ".txt" and path.is_file():
        return None
    # Two inputs with one stem have results under other names; their source tells.
    run = (load_error(path) if _failed(path) else load_stored(path)).run
    stem = Path(run.source).stem
    return stem if stem in truths else None


def _failed(path: Path) -> bool:
    return path.is_dir() and (path / ERROR_FILE).is_file()


def _score(path: Path, truth: Truth, settings: EvaluateSettings) -> Score:
    if _failed(path):
        causes = "; ".join(problem.message for problem in load_error(path).problems)
        raise ResultError(path, f"the run failed on this document: {causes}")
    if path.is_dir() or path.suffix == ".json":
        return score_document(load_stored(path).document, truth, settings)
    return score_text(_stem(path), _read_text(path), truth, settings)


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode()
    except OSError as error:
        raise ResultError(path, f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ResultError(path, f"is not UTF-8 (byte {error.start}); save it as UTF-8") from error
