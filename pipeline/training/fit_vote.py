"""Fit the vote's two models and write ``config/fitted/vote.toml``.

``python -m pipeline.training fit-vote FOLDER [--pages N] [--dry]``. On lines in faces that the
recogniser has never learned from (``held_out.py``; drawn and read into FOLDER where they are not
yet): where the readings differ, which one is nearer to the truth; and for each voted word, whether
it is right. Logistic regression with a penalty on large weights. A pair of variants counts
as a habit with the log-odds of what was seen, its own case left out. Prints what the fit is worth
on every fourth group of pages, which it then has not seen; the weights that are written come from
all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from scipy.optimize import minimize
from scipy.special import expit

from pipeline.character_lm import CharacterLM
from pipeline.config import load_settings
from pipeline.evaluate.confidence import (
    Confidence,
    calibration_error,
    confidence_of,
    found_by,
    review_curve,
)
from pipeline.ocr.ctc import LineRecognition
from pipeline.ocr.differences import NAMES, differences, evidence
from pipeline.ocr.typewriter import Typewriter
from pipeline.ocr.vote import WORD_NAMES, Segment, VoteModel, drafts, segments_of, word_evidence
from pipeline.training.held_out import Doubled, held_out
from pipeline.training.left_out import left_out

PENALTY = 1.0
LEAST = 6
"""Times that a pair of variants must have been seen to be a habit."""

UTMOST = 3.0
_ASIDE = 4

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Case:
    """One difference: ``facts`` without the habit of its ``pair``.

    ``gain``: characters that are mended by taking the other variant; never 0.
    """

    facts: tuple[float, ...]
    pair: tuple[str, str]
    gain: int


@dataclass(frozen=True, eq=False)
class Line:
    """A line with what both readers made of it."""

    doubled: Doubled
    seen: LineRecognition


def fit_vote(
    folder: Path, pages: int, target: Path | None, real: tuple[Path, Path] | None = None
) -> None:
    """Fit on ``pages`` pages, print what was found, write the table to ``target``.

    ``None``: write nothing. Pages are drawn and read into ``folder`` where they are not yet.
    ``real``: a folder of real lines, and one of networks that each left out a part of them.
    """
    settings = load_settings(None, {})
    typewriter = Typewriter(settings.ocr)
    lines = [
        Line(x, typewriter.recognize([x.sample.pixels])[0])
        for x in held_out(folder, pages, settings)
    ]
    if real is not None:
        lines += [Line(*x) for x in left_out(*real, settings)]
    seen = [x for x in lines if x.doubled.group % _ASIDE]
    aside = [x for x in lines if not x.doubled.group % _ASIDE]
    chars = CharacterLM.load()
    model = fit(seen, chars)
    print(f"{len(seen)} lines to fit, {len(aside)} aside, network {typewriter.digest[:12]}")
    report(aside, chars, model)
    model = fit(lines, chars)
    if target is not None:
        _write(target, model, typewriter.digest, len(lines))


def fit(lines: Sequence[Line], chars: CharacterLM) -> VoteModel:
    """Both models on ``lines``."""
    found = [case for line in lines for case in _cases(line, chars)]
    counts = Counter((case.pair, case.gain > 0) for case in found)
    facts = np.array([_with_habit(case, counts) for case in found])
    right = np.array([case.gain > 0 for case in found], np.float64)
    weight = np.array([min(abs(case.gain), 3) for case in found], np.float64)
    difference = logistic(facts, right, weight)
    habits = {
        pair: _odds(counts[pair, True], counts[pair, False])
        for pair in {case.pair for case in found}
        if counts[pair, True] + counts[pair, False] >= LEAST
    }
    model = VoteModel(tuple(difference.tolist()), (0.0,) * len(WORD_NAMES), habits)
    rows, goals = [], []
    for line in lines:
        pieces = _pieces(line, chars, model)
        words = drafts(pieces)
        rows += [word_evidence(word, line.doubled.other, chars) for word in words]
        goals += right_words([word.text for word in words], line.doubled.sample.text)
    words_fit = logistic(np.array(rows), np.array(goals, np.float64), np.ones(len(rows)))
    return VoteModel(model.difference, tuple(words_fit.tolist()), habits)


def report(lines: Sequence[Line], chars: CharacterLM, model: VoteModel) -> None:
    """Errors of both readers and of the vote on ``lines``, and how sure it should have been."""
    errors: Counter[str] = Counter()
    sure = Confidence()
    for line in lines:
        true, own, other = line.doubled.sample.text, line.seen.decoded.text, line.doubled.other.text
        pieces = _pieces(line, chars, model)
        words = drafts(pieces)
        errors["signs"] += len(true)
        errors["typewriter"] += Levenshtein.distance(true, own)
        errors["tesseract"] += Levenshtein.distance(true, other)
        errors["vote"] += Levenshtein.distance(true, " ".join(word.text for word in words))
        errors["best of two"] += min(
            Levenshtein.distance(true, own), Levenshtein.distance(true, other)
        )
        found = [
            (word.text, model.probability_of(word_evidence(word, line.doubled.other, chars)))
            for word in words
        ]
        sure += confidence_of(true, found)
    for name in ("typewriter", "tesseract", "best of two", "vote"):
        print(f"{name:12} {errors[name] / errors['signs']:8.2%}")
    curve = review_curve(sure)
    print(f"calibration error {calibration_error(sure) or 0:.2%}, errors among the least sure")
    print(f"5 %: {found_by(curve, 0.05) or 0:.1%}, 10 %: {found_by(curve, 0.10) or 0:.1%}")


def logistic(facts: Array, right: Array, weight: Array) -> Array:
    """Weights ``(K,)`` that make ``right`` ``(N,)``, 0 or 1, likeliest, less the penalty."""

    def loss(weights: Array) -> tuple[float, Array]:
        odds = facts @ weights
        value = weight @ (np.logaddexp(0.0, odds) - right * odds) + PENALTY / 2 * weights @ weights
        return float(value), facts.T @ (weight * (expit(odds) - right)) + PENALTY * weights

    def bend(weights: Array) -> Array:
        probability = expit(facts @ weights)
        spread = facts * (weight * probability * (1 - probability))[:, None]
        result: Array = spread.T @ facts + PENALTY * np.eye(len(weights))
        return result

    start = np.zeros(facts.shape[1])
    found: Array = minimize(loss, start, jac=True, hess=bend, method="trust-exact").x
    return found


def _cases(line: Line, chars: CharacterLM) -> Iterable[Case]:
    true, own, other = line.doubled.sample.text, line.seen.decoded.text, line.doubled.other
    if not own or not other.text:
        return
    before = Levenshtein.distance(true, own)
    for place in differences(own, other.text):
        new = other.text[place.other_start : place.other_end]
        changed = own[: place.start] + new + own[place.end :]
        gain = before - Levenshtein.distance(true, changed)
        if gain:
            facts = evidence(place, line.seen, other, chars, {})
            yield Case(facts, (own[place.start : place.end], new), gain)


def _with_habit(case: Case, counts: Counter[tuple[tuple[str, str], bool]]) -> tuple[float, ...]:
    right = case.gain > 0
    good, bad = counts[case.pair, True] - right, counts[case.pair, False] - (not right)
    place = NAMES.index("habit")
    habit = _odds(good, bad) if good + bad + 1 >= LEAST else 0.0
    return (*case.facts[:place], habit, *case.facts[place + 1 :])


def _odds(good: int, bad: int) -> float:
    return float(np.clip(np.log((good + 1) / (bad + 1)), -UTMOST, UTMOST))


def _pieces(line: Line, chars: CharacterLM, model: VoteModel) -> list[Segment]:
    return list(segments_of(line.seen, line.doubled.other, chars, model))


def right_words(words: Sequence[str], true: str) -> list[bool]:
    """Which of ``words`` are right; the number of a word stands for its confidence."""
    marked = confidence_of(true, [(word, place / 1000) for place, word in enumerate(words)])
    return [bool(sure.right) for _, sure in marked.steps]


def _write(target: Path, model: VoteModel, network: str, lines: int) -> None:
    def rows(names: Sequence[str], values: Sequence[float]) -> str:
        return "".join(f"{n} = {v:.4f}\n" for n, v in zip(names, values, strict=True))

    habits = "".join(
        f"    [{_quoted(own)}, {_quoted(other)}, {odds:.2f}],\n"
        for (own, other), odds in sorted(model.habits.items())
    )
    target.write_text(
        "# How the two readers' vote weighs its evidence: log-odds, fitted by\n"
        f"# `python -m pipeline.training fit-vote` on {lines} lines of faces and of real sheets\n"
        f"# that the recogniser (SHA-256 {network[:16]}, or its like that left them out)\n"
        "# has not learned from. Example: `picture = 0.5` means that where the network finds the\n"
        "# other reader's variant e times likelier than its own, the odds of taking it rise by a\n"
        "# factor of e^0.5. A figure of the recogniser's stands whatever the weights.\n\n"
        "# Pairs of variants, (recogniser's, Tesseract's), and log-odds that Tesseract is right.\n"
        f"habits = [\n{habits}]\n\n"
        "# Where the readings differ: for the other reader's variant (above zero) or against it.\n"
        f"[difference]\n{rows(NAMES, model.difference)}\n"
        "# That a voted word is right (above zero) or wrong.\n"
        f"[word]\n{rows(WORD_NAMES, model.word)}",
        encoding="utf-8",
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
