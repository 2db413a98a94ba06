"""The report's first page: figures with their certainty, charts, and every document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.evaluate.summary import Summary
from pipeline.model import Problem, Status
from pipeline.report import charts
from pipeline.report import index_sections as sections
from pipeline.report.entry import Entry
from pipeline.report.frame import (
    contents,
    document_table,
    each_level,
    level_switch,
    section,
    top,
)
from pipeline.report.markup import Markup, join, page, tag
from pipeline.report.words import Speaker
from pipeline.text import Level

_CHOICES = ("all", "with_errors", "with_unsure", "with_loss", "with_problems")


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


def index_page(content: IndexContent, language: str) -> str:
    """The page, whole."""
    say = Speaker(language)
    summary = content.summary
    parts: list[tuple[str, Markup | None]] = [("overview", _overview(content, say))]
    if summary is not None and summary.documents:
        parts += [
            ("figures", sections.figures(summary, say)),
            ("causes", each_level(lambda level: sections.causes(summary, level, say))),
            ("distribution", each_level(lambda x: sections.distribution(content.entries, x, say))),
            ("worst", each_level(lambda level: sections.worst(content.entries, level, say))),
            ("confusions", each_level(lambda level: sections.confusions(summary, level, say))),
            ("review", sections.review(summary, say)),
            ("calibration", sections.calibration(summary, say)),
        ]
    failures = sections.failures(content.entries, content.problems, content.unmatched, say)
    parts += [
        ("failures", failures),
        ("documents", document_table(_CHOICES, say)),
        ("settings", sections.settings([*content.versions, *content.settings], say)),
    ]
    shown = [(name, body) for name, body in parts if body is not None]
    main = tag("main", *(section(name, body, say) for name, body in shown))
    links = contents([x for x, _ in shown], say)
    body = join((charts.patterns(), top(content.title, "report", say), links, main))
    scripts = ("common.js", "words.js", "table.js", "index.js", "../index-data.js")
    title = f"{content.title} · Depesha"
    return page(title, body, language=language, name="index", scripts=scripts)


def _overview(content: IndexContent, say: Speaker) -> Markup:
    entries, summary = content.entries, content.summary
    by_status = [
        tag(
            "span",
            say.count(sum(x.status is status for x in entries)),
            " ",
            say.word(status.value),
            class_=f"status {status.value}",
        )
        for status in Status
        if any(x.status is status for x in entries)
    ]
    documents = tag(
        "div",
        tag("p", say.count(len(entries)), class_="big"),
        tag("p", say.word("documents")),
        tag("p", *by_status, class_="note"),
        class_="card",
    )
    if summary is None or not summary.documents:
        return join((tag("div", documents, class_="cards"), tag("p", say.word("no_truth"))))
    levels = [
        tag(
            "div",
            _card("cer", summary.clean.cer.at(level).rate, summary, level, say),
            _card("wer", summary.clean.wer.at(level).rate, summary, level, say),
            _loss_card(summary, say),
            documents,
            class_="cards at-level",
            data_level=level.value,
        )
        for level in Level
    ]
    return join((level_switch(content.level, say), *levels))


def _card(name: str, rate: float | None, summary: Summary, level: Level, say: Speaker) -> Markup:
    found = (summary.clean.cer if name == "cer" else summary.clean.wer).at(level)
    return tag(
        "div",
        tag("p", say.percent(rate), class_="big"),
        tag("p", say.word(name)),
        tag(
            "p",
            say.interval(found.interval) or "",
            " · " if found.interval else "",
            say.count(found.counts.errors),
            " / ",
            say.count(found.counts.length),
            class_="note",
        ),
        class_="card",
    )


def _loss_card(summary: Summary, say: Speaker) -> Markup | None:
    loss = summary.body_loss
    if loss is None:
        return None
    return tag(
        "div",
        tag("p", say.percent(loss.rate), class_="big"),
        tag("p", say.word("loss")),
        tag(
            "p",
            say.count(loss.dropped),
            " / ",
            say.count(loss.length),
            ": ",
            say.word("loss_note"),
            class_="note",
        ),
        class_="card",
    )
