"""The parts of the index: figures, charts, worst documents, failures, settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.evaluate.confidence import found_by
from pipeline.evaluate.details import Details
from pipeline.evaluate.summary import Summary
from pipeline.model import Problem
from pipeline.report import charts, curves
from pipeline.report.entry import Entry
from pipeline.report.frame import table
from pipeline.report.markup import Markup, join, tag
from pipeline.report.words import Speaker
from pipeline.text import Level

WORST = 10
NAMES_SHOWN = 12
LOOKED_AT = (0.05, 0.1, 0.2)


def figures(summary: Summary, say: Speaker) -> Markup:
    """Every measure at every level, with intervals where there are some."""
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


def causes(summary: Summary, level: Level, say: Speaker) -> Markup:
    """The four causes of the errors as a bar and in numbers."""
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


def distribution(entries: Sequence[Entry], level: Level, say: Speaker) -> Markup:
    """How many documents have which error rate."""
    return charts.distribution([rate for rate, _ in _rates(entries, level)], say)


def worst(entries: Sequence[Entry], level: Level, say: Speaker) -> Markup:
    """The documents with the highest error rates."""
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


def confusions(summary: Summary, level: Level, say: Speaker) -> Markup:
    """The heat map, and the most frequent confusions in words."""
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


def review(summary: Summary, say: Speaker) -> Markup:
    """The review curve, and what it says at a few places."""
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
    return tag("figure", curves.review_chart(summary.review, say), *notes)


def calibration(summary: Summary, say: Speaker) -> Markup | None:
    """The reliability curve; ``None`` where no confidence is known."""
    if not summary.reliability:
        return None
    chart = curves.reliability_chart(summary.reliability, say)
    error = tag("p", say.word("ece"), ": ", say.percent(summary.calibration_error))
    return tag("figure", chart, error)


def failures(
    entries: Sequence[Entry], problems: Sequence[Problem], unmatched: Sequence[str], say: Speaker
) -> Markup:
    """What failed, with causes and documents, and what has no counterpart."""
    hit: dict[tuple[str, str], list[Entry | None]] = {}
    for entry in entries:
        for problem in entry.problems:
            hit.setdefault((problem.code, problem.message), []).append(entry)
    for problem in problems:
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
    if unmatched:
        parts.append(tag("h3", say.word("unmatched"), " (", say.count(len(unmatched)), ")"))
        parts.append(tag("ul", *(tag("li", path) for path in unmatched), class_="paths"))
    return join(parts) if parts else tag("p", say.word("none_failed"))


def _names(entries: Sequence[Entry], say: Speaker) -> list[object]:
    shown: list[object] = []
    for entry in entries[:NAMES_SHOWN]:
        link = tag("a", entry.name, href=f"document.html#{entry.key}") if entry.key else entry.name
        shown += [", " if shown else "", link]
    if len(entries) > NAMES_SHOWN:
        shown += [" … ", say.count(len(entries))]
    return shown


def settings(pairs: Sequence[tuple[str, str]], say: Speaker) -> Markup | None:
    """Settings and versions, folded away; ``None`` where there are none."""
    if not pairs:
        return None
    head = tag("tr", say.word("setting", "th"), say.word("value", "th"))
    rows = [
        tag("tr", tag("th", tag("code", name), scope="row"), tag("td", tag("code", value)))
        for name, value in pairs
    ]
    return tag("details", tag("summary", say.word("settings")), table(head, rows, "settings"))
