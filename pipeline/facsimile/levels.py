"""The damage of one page, drawn from a severity of ``config/facsimile/facsimile.toml``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.errors import UsageError
from pipeline.resources import facsimile as data


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The damage of one page; meanings and units stand in ``config/facsimile/facsimile.toml``.

    ``skew`` and ``curl`` carry a sign here: degrees clockwise, pixels downwards.
    """

    jitter: float
    tilt: float
    ink: float
    uneven: float
    half_struck: float
    ribbon: float
    clog: float
    spread: float
    rough: float
    carbon: float
    blur: float
    paper: float
    stain: float
    grain: float
    dust: int
    skew: float
    curl: float
    perspective: float
    fold: float
    creases: int
    holes: bool
    copy: float
    border: float
    show_through: float
    stamps: int
    form_strokes: int
    body_strokes: int
    underlines: int
    pencil: float
    notes: int
    rules: int
    colour: bool
    sensor: float
    quality: int
    dpi: int
    one_bit: bool

    @property
    def scale(self) -> float:
        """Pixels of the scan to a pixel of the sheet (200 dpi)."""
        return self.dpi / 200


_WHOLE = frozenset(
    {"dust", "creases", "stamps", "form_strokes", "body_strokes", "underlines", "notes", "rules",
     "quality", "dpi"}
)  # fmt: skip
_PROBABILITIES = frozenset({"colour", "holes", "one_bit"})
_EITHER_WAY = frozenset({"skew", "curl"})


def severities() -> int:
    """The number of severities; they count from 0."""
    return len(data.facsimile().severity)


def draw_levels(severity: int, rng: np.random.Generator) -> Levels:
    """Draw the damage of one page from the ranges of ``severity``.

    Raises:
        UsageError: there is no such severity.
        ConfigError: the table has an unknown key or a wrong value.

    """
    ladder = data.facsimile().severity
    if not 0 <= severity < len(ladder):
        raise UsageError("--severity", f"must be 0 to {len(ladder) - 1}, not {severity}")
    rung = ladder[severity]
    drawn: dict[str, float | int | bool] = {}
    for name in rung.__struct_fields__:
        value = getattr(rung, name)
        if name in _PROBABILITIES:
            drawn[name] = bool(rng.random() < value)
        elif isinstance(value, float | int):
            drawn[name] = float(value)
        elif name in _WHOLE:
            drawn[name] = int(rng.integers(int(value[0]), int(value[1]) + 1))
        else:
            drawn[name] = float(rng.uniform(*value))
            if name in _EITHER_WAY and rng.random() < 0.5:
                drawn[name] = -drawn[name]
    if drawn["one_bit"]:
        # Nobody scans in black and white so coarsely that nothing can be read.
        drawn["dpi"] = max(200, int(drawn["dpi"]))
        drawn["colour"] = False
    return Levels(**drawn)  # type: ignore[arg-type]
