"""What several benchmarks print."""

from __future__ import annotations

from collections.abc import Sequence


def print_bins(pairs: Sequence[tuple[float, bool]], count: int) -> None:
    """Print what was said and what was true (probability, outcome) in ``count`` bins."""
    print(f"{'from':>6} {'to':>5} {'number':>7} {'mean said':>10} {'true':>7}")
    gap = 0.0
    for number in range(count):
        low, high = number / count, (number + 1) / count
        some = [p for p in pairs if low <= p[0] < high or (p[0] == 1.0 and high == 1.0)]
        if some:
            said, right = (sum(x) / len(some) for x in zip(*some, strict=True))
            gap += abs(said - right) * len(some) / len(pairs)
            print(f"{low:6.2f} {high:5.2f} {len(some):7} {said:10.3f} {right:7.3f}")
    print(f"expected calibration error {gap:.4f}")
