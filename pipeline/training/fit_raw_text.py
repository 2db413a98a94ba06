"""The weights by which a line of another engine's text counts as Russian.

Russian lines: those of the keyed pages as typed, and lines of raw texts that are found in the truth
of their page. Noise: lines of English type that an engine read as Cyrillic. A plain logistic
regression, lines of each side weighing as much together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz

from pipeline.noise.legibility import around, evidence, page_share
from pipeline.training.fit_channel import pages_in

_FOUND = 62.0
"""rapidfuzz partial ratio (0-100) from which a raw line counts as found in the truth."""

_CYRILLIC = 0.6
"""Share of Cyrillic letters over which a keyed line is Russian (others are formulas, programs)."""

Case = tuple[dict[str, float], bool]


def cases(real: Path) -> Iterator[Case]:
    """Lines with whether they are Russian."""
    for path in sorted((real / "typed-pages" / "train").glob("*.gt.tsv")):
        rows = [x.split("\t", 1) for x in path.read_text("utf-8").split("\n") if "\t" in x]
        lines = [text for tag, text in rows if tag in "BHAS"]
        yield from _judged(lines, [_is_cyrillic(line) for line in lines], right=True)
    for page in pages_in(real):
        lines = page.read.split("\n")
        found = [
            sum(map(str.isalpha, x)) > 5 and fuzz.partial_ratio(x, page.true) >= _FOUND
            for x in lines
        ]
        yield from _judged(lines, found, right=True)
    noise = (real / "raw-ocr" / "latin-noise.txt").read_text("utf-8").split("\n")
    yield from _judged(noise, [any(map(str.isalpha, x)) for x in noise], right=False)


def make(real: Path, target: Path) -> str:
    """Fit the weights on the lines of ``real`` and write them; gives what was done."""
    found = list(cases(real))
    weights = fit_weights(found)
    rows = "".join(f"{name} = {weight}\n" for name, weight in weights.items())
    target.write_text(
        "# What speaks for a line of another engine's text being Russian, however badly read, in\n"
        "# log-odds; fitted by `python -m pipeline.training fit-raw-text`. Example:\n"
        "# `foreign = -5.0` means that a line wholly in letters of other alphabets has odds that\n"
        "# are lower by e^5.\n\n"
        f"[weights]\n{rows}",
        encoding="utf-8",
    )
    return f"{target}: {len(found)} lines, {sum(right for _, right in found)} of them Russian"


def _is_cyrillic(line: str) -> bool:
    letters = sum(map(str.isalpha, line))
    return sum("А" <= c <= "я" for c in line) > _CYRILLIC * letters


def _judged(lines: Sequence[str], chosen: Sequence[bool], *, right: bool) -> Iterator[Case]:
    own = evidence(lines)
    page = page_share(own)
    for place, wanted in enumerate(chosen):
        if wanted and own[place]["length"]:
            yield around(own, place, page), right


def fit_weights(found: Sequence[Case]) -> dict[str, float]:
    """The weights of :func:`~pipeline.noise.legibility.around`, in log-odds."""
    names = list(found[0][0])
    rows = np.array([[case[name] for name in names] for case, _ in found])
    right = np.array([good for _, good in found], float)
    share = np.where(right > 0, 0.5 / right.mean(), 0.5 / (1 - right.mean()))
    weights = np.zeros(len(names))
    held = np.full(len(names), 0.3)
    held[0] = 1e-6
    for _ in range(60):
        guess = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (share * (right - guess)) - held * weights
        bend = (rows * (share * guess * (1 - guess))[:, None]).T @ rows + np.diag(held)
        weights += np.linalg.solve(bend, slope)
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
