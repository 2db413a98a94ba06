"""Random streams, one for each purpose: a change of what one draws leaves the others alone."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

_T = TypeVar("_T")


def stream(purpose: str, seed: int, *more: int) -> np.random.Generator:
    """The random generator for ``purpose`` of the document ``seed`` (any integer).

    ``more``: further integers from 0 up that tell streams apart.

    The text of a document is drawn from streams of the seed alone, the damage of a sheet
    from streams of the seed, the severity and the sheet's number.
    """
    return np.random.default_rng([zlib.crc32(purpose.encode()), seed % 2**63, *more])


def one(rng: np.random.Generator, choices: Sequence[_T]) -> _T:
    """Choose one of ``choices``; all are equally likely."""
    return choices[int(rng.integers(len(choices)))]
