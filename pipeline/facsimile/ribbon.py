"""A typewriter whose ribbon stands too high or too low, and is worn."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pipeline.facsimile.faces import Ink
from pipeline.facsimile.traits import Ribbon

_RAMP = 0.16
"""Share of a letter's height over which the ink ends."""

_HIGHEST, _LOWEST = -0.5, 1.3
_TALL = 1.5
"""Where capitals begin and descenders end, and the height of capitals, in small letters."""

_LEAST = 0.06
"""Ink where the ribbon was not: the type itself leaves a trace."""


@dataclass(slots=True, eq=False)
class RibbonWear:
    """How the ribbon inks each letter of a line; ``high`` is a small letter's height in pixels.

    Along a line the ribbon's edge wanders, and stretches of the ribbon are drier.
    """

    ribbon: Ribbon
    high: float
    rng: np.random.Generator
    _phases: tuple[float, float, float] = (0.0, 0.0, 0.0)
    _periods: tuple[float, float] = (20.0, 30.0)
    _from_below: bool = field(default=False)

    def begin_line(self) -> None:
        """Draw how the ribbon lies along the next line."""
        a, b, share = self.rng.uniform(0, 1, 3)
        self._phases = (2 * np.pi * a, 2 * np.pi * b, float(share))
        self._periods = (float(self.rng.uniform(14, 40)), float(self.rng.uniform(20, 60)))
        self._from_below = bool(self.rng.random() < 0.5)

    def inked(self, ink: Ink, top: int, place: int) -> Ink:
        """``ink`` (the picture of a letter) as the ribbon gives it at ``place`` of the line.

        ``top``: pixels from the baseline to the picture's first row, downwards.
        """
        edge = 0.5 + 0.5 * np.sin(self._phases[0] + place / self._periods[0] * 2 * np.pi)
        dry = 0.5 + 0.5 * np.sin(self._phases[1] + place / self._periods[1] * 2 * np.pi)
        lost = self.ribbon.lost * self._phases[2] * edge
        height = 1.0 + (np.arange(ink.shape[0]) + top) / self.high
        # 0 at the top of a small letter, 1 at the baseline; what sticks out goes first.
        inside = _LOWEST - height if self._from_below else height - _HIGHEST
        taken = np.clip((inside - lost * _TALL) / _RAMP + 0.5, _LEAST, 1.0) if lost > 0.02 else 1.0
        share = np.broadcast_to(np.asarray(taken, np.float32), (ink.shape[0],))
        return np.asarray(ink * share[:, None] * (1.0 - self.ribbon.faint * dry), np.float32)
