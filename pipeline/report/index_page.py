"""The report's first page: figures with their certainty, charts, and every document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.evaluate.confidence import found_by
from pipeline.evaluate.details import Details
from pipeline.evaluate.summary import Summary
from pipeline.model import Problem, Status
from pipeline.report import charts
from pipeline.report.entry import Entry
from pipeline.report.markup import Markup, join, page, tag
from pipeline.report.words import Speaker
from pipeline.text import Level

WORST = 10
NAMES_SHOWN = 12
LOOKED_AT = (0.05, 0.1, 0.2)
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
    sections: list[tuple[str, Markup | None]] = [("overview", _overview(content, say))]
    if summary is not None and summary.documents:
        sections += [
            ("figures", _figures(summary, say)),
            ("causes", _each_level(lambda level: _causes(summary, level, say))),
            ("distribution", _each_level(lambda x: _distribution(content.entries, x, say))),
            ("worst", _each_level(lambda level: _worst(content.entries, level, say))),
            ("confusions", _each_level(lambda level: _confusions(summary, level, say))),
            ("review", _review(summary, say)),
            ("calibration", _calibration(summary, say)),
        ]
    sections += [
        ("failures", _failures(content, say)),
        ("documents", document_table(_CHOICES, say)),
        ("settings", _settings(content, say)),
    ]
    shown = [(name, body) for name, body in sections if body is not None]
    main = tag("main", *(_section(name, body, say) for name, body in shown))
    links = contents([x for x, _ in shown], say)
    body = join((charts.patterns(), top(content.title, "report", say), links, main))
    scripts = ("common.js", "words.js", "table.js", "index.js", "../index-data.js")
    title = f"{content.title} · Depesha"
    return page(title, body, language=language, name="index", scripts=scripts)


def top(title: str, kind: str, say: Speaker) -> Markup:
    """The head of a page: its name, and the buttons for language, theme and print."""
    buttons = [
        tag("button", say.plain(name), type="button", id=f"{name}-button", data_t=name)
        for name in ("language", "theme", "print")
    ]
    return tag(
        "header",
        tag("p", tag("span", "Depesha", class_="brand"), " ", say.word(kind), class_="kind"),
        tag("h1", title),
        tag("div", *buttons, class_="tools"),
        class_="top",
    )


def contents(names: Sequence[str], say: Speaker) -> Markup:
    """Links to a page's sections."""
    links = [tag("a", say.plain(name), href=f"#{name}", data_t=name) for name in names]
    return tag("nav", *links, class_="contents", aria_label=say.plain("contents"))


def _section(name: str, body: Markup, say: Speaker) -> Markup:
    return tag("section", say.word(name, "h2"), body, id=name)


def _each_level(make: Callable[[Level], Markup]) -> Markup:
    """The same at each level; the page shows the one that is chosen."""
    return join(tag("div", make(x), class_="at-level", data_level=x.value) for x in Level)


def level_switch(level: Level, say: Speaker) -> Markup:
    """Buttons that choose the level of a page."""
    choices = [
        tag(
            "button",
            say.plain(x.value),
            type="button",
            data_t=x.value,
            data_set_level=x.value,
            aria_pressed="true" if x is level else "false",
        )
        for x in Level
    ]
    return tag("div", say.word("level"), *choices, class_="levels", data_level=level.value)


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


def _figures(summary: Summary, say: Speaker) -> Markup:
    clean, raw = summary.clean, summary.raw

    def details(level: Level) -> Details:
        return clean.details.at(level)

    rows: list[tuple[str, Callable[[Level], object]]] = [
        ("cer", lambda x: say.rate(clean.cer.at(x))),
        ("wer", lambda x: say.rate(clean.wer.at(x))),
        ("cer_normalised", lambda x: say.percent(clean.cer.at(x).counts.normalised)),
        ("cer_body", lambda x: say.rate(summary.body.at(x))),
        ("fca", lambda x: say.percent(details(x).flexible.accuracy)),
        ("bag", lambda x: say.percent(details(x).bag.rate)),
        ("letters", lambda x: say.percent(details(x).letters.rate)),
        ("digits", lambda x: say.percent(details(x).digits.rate)),
        ("punctuation", lambda x: say.percent(details(x).punctuation.rate)),
        ("mixed", lambda x: say.percent(details(x).mixed_words.rate)),
        ("perfect", lambda x: say.percent(details(x).perfect_lines.rate)),
        ("lines", lambda x: _lines(details(x), say)),
    ]
    if raw is not None:
        rows.insert(1, ("cer_raw", lambda x: say.rate(raw.cer.at(x))))
    head = tag("tr", say.word("measure", "th"), *(say.word(x.value, "th") for x in Level))
    body = [
        tag(
            "tr",
            tag("th", say.plain(name), scope="row", data_t=name),
            *(tag("td", make(level), data_level=level.value) for level in Level),
        )
        for name, make in rows
    ]
    note = tag("p", say.count(summary.documents), " ", say.word("of_documents"), class_="note")
    return join((table(head, body, "figures"), note))


def _lines(details: Details, say: Speaker) -> Markup:
    lines = details.lines
    counts = (lines.missing, lines.extra, lines.merged, lines.split, lines.moved)
    parts: list[object] = []
    for count in counts:
        parts += [", " if parts else "", say.count(count)]
    return join(parts)


def table(head: Markup, body: Sequence[Markup], class_: str) -> Markup:
    """A table that scrolls by itself where the page is narrow."""
    inner = tag("table", tag("thead", head), tag("tbody", *body), class_=class_)
    return tag("div", inner, class_="scroll")


def _causes(summary: Summary, level: Level, say: Speaker) -> Markup:
    split = summary.clean.split.at(level)
    if not split.errors:
        return tag("p", say.word("no_errors"))
    head = tag("tr", *(say.word(x, "th") for x in ("cause", "errors", "share")))
    rows = [
        tag(
            "tr",
            tag("th", charts.swatch(name), " ", say.word(name), scope="row"),
            tag("td", say.count(getattr(split, name))),
            tag("td", say.percent(getattr(split, name) / split.errors, 1)),
        )
        for name in charts.CAUSES
    ]
    return join((charts.causes(split, say), table(head, rows, "causes")))


def _rates(entries: Sequence[Entry], level: Level) -> list[tuple[float, Entry]]:
    found = [(x.figures[level].cer.rate, x) for x in entries if level in x.figures]
    return [(rate, entry) for rate, entry in found if rate is not None]


def _distribution(entries: Sequence[Entry], level: Level, say: Speaker) -> Markup:
    return charts.distribution([rate for rate, _ in _rates(entries, level)], say)


def _worst(entries: Sequence[Entry], level: Level, say: Speaker) -> Markup:
    rates = sorted(_rates(entries, level), key=lambda x: (-x[0], x[1].name))[:WORST]
    names = ("document", "cer_short", "wer_short", "errors", "characters")
    head = tag("tr", *(say.word(name, "th") for name in names))
    rows = [
        tag(
            "tr",
            tag("th", tag("a", entry.name, href=f"document.html#{entry.key}"), scope="row"),
            tag("td", say.percent(rate)),
            tag("td", say.percent(entry.figures[level].wer.rate)),
            tag("td", say.count(entry.figures[level].cer.errors)),
            tag("td", say.count(entry.figures[level].cer.length)),
        )
        for rate, entry in rates
    ]
    return table(head, rows, "worst")


def _confusions(summary: Summary, level: Level, say: Speaker) -> Markup:
    confusions = summary.clean.details.at(level).confusions
    if not confusions:
        return tag("p", say.word("no_errors"))
    listed = [
        tag(
            "li",
            tag("span", charts.visible(x.true), class_="sign"),
            " → ",
            tag("span", charts.visible(x.read), class_="sign"),
            " ",
            tag("span", say.count(x.count), class_="note"),
        )
        for x in confusions[:20]
    ]
    heat = tag("div", charts.heat_map(confusions, say), class_="heat")
    return tag("div", heat, tag("ol", *listed, class_="confusions"), class_="beside")


def _review(summary: Summary, say: Speaker) -> Markup:
    if not summary.review:
        return tag("p", say.word("no_confidence"))
    notes = [
        tag("p", say.sentence("looking_finds", a=say.percent(share, 0), b=say.percent(found, 0)))
        for share in LOOKED_AT
        if (found := found_by(summary.review, share)) is not None
    ]
    unseen = summary.confidence.unseen if summary.confidence else 0
    if unseen:
        notes.append(tag("p", say.count(unseen), " ", say.word("unseen_note"), class_="note"))
    return tag("figure", charts.review_chart(summary.review, say), *notes)


def _calibration(summary: Summary, say: Speaker) -> Markup | None:
    if not summary.reliability:
        return None
    chart = charts.reliability_chart(summary.reliability, say)
    error = tag("p", say.word("ece"), ": ", say.percent(summary.calibration_error))
    return tag("figure", chart, error)


def _failures(content: IndexContent, say: Speaker) -> Markup:
    hit: dict[tuple[str, str], list[Entry | None]] = {}
    for entry in content.entries:
        for problem in entry.problems:
            hit.setdefault((problem.code, problem.message), []).append(entry)
    for problem in content.problems:
        hit.setdefault((problem.code, problem.message), [])
    parts: list[Markup] = []
    if hit:
        head = tag("tr", say.word("causes_failed", "th"), say.word("hit", "th"))
        ordered = sorted(hit.items(), key=lambda x: -len(x[1]))
        rows = [
            tag(
                "tr",
                tag("th", tag("code", code), " ", message, scope="row"),
                tag("td", *_names([x for x in found if x is not None], say)),
            )
            for (code, message), found in ordered
        ]
        parts.append(table(head, rows, "failures"))
    if content.unmatched:
        parts.append(tag("h3", say.word("unmatched"), " (", say.count(len(content.unmatched)), ")"))
        parts.append(tag("ul", *(tag("li", path) for path in content.unmatched), class_="paths"))
    return join(parts) if parts else tag("p", say.word("none_failed"))


def _names(entries: Sequence[Entry], say: Speaker) -> list[object]:
    shown: list[object] = []
    for entry in entries[:NAMES_SHOWN]:
        link = tag("a", entry.name, href=f"document.html#{entry.key}") if entry.key else entry.name
        shown += [", " if shown else "", link]
    if len(entries) > NAMES_SHOWN:
        shown += [" … ", say.count(len(entries))]
    return shown


def document_table(choices: Sequence[str], say: Speaker) -> Markup:
    """The frame of the table of all documents; the page's script fills it."""
    search = tag(
        "input",
        type="search",
        id="search",
        placeholder=say.plain("search"),
        aria_label=say.plain("search"),
        data_placeholder="search",
        autocomplete="off",
    )
    options = [tag("option", say.plain(x), value=x, data_t=x) for x in choices]
    chosen = tag("select", *options, id="filter", aria_label=say.plain("filter"))
    more = tag("button", say.plain("more"), type="button", id="more", data_t="more", hidden=True)
    head, rows = tag("thead", tag("tr", id="columns")), tag("tbody", id="rows")
    return join(
        (
            tag("div", search, chosen, tag("span", id="shown", role="status"), class_="search"),
            tag("div", tag("table", head, rows, class_="documents"), class_="scroll"),
            more,
        )
    )


def _settings(content: IndexContent, say: Speaker) -> Markup | None:
    pairs = [*content.versions, *content.settings]
    if not pairs:
        return None
    head = tag("tr", say.word("setting", "th"), say.word("value", "th"))
    rows = [
        tag("tr", tag("th", tag("code", name), scope="row"), tag("td", tag("code", value)))
        for name, value in pairs
    ]
    return tag("details", tag("summary", say.word("settings")), table(head, rows, "settings"))
