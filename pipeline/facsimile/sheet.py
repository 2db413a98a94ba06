"""A sheet being typed and printed: canvases of ink, and the place of every line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np

from pipeline.facsimile.faces import Ink, font, glyph, put
from pipeline.facsimile.machine import OVERSAMPLING, Machine, Rect, on_sheet
from pipeline.facsimile.rows import Spot
from pipeline.model import LineKind

WIDTH, HEIGHT = 1654, 2339
"""A4 at 200 dpi, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A line as it stands on the undamaged sheet (200 dpi).

    ``rects`` are where its ink is, piece by piece; ``text`` is ``None`` where nobody could
    say what it reads (a signature); ``baseline`` is ``None`` where it has none (a stamp).
    """

    text: str | None
    kind: LineKind
    rects: tuple[Rect, ...]
    baseline: float | None = None
    starts_paragraph: bool = False

    def moved(self, right: float) -> Placed:
        """The line so many pixels further to the right."""
        if not right:
            return self
        rects = tuple((x0 + right, y0, x1 + right, y1) for x0, y0, x1, y1 in self.rects)
        return replace(self, rects=rects)


@dataclass(slots=True, eq=False)
class Sheet:
    """A sheet in the making: ink of the machine, the printer, the pen and the stamps.

    ``typed`` and ``printed`` are at ``OVERSAMPLING``; ``pen``, ``pencil`` and ``stamped`` at
    200 dpi. ``rng`` is for the marks made by hand; ``second`` types the rows of another machine.
    """

    faces: dict[str, Path]
    machine: Machine
    rng: np.random.Generator
    second: Machine | None = None
    lines: list[Placed] = field(default_factory=list)
    typed: Ink = field(init=False)
    printed: Ink = field(init=False)
    pen: Ink = field(init=False)
    pencil: Ink = field(init=False)
    stamped: Ink = field(init=False)
    _open: list[Rect] | None = None

    def __post_init__(self) -> None:
        fine = (HEIGHT * OVERSAMPLING, WIDTH * OVERSAMPLING)
        self.typed = np.zeros(fine, np.float32)
        self.printed = np.zeros(fine, np.float32)
        self.pen = np.zeros((HEIGHT, WIDTH), np.float32)
        self.pencil = np.zeros((HEIGHT, WIDTH), np.float32)
        self.stamped = np.zeros((HEIGHT, WIDTH), np.float32)

    @property
    def pitch(self) -> float:
        """Width of one typed letter, pixels at 200 dpi."""
        return self.machine.pitch

    @contextmanager
    def line(
        self, text: str | None, kind: LineKind, y: float | None, *, starts_paragraph: bool = False
    ) -> Iterator[None]:
        """Record all ink of the block as one line of truth, ``text``."""
        rects: list[Rect] = []
        self._open = rects
        yield
        self._open = None
        if rects:
            placed = Placed(
                text=text,
                kind=kind,
                rects=tuple(rects),
                baseline=y,
                starts_paragraph=starts_paragraph,
            )
            self.lines.append(placed)

    def type(self, text: str, x: float, y: float) -> float:
        """Type ``text`` from ``x`` on the baseline ``y``; gives its width (all at 200 dpi)."""
        self.ink_at(*self.machine.line(self.typed, text, x, y))
        return len(text) * self.pitch

    def type_row(self, spot: Spot) -> None:
        """Type a planned row in its place, with its overstrikes and underlines."""
        row, x, y = spot.row, spot.x, spot.y
        machine = self.second if row.second and self.second else self.machine
        with self.line(row.text, row.kind, y, starts_paragraph=row.starts_paragraph):
            rects = machine.line(self.typed, row.cells, x, y, row.under)
            for first, end in row.lined:
                at = x + first * machine.pitch
                rects += machine.line(self.typed, "_" * (end - first), at, y + 2)
            self.ink_at(*rects)

    def print(self, text: str, x: float, y: float, size: int, face: str = "printed") -> float:
        """Print ``text``, ``size`` pixels an em, from ``x`` on ``y``; gives its width."""
        path = self.faces[face]
        ink, left, top = glyph(path, size * OVERSAMPLING, text)
        at_x, at_y = round(x * OVERSAMPLING) + left, round(y * OVERSAMPLING) + top
        put(self.printed, ink * np.float32(0.9), at_x, at_y)
        self.ink_at(on_sheet(at_x, at_y, ink.shape[1], ink.shape[0]))
        return float(font(path, size * OVERSAMPLING).getlength(text)) / OVERSAMPLING

    def rule(self, x0: float, y0: float, x1: float, y1: float, *, dotted: bool = False) -> None:
        """A printed line, or a row of dots (``dotted``, level ones only)."""
        ends = [round(v * OVERSAMPLING) for v in (x0, y0, x1, y1)]
        if not dotted:
            cv2.line(self.printed, (ends[0], ends[1]), (ends[2], ends[3]), 0.85, 3)
            return
        for x in range(ends[0], ends[2], 9 * OVERSAMPLING):
            cv2.circle(self.printed, (x, ends[1]), 2, 0.75, -1)

    def ink_at(self, *rects: Rect) -> None:
        """Record that the open line has ink in ``rects``."""
        if self._open is not None:
            self._open.extend(rects)
