"""Where a line lies on the scan: which way it runs, its baseline, the room of its words."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.export.tokens import LineWords, Token
from pipeline.model import Box, Page

# Letters and signs that go below the line; a word without them stands on it.
_DESCENDS = re.compile(r"[рудцщфРУДЦЩqgjpyQ,;()/\[\]|_№§]", re.IGNORECASE)
_SLIGHT = math.radians(30)
_FEW = 4
"""Words from which a line's own slope can be told."""

_SEEN_RISE, _STEEPEST = 0.2, 0.1
"""A rise over the line, in its heights, that is one; a slope that is none of a line's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A word on the scan.

    ``x``, ``y`` (pixels, y down) are where its lower left corner stands, seen in the direction
    it runs; ``length`` and ``height`` are in pixels, above 0.
    """

    token: Token
    x: float
    y: float
    length: float
    height: float


@dataclass(frozen=True, slots=True)
class Direction:
    """Which way the lines of a page run on the scan.

    ``angle`` in radians from the scan's x axis, clockwise (y goes down).
    """

    angle: float

    @property
    def along(self) -> tuple[float, float]:
        """One step along the line."""
        return math.cos(self.angle), math.sin(self.angle)

    @property
    def down(self) -> tuple[float, float]:
        """One step from a line to the next."""
        return -math.sin(self.angle), math.cos(self.angle)

    @property
    def is_level(self) -> bool:
        """Whether lines run from left to right on the scan as it is."""
        return abs(self.angle) < _SLIGHT

    def size(self, box: Box) -> tuple[float, float]:
        """Length and height of a slanting word within the upright ``box``, at least 1 pixel."""
        cosine, sine = abs(math.cos(self.angle)), abs(math.sin(self.angle))
        twice = cosine**2 - sine**2
        length = (box.width * cosine - box.height * sine) / twice
        height = (box.height * cosine - box.width * sine) / twice
        # A box is rounded up to whole pixels, of long words more than they are high.
        least = min(box.width, box.height) / 3
        return max(1.0, length), max(1.0, least, height)


def direction_of(page: Page) -> Direction:
    """Which way the lines of ``page`` run, as its preparation found."""
    found = {step.name: dict(step.settings).get("degrees", "0") for step in page.steps}
    quarters, skew = (_number(found.get(name)) for name in ("orientation", "deskew"))
    # Both say by how much the page was turned counter-clockwise to lie level; so its lines ran
    # clockwise by as much.
    return Direction(math.radians(_half(quarters + skew)))


def _half(degrees: float) -> float:
    return (degrees + 180) % 360 - 180


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def placed(words: LineWords, page: Direction) -> tuple[list[Placed], Direction]:
    """The words of a line, standing on one baseline where the line is straight, and how it runs.

    That is the way of the ``page``, but for a line that rises or falls against it. A word without
    a box gets the room that its characters have in the line. Empty where nothing of the line has
    a place.
    """
    boxes = _boxes(words)
    if not boxes:
        return [], page
    direction = _own_direction([box for _, box in boxes], page)
    sizes = [direction.size(box) for _, box in boxes]
    height = median(size[1] for size in sizes)
    down = direction.down
    depths = [x * down[0] + y * down[1] for x, y in (_middle(box) for _, box in boxes)]
    straight = median(depths)
    found = []
    for (token, box), (length, _), depth in zip(boxes, sizes, depths, strict=True):
        # A line that bends by more keeps each word where it is; readers of lines that run up or
        # down a page need them straighter.
        most = height / (5 if page.is_level else 2)
        shift = straight - depth if abs(straight - depth) < most else 0.0
        lower = shift + height / 2
        (x, y), (cosine, sine) = _middle(box), direction.along
        found.append(
            Placed(
                token=token,
                x=x + lower * down[0] - length / 2 * cosine,
                y=y + lower * down[1] - length / 2 * sine,
                length=length,
                height=height,
            )
        )
    return found, direction


def _own_direction(boxes: Sequence[Box], page: Direction) -> Direction:
    """Which way a line runs: the page's, turned where its words rise or fall against it."""
    (cosine, sine), (right, low) = page.along, page.down
    places = [
        (x * cosine + y * sine, x * right + y * low, box.width) for box in boxes
        for x, y in [_middle(box)]
    ]  # fmt: skip
    total = sum(weight for *_, weight in places)
    mean = sum(at * weight for at, _, weight in places) / total
    depth = sum(deep * weight for _, deep, weight in places) / total
    spread = sum(weight * (at - mean) ** 2 for at, _, weight in places)
    if len(boxes) < _FEW or not spread or not page.is_level:
        return page
    slope = sum(w * (at - mean) * (deep - depth) for at, deep, w in places) / spread
    height = median(page.size(box)[1] for box in boxes)
    rise = abs(slope) * (max(at for at, *_ in places) - min(at for at, *_ in places))
    if rise < _SEEN_RISE * height or abs(slope) > _STEEPEST:
        return page
    return Direction(page.angle + math.atan(slope))


def _middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def baseline(words: LineWords, direction: Direction) -> tuple[float, float] | None:
    """Slope and height of a level line's baseline, as hOCR has them.

    The slope (y down per pixel to the right), and how many pixels (0 or below) it lies above the
    line's lower left corner. ``None`` where the words have no boxes or the line is not level.
    """
    box = words.line.box
    if box is None or not direction.is_level:
        return None
    some = [(t.box, t.text) for t in words.tokens if t.box is not None]
    standing = [b for b, text in some if not _DESCENDS.search(text)] or [b for b, _ in some]
    if not standing:
        return None
    slope = math.tan(direction.angle)
    offset = median(b.bottom - slope * ((b.left + b.right) / 2 - box.left) for b in standing)
    return slope, min(0.0, offset - box.bottom)


def _boxes(words: LineWords) -> list[tuple[Token, Box]]:
    """Each token with its box, or with its share of the line's where it has none."""
    line = words.line.box
    total = len(words.text)
    found: list[tuple[Token, Box]] = []
    done = 0
    for token in words.tokens:
        end = done + len(token.text)
        if token.box is not None:
            found.append((token, token.box))
        elif line is not None:
            found.append((token, line.columns(done / total, end / total)))
        done = end + 1
    return found


def outline(box: Box) -> str:
    """The corners of ``box`` as PAGE has them, clockwise."""
    right, bottom = box.right, box.bottom
    corners = ((box.left, box.top), (right, box.top), (right, bottom), (box.left, bottom))
    return " ".join(f"{x},{y}" for x, y in corners)


def around(boxes: Sequence[Box | None]) -> Box | None:
    """The box around those that are known."""
    return Box.around(box for box in boxes if box is not None)
