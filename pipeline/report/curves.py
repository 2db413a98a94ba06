"""Charts of two shares against each other: what review finds, and how sure a reader is."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.evaluate.confidence import ReliabilityBin, ReviewPoint
from pipeline.report.charts import rule, svg, text
from pipeline.report.markup import Markup, tag
from pipeline.report.words import Speaker


class _Square:
    """A chart of two shares against each other, 0 to 100 % both ways."""

    def __init__(self) -> None:
        self.left, self.top, self.side = 46.0, 14.0, 280.0
        self.width, self.height = 344.0, 350.0

    def x(self, share: float) -> float:
        return self.left + self.side * share

    def y(self, share: float) -> float:
        return self.top + self.side * (1 - share)

    def frame(self, below: str, beside: str, say: Speaker) -> list[Markup]:
        parts: list[Markup] = []
        for step in range(0, 101, 25):
            share = step / 100
            parts.append(rule(self.x(share), self.y(0), self.x(share), self.y(1), "grid"))
            parts.append(rule(self.x(0), self.y(share), self.x(1), self.y(share), "grid"))
            parts.append(
                text(self.x(share), self.y(0) + 16, f"{step}", anchor="middle", class_="tick")
            )
            parts.append(
                text(self.left - 7, self.y(share) + 4, f"{step}", anchor="end", class_="tick")
            )
        parts.append(
            text(self.x(0.5), self.y(0) + 36, say.plain(below), anchor="middle", data_t=below)
        )
        parts.append(
            tag(
                "text",
                say.plain(beside),
                text_anchor="middle",
                data_t=beside,
                transform=f"translate(12 {self.y(0.5):.0f}) rotate(-90)",
            )
        )
        return parts

    def diagonal(self, key: str, at: tuple[float, float], say: Speaker) -> list[Markup]:
        """The line of equal shares, with the words of ``key`` along it ``at`` two shares."""
        note = tag(
            "text",
            say.plain(key),
            class_="note",
            text_anchor="middle",
            data_t=key,
            transform=f"translate({self.x(at[0]):.0f} {self.y(at[1]):.0f}) rotate(-45)",
        )
        return [rule(self.x(0), self.y(0), self.x(1), self.y(1), "reference"), note]


def review_chart(curve: Sequence[ReviewPoint], say: Speaker) -> Markup:
    """The review curve, with the line that looking in any order would give."""
    square = _Square()
    parts = square.frame("looked_axis", "found_axis", say)
    parts += square.diagonal("by_chance", (0.62, 0.56), say)
    points = " ".join(f"{square.x(p.words):.1f},{square.y(p.errors):.1f}" for p in _thin(curve))
    parts.append(tag("polyline", points=points, class_="curve"))
    return svg(square.width, square.height, *parts, title=say.plain("review"))


def _thin(curve: Sequence[ReviewPoint]) -> list[ReviewPoint]:
    """Only points that can be told apart."""
    kept = list(curve[:1])
    for point in curve[1:]:
        if point.words - kept[-1].words >= 0.004 or point.errors - kept[-1].errors >= 0.004:
            kept.append(point)
    return [*kept, *curve[-1:]]


def reliability_chart(bins: Sequence[ReliabilityBin], say: Speaker) -> Markup:
    """Confidence against the words that are right; the larger a ring, the more words."""
    square = _Square()
    parts = square.frame("sure_axis", "right_axis", say)
    parts += square.diagonal("as_it_should", (0.3, 0.34), say)
    most = max((x.words for x in bins), default=1)
    places = [(square.x(x.confidence), square.y(x.accuracy)) for x in bins]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    parts.append(tag("polyline", points=points, class_="curve thin"))
    for bin_, (x, y) in zip(bins, places, strict=True):
        name = f"{bin_.confidence:.0%} → {bin_.accuracy:.0%} ({bin_.words})"
        size = 3 + 9 * (bin_.words / most) ** 0.5
        parts.append(
            tag(
                "circle",
                tag("title", name),
                cx=f"{x:.1f}",
                cy=f"{y:.1f}",
                r=f"{size:.1f}",
                class_="ring",
            )
        )
    return svg(square.width, square.height, *parts, title=say.plain("calibration"))
