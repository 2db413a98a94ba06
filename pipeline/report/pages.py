"""The report's pages: the index, the page that shows a document, the comparison of two runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.evaluate.comparison import Comparison, Contest
from pipeline.evaluate.confidence import found_by
from pipeline.evaluate.field_scores import all_fields
from pipeline.evaluate.filing import DROPPED, UNREAD
from pipeline.evaluate.summary import Summary
from pipeline.model import LineKind, Problem, Status
from pipeline.report import charts
from pipeline.report.entry import Entry
from pipeline.report.rendering import render
from pipeline.text import Level

_WORST = 10
_SETS_SHOWN = 3
"""Sets of kinds that are named of those compared."""

_NAMES_SHOWN = 12
_PATHS_SHOWN = 500
_ORDER = (
    "overview",
    "scopes",
    "figures",
    "causes",
    "filing",
    "fields",
    "distribution",
    "worst",
    "confusions",
    "review",
    "calibration",
    "failures",
    "documents",
    "settings",
)
_LOOKED_AT = (0.05, 0.1, 0.2)
"""Shares of the words for which the index says what looking at them finds."""

DOCUMENT_SCRIPTS = (
    "line-text.js",
    "view.js",
    "notices.js",
    "scan.js",
    "zoom.js",
    "line-detail.js",
    "panel-transcript.js",
    "panel-differences.js",
    "panel-dropped.js",
    "panel-fields.js",
    "panel-figures.js",
    "document.js",
)
"""The scripts of a document's page, in the order in which they are loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexContent:
    """What the index shows.

    ``summary`` is ``None`` where nothing was compared with a truth. ``problems`` belong to no
    document of ``entries``; ``unmatched`` are paths. ``settings`` and ``versions`` are pairs.
    """

    title: str
    entries: Sequence[Entry]
    summary: Summary | None
    level: Level
    problems: Sequence[Problem] = ()
    unmatched: Sequence[str] = ()
    settings: Sequence[tuple[str, str]] = ()
    versions: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonContent:
    """What the page shows: the first two runs by CER and WER, and all runs by every figure.

    ``fair``: the first run with each of the others by ``figure``, the fairest that all have.
    """

    level: Level
    figure: str
    fair: Mapping[Level, Sequence[Comparison]]
    cer: Mapping[Level, Comparison]
    wer: Mapping[Level, Comparison]
    runs: Sequence[str]
    contests: Mapping[Level, Sequence[Contest]]
    links: Mapping[str, str]
    """Document id to the key of its page in the second run's report, where it has one."""


def index_page(content: IndexContent, language: str) -> str:
    """The first page, whole: figures with their certainty, charts, and every document."""
    summary = content.summary if content.summary and content.summary.documents else None
    shown = {
        "overview": True,
        **dict.fromkeys(
            ("figures", "causes", "distribution", "worst", "confusions", "review"),
            summary is not None,
        ),
        "scopes": summary is not None and bool(summary.scopes),
        "filing": summary is not None and bool(summary.filing.cells),
        "fields": summary is not None and bool(summary.fields),
        "calibration": summary is not None and bool(summary.reliability),
        "failures": True,
        "documents": True,
        "settings": bool(content.versions or content.settings),
    }
    return render(
        "index.html",
        language,
        content=content,
        sections=[name for name in _ORDER if shown[name]],
        statuses=_statuses(content.entries),
        failures=_failures(content),
        names_shown=_NAMES_SHOWN,
        paths_shown=_PATHS_SHOWN,
        summary=summary,
        **(_of_summary(summary, content.entries) if summary else {}),
    )


def _statuses(entries: Sequence[Entry]) -> list[tuple[Status, int]]:
    counts = [(status, sum(x.status is status for x in entries)) for status in Status]
    return [(status, count) for status, count in counts if count]


def _failures(content: IndexContent) -> list[tuple[str, str, list[Entry]]]:
    """Code and message of each problem, or code and advice of each finding, the most first."""
    hit: dict[tuple[str, str], list[Entry]] = {}
    for entry in content.entries:
        for problem in entry.problems:
            hit.setdefault((problem.code, problem.message), []).append(entry)
        for code, advice in dict.fromkeys((x.code, x.advice) for x in entry.findings):
            hit.setdefault((code, advice), []).append(entry)
    for problem in content.problems:
        hit.setdefault((problem.code, problem.message), [])
    ordered = sorted(hit.items(), key=lambda x: -len(x[1]))
    return [(code, message, entries) for (code, message), entries in ordered]


def _of_summary(summary: Summary, entries: Sequence[Entry]) -> dict[str, object]:
    return {
        "levels": [_at_level(summary, entries, level) for level in Level],
        "review": charts.review_curve(summary.review),
        "looked_at": [
            (share, found)
            for share in _LOOKED_AT
            if (found := found_by(summary.review, share)) is not None
        ],
        "reliability": charts.reliability_curve(summary.reliability),
        "filed": _filed(summary),
        "fields": (*summary.fields, all_fields(summary.fields)),
        "compared": summary.compared[:_SETS_SHOWN],
        "labelled": summary.labelled,
    }


def _filed(summary: Summary) -> dict[str, object]:
    """The table of kinds as filed (columns) against kinds as true (rows), in characters."""
    counts = {(x.true, x.filed): x.characters for x in summary.filing.cells}
    used = {filed for _, filed in counts}
    columns = [x for x in (*map(str, LineKind), DROPPED, UNREAD) if x in used]
    rates = dict(summary.kinds_read)
    rows = [
        {
            "kind": kind,
            "cells": [{"count": counts.get((kind, x), 0), "mark": _mark(kind, x)} for x in columns],
            "total": sum(counts.get((kind, x), 0) for x in columns),
            "rate": rates.get(kind),
        }
        for kind in LineKind
        if any(true is kind for true, _ in counts)
    ]
    names = [f"filed_{x}" if x in (DROPPED, UNREAD) else f"kind_{x}" for x in columns]
    return {"columns": names, "rows": rows}


def _mark(kind: LineKind, filed: str) -> str:
    if filed == kind:
        return "right"
    return "lost" if filed in (DROPPED, UNREAD) else "elsewhere"


def _at_level(summary: Summary, entries: Sequence[Entry], level: Level) -> dict[str, object]:
    """What the index shows at one level."""
    clean = summary.clean
    causes, details = clean.causes.at(level), clean.details.at(level)
    rates = [
        (rate, entry, entry.counts.clean)
        for entry in entries
        if entry.counts and (rate := entry.counts.clean.cer.at(level).rate) is not None
    ]
    worst = sorted(rates, key=lambda x: (-x[0], x[1].name))[:_WORST]
    return {
        "level": level,
        "cer": clean.cer.at(level),
        "wer": clean.wer.at(level),
        "raw": summary.raw.cer.at(level) if summary.raw else None,
        "body": summary.body.at(level),
        "details": details,
        "scopes": [x for x in summary.scopes if x.level is level],
        "errors": causes.errors,
        "causes": [(name, getattr(causes, name)) for name in charts.CAUSES],
        "cause_parts": charts.parts(causes),
        "bars": charts.histogram([rate for rate, _, _ in rates]),
        "worst": [(rate, x, of.cer.at(level), of.wer.at(level)) for rate, x, of in worst],
        "heat_map": charts.heat_map(details.confusions),
    }


def document_page(language: str) -> str:
    """The page that shows a document: which one stands behind the ``#`` of its address."""
    return render("document.html", language, scripts=DOCUMENT_SCRIPTS)


def comparison_page(content: ComparisonContent, language: str) -> str:
    """The page that compares two runs, document by document, whole."""
    unpaired = content.fair[content.level][0].unpaired
    sections = ["overview", "all_runs", "each_document", "worst_ten", "documents"]
    return render(
        "comparison.html",
        language,
        content=content,
        sections=[*sections, "unpaired"] if unpaired else sections,
        unpaired=unpaired,
        levels=[
            {
                "level": level,
                "cer": content.cer[level],
                "wer": content.wer[level],
                "fair": content.fair[level][0],
                "verdict": _verdict(content.fair[level][0]),
                "scatters": [charts.scatter(x.changes) for x in content.fair[level]],
                "contests": content.contests[level],
            }
            for level in Level
        ],
    )


def _verdict(found: Comparison) -> str:
    if found.interval is None:
        return "too_few"
    if found.interval.high < 0:
        return "second_better"
    return "second_worse" if found.interval.low > 0 else "undecided"


def comparison_data(content: ComparisonContent) -> dict[str, object]:
    """The rows for the page's table: name, key, and errors and lengths at each level."""
    by_level = [{x.document_id: x for x in content.fair[level][0].changes} for level in Level]
    rows = [
        [
            name,
            content.links.get(name, ""),
            [[x[name].before.errors, x[name].after.errors, x[name].after.length] for x in by_level],
        ]
        for name in by_level[0]
    ]
    return {"rows": rows, "level": content.level.value}
