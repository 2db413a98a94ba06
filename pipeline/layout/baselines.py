"""Text lines as curves: baselines, drawn half an x-height up, through the middles of letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.components import median
from pipeline.layout.level import Level
from pipeline.layout.page_components import PageComponents

_REACH = 0.8
"""In x-heights: a letter's middle lies this near to its line's baseline."""

_APART = 1.1
"""In x-heights: two lines' baselines are at least this far apart."""

_SINGLE = 1.7
"""In x-heights: no typewriter's single leading is less (it is about 2.3)."""

_WEAK = 0.15

_BESIDE = 0.8
"""In x-heights: lines whose heights differ by less, and that do not overlap, stand side by side."""

_SHARED, _STRAIGHT = 2, 0.8
"""Letters of a fragment on each of two lines that are one; and how many of their letters, as a
share, lie near to its straight line."""

_WIDE, _COMPANY, _ENOUGH = 8.0, 6.0, 4
"""In x-heights: white that sets letters of a line apart, and how far neighbours are looked
for; so many on another line draw a group over."""


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """A line: ``y = polyval(shape, x)`` through the middles of its ``letters`` (numbers).

    On a page that is not level that is its levelled height, and ``path`` its height on the page
    at every column.
    """

    shape: NDArray[np.float64]
    letters: NDArray[np.int64]
    path: NDArray[np.float64] | None = None

    @classmethod
    def on(
        cls, level: Level | None, shape: NDArray[np.float64], letters: NDArray[np.int64]
    ) -> Baseline:
        """The line on a page whose lines bend as ``level`` says, or hardly."""
        if level is None:
            return cls(shape=shape, letters=letters)
        columns = np.arange(level.width + 1, dtype=np.float64)
        path = level.bent(columns, np.asarray(np.polyval(shape, columns), dtype=np.float64))
        return cls(shape=shape, letters=letters, path=path)

    def at(self, x: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """The baseline's y (pixels) on the page at ``x``."""
        if self.path is None:
            return np.asarray(np.polyval(self.shape, x), dtype=np.float64)
        return np.asarray(np.interp(x, np.arange(len(self.path)), self.path), dtype=np.float64)

    def height(self, x: float) -> float:
        """The same at one column; by itself, for it is asked for thousands of times."""
        if self.path is not None:
            return float(self.at(x))
        y = 0.0
        for weight in self.shape.tolist():
            y = y * x + weight
        return y


def find_baselines(
    components: PageComponents,
    chains: Sequence[NDArray[np.int64]] = (),
    level: Level | None = None,
) -> list[Baseline]:
    """The lines of a page, from top to bottom; ``level`` says how they bend, if they do.

    ``chains`` are fragments of lines: two that a fragment runs through are one.

    Rows in which many letters have their middles give the first guess; each line is then
    fitted to its letters (a parabola where there are enough) and takes the letters near
    it, until nothing changes. Every letter ends in at most one line.
    """
    middles = components.middles[components.letters]
    height = components.labels.shape[0]
    if level is not None:
        middles = level.levelled(middles)
    rows = _rows(middles[:, 1], components.x_height, height)
    shapes = [np.array([row]) for row in rows]
    owner = np.full(len(middles), -1)
    before = np.full(len(middles), -2)
    for _ in range(4):
        owner = _nearest(middles, shapes, _REACH * components.x_height)
        # Of the same letters the same line comes out.
        moved = set(np.concatenate([owner[owner != before], before[owner != before]]).tolist())
        shapes = [
            _fit(middles[owner == i], shape, components) if i in moved else shape
            for i, shape in enumerate(shapes)
        ]
        if not moved:
            break
        before = owner
    owner = _nearest(middles, shapes, _REACH * components.x_height)
    owner = _in_company(owner, middles, shapes, components.x_height)
    owner = _rejoined(owner, middles, shapes, components, chains)
    baselines = [
        Baseline.on(level, shape, components.letters[owner == i])
        for i, shape in enumerate(shapes)
        if (owner == i).any()
    ]
    spans = [
        (float(xs.min()), float(xs.max()))
        for xs in (components.middles[line.letters, 0] for line in baselines)
    ]
    return [baselines[i] for i in _top_to_bottom(baselines, spans, components.x_height)]


def _top_to_bottom(
    baselines: Sequence[Baseline], spans: Sequence[tuple[float, float]], unit: float
) -> list[int]:
    """The numbers of the lines in order, those above each other compared where both are.

    A short line's slope says little about where it would lie elsewhere. Of two side by side
    the left one comes first.
    """
    heights = [
        line.height((left + right) / 2)
        for line, (left, right) in zip(baselines, spans, strict=True)
    ]
    order = sorted(range(len(baselines)), key=heights.__getitem__)
    for last in range(len(order) - 1, 0, -1):
        moved = False
        for place in range(last):
            first, second = order[place], order[place + 1]
            left = max(spans[first][0], spans[second][0])
            right = min(spans[first][1], spans[second][1])
            if left > right:
                beside = abs(heights[first] - heights[second]) < _BESIDE * unit
                wrong = beside and spans[first][0] > spans[second][0]
            else:
                x = (left + right) / 2
                wrong = baselines[first].height(x) > baselines[second].height(x)
            if wrong:
                order[place : place + 2] = [second, first]
                moved = True
        if not moved:
            break
    return order


def _rows(ys: NDArray[np.float64], x_height: float, height: int) -> list[float]:
    """The rows (pixels) about which the middles of letters crowd."""
    counts = np.bincount(np.clip(ys.astype(int), 0, height - 1), minlength=height)
    spread = max(1.0, 0.22 * x_height)
    reach = int(4 * spread) + 1
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / spread) ** 2)
    crowd = np.convolve(counts.astype(np.float64), kernel, mode="full")[reach:-reach]
    rows: list[float] = []
    free = crowd >= 0.9  # of one letter, hardly less
    for row in np.argsort(-crowd, kind="stable").tolist():
        if crowd[row] < 0.9:
            break
        if free[row]:
            rows.append(float(row))
            _take(free, row, crowd, x_height)
    return rows


def _take(free: NDArray[np.bool_], row: int, crowd: NDArray[np.float64], x_height: float) -> None:
    """Take from ``free`` what is part of the line at ``row``: commas and accents make side rows."""
    reach = int(_SINGLE * x_height) + 1
    near = slice(max(0, row - reach), row + reach + 1)
    apart = np.abs(np.arange(len(crowd))[near] - row) / x_height
    weak = crowd[near] < _WEAK * crowd[row]
    free[near] &= ~((apart < _APART) | (weak & (apart < _SINGLE)))


def _nearest(
    middles: NDArray[np.float64], shapes: list[NDArray[np.float64]], reach: float
) -> NDArray[np.int64]:
    if not shapes:
        return np.full(len(middles), -1)
    a, b, c = np.array([[0.0] * (3 - len(s)) + list(s) for s in shapes]).T[:, :, None]
    distances = np.abs(middles[:, 1] - ((a * middles[:, 0] + b) * middles[:, 0] + c))
    nearest = distances.argmin(axis=0)
    return np.where(distances.min(axis=0) <= reach, nearest, -1)


def _in_company(
    owner: NDArray[np.int64],
    middles: NDArray[np.float64],
    shapes: list[NDArray[np.float64]],
    x_height: float,
) -> NDArray[np.int64]:
    """``owner`` with outlying letters of a line given to a line that they stand in.

    A short line's baseline, drawn on beyond its letters, crosses other lines and takes theirs.
    Such a group has wide white beside it on its own line, and neighbours on the other.
    """
    settled = owner.copy()
    for index in range(len(shapes)):
        groups = _groups(np.flatnonzero(owner == index), middles, _WIDE * x_height)
        largest = max(map(len, groups), default=0)
        for group in groups:
            if len(group) < largest or len(group) == 1:
                settled[group] = _neighbours_of(group, index, owner, middles, shapes, x_height)
    return settled


def _rejoined(
    owner: NDArray[np.int64],
    middles: NDArray[np.float64],
    shapes: list[NDArray[np.float64]],
    components: PageComponents,
    chains: Sequence[NDArray[np.int64]],
) -> NDArray[np.int64]:
    """``owner`` with two halves of a steep line made one, in ``shapes`` too.

    They follow each other from left to right, a fragment runs from one into the other, and
    one straight line fits both.
    """
    place = np.full(len(components.boxes), -1)
    place[components.letters] = np.arange(len(components.letters))
    settled = owner.copy()
    for chain in chains:
        owners, counts = np.unique(settled[place[chain]], return_counts=True)
        lines = owners[(owners >= 0) & (counts >= _SHARED)]
        if len(lines) != 2:
            continue
        first, second = sorted(lines, key=lambda i: float(middles[settled == i, 0].min()))
        xs, other = middles[settled == first, 0], middles[settled == second, 0]
        if xs.max() > other.min() + components.x_height:
            continue
        both = (settled == first) | (settled == second)
        shape = np.polyfit(middles[place[chain], 0], middles[place[chain], 1], 1)
        off = np.abs(middles[both, 1] - np.polyval(shape, middles[both, 0]))
        if float((off < _REACH * components.x_height).mean()) > _STRAIGHT:
            settled[both] = first
            shapes[first] = shape
    return settled


def _groups(
    letters: NDArray[np.int64], middles: NDArray[np.float64], wide: float
) -> list[NDArray[np.int64]]:
    """``letters`` (numbers) parted where more than ``wide`` pixels lie between two."""
    if not len(letters):
        return []
    letters = letters[np.argsort(middles[letters, 0], kind="stable")]
    return np.split(letters, np.flatnonzero(np.diff(middles[letters, 0]) > wide) + 1)


def _neighbours_of(
    group: NDArray[np.int64],
    own: int,
    owner: NDArray[np.int64],
    middles: NDArray[np.float64],
    shapes: list[NDArray[np.float64]],
    x_height: float,
) -> int:
    """The line within reach with most letters around ``group``; ``own`` where there are few."""
    xs, ys = middles[group].T
    reach = _COMPANY * x_height
    around = (middles[:, 0] >= xs.min() - reach) & (middles[:, 0] <= xs.max() + reach)
    best, most = own, _ENOUGH - 1
    for index, shape in enumerate(shapes):
        apart = median(np.abs(ys - np.polyval(shape, xs)))
        if index == own or apart > _APART * x_height:
            continue
        company = int((around & (owner == index)).sum())
        if company > most:
            best, most = index, company
    return best


def _fit(
    middles: NDArray[np.float64], before: NDArray[np.float64], components: PageComponents
) -> NDArray[np.float64]:
    if len(middles) < 6:
        return before
    xs, ys = middles.T
    span = float(xs.max() - xs.min())
    degree = 2 if len(middles) >= 20 and span > 25 * components.x_height else 1
    if span < 8 * components.x_height:
        return np.array([median(ys)])
    shape = np.polyfit(xs, ys, degree)
    off = np.abs(ys - np.polyval(shape, xs))
    good = off <= max(2.0, 2.0 * median(off))
    if good.sum() > degree + 3:
        shape = np.polyfit(xs[good], ys[good], degree)
    # A baseline that leaves its row by more than a line is a misfit, not a curled page.
    ends = np.array([xs.min(), xs.max()])
    bend = float(np.abs(np.polyval(shape, ends) - median(ys)).max())
    return shape if bend <= 1.5 * components.x_height else before
