"""What a rule gets and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.noise.features import Features
from pipeline.noise.view import View

Finding = tuple[float, str] | None
"""Strength 0.0-1.0 and the evidence in plain words; ``None`` where a rule has nothing to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Where a line stands: the ``index``-th, from 0, of the page ``view``."""

    view: View
    index: int

    @property
    def above(self) -> Features | None:
        """The line read before it; ``None`` at the page's start."""
        return self.view.lines[self.index - 1] if self.index else None

    @property
    def below(self) -> Features | None:
        """The line read after it; ``None`` at the page's end."""
        after = self.index + 1
        return self.view.lines[after] if after < len(self.view.lines) else None


Rule = Callable[[Features, Neighbours], Finding]
