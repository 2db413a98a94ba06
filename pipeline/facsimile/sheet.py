"""Typing and printing on a sheet: ink on a canvas, and every line's place remembered."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from pipeline.facsimile.faces import Ink, font, glyph, has_sign, put
from pipeline.model import LineKind

WIDTH, HEIGHT = 1654, 2339
"""A4 at 200 dpi, in pixels."""

OVERSAMPLING = 2
"""Ink is laid at so many times the final size, so that letters can jump by half pixels."""

PITCH = 20
"""Pixels: 10 characters an inch."""

_BARS = str.maketrans("()", "//")
_CLOSED = frozenset("оеавбдрыюяОАВРБДЮЯ8069")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """How the typist's machine strikes: see ``[[severity]]`` in ``config/facsimile.toml``."""

    jitter: float
    ink: float
    uneven: float
    clog: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A line as it stands on the undamaged sheet; box as left, top, right, bottom (200 dpi)."""

    text: str
    kind: LineKind
    box: tuple[float, float, float, float]
    baseline: float
    starts_paragraph: bool = False


@dataclass(slots=True, eq=False)
class Sheet:
    """A sheet in the making. ``typed`` and ``printed`` are ink at ``OVERSAMPLING``."""

    faces: dict[str, Path]
    hand: Hand
    rng: np.random.Generator
    lines: list[Placed] = field(default_factory=list)
    typed: Ink = field(init=False)
    printed: Ink = field(init=False)

    def __post_init__(self) -> None:
        shape = (HEIGHT * OVERSAMPLING, WIDTH * OVERSAMPLING)
        self.typed = np.zeros(shape, np.float32)
        self.printed = np.zeros(shape, np.float32)

    def type(
        self,
        text: str,
        x: float,
        y: float,
        kind: LineKind,
        *,
        starts_paragraph: bool = False,
        label: str | None = None,
    ) -> None:
        """Type ``text`` from ``x`` on the baseline ``y`` (200 dpi); ``label`` is its truth."""
        # The machine has no brackets: typists struck the bar.
        text = text.translate(_BARS)
        wear = self.rng.uniform(0, 6.28)
        for place, sign in enumerate(text):
            if sign != " ":
                faint = 0.05 * np.sin(wear + place / 9.0)
                self._strike(sign, x + place * PITCH, y, float(faint))
        self._remember(label or text, x, y, len(text) * PITCH, 26, kind, starts_paragraph)

    def print(
        self,
        text: str,
        x: float,
        y: float,
        size: int,
        kind: LineKind | None,
        *,
        face: str = "printed",
    ) -> float:
        """Print ``text`` in the form's own type; gives its width. No ``kind``: no line of truth."""
        path = self.faces[face]
        ink, left, top = glyph(path, size * OVERSAMPLING, text)
        at_x, at_y = round(x * OVERSAMPLING), round(y * OVERSAMPLING)
        put(self.printed, ink * 0.9, at_x + left, at_y + top)
        width = font(path, size * OVERSAMPLING).getlength(text) / OVERSAMPLING
        if kind is not None:
            self._remember(text, x, y, width, size * 0.75, kind, False)  # noqa: FBT003
        return float(width)

    def rule(self, x0: float, y0: float, x1: float, y1: float, *, dotted: bool = False) -> None:
        """A printed line, or a row of dots (``dotted``, level ones only)."""
        ends = [round(v * OVERSAMPLING) for v in (x0, y0, x1, y1)]
        if not dotted:
            cv2.line(self.printed, (ends[0], ends[1]), (ends[2], ends[3]), 0.85, 3)
            return
        for x in range(ends[0], ends[2], 9 * OVERSAMPLING):
            cv2.circle(self.printed, (x, ends[1]), 2, 0.8, -1)

    def _strike(self, sign: str, x: float, y: float, faint: float) -> None:
        role = "typed" if has_sign(self.faces["typed"], sign) else "typed_fallback"
        path = self.faces[role]
        size = round(PITCH * OVERSAMPLING / 0.6)
        ink, left, top = glyph(path, size, sign)
        hand, rng = self.hand, self.rng
        if sign in _CLOSED and rng.random() < hand.clog:
            kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
            ink = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, kernel), np.float32)
        strength = np.clip(hand.ink + faint + rng.normal(0, hand.uneven), 0.25, 1.0)
        # The type rarely strikes flat: one side is blacker than the other.
        slope = rng.normal(0, hand.uneven)
        shade = strength + slope * np.linspace(-1, 1, ink.shape[1], dtype=np.float32)
        dx, dy = rng.normal(0, hand.jitter * OVERSAMPLING, 2) * (0.6, 1.0)
        at_x = round(x * OVERSAMPLING + dx) + left
        at_y = round(y * OVERSAMPLING + dy) + top
        put(self.typed, ink * np.clip(shade, 0.1, 1.0), at_x, at_y)

    def _remember(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        rise: float,
        kind: LineKind,
        starts: bool,  # noqa: FBT001
    ) -> None:
        self.lines.append(
            Placed(
                text=text,
                kind=kind,
                box=(x, y - rise, x + width, y + 9),
                baseline=y,
                starts_paragraph=starts,
            )
        )
