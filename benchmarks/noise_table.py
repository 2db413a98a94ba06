"""The tables of ``docs/noise.md``: what each rule weighs, and what follows what.

Usage: ``python benchmarks/noise_table.py``. Weights in log-odds against the mean of all parts, so
that a row reads by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.noise.crf import STATES, TEXT, Array, stored_weights
from pipeline.noise.rules import NAMES, RULES


def main() -> int:
    """Print both tables."""
    for row in tables():
        print(row)
    return 0


def tables() -> Iterator[str]:
    """The rows of both tables."""
    weights = stored_weights(NAMES)
    yield from _head("rule", "text?")
    for rule, row in zip(RULES, weights.rules, strict=True):
        what = (rule.__doc__ or "").split("\n")[0].rstrip(".")
        side = float(row[TEXT].mean() - row[~TEXT].mean())
        name = rule.__name__.replace("_", "-")
        yield f"| `{name}`: {what} | {side:+.1f} | {_cells(row)} |"
    yield ""
    yield from _head("line above", "")
    for state, row in zip(STATES, weights.after, strict=True):
        yield f"| {state} | | {_cells(row)} |"


def _head(*first: str) -> Iterator[str]:
    names = [*first, *(state.replace("_", " ") for state in STATES)]
    yield "| " + " | ".join(names) + " |"
    yield "|---" * len(names) + "|"


def _cells(row: Array) -> str:
    centred: Sequence[float] = np.asarray(row - row.mean()).tolist()
    return " | ".join(f"{value:+.1f}" for value in centred)


if __name__ == "__main__":
    raise SystemExit(main())
