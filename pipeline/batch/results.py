"""How a batch came out: one row per document, and what all of them come to."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.config import Settings
from pipeline.errors import ExitCode
from pipeline.evaluate import Counts, ScoreCounts
from pipeline.evaluate.metrics import total
from pipeline.model import Document, Field, Finding, Problem, Status, Verdict
from pipeline.scans import LeftOut
from pipeline.text import Level

SHOWN = 20
"""Rows that :class:`Totals` keep, of the first and of the worst."""

NAMED = 1000
"""Documents named for one cause: of more there is the number."""

CAUSES = 1000
"""Different causes, and files left out, that are listed one by one."""

MEASURES = ("raw_cer", "cer", "raw_wer", "wer")
"""Rates of a document at a level: of the raw reading, and of the clean text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document in the summary.

    ``unchanged``: nothing was done, for the stored result is of the same input, settings
    and versions; ``seconds`` is then the time it took back then. ``kept``, ``dropped``
    and ``unsure`` count lines, ``fields`` the fields of the form that were found; ``form``
    holds their names and values, several values of a name parted by ``; ``. ``counts`` are
    the errors, where the document has a truth. ``expected_error`` (0.0-1.0) is that of the
    document, ``None`` where unknown; ``findings`` come with the number of their page.
    """

    id: str
    source: str
    status: Status
    unchanged: bool = False
    pages: int = 0
    kept: int = 0
    dropped: int = 0
    unsure: int = 0
    fields: int = 0
    form: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    problems: tuple[Problem, ...] = ()
    findings: tuple[tuple[int, Finding], ...] = ()
    expected_error: float | None = None
    counts: ScoreCounts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One cause, how many documents it hit, and the first of them."""

    code: str
    message: str
    documents: tuple[str, ...]
    count: int


@dataclass(kw_only=True)
class Totals:
    """What many rows come to, taken in one pass: nothing here grows with their number.

    (But for ``counts``, of documents with a truth.) ``worst``: those with the highest error rate,
    known or expected, the worst first.
    """

    documents: int = 0
    unchanged: int = 0
    pages: int = 0
    kept: int = 0
    dropped: int = 0
    unsure: int = 0
    fields: int = 0
    seconds: float = 0.0
    statuses: Counter[Status] = field(default_factory=Counter)
    counts: list[ScoreCounts] = field(default_factory=list)
    told: bool = False
    codes: set[str] = field(default_factory=set)
    first: list[Row] = field(default_factory=list)
    worst: list[Row] = field(default_factory=list)
    _hit: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    _found: dict[str, list[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Totals:
        """Of all ``rows``."""
        totals = cls()
        heap: list[tuple[tuple[float, float, float], int, Row]] = []
        for number, row in enumerate(rows):
            totals._add(row)
            item = (_badness(row), -number, row)
            if len(heap) < SHOWN:
                heapq.heappush(heap, item)
            else:
                heapq.heappushpop(heap, item)
        totals.worst = [row for _, _, row in sorted(heap, reverse=True)]
        return totals

    def _add(self, row: Row) -> None:
        self.documents += 1
        self.unchanged += row.unchanged
        for name in ("pages", "kept", "dropped", "unsure", "fields"):
            setattr(self, name, getattr(self, name) + getattr(row, name))
        self.seconds += row.seconds if row.pages else 0.0
        self.statuses[row.status] += 1
        self.told = self.told or row.expected_error is not None
        if row.counts is not None:
            self.counts.append(row.counts)
        if len(self.first) < SHOWN:
            self.first.append(row)
        for code, message in dict.fromkeys((x.code, x.message) for x in row.problems):
            self.codes.add(code)
            if (code, message) in self._hit or len(self._hit) < CAUSES:
                _count(self._hit.setdefault((code, message), [None, 0, []]), None, row.id)
        for found in {x.code: x for _, x in row.findings}.values():
            _count(self._found.setdefault(found.code, [found, 0, []]), found, row.id)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """All problems, equal ones together, the most frequent first."""
        found = [
            Failure(code=code, message=message, documents=tuple(ids), count=count)
            for (code, message), (_, count, ids) in self._hit.items()
        ]
        return tuple(sorted(found, key=lambda x: -x.count))

    @property
    def findings(self) -> tuple[tuple[Finding, int, tuple[str, ...]], ...]:
        """A finding of each code, how many documents have it, the first; the most first."""
        together = [(found, count, tuple(ids)) for found, count, ids in self._found.values()]
        return tuple(sorted(together, key=lambda x: -x[1]))

    @property
    def seconds_a_page(self) -> float | None:
        """Working time of one process for one page; ``None`` where there are no pages."""
        return self.seconds / self.pages if self.pages else None

    def exit_code(self, *, fail_on_check: bool) -> ExitCode:
        """``OK`` only where everything is; the common cause where nothing else came out."""
        if not self.documents:
            return ExitCode.NO_INPUT
        if set(self.statuses) <= {Status.OK, Status.CHECK}:
            strict = fail_on_check and self.statuses[Status.CHECK]
            return ExitCode.CHECK if strict else ExitCode.OK
        if set(self.statuses) == {Status.FAILED} and len(self.codes) == 1:
            return ExitCode[next(iter(self.codes))]
        return ExitCode.SOME_FAILED

    def total(self, measure: str, level: Level) -> Counts:
        """The micro-average of one of :data:`MEASURES` over all documents with a truth."""
        return total(counts_of(x, measure, level) for x in self.counts)


def _count(entry: list[Any], what: object, name: str) -> None:
    entry[0] = what if entry[0] is None else entry[0]
    entry[1] += 1
    if len(entry[2]) < NAMED:
        entry[2].append(name)


def _badness(row: Row) -> tuple[float, float, float]:
    rate = counts_of(row.counts, "cer", Level.READING).rate if row.counts else None
    return (-1.0 if rate is None else rate, row.expected_error or 0.0, float(row.unsure))


@dataclass(frozen=True, kw_only=True)
class BatchResult:
    """A finished, stopped or interrupted batch; ``rows`` are in the order of the input.

    ``collection`` are the rows of everything that was ever done into ``out``, the newest of each
    document. ``left_out`` are files and folders below the inputs that were not taken, up to
    :data:`CAUSES`, counted by reason in ``left_out_counts``; ``not_done`` are the
    sources that an interrupt left untouched, up to as many, ``waiting`` how many; ``stopped``: why
    the run ended before its time. ``seconds``: by
    the clock, ``versions`` sorted pairs; ``kept``: texts that a person had changed, and
    that were kept under these paths.
    """

    rows: Sequence[Row]
    out: Path
    settings: Settings
    collection: Sequence[Row] | None = None
    versions: tuple[tuple[str, str], ...] = ()
    not_done: tuple[str, ...] = ()
    waiting: int = 0
    interrupted: bool = False
    stopped: str = ""
    seconds: float = 0.0
    jobs: int = 1
    left_out: tuple[LeftOut, ...] = ()
    left_out_counts: tuple[tuple[str, int], ...] = ()
    kept: tuple[str, ...] = ()

    @cached_property
    def totals(self) -> Totals:
        """What its rows come to."""
        return Totals.of(self.rows)

    @property
    def exit_code(self) -> ExitCode:
        """That of the run."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        if self.stopped:
            return ExitCode.STOPPED
        return self.totals.exit_code(fail_on_check=self.settings.batch.fail_on_check)


def make_row(
    document: Document,
    *,
    source: str,
    unchanged: bool,
    seconds: float,
    counts: ScoreCounts | None,
    problems: tuple[Problem, ...],
) -> Row:
    """The row of a document that came out, wholly or (with ``problems``) in part."""
    verdicts = [line.verdict for line in document.lines]
    return Row(
        id=document.id,
        source=source,
        status=Status.PARTIAL if problems else document.status,
        unchanged=unchanged,
        pages=len(document.pages),
        kept=verdicts.count(Verdict.KEEP),
        dropped=verdicts.count(Verdict.DROP),
        unsure=verdicts.count(Verdict.UNSURE),
        fields=len(document.fields),
        form=_form(document.fields),
        seconds=seconds,
        problems=problems,
        findings=tuple((page.number, x) for page in document.pages for x in page.findings),
        expected_error=document.expected_error,
        counts=counts,
    )


def row_of_parts(name: str, rows: Sequence[Row], *, pages: int, seconds: float) -> Row:
    """What the parts of the volume ``name`` come to; ``pages``: of the volume."""
    status = next(
        (x for x in (Status.PARTIAL, Status.CHECK) if any(row.status is x for row in rows)),
        Status.OK,
    )
    told = [(row.expected_error, row.pages) for row in rows if row.expected_error is not None]
    weight = sum(count for _, count in told)
    return Row(
        id=name,
        source=rows[0].source,
        status=status,
        unchanged=all(row.unchanged for row in rows),
        pages=pages,
        kept=sum(row.kept for row in rows),
        dropped=sum(row.dropped for row in rows),
        unsure=sum(row.unsure for row in rows),
        fields=sum(row.fields for row in rows),
        seconds=seconds,
        problems=tuple(dict.fromkeys(x for row in rows for x in row.problems)),
        findings=tuple(dict.fromkeys(x for row in rows for x in row.findings)),
        expected_error=sum(rate * n for rate, n in told) / weight if weight else None,
    )


def _form(fields: Iterable[Field]) -> tuple[tuple[str, str], ...]:
    values: dict[str, list[str]] = {}
    for found in fields:
        number = "" if found.number is None else f"{found.number} "
        values.setdefault(found.name, []).append(number + found.value)
    return tuple((name, "; ".join(some)) for name, some in values.items())


def counts_of(counts: ScoreCounts, measure: str, level: Level) -> Counts:
    """The counts of one of :data:`MEASURES` at ``level``."""
    text = (counts.raw or counts.clean) if measure.startswith("raw") else counts.clean
    return (text.cer if measure.endswith("cer") else text.wer).at(level)
