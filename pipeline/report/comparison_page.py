"""The page that compares two runs, document by document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.evaluate.statistics import Change, Comparison
from pipeline.report.charts import rule, svg, text
from pipeline.report.frame import contents, document_table, level_switch, table, top
from pipeline.report.markup import Markup, join, page, tag
from pipeline.report.words import Speaker
from pipeline.text import Level

_SHOWN = 2000
"""Documents drawn in the chart at most; the table has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonContent:
    """What the page shows: the comparisons of CER and WER by level, and the runs' names."""

    first: str
    second: str
    level: Level
    cer: Mapping[Level, Comparison]
    wer: Mapping[Level, Comparison]
    links: Mapping[str, str]
    """Document id to the key of its page in the second run's report, where it has one."""


_Make = Callable[[ComparisonContent, Level, Speaker], Markup]
_Place = Callable[[float], float]


def comparison_page(content: ComparisonContent, language: str) -> str:
    """The page, whole."""
    say = Speaker(language)
    names = ["overview", "each_document", "worst_ten", "documents"]
    bodies = [
        join((level_switch(content.level, say), _levels(content, say, _overview))),
        _levels(content, say, _chart),
        _levels(content, say, _worst),
        document_table(("all", "worse", "better", "equal"), say),
    ]
    unpaired = content.cer[content.level].unpaired
    if unpaired:
        names.append("unpaired")
        bodies.append(tag("ul", *(tag("li", name) for name in unpaired), class_="paths"))
    main = tag(
        "main",
        *(
            tag("section", say.word(name, "h2"), body, id=name)
            for name, body in zip(names, bodies, strict=True)
        ),
    )
    title = f"{content.first} → {content.second}"
    body = join((top(title, "comparison", say), contents(names, say), main))
    scripts = ("common.js", "words.js", "table.js", "comparison.js", "../comparison-data.js")
    return page(f"{title} · Depesha", body, language=language, name="comparison", scripts=scripts)


def comparison_data(content: ComparisonContent) -> dict[str, object]:
    """The rows for the page's table: name, key, and errors and lengths at each level."""
    by_level = [{x.document_id: x for x in content.cer[level].changes} for level in Level]
    rows = [
        [
            name,
            content.links.get(name, ""),
            [[x[name].before.errors, x[name].after.errors, x[name].after.length] for x in by_level],
        ]
        for name in by_level[0]
    ]
    return {"rows": rows, "level": content.level.value}


def _levels(content: ComparisonContent, say: Speaker, make: _Make) -> Markup:
    return join(
        tag("div", make(content, level, say), class_="at-level", data_level=level.value)
        for level in Level
    )


def _overview(content: ComparisonContent, level: Level, say: Speaker) -> Markup:
    cer = content.cer[level]
    counts = [
        tag(
            "div",
            tag("p", sign, " ", say.count(number), class_="big"),
            tag("p", say.word(name)),
            class_=f"card {name}",
        )
        for name, sign, number in (
            ("better", "▼", cer.better),
            ("equal", "=", cer.equal),
            ("worse", "▲", cer.worse),
        )
    ]
    head = tag(
        "tr",
        *(
            say.word(x, "th")
            for x in ("measure", "first_run", "second_run", "difference", "interval")
        ),
    )
    rows = [
        _row(name, found[level], say)
        for name, found in (("cer", content.cer), ("wer", content.wer))
    ]
    return join(
        (
            tag("p", say.word(_verdict(cer)), class_="verdict"),
            tag("div", *counts, class_="cards"),
            table(head, rows, "figures"),
        )
    )


def _row(name: str, found: Comparison, say: Speaker) -> Markup:
    return tag(
        "tr",
        tag("th", say.plain(name), scope="row", data_t=name),
        tag("td", say.rate(found.first)),
        tag("td", say.rate(found.second)),
        tag("td", say.percent(found.difference)),
        tag("td", say.interval(found.interval) or "–"),
    )


def _verdict(found: Comparison) -> str:
    if found.interval is None:
        return "too_few"
    if found.interval.high < 0:
        return "sure_better"
    return "sure_worse" if found.interval.low > 0 else "not_sure"


def _worst(content: ComparisonContent, level: Level, say: Speaker) -> Markup:
    worst = content.cer[level].worst
    if not worst:
        return tag("p", "–")
    names = ("document", "first_run", "second_run", "added_errors")
    head = tag("tr", *(say.word(name, "th") for name in names))
    rows = [
        tag(
            "tr",
            tag("th", _link(content, x.document_id), scope="row"),
            tag("td", say.percent(x.before.rate)),
            tag("td", say.percent(x.after.rate)),
            tag("td", "+", say.count(x.added)),
        )
        for x in worst
    ]
    return table(head, rows, "worst")


def _link(content: ComparisonContent, name: str) -> Markup | str:
    key = content.links.get(name)
    return tag("a", name, href=f"document.html#{key}") if key else name


def _chart(content: ComparisonContent, level: Level, say: Speaker) -> Markup:
    changes = [x for x in content.cer[level].changes if x.before.length][:_SHOWN]
    size, left, top_ = 420.0, 52.0, 12.0
    most = max(
        (max(x.before.errors, x.after.errors) / x.before.length for x in changes), default=0.0
    )
    reach = _nice(most)

    def x_of(share: float) -> float:
        return left + size * min(share / reach, 1)

    def y_of(share: float) -> float:
        return top_ + size * (1 - min(share / reach, 1))

    parts: list[Markup] = []
    for step in range(5):
        share = reach * step / 4
        parts.append(rule(x_of(share), y_of(0), x_of(share), y_of(reach), "grid"))
        parts.append(rule(x_of(0), y_of(share), x_of(reach), y_of(share), "grid"))
        name = f"{100 * share:g} %"
        parts.append(text(x_of(share), y_of(0) + 17, name, anchor="middle", class_="tick"))
        parts.append(text(left - 6, y_of(share) + 4, name, anchor="end", class_="tick"))
    parts.append(rule(x_of(0), y_of(0), x_of(reach), y_of(reach), "reference"))
    parts += [_mark(change, x_of, y_of) for change in changes]
    middle = left + size / 2
    parts.append(
        text(middle, top_ + size + 40, say.plain("first_run"), anchor="middle", data_t="first_run")
    )
    parts.append(
        tag(
            "text",
            say.plain("second_run"),
            text_anchor="middle",
            data_t="second_run",
            transform=f"translate(10 {top_ + size / 2:.0f}) rotate(-90)",
        )
    )
    legend = tag(
        "p",
        "▼ ",
        say.word("better"),
        "  ○ ",
        say.word("equal"),
        "  ▲ ",
        say.word("worse"),
        class_="note",
    )
    chart = svg(left + size + 8, top_ + size + 48, *parts, title=say.plain("each_document"))
    return tag("figure", tag("div", chart, class_="scatter"), legend)


def _mark(change: Change, x_of: _Place, y_of: _Place) -> Markup:
    length = change.before.length
    x, y = x_of(change.before.errors / length), y_of(change.after.errors / length)
    name = tag("title", f"{change.document_id}: {change.before.errors} → {change.after.errors}")
    if change.added == 0:
        return tag("circle", name, cx=f"{x:.1f}", cy=f"{y:.1f}", r="4", class_="mark equal")
    turn = -5 if change.added > 0 else 5
    points = f"{x:.1f},{y + turn:.1f} {x - 5:.1f},{y - turn:.1f} {x + 5:.1f},{y - turn:.1f}"
    side = "worse" if change.added > 0 else "better"
    return tag("polygon", name, points=points, class_=f"mark {side}")


def _nice(value: float) -> float:
    """A round number not below ``value``."""
    steps: Sequence[float] = (0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 2.0)
    return next((step for step in steps if step >= value), 4.0)
