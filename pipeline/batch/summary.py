"""``summary.json`` and ``summary.csv``: the whole collection, written row by row."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from pipeline.batch.results import MEASURES, BatchResult, Row, Totals, counts_of
from pipeline.evaluate import Counts, ScoreCounts
from pipeline.evaluate.intervals import rate_with_interval
from pipeline.form import NAMES
from pipeline.model import Status
from pipeline.store import csv_line, text_bytes, to_json, unwritable
from pipeline.text import Level

SUMMARY_JSON = "summary.json"
SUMMARY_CSV = "summary.csv"
VERSION = 2

_LINE_COUNTS = ("kept", "dropped", "unsure")
_LEADING = (
    "id", "source", "status", "unchanged", "pages", *_LINE_COUNTS, "fields", "expected_error",
    "seconds",
)  # fmt: skip
_LAST = ("body_loss", "problems", "findings", *NAMES)


def write_summary(result: BatchResult) -> None:
    """Write both files into ``result.out``.

    Raises:
        OutputError: they cannot be written.

    """
    rows = result.rows if result.collection is None else result.collection
    _write_lines(result.out / SUMMARY_CSV, summary_csv(rows))
    _write_lines(result.out / SUMMARY_JSON, summary_json(result))


def summary_json(result: BatchResult) -> Iterator[str]:
    """``summary.json``, piece by piece: a row of the collection a line."""
    rows = result.rows if result.collection is None else result.collection
    yield to_json(_head(result, Totals.of(rows))).rstrip().removesuffix("}").rstrip()
    yield ',\n "rows": ['
    between = "\n  "
    for row in rows:
        yield between + to_json(_row_data(row), indent=None).rstrip()
        between = ",\n  "
    yield "\n ]\n}\n"


def summary_data(result: BatchResult) -> dict[str, Any]:
    """The contents of ``summary.json``; rates come with the sums they were made from.

    A rate of two documents or more has its 95 % ``interval``.
    """
    rows = result.rows if result.collection is None else result.collection
    return {**_head(result, Totals.of(rows)), "rows": [_row_data(row) for row in rows]}


def _head(result: BatchResult, totals: Totals) -> dict[str, Any]:
    """All but the rows: of the last run, and of the collection (``totals``)."""
    run = result.totals
    return {
        "schema": "depesha/summary",
        "version": VERSION,
        "exit_code": {"code": int(result.exit_code), "name": result.exit_code.name},
        "interrupted": result.interrupted,
        "stopped": result.stopped,
        "run": {
            "documents": run.documents + result.waiting,
            "failed": run.statuses[Status.FAILED],
            "unchanged": run.unchanged,
            "not_done": result.waiting,
        },
        "documents": {
            "total": totals.documents + result.waiting,
            **{str(status): totals.statuses[status] for status in Status},
            "unchanged": totals.unchanged,
            "not_done": result.waiting,
            "with_truth": len(totals.counts),
        },
        "pages": totals.pages,
        "lines": {name: getattr(totals, name) for name in _LINE_COUNTS},
        "fields": totals.fields,
        "seconds": {
            "by_the_clock": round(result.seconds, 3),
            "a_page": _rounded(totals.seconds_a_page),
            "jobs": result.jobs,
        },
        "scores": _scores(totals.counts),
        "failures": totals.failures,
        "findings": [
            {"code": x.code, "advice": x.advice, "count": count, "documents": names}
            for x, count, names in totals.findings
        ],
        "left_out": [{"path": x.path, "reason": x.reason} for x in result.left_out],
        "left_out_counts": dict(result.left_out_counts),
        "kept": result.kept,
        "not_done": result.not_done,
        "settings": result.settings,
        "versions": dict(result.versions),
    }


def summary_csv(rows: Iterable[Row]) -> Iterator[str]:
    """One line per document, the form's fields last; see :func:`pipeline.store.csv_table`.

    Rates are fractions (0.01 is 1 %), empty where unknown.
    """
    head = [*_LEADING, *(f"{m}_{level}" for level in Level for m in MEASURES), *_LAST]
    yield "\ufeff" + csv_line(head)
    for row in rows:
        yield csv_line(_csv_values(row))


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write ``path`` piece by piece, whole or not at all."""
    temporary = path.with_name(f".depesha-{path.name}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.writelines(map(text_bytes, lines))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


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
