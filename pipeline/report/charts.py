"""Where things stand in the charts, in the units of each picture's own view box.

What is drawn there is in ``templates/charts.svg``. Numbers, shapes and patterns carry the meaning;
colour only helps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from pipeline.evaluate.comparison import Change
from pipeline.evaluate.confidence import ReliabilityBin, ReviewPoint
from pipeline.evaluate.details import Confusion
from pipeline.evaluate.error_causes import ErrorCauses

BINS = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Lower bounds of the bars of :func:`histogram`; the first holds 0 alone, the last all above."""

HEAT = 16
"""Rows and columns of the heat map at most."""

CAUSES = ("recognition", "kept_noise", "misfiled", "lost_body", "order")

_DRAWN = 2000
"""Documents drawn in the chart of two runs at most; the table has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of the histogram: where it stands, how tall it is, what it holds."""

    x: float
    middle: float
    width: float
    height: float
    documents: int
    name: str


def histogram(rates: Sequence[float], *, width: float = 604, height: float = 140) -> list[Bar]:
    """How many documents have which error rate; ``rates`` are fractions, 0.0 and up."""
    counts = [0] * (len(BINS) + 1)
    for rate in rates:
        counts[0 if rate == 0 else sum(rate > bound for bound in BINS)] += 1
    names = ["0", *(f"≤ {100 * bound:g}" for bound in BINS[1:]), f"> {100 * BINS[-1]:g}"]
    step = width / len(counts)
    return [
        Bar(
            x=index * step,
            middle=(index + 0.5) * step,
            width=step,
            height=height * count / max(*counts, 1),
            documents=count,
            name=name,
        )
        for index, (count, name) in enumerate(zip(counts, names, strict=True))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A cause's part of the bar of all errors."""

    name: str
    x: float
    width: float
    middle: float


def parts(causes: ErrorCauses, *, width: float = 620) -> list[Part]:
    """The causes side by side; those without errors are left out."""
    found, x = [], 0.0
    for name in CAUSES:
        size = width * getattr(causes, name) / causes.errors if causes.errors else 0.0
        if size:
            found.append(Part(name=name, x=x, width=size, middle=x + size / 2))
        x += size
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A confusion in the map, at ``x`` and ``y``; ``strength`` (0.18 to 1.0) is its colour's."""

    true: str
    read: str
    count: int
    x: int
    y: int
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """The most frequent confusions: true characters by row and read ones by column.

    Both with their places; ``empty`` is the path of all cells without a confusion.
    """

    true: list[tuple[int, str]]
    read: list[tuple[int, str]]
    cells: list[Cell]
    empty: str
    right: int
    foot: int


_LEFT, _HEAD, _CELL = 64, 58, 30


def heat_map(confusions: Sequence[Confusion]) -> HeatMap:
    """The map of ``confusions``: the characters that are confused most, ``HEAT`` each way."""
    rows = _most((x.true, x.count) for x in confusions)
    columns = _most((x.read, x.count) for x in confusions)
    counts = {(x.true, x.read): x.count for x in confusions}
    true = [(_HEAD + _CELL * i, sign) for i, sign in enumerate(rows)]
    read = [(_LEFT + _CELL * i, sign) for i, sign in enumerate(columns)]
    pairs = [(x, y, a, b) for y, a in true for x, b in read]
    most = max((counts.get((a, b), 0) for _, _, a, b in pairs), default=0)
    side = _CELL - 2
    return HeatMap(
        true=true,
        read=read,
        cells=[
            Cell(true=a, read=b, count=n, x=x, y=y, strength=0.18 + 0.82 * sqrt(n / most))
            for x, y, a, b in pairs
            if (n := counts.get((a, b), 0))
        ],
        empty="".join(
            f"M{x} {y}h{side}v{side}h-{side}z" for x, y, a, b in pairs if (a, b) not in counts
        ),
        right=_LEFT + _CELL * len(read),
        foot=_HEAD + _CELL * len(true),
    )


def _most(counts: Iterable[tuple[str, int]]) -> list[str]:
    sums: Counter[str] = Counter()
    for character, count in counts:
        sums[character] += count
    chosen = sorted(sums, key=lambda x: (-sums[x], x))[:HEAT]
    # Letters in their order, nothing and space first: so rows are easy to find.
    return sorted(chosen, key=lambda x: (x.strip() != "", x.casefold(), x))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A mark at two shares of a square chart; ``kind`` is its shape, ``size`` that of a ring."""

    kind: str
    across: float
    up: float
    name: str
    size: float = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A chart of two shares against each other, both from 0 to ``reach``: its place in a picture.

    ``curve`` joins points, pairs of shares; ``unit`` stands after the numbers at the sides.
    """

    width: float
    height: float
    side: float
    left: float
    top: float
    reach: float = 1.0
    unit: str = ""
    curve: tuple[tuple[float, float], ...] = ()
    marks: tuple[Mark, ...] = ()

    def x(self, share: float) -> float:
        """How far to the right ``share`` stands; at most where ``reach`` does."""
        return self.left + self.side * min(share / self.reach, 1)

    def y(self, share: float) -> float:
        """How far down ``share`` stands."""
        return self.top + self.side * (1 - min(share / self.reach, 1))

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Five shares with what to write beside them."""
        shares = [self.reach * step / 4 for step in range(5)]
        return [(share, f"{100 * share:g}{self.unit}") for share in shares]


_SHARES = Square(width=344, height=350, side=280, left=46, top=14)


def review_curve(curve: Sequence[ReviewPoint]) -> Square:
    """Share of the words looked at, and share of the errors found."""
    # Only points that can be told apart.
    kept = list(curve[:1])
    for point in curve[1:]:
        if point.words - kept[-1].words >= 0.004 or point.errors - kept[-1].errors >= 0.004:
            kept.append(point)
    kept += curve[-1:]
    return replace(_SHARES, curve=tuple((x.words, x.errors) for x in kept))


def reliability_curve(bins: Sequence[ReliabilityBin]) -> Square:
    """Confidence against the share of words that are right; the larger a ring, the more words."""
    most = max((x.words for x in bins), default=1)
    rings = [
        Mark(
            kind="ring",
            across=x.confidence,
            up=x.accuracy,
            name=f"{x.confidence:.0%} → {x.accuracy:.0%} ({x.words})",
            size=3 + 9 * sqrt(x.words / most),
        )
        for x in bins
    ]
    curve = tuple((x.confidence, x.accuracy) for x in bins)
    return replace(_SHARES, curve=curve, marks=tuple(rings))


def scatter(changes: Sequence[Change]) -> Square:
    """Each document's error rate in the first run and in the second."""
    drawn = [x for x in changes if x.before.length][:_DRAWN]
    rates = [(x.before.errors / x.before.length, x.after.errors / x.before.length) for x in drawn]
    reach = _round_above(max(map(max, rates), default=0.0))
    marks = [
        Mark(
            kind="equal" if change.added == 0 else "worse" if change.added > 0 else "better",
            across=before,
            up=after,
            name=f"{change.document_id}: {change.before.errors} → {change.after.errors}",
        )
        for change, (before, after) in zip(drawn, rates, strict=True)
    ]
    return Square(
        width=480, height=480, side=420, left=52, top=12, reach=reach, unit=" %", marks=tuple(marks)
    )


def _round_above(value: float) -> float:
    """A round number not below ``value``."""
    steps = (0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 2.0)
    return next((step for step in steps if step >= value), 4.0)
