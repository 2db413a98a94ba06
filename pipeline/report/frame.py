"""What the pages share: their head, links, sections, tables, and the choice of a level."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.report.markup import Markup, join, tag
from pipeline.report.words import Speaker
from pipeline.text import Level


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


def section(name: str, body: Markup, say: Speaker) -> Markup:
    """A part of a page under its heading; ``name`` is its word and its address."""
    return tag("section", say.word(name, "h2"), body, id=name)


def each_level(make: Callable[[Level], Markup]) -> Markup:
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


def table(head: Markup, body: Sequence[Markup], class_: str) -> Markup:
    """A table that scrolls by itself where the page is narrow."""
    inner = tag("table", tag("thead", head), tag("tbody", *body), class_=class_)
    return tag("div", inner, class_="scroll")


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
