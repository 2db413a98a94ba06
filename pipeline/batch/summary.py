"""``summary.json`` and ``summary.csv``: the whole batch, for machines and spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pipeline.batch.results import BatchResult, Figures, LevelFigures, Rate, Row, sum_rates
from pipeline.form import NAMES
from pipeline.model import Status
from pipeline.store import to_json, write_atomic
from pipeline.text import Level

SUMMARY_JSON = "summary.json"
SUMMARY_CSV = "summary.csv"
VERSION = 1

Interval = Callable[[Sequence[Rate]], tuple[float, float] | None]
"""One rate per document in; a 95 % interval of their micro-average out."""

_MEASURES = ("raw_cer", "cer", "raw_wer", "wer")
_FORMULA = tuple("=+-@\t\r＝＋－＠")  # what spreadsheets take for the start of a formula


def write_summary(result: BatchResult, interval: Interval | None = None) -> None:
    """Write both files into ``result.out``.

    Raises:
        OutputError: they cannot be written.

    """
    write_atomic(result.out / SUMMARY_JSON, to_json(summary_data(result, interval)))
    write_atomic(result.out / SUMMARY_CSV, summary_csv(result.rows))


def summary_data(result: BatchResult, interval: Interval | None = None) -> dict[str, Any]:
    """The contents of ``summary.json``; rates come with the sums they were made from.

    ``interval`` is left out where fewer than two documents have a truth.
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
            "with_truth": len(result.figures),
        },
        "pages": result.pages,
        "lines": {name: sum(getattr(r, name) for r in rows) for name in _LINE_COUNTS},
        "fields": sum(row.fields for row in rows),
        "seconds": {
            "by_the_clock": round(result.seconds, 3),
            "a_page": _rounded(result.seconds_a_page),
            "jobs": result.jobs,
        },
        "scores": _scores(result.figures, interval),
        "failures": result.failures,
        "not_done": result.not_done,
        "rows": rows,
        "settings": result.settings,
        "versions": dict(result.versions),
    }


_LINE_COUNTS = ("kept", "dropped", "unsure")


def total_at(figures: Iterable[Figures], level: Level) -> LevelFigures | None:
    """The micro-average over documents at ``level``; ``None`` where none has it."""
    found = _at(figures, level)
    if not found:
        return None
    sums = {m: sum_rates(getattr(x, m) for x in found) for m in _MEASURES}
    return LevelFigures(level=level, **sums)


def summary_csv(rows: Sequence[Row]) -> str:
    """One line per document, comma-separated, with a byte order mark; the form's fields last.

    The mark makes spreadsheets read UTF-8. A text that one would take for a formula gets
    an apostrophe in front. Rates are fractions (0.01 is 1 %), empty where unknown.
    """
    head = [*_LEADING, *(f"{m}_{level}" for level in Level for m in _MEASURES), *_LAST]
    return csv_table(head, map(_csv_values, rows))


def csv_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as spreadsheets take it: see :func:`summary_csv`."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return "\ufeff" + stream.getvalue()


_LEADING = ("id", "source", "status", "unchanged", "pages", *_LINE_COUNTS, "fields", "seconds")
_LAST = ("body_loss", "problems", *NAMES)


def _csv_values(row: Row) -> list[object]:
    values: list[object] = [getattr(row, name) for name in _LEADING]
    for level in Level:
        found = row.figures.at(level) if row.figures else None
        values += [getattr(found, m).value if found else None for m in _MEASURES]
    values.append(row.figures.body_loss.value if row.figures else None)
    values.append("; ".join(_problem_text(row)))
    form = dict(row.form)
    return [*values, *(form.get(name, "") for name in NAMES)]


def _problem_text(row: Row) -> list[str]:
    return [
        f"{p.code}{f' (page {p.page})' if p.page is not None else ''}: {p.message}"
        for p in row.problems
    ]


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6f}"
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return "'" + value
    return value


def _scores(figures: Sequence[Figures], interval: Interval | None) -> dict[str, Any]:
    scores: dict[str, Any] = {}
    for level in Level:
        found = _at(figures, level)
        if found:
            scores[str(level)] = {
                m: _rate_data([getattr(x, m) for x in found], interval) for m in _MEASURES
            }
    losses = [x.body_loss for x in figures if x.body_loss.length]
    if losses:
        scores["body_loss"] = _rate_data(losses, interval)
    return scores


def _at(figures: Iterable[Figures], level: Level) -> list[LevelFigures]:
    return [found for x in figures if (found := x.at(level)) is not None]


def _rate_data(rates: Sequence[Rate], interval: Interval | None) -> dict[str, Any]:
    total = sum_rates(rates)
    data: dict[str, Any] = {
        "errors": total.errors,
        "length": total.length,
        "rate": _rounded(total.value, 6),
        "documents": len(rates),
    }
    if interval is not None and len(rates) >= 2:
        data["interval"] = interval(rates)
    return data


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)
