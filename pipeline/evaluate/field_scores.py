"""Fields of the form against the truth: which are right, wrong, missing, invented."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.evaluate.metrics import Counts
from pipeline.ground_truth import Truth, TruthCopy
from pipeline.model import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCounts:
    """Entries of the field ``name``; one of a copy list is a copy with its addressee.

    ``wrong``: a true entry has another value here; ``missing``: it has none; ``invented``: there
    is an entry, and no true one for it.
    """

    name: str
    right: int = 0
    wrong: int = 0
    missing: int = 0
    invented: int = 0

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall, 0.0 to 1.0; ``None`` without any entry."""
        rate = self.counts.rate
        return None if rate is None else 1 - rate

    @property
    def counts(self) -> Counts:
        """As counts whose rate is 1 - F1, so that its interval is that of F1."""
        return Counts(
            substitutions=2 * self.wrong,
            insertions=self.invented,
            deletions=self.missing,
            length=2 * (self.right + self.wrong) + self.missing + self.invented,
        )

    def __add__(self, other: FieldCounts) -> FieldCounts:
        return FieldCounts(
            name=self.name,
            right=self.right + other.right,
            wrong=self.wrong + other.wrong,
            missing=self.missing + other.missing,
            invented=self.invented + other.invented,
        )


def field_counts(document: Document, truth: Truth) -> tuple[FieldCounts, ...]:
    """The fields that the truth tells of, by name; of others nothing is known.

    A field whose true value is ``null`` is known to be absent: an entry there is invented.
    """
    wanted: dict[str, Counter[str]] = {}
    for field in truth.fields:
        entries = wanted.setdefault(field.name, Counter())
        for value in field.value if isinstance(field.value, tuple) else (field.value,):
            if isinstance(value, TruthCopy):
                entries[_folded(f"{value.number} {value.name}")] += 1
            elif value is not None:
                entries[_folded(str(value))] += 1
    found: dict[str, Counter[str]] = {}
    for item in document.fields:
        text = item.value if item.number is None else f"{item.number} {item.value}"
        found.setdefault(item.name, Counter())[_folded(text)] += 1
    return tuple(_counts(name, wanted[name], found.get(name, Counter())) for name in sorted(wanted))


def add_fields(*some: Iterable[FieldCounts]) -> tuple[FieldCounts, ...]:
    """The sums by name."""
    sums: dict[str, FieldCounts] = {}
    for counts in some:
        for x in counts:
            sums[x.name] = sums[x.name] + x if x.name in sums else x
    return tuple(sums[name] for name in sorted(sums))


def all_fields(fields: Iterable[FieldCounts]) -> FieldCounts:
    """All fields as one, under an empty name."""
    return sum(fields, FieldCounts(name=""))


def _counts(name: str, true: Counter[str], found: Counter[str]) -> FieldCounts:
    lacking, extra = (true - found).total(), (found - true).total()
    wrong = min(lacking, extra)
    return FieldCounts(
        name=name,
        right=(true & found).total(),
        wrong=wrong,
        missing=lacking - wrong,
        invented=extra - wrong,
    )


def _folded(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).split())
