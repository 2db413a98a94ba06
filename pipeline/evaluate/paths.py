"""Evaluation of files and folders: results and truths are matched by their stem."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.config import EvaluateSettings
from pipeline.errors import DepeshaError
from pipeline.evaluate.pairs import Loaded, Pair, as_problem, load_result, load_true, pair_paths
from pipeline.evaluate.score import Score, score_document, score_foreign
from pipeline.evaluate.summary import Summary, summarise
from pipeline.ground_truth import Truth
from pipeline.model import Problem


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredPair:
    """What :func:`score_pair` read and found."""

    score: Score
    loaded: Loaded
    truth: Truth


def evaluate_paths(result: Path, truth: Path, settings: EvaluateSettings) -> Evaluation:
    """Score ``result`` against ``truth``.

    ``result`` is the folder of a run (``STEM/document.json``), one document's folder or
    ``document.json``, a file of another program (PAGE XML, ALTO XML, hOCR, plain text in
    UTF-8), or a folder of such. ``truth`` is ``STEM.gt.txt``, ``STEM.gt.json``, a file of one
    of these formats, or a folder of them (of others than ``STEM.gt.*`` only where it has
    none such). One file against one file are a pair whatever their names; in folders the
    stem decides, and for a document its source's stem too.

    Raises:
        ResultError: ``result`` is missing, holds no result, or is one file and unreadable.
        TruthError: likewise ``truth``.

    """
    pairing = pair_paths(result, truth)
    if len(pairing.pairs) == 1 and not pairing.unmatched and not pairing.problems:
        return Evaluation(scores=(score_pair(pairing.pairs[0], settings).score,))
    scores: list[Score] = []
    problems = list(pairing.problems)
    for pair in pairing.pairs:
        try:
            scores.append(score_pair(pair, settings).score)
        except DepeshaError as error:
            problems.append(as_problem(error))
    return Evaluation(scores=tuple(scores), unmatched=pairing.unmatched, problems=tuple(problems))


def score_pair(pair: Pair, settings: EvaluateSettings) -> ScoredPair:
    """Read one pair and score it; the score has the pair's name.

    Raises:
        ResultError: the result is damaged or unknown, or the run failed on it.
        TruthError: the truth cannot be understood.

    """
    loaded, truth = load_result(pair.result), load_true(pair.truth)
    score = score_document if loaded.run is not None else score_foreign
    found = replace(score(loaded.document, truth, settings), document_id=pair.name)
    return ScoredPair(score=found, loaded=loaded, truth=truth)
