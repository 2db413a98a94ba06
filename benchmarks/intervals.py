"""How often intervals hold, and how often `compare` sees a difference between equal runs.

Usage: ``python benchmarks/intervals.py [RUNS]`` (2,000). Made-up runs: documents of 300 to 3,000
characters (log-normal), whose true error rate differs from document to document (beta, mean 3 %,
as far apart as real pages); the errors of one document hang together (beta-binomial). For 5 to 200
documents it prints the share of 95 % intervals that hold the true rate, and the share of pairs of
equal runs over the same documents whose interval of the difference does not hold zero; of five
equal runs compared all with all, the share in which any pair seems to differ.
"""

from __future__ import annotations

import sys
from itertools import combinations

import numpy as np

from pipeline.evaluate.intervals import interval_of
from pipeline.evaluate.metrics import Counts

MEAN = 0.03
SPREAD = 20.0
OWN = 60.0
FIVE = 5


def main(arguments: list[str]) -> int:
    """Print the table."""
    runs = int(arguments[0]) if arguments else 2_000
    generator = np.random.default_rng(1950)
    print(f"{'documents':>9} {'hold the rate':>14} {'false alarms':>13} {'any of ten pairs':>17}")
    for documents in (5, 10, 30, 59, 200):
        hold = alarms = any_pair = 0
        for run in range(runs):
            lengths, hard = _run(generator, documents)
            made = [_errors(generator, lengths, hard) for _ in range(FIVE)]
            found = interval_of([made[0]])
            hold += found is not None and found.low <= MEAN <= found.high
            alarms += _differ(made[0], made[1])
            if runs <= 500 or run < runs // 4:
                any_pair += any(_differ(a, b, 10) for a, b in combinations(made, 2))
        some = runs if runs <= 500 else runs // 4
        print(f"{documents:9} {hold / runs:14.1%} {alarms / runs:13.1%} {any_pair / some:17.1%}")
    return 0


def _run(generator: np.random.Generator, documents: int) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.clip(generator.lognormal(7.0, 0.5, documents), 300, 3_000).astype(int)
    return lengths, generator.beta(MEAN * SPREAD, (1 - MEAN) * SPREAD, documents)


def _errors(generator: np.random.Generator, lengths: np.ndarray, hard: np.ndarray) -> list[Counts]:
    rates = generator.beta(hard * OWN + 1e-6, (1 - hard) * OWN + 1e-6)
    errors = generator.binomial(lengths, rates)
    return [
        Counts(substitutions=int(e), length=int(n)) for e, n in zip(errors, lengths, strict=True)
    ]


def _differ(one: list[Counts], other: list[Counts], comparisons: int = 1) -> bool:
    found = interval_of([one, other], comparisons)
    return found is not None and not found.low <= 0 <= found.high


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
