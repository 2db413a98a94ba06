"""Scoring the form's fields against the truth of a page: each entry right, wrong or missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.ground_truth import Truth, TruthCopy
from pipeline.model import Field

Entry = tuple[str, str]
"""Field name and value; of the copy list number and name."""


@dataclass(frozen=True, kw_only=True)
class FieldScore:
    """Entries found and right, found in all, and true ones."""

    right: int = 0
    found: int = 0
    true: int = 0

    def __add__(self, other: FieldScore) -> FieldScore:
        return FieldScore(
            right=self.right + other.right,
            found=self.found + other.found,
            true=self.true + other.true,
        )

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0.0-1.0."""
        return 2 * self.right / max(1, self.found + self.true)


def true_entries(truth: Truth) -> Counter[Entry]:
    """The entries of the truth's fields."""
    entries: Counter[Entry] = Counter()
    for field in truth.fields:
        values = field.value if isinstance(field.value, tuple) else (field.value,)
        for value in values:
            if isinstance(value, TruthCopy):
                entries[field.name, f"{value.number} {value.name}"] += 1
            elif value is not None:
                entries[field.name, str(value)] += 1
    return entries


def found_entries(fields: Iterable[Field]) -> Counter[Entry]:
    """The entries of ``fields``."""
    return Counter(
        (f.name, f.value if f.name != "copy_list" else f"{f.number} {f.value}") for f in fields
    )


def score(found: Counter[Entry], true: Counter[Entry]) -> FieldScore:
    """How ``found`` compares with ``true``."""
    return FieldScore(right=(found & true).total(), found=found.total(), true=true.total())
