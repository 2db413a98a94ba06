"""Fit the probabilities of the form's fields and write ``config/fitted/fields.toml``.

``python -m pipeline.training fit-fields FOLDER [--pages N] [--dry]``. On the sheets of ``dev-2``
and on N telegrams half of whose names no table has (``field_pages.py``; drawn and read into FOLDER
where they are not yet), as our lines read them and as their bare text: whether each field is right,
by what speaks for and against it (``pipeline/form/found.py``). Logistic regression with a penalty
on large weights.
Prints how well the probability is calibrated on pages that a fit has not seen, a fifth at a time.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.config import Settings, load_settings
from pipeline.form import NAMES
from pipeline.form.fields import found_in
from pipeline.form.found import EVIDENCE, evidence
from pipeline.ground_truth import Truth
from pipeline.layout.text import text_lines
from pipeline.model import Line, Page
from pipeline.process import classify_page
from pipeline.store import write_atomic
from pipeline.training.field_pages import field_pages, set_field_pages, true_entries
from pipeline.training.fit_vote import logistic

FOLDS = 5
BINS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 1.0)
"""Edges of the bins in which the calibration is shown."""

UNTOLD = ("signature_post",)
"""Fields of which drawn telegrams have none; they count as the mean of the others."""

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One field that was found: on which page, its name, the evidence, and whether it is right."""

    page: int
    name: str
    facts: tuple[float, ...]
    right: bool


def fit_fields(folder: Path, pages: int, target: Path | None) -> None:
    """Fit on ``dev-2`` and ``pages`` telegrams, print what was found, write ``target``.

    ``None``: write nothing. Pages are drawn and read into ``folder`` where they are not yet.
    """
    settings = load_settings()
    cases = [
        case
        for number, page in enumerate(
            chain(set_field_pages(folder, settings), field_pages(folder, pages, settings))
        )
        for case in page_cases(page.page, page.truth, number, settings)
    ]
    wrong = sum(not case.right for case in cases)
    print(f"{len(cases)} fields of the set and {pages} telegrams, {wrong} of them wrong")
    report(cases)
    if target is not None:
        write_atomic(target, as_toml(_weights(cases), len(cases)))
        print(f"written: {target}")


def page_cases(page: Page, truth: Truth, number: int, settings: Settings) -> Iterator[Case]:
    """The fields found on ``page``, by its lines and by their bare text."""
    wanted = true_entries(truth)
    bare = text_lines("\n".join(line.raw for line in page.lines), 1)
    for lines in (page.lines, bare):
        classified = classify_page(replace(page, lines=lines), settings).lines
        yield from _cases(classified, wanted, number)


def _cases(
    lines: Sequence[Line], wanted: Container[tuple[str, str]], number: int
) -> Iterator[Case]:
    for (found, line), _ in found_in(lines):
        if found.name in UNTOLD:
            continue
        value = found.value if found.name != "copy_list" else f"{found.number} {found.value}"
        right = (found.name, value) in wanted
        yield Case(page=number, name=found.name, facts=evidence(found, line), right=right)


def report(cases: Sequence[Case]) -> None:
    """Print the calibration on pages that a fit has not seen."""
    said: list[float] = []
    right: list[bool] = []
    for fold in range(FOLDS):
        weights = _weights([case for case in cases if case.page % FOLDS != fold])
        aside = [case for case in cases if case.page % FOLDS == fold]
        odds = _matrix(aside) @ weights
        said += (1 / (1 + np.exp(-odds))).tolist()
        right += [case.right for case in aside]
    print_calibration(said, right)


def print_calibration(said: Sequence[float], right: Sequence[bool]) -> None:
    """Print what probabilities said against what was right, in bins, and the mean distance."""
    print(f"{'from':>6} {'to':>6} {'fields':>7} {'said':>7} {'right':>7}")
    gap = 0.0
    for low, high in pairwise(BINS):
        some = [
            (p, r) for p, r in zip(said, right, strict=True) if low <= p < high or p == high == 1.0
        ]
        if not some:
            continue
        mean, true = (sum(x[k] for x in some) / len(some) for k in (0, 1))
        gap += abs(mean - true) * len(some) / len(said)
        print(f"{low:6.2f} {high:6.2f} {len(some):7} {mean:7.3f} {true:7.3f}")
    print(f"calibration error {gap:.2%} of {len(said)} fields")


def _weights(cases: Sequence[Case]) -> Array:
    """Weights of :data:`EVIDENCE`, then of :data:`~pipeline.form.NAMES`."""
    right = np.array([case.right for case in cases], np.float64)
    return logistic(_matrix(cases), right, np.ones(len(cases)))


def _matrix(cases: Sequence[Case]) -> Array:
    names = np.array([[float(case.name == name) for name in NAMES] for case in cases])
    return np.hstack([np.array([case.facts for case in cases]), names])


def as_toml(weights: Array, count: int) -> str:
    """The table as ``config/fitted/fields.toml`` has it."""
    rows = [_HEADER.format(count=count), "[weights]"]
    rows += [f"{name} = {w:.3f}" for name, w in zip(EVIDENCE, weights, strict=False)]
    rows += ["", "# Added for a field of this name.", "[fields]"]
    rows += [
        f"{name} = {w:.3f}"
        for name, w in zip(NAMES, weights[len(EVIDENCE) :], strict=True)
        if name not in UNTOLD
    ]
    return "\n".join(rows) + "\n"


_HEADER = """\
# What makes a field of the form right, in log-odds: its confidence is the probability that the
# sum gives. Fitted by `python -m pipeline.training fit-fields` on {count} fields of sheets of the
# set `dev-2` and of telegrams half of whose names stand in no table. What each piece of evidence
# is: `pipeline/form/found.py`.
# Example: `mended = -1.0` divides the odds of a name that the table of names changed by e.
"""
