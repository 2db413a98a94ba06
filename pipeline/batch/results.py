"""How a batch came out: one row per document, their sums, and ``summary.json`` and ``.csv``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from pipeline.config import Settings
from pipeline.errors import ExitCode
from pipeline.evaluate import Counts, ScoreCounts
from pipeline.evaluate.metrics import total
from pipeline.evaluate.summary import rate_with_interval
from pipeline.form import NAMES
from pipeline.model import Document, Field, Finding, Problem, Status, Verdict
from pipeline.scans import LeftOut
from pipeline.store import csv_table, to_json, write_atomic
from pipeline.text import Level

SUMMARY_JSON = "summary.json"
SUMMARY_CSV = "summary.csv"
VERSION = 1

MEASURES = ("raw_cer", "cer", "raw_wer", "wer")
"""Rates of a document at a level: of the raw reading, and of the clean text."""

_LINE_COUNTS = ("kept", "dropped", "unsure")
_LEADING = (
    "id", "source", "status", "unchanged", "pages", *_LINE_COUNTS, "fields", "expected_error",
    "seconds",
)  # fmt: skip
_LAST = ("body_loss", "problems", "findings", *NAMES)


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
    """One cause and all documents it hit: a thousand times the same is said once."""

    code: str
    message: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """A finished or interrupted batch; ``rows`` are in the order of the input.

    ``left_out`` are files and folders below the inputs that were not taken; ``not_done`` are the
    paths that an interrupt left untouched, ``seconds`` the time by
    the clock, ``versions`` sorted pairs.
    """

    rows: tuple[Row, ...]
    out: Path
    settings: Settings
    versions: tuple[tuple[str, str], ...] = ()
    not_done: tuple[str, ...] = ()
    interrupted: bool = False
    seconds: float = 0.0
    jobs: int = 1
    left_out: tuple[LeftOut, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """``OK`` only where everything is; the common cause where nothing else came out."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        if not self.rows:
            return ExitCode.NO_INPUT
        statuses = {row.status for row in self.rows}
        if statuses <= {Status.OK, Status.CHECK}:
            strict = self.settings.batch.fail_on_check and Status.CHECK in statuses
            return ExitCode.CHECK if strict else ExitCode.OK
        codes = {problem.code for row in self.rows for problem in row.problems}
        if statuses == {Status.FAILED} and len(codes) == 1:
            return ExitCode[codes.pop()]
        return ExitCode.SOME_FAILED

    @property
    def failures(self) -> tuple[Failure, ...]:
        """All problems, equal ones together, the most frequent first."""
        hit: dict[tuple[str, str], dict[str, None]] = {}
        for row in self.rows:
            for problem in row.problems:
                hit.setdefault((problem.code, problem.message), {})[row.id] = None
        failures = [
            Failure(code=code, message=message, documents=tuple(ids))
            for (code, message), ids in hit.items()
        ]
        return tuple(sorted(failures, key=lambda f: -len(f.documents)))

    @property
    def findings(self) -> tuple[tuple[Finding, tuple[str, ...]], ...]:
        """Findings of one code together with the documents that have them, the most first."""
        hit: dict[str, tuple[Finding, dict[str, None]]] = {}
        for row in self.rows:
            for _, finding in row.findings:
                hit.setdefault(finding.code, (finding, {}))[1][row.id] = None
        together = [(finding, tuple(ids)) for finding, ids in hit.values()]
        return tuple(sorted(together, key=lambda x: -len(x[1])))

    @property
    def pages(self) -> int:
        """All pages."""
        return sum(row.pages for row in self.rows)

    @property
    def seconds_a_page(self) -> float | None:
        """Working time of one process for one page; ``None`` where there are no pages."""
        done = [row for row in self.rows if row.pages]
        return sum(row.seconds for row in done) / self.pages if done else None

    @property
    def counts(self) -> tuple[ScoreCounts, ...]:
        """The counts of all documents that were compared with a truth."""
        return tuple(row.counts for row in self.rows if row.counts is not None)

    def count(self, status: Status) -> int:
        """How many documents ended in ``status``."""
        return sum(row.status is status for row in self.rows)


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


def _form(fields: Iterable[Field]) -> tuple[tuple[str, str], ...]:
    values: dict[str, list[str]] = {}
    for field in fields:
        number = "" if field.number is None else f"{field.number} "
        values.setdefault(field.name, []).append(number + field.value)
    return tuple((name, "; ".join(some)) for name, some in values.items())


def counts_of(counts: ScoreCounts, measure: str, level: Level) -> Counts:
    """The counts of one of :data:`MEASURES` at ``level``."""
    text = (counts.raw or counts.clean) if measure.startswith("raw") else counts.clean
    return (text.cer if measure.endswith("cer") else text.wer).at(level)


def total_of(result: BatchResult, measure: str, level: Level) -> Counts:
    """The micro-average of one of :data:`MEASURES` over all documents with a truth."""
    return total(counts_of(x, measure, level) for x in result.counts)


def write_summary(result: BatchResult) -> None:
    """Write both files into ``result.out``.

    Raises:
        OutputError: they cannot be written.

    """
    write_atomic(result.out / SUMMARY_JSON, to_json(summary_data(result)))
    write_atomic(result.out / SUMMARY_CSV, summary_csv(result.rows))


def summary_data(result: BatchResult) -> dict[str, Any]:
    """The contents of ``summary.json``; rates come with the sums they were made from.

    A rate of two documents or more has its 95 % ``interval``.
    """
    rows = result.rows
    return {
        "schema": "depesha/summary",
        "version": VERSION,
        "exit_code": {"code": int(result.exit_code), "name": result.exit_code.name},
        "interrupted": result.interrupted,
        "documents": {
            "total": len(rows) + len(result.not_done),
            **{str(status): result.count(status) for status in Status},
            "unchanged": sum(row.unchanged for row in rows),
            "not_done": len(result.not_done),
            "with_truth": len(result.counts),
        },
        "pages": result.pages,
        "lines": {name: sum(getattr(r, name) for r in rows) for name in _LINE_COUNTS},
        "fields": sum(row.fields for row in rows),
        "seconds": {
            "by_the_clock": round(result.seconds, 3),
            "a_page": _rounded(result.seconds_a_page),
            "jobs": result.jobs,
        },
        "scores": _scores(result.counts),
        "failures": result.failures,
        "findings": [
            {"code": x.code, "advice": x.advice, "documents": names} for x, names in result.findings
        ],
        "left_out": [{"path": x.path, "reason": x.reason} for x in result.left_out],
        "not_done": result.not_done,
        "rows": [_row_data(row) for row in rows],
        "settings": result.settings,
        "versions": dict(result.versions),
    }


def summary_csv(rows: Sequence[Row]) -> str:
    """One line per document, the form's fields last; see :func:`pipeline.store.csv_table`.

    Rates are fractions (0.01 is 1 %), empty where unknown.
    """
    head = [*_LEADING, *(f"{m}_{level}" for level in Level for m in MEASURES), *_LAST]
    return csv_table(head, map(_csv_values, rows))


def _csv_values(row: Row) -> list[object]:
    values: list[object] = [getattr(row, name) for name in _LEADING]
    counts = row.counts
    values += [
        counts_of(counts, measure, level).rate if counts else None
        for level in Level
        for measure in MEASURES
    ]
    values.append(counts.body_loss.rate if counts and counts.body_loss else None)
    values.append("; ".join(_problem_text(row)))
    values.append("; ".join(f"{x.code} (page {page}): {x.message}" for page, x in row.findings))
    form = dict(row.form)
    return [*values, *(form.get(name, "") for name in NAMES)]


def _problem_text(row: Row) -> list[str]:
    return [
        f"{p.code}{f' (page {p.page})' if p.page is not None else ''}: {p.message}"
        for p in row.problems
    ]


def _row_data(row: Row) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.to_builtins(replace(row, counts=None))
    del data["counts"]
    data["findings"] = [
        {"page": page, **msgspec.to_builtins(finding)} for page, finding in row.findings
    ]
    return data | {"figures": _figures(row.counts) if row.counts else None}


def _figures(counts: ScoreCounts) -> dict[str, Any]:
    def at(level: Level) -> dict[str, Any]:
        measured = {m: counts_of(counts, m, level) for m in MEASURES}
        sums = {m: {"errors": x.errors, "length": x.length} for m, x in measured.items()}
        return {"level": level.value, **sums}

    loss = _loss(counts)
    return {
        "levels": [at(level) for level in Level],
        "body_loss": {"errors": loss.errors, "length": loss.length},
    }


def _loss(counts: ScoreCounts) -> Counts:
    """Characters of true body dropped, over those of true body; no length where not known."""
    loss = counts.body_loss
    return Counts(deletions=loss.dropped, length=loss.length) if loss else Counts()


def _scores(counts: Sequence[ScoreCounts]) -> dict[str, Any]:
    scores: dict[str, Any] = {}
    for level in Level if counts else ():
        scores[str(level)] = {
            m: _rate_data([counts_of(x, m, level) for x in counts]) for m in MEASURES
        }
    losses = [loss for x in counts if (loss := _loss(x)).length]
    if losses:
        scores["body_loss"] = _rate_data(losses)
    return scores


def _rate_data(counts: Sequence[Counts]) -> dict[str, Any]:
    found = rate_with_interval(counts)
    data: dict[str, Any] = {
        "errors": found.counts.errors,
        "length": found.counts.length,
        "rate": _rounded(found.rate, 6),
        "documents": found.documents,
    }
    if found.documents >= 2:
        between = found.interval
        data["interval"] = None if between is None else (between.low, between.high)
    return data


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)
