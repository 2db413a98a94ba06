"""Charts as SVG. Numbers, shapes and patterns carry the meaning; colour only helps.

Sizes are in the units of each picture's own view box; colours come from the style sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.evaluate.details import Confusion
from pipeline.evaluate.error_causes import ErrorCauses
from pipeline.report.markup import Markup, tag
from pipeline.report.words import Speaker

BINS = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Lower bounds of the bars of :func:`distribution`; the first holds 0 alone, the last all above."""

HEAT = 16
"""Rows and columns of the heat map."""

CAUSES = ("recognition", "kept_noise", "lost_body", "order")


def svg(width: float, height: float, *children: object, title: str) -> Markup:
    """A picture that scales with the page and is read out by its title."""
    return tag(
        "svg",
        tag("title", title),
        *children,
        viewBox=f"0 0 {width:g} {height:g}",
        role="img",
        class_="chart",
    )


def text(x: float, y: float, content: object, *, anchor: str = "start", **more: object) -> Markup:
    """A line of text."""
    return tag("text", content, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, **more)


def rule(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return tag(
        "line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}", class_=class_
    )


def distribution(rates: Sequence[float], say: Speaker) -> Markup:
    """How many documents have which error rate; ``rates`` are fractions."""
    counts = [0] * (len(BINS) + 1)
    for rate in rates:
        counts[0 if rate == 0 else sum(rate > bound for bound in BINS)] += 1
    width, height, left, base = 620.0, 236.0, 8.0, 176.0
    step = (width - 2 * left) / len(counts)
    tallest = max(*counts, 1)
    bars: list[Markup] = [rule(left, base, width - left, base, "axis")]
    for index, number in enumerate(counts):
        tall = 140 * number / tallest
        x = left + index * step
        if number:
            bars.append(
                tag(
                    "rect",
                    x=f"{x + 4:.1f}",
                    y=f"{base - tall:.1f}",
                    width=f"{step - 8:.1f}",
                    height=f"{tall:.1f}",
                    class_="bar",
                )
            )
            shown = say.count(number)
            bars.append(_svg_number(x + step / 2, base - tall - 6, shown, "middle"))
        bars.append(text(x + step / 2, base + 18, _bin_name(index), anchor="middle", class_="tick"))
    bars.append(
        text(width / 2, base + 44, say.plain("cer_axis"), anchor="middle", data_t="cer_axis")
    )
    return svg(width, height, *bars, title=say.plain("distribution"))


def _bin_name(index: int) -> str:
    if index == 0:
        return "0"
    if index == len(BINS):
        return f"> {100 * BINS[-1]:g}"
    return f"≤ {100 * BINS[index]:g}"


def _svg_number(x: float, y: float, number: Markup, anchor: str) -> Markup:
    """A number made for HTML, as SVG text (the script finds it by its attributes)."""
    inner = number.removeprefix("<span").removesuffix("</span>")
    head = f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="number"'
    return Markup(f"{head}{inner}</text>")


def causes(split: ErrorCauses, say: Speaker) -> Markup:
    """The four causes as one bar, each with its own pattern, and their numbers below."""
    width, height = 620.0, 64.0
    parts: list[Markup] = []
    total = split.errors
    x = 0.0
    for name in CAUSES:
        size = width * getattr(split, name) / total if total else 0.0
        if size:
            box = {"x": f"{x:.1f}", "y": "8", "width": f"{size:.1f}", "height": "44"}
            parts.append(tag("rect", **box, class_=f"cause {name}"))
            parts.append(tag("rect", **box, fill=f"url(#pattern-{name})"))
            if size > 90:
                parts.append(
                    text(
                        x + size / 2,
                        35,
                        say.plain(name),
                        anchor="middle",
                        data_t=name,
                        class_=f"on-bar {name}",
                    )
                )
        x += size
    return svg(width, height, *parts, title=say.plain("causes"))


def swatch(name: str) -> Markup:
    """A small square in a cause's pattern, for the table."""
    box = {"x": "0", "y": "0", "width": "18", "height": "18"}
    return tag(
        "svg",
        tag("rect", **box, class_=f"cause {name}"),
        tag("rect", **box, fill=f"url(#pattern-{name})"),
        viewBox="0 0 18 18",
        class_="swatch",
        aria_hidden="true",
    )


def patterns() -> Markup:
    """The causes' patterns: once in a page, for a hidden picture lends none to others."""

    def pattern(name: str, *inside: Markup) -> Markup:
        return tag(
            "pattern",
            *inside,
            id=f"pattern-{name}",
            width="8",
            height="8",
            patternUnits="userSpaceOnUse",
        )

    hatch = tag("path", d="M0 8 8 0M-2 2 2 -2M6 10 10 6", class_="hatch")
    defs = tag(
        "defs",
        pattern("recognition"),
        pattern("kept_noise", hatch),
        pattern("lost_body", tag("circle", cx="4", cy="4", r="1.6", class_="dot")),
        pattern("order", tag("path", d="M0 4H8M4 0V8", class_="hatch")),
    )
    return tag("svg", defs, class_="patterns", aria_hidden="true")


def heat_map(confusions: Sequence[Confusion], say: Speaker) -> Markup:
    """The most frequent confusions as a grid; each cell has its number."""
    rows = _most((x.true, x.count) for x in confusions)
    columns = _most((x.read, x.count) for x in confusions)
    counts = {(x.true, x.read): x.count for x in confusions}
    shown = [counts.get((a, b), 0) for a in rows for b in columns]
    top = max(shown, default=0)
    cell, left, head = 30.0, 64.0, 58.0
    width, height = left + cell * len(columns) + 8, head + cell * len(rows) + 8
    parts: list[Markup] = [
        text(
            left + cell * len(columns) / 2,
            16,
            say.plain("read_axis"),
            anchor="middle",
            data_t="read_axis",
        ),
        tag(
            "text",
            say.plain("true_axis"),
            x="0",
            y="0",
            text_anchor="middle",
            transform=f"translate(16 {head + cell * len(rows) / 2:.0f}) rotate(-90)",
            data_t="true_axis",
        ),
    ]
    for index, sign in enumerate(columns):
        middle = left + cell * (index + 0.5)
        parts.append(text(middle, head - 10, visible(sign), anchor="middle", class_="sign"))
    for row, true in enumerate(rows):
        y = head + cell * row
        parts.append(text(left - 12, y + 20, visible(true), anchor="end", class_="sign"))
        for column, read in enumerate(columns):
            count = counts.get((true, read), 0)
            x = left + cell * column
            place = {"x": f"{x:.0f}", "y": f"{y:.0f}", "width": "28", "height": "28"}
            if not count:
                parts.append(tag("rect", **place, class_="cell empty"))
                continue
            strength = 0.18 + 0.82 * (count / top) ** 0.5
            name = f"{visible(true)} → {visible(read)}: {count}"
            parts.append(
                tag(
                    "g",
                    tag("title", name),
                    tag("rect", **place, class_="cell", fill_opacity=f"{strength:.2f}"),
                    text(
                        x + 14,
                        y + 19,
                        _short(count),
                        anchor="middle",
                        class_="in-cell strong" if strength > 0.6 else "in-cell",
                    ),
                )
            )
    return svg(width, height, *parts, title=say.plain("confusions"))


def visible(sign: str) -> str:
    """A character as it can be seen: ``␣`` for a space, ``∅`` for nothing."""
    return {"": "∅", " ": "␣"}.get(sign, sign)


def _most(signs: Iterable[tuple[str, int]]) -> list[str]:
    sums: dict[str, int] = {}
    for sign, count in signs:
        sums[sign] = sums.get(sign, 0) + count
    chosen = sorted(sums, key=lambda sign: (-sums[sign], sign))[:HEAT]
    # Letters in their order, nothing and space first: so rows are easy to find.
    return sorted(chosen, key=lambda sign: (sign.strip() != "", sign.casefold(), sign))


def _short(count: int) -> str:
    return str(count) if count < 1000 else f"{count / 1000:.0f}k"
