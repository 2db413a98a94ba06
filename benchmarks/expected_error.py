"""Expected against true error rate of pages.

Usage: ``python benchmarks/expected_error.py [--fit] RESULTS TRUTH [RESULTS TRUTH ...]``. RESULTS
are folders that ``depesha run`` wrote, TRUTH the folder of truths of each: keyed pages
(``ID.gt.tsv``) or ground truth (``ID.gt.json``, ``ID.gt.txt``). Prints both rates of every set, in
thirds of the expected one, and the rank correlation (Spearman). ``--fit`` fits the weights of
``config/fitted/expected_error.toml`` on all that is named, each set with an equal say, and prints
them; then the rank correlation of each set's documents (keyed pages of one are left out
together) by weights that were fitted without them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from keyed_pages import keyed_lines, score
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import spearmanr

from pipeline.config import load_settings
from pipeline.evaluate import ScoreCounts, score_document
from pipeline.expected_error import EVIDENCE, LEAST, evidence, expected_error
from pipeline.ground_truth import find_truth
from pipeline.model import Document, Layer
from pipeline.store import DOCUMENT_FILE, load_document
from pipeline.text import Level
from pipeline.training.real_lines import document_of
from pipeline.transcript import render, selected

PENALTY = 0.3


@dataclass(frozen=True)
class Sheet:
    """One document: the doubts its rate is expected by, that rate, its errors and its length.

    ``weight``: what it counts in a fit; ``source``: what it is a page of; ``results``: its set.
    """

    name: str
    shares: tuple[float, ...]
    expected: float
    errors: int
    length: int
    weight: float = 1.0
    source: str = ""
    results: Path | None = None

    @property
    def true(self) -> float:
        """Its character error rate."""
        return self.errors / max(1, self.length)


def main(arguments: list[str]) -> int:
    """Print the tables; gives 2 where folders do not come in pairs."""
    folders = [Path(x) for x in arguments if x != "--fit"]
    if not folders or len(folders) % 2:
        print(__doc__)
        return 2
    everything: list[Sheet] = []
    for results, truths in zip(folders[::2], folders[1::2], strict=True):
        sheets = list(read_sheets(results, truths))
        show(str(results), sheets)
        everything += [replace(x, weight=1 / len(sheets)) for x in sheets]
    if len(folders) > 2:
        show("all together", everything)
    if "--fit" in arguments:
        mean = sum(x.weight for x in everything) / len(everything)
        everything = [replace(x, weight=x.weight / mean) for x in everything]
        print(as_toml(fitted(everything)))
        for results, _ in zip(folders[::2], folders[1::2], strict=True):
            print(f"{results}, left out: rank correlation {left_out(results, everything):.3f}")
    return 0


def read_sheets(results: Path, truths: Path) -> Iterator[Sheet]:
    """The documents in ``results`` that have a truth and words with a confidence."""
    kinds = load_settings().output.kinds
    for path in sorted(results.glob(f"*/{DOCUMENT_FILE}")):
        document = load_document(path)
        text = selected(document.lines, kinds)
        shares, rate = evidence(text), expected_error(text)
        found = _errors(path.parent.name, document, truths)
        if shares is not None and rate is not None and found is not None and found[1]:
            name = path.parent.name
            keyed = (truths / f"{name}.gt.tsv").exists()
            source = document_of(name) if keyed else name
            yield Sheet(name, shares, rate, *found, source=source, results=results)


def _errors(name: str, document: Document, truths: Path) -> tuple[int, int] | None:
    settings = load_settings()
    keyed = truths / f"{name}.gt.tsv"
    if keyed.exists():
        text = render(document, Layer.DIPLOMATIC, settings.output.kinds)
        counts = score(keyed_lines(keyed), text)
        return counts.errors, counts.length
    truth = find_truth(name, truths)
    if truth is None:
        return None
    body = ScoreCounts.of(score_document(document, truth, settings.evaluate))
    rate = body.clean.cer.at(Level.READING)
    return rate.errors, rate.length


def show(name: str, sheets: Sequence[Sheet]) -> None:
    """Print expected and true rates of ``sheets``, by thirds, and their rank correlation."""
    print(f"\n{name}: {len(sheets)} documents")
    if len(sheets) < 3:
        return
    ordered = sorted(sheets, key=lambda x: x.expected)
    third = -(-len(ordered) // 3)
    for start in range(0, len(ordered), third):
        some = ordered[start : start + third]
        length = sum(x.length for x in some)
        said = sum(x.expected * x.length for x in some) / length
        true = sum(x.errors for x in some) / length
        print(f"  expected {said:7.2%}  true {true:7.2%}  of {length} characters")
    found = spearmanr([x.expected for x in sheets], [x.true for x in sheets])
    print(f"  rank correlation {float(found.statistic):.3f}")


def fitted(sheets: Sequence[Sheet]) -> NDArray[np.float64]:
    """The weights that make the errors likeliest (negative binomial, its mean the expected).

    That of ``always``, then those of :data:`~pipeline.expected_error.EVIDENCE`.
    """
    facts = _facts(sheets)
    errors = np.array([x.errors for x in sheets], np.float64)
    lengths = np.array([x.length for x in sheets], np.float64)
    say = np.array([x.weight for x in sheets])

    def loss(weights: NDArray[np.float64]) -> float:
        mean = lengths * np.exp(facts @ weights) + 1e-9
        likely = errors * np.log(mean / (mean + 1)) - np.log(mean + 1)
        return float(-(say * likely).sum() + PENALTY * (weights[1:] ** 2).sum())

    start = np.array([-1.0] + [0.5] * len(EVIDENCE))
    bounds = [(None, None)] + [(0.0, None)] * len(EVIDENCE)
    return np.asarray(minimize(loss, start, method="L-BFGS-B", bounds=bounds).x)


def left_out(results: Path, sheets: Sequence[Sheet]) -> float:
    """The rank correlation over the sheets of ``results``, each by weights fitted without it."""
    own = [x for x in sheets if x.results == results]
    said: dict[str, float] = {}
    for source in sorted({x.source for x in own}):
        out = [x for x in own if x.source == source]
        weights = fitted([x for x in sheets if x not in out])
        said |= zip((x.name for x in out), (_facts(out) @ weights).tolist(), strict=True)
    return float(spearmanr([said[x.name] for x in own], [x.true for x in own]).statistic)


def _facts(sheets: Sequence[Sheet]) -> NDArray[np.float64]:
    doubts = np.log(np.array([x.shares for x in sheets]) + LEAST)
    return np.hstack([np.ones((len(sheets), 1)), doubts])


def as_toml(weights: NDArray[np.float64]) -> str:
    """The weights as ``config/fitted/expected_error.toml`` has them."""
    rows = [f"always = {weights[0]:.2f}", "", "[weights]"]
    rows += [f"{name} = {weight:.2f}" for name, weight in zip(EVIDENCE, weights[1:], strict=True)]
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
