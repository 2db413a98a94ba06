"""The one page on which each document is shown; its script loads the document's data."""

from __future__ import annotations

from pipeline.report.frame import top
from pipeline.report.markup import Markup, join, page, tag
from pipeline.report.words import Speaker

_TABS = ("transcript", "differences", "dropped_lines", "fields", "figures")


def document_page(language: str) -> str:
    """The page, whole; which document it shows stands behind the ``#`` of its address."""
    say = Speaker(language)
    steps = tag(
        "nav",
        tag("a", say.plain("back"), href="index.html", data_t="back"),
        tag("a", say.plain("previous"), id="previous", data_t="previous"),
        tag("a", say.plain("next"), id="next", data_t="next"),
        tag("span", say.plain("keys"), class_="note", data_t="keys"),
        class_="contents",
    )
    tabs = [
        tag(
            "button",
            say.plain(name),
            type="button",
            role="tab",
            id=f"tab-{name}",
            aria_controls=f"panel-{name}",
            aria_selected="true" if name == "transcript" else "false",
            data_t=name,
            data_tab=name,
        )
        for name in _TABS
    ]
    panels = [
        tag(
            "div",
            id=f"panel-{name}",
            role="tabpanel",
            aria_labelledby=f"tab-{name}",
            hidden=name != "transcript",
        )
        for name in _TABS
    ]
    text = tag(
        "section", tag("div", *tabs, role="tablist", class_="tabs"), *panels, class_="reading"
    )
    detail = tag("aside", id="detail", hidden=True, aria_live="polite", tabindex="-1")
    scan = tag(
        "section",
        tag("div", id="legend", class_="note"),
        tag("div", id="scan"),
        class_="scan",
        aria_label=say.plain("scan"),
    )
    main = tag("main", tag("p", id="message", role="status"), scan, text, detail, class_="document")
    body: Markup = join((top("", "document", say), steps, main))
    scripts = ("common.js", "words.js", "document.js", "../order-data.js")
    return page("Depesha", body, language=language, name="document", scripts=scripts)
