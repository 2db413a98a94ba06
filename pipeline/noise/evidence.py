"""What the rules find on a page, as findings in words and as one matrix of strengths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.model import Line
from pipeline.noise.features import Features
from pipeline.noise.finding import Neighbours
from pipeline.noise.rules import RULES
from pipeline.noise.view import View, view_of

NAMES = tuple(rule.__name__ for rule in RULES)
"""Names of all rules, in the order of the matrix's columns."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Evidence:
    """``strengths``: ``(N, R)``, 0.0-1.0; ``words``: for each line, rule number to evidence."""

    view: View
    strengths: NDArray[np.float64]
    words: tuple[dict[int, str], ...]


def gather(lines: Sequence[Line], height: int | None) -> Evidence:
    """The evidence on one page of ``lines`` (at least one); ``height`` of its scan in pixels."""
    view = view_of([Features(line) for line in lines], height)
    strengths = np.zeros((len(lines), len(RULES)))
    words: list[dict[int, str]] = []
    for index, features in enumerate(view.lines):
        near = Neighbours(view=view, index=index)
        said: dict[int, str] = {}
        for number, rule in enumerate(RULES):
            finding = rule(features, near)
            if finding is not None:
                strengths[index, number] = min(1.0, finding[0])
                said[number] = finding[1]
        words.append(said)
    return Evidence(view=view, strengths=strengths, words=tuple(words))
