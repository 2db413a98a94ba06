"""What a page has besides its damage, drawn from a severity of ``config/facsimile/traits.toml``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from pipeline.facsimile.levels import Levels
from pipeline.facsimile.streams import one, stream
from pipeline.resources import facsimile as data
from pipeline.resources.facsimile import Range, Trait

Tone = tuple[float, float, float]
"""Red, green and blue."""

_TINTS: tuple[Tone, ...] = (
    (1.0, 0.93, 0.72), (1.0, 0.86, 0.83), (0.86, 0.95, 0.84), (0.84, 0.90, 0.97),
    (0.93, 0.83, 0.68), (0.98, 0.95, 0.86),
)  # fmt: skip
_CARBONS: tuple[Tone, ...] = ((58, 50, 104), (44, 48, 60), (72, 68, 84), (40, 58, 92))


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """How a sheet bends into a binding; lengths in pixels at 200 dpi.

    At the binding lines are ``drop`` below their level (above it: negative) and the sheet is
    ``squeeze`` narrower; both fade ``reach`` away. ``shadow``: how dark it is there, 0 to 1.
    ``margin``: how far from it the lines of a single sheet begin, ``shown``: how much of what
    lies beyond it is on the scan.
    """

    drop: float
    reach: float
    squeeze: float
    shadow: float
    margin: float
    shown: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """A ribbon at the wrong height, and worn.

    ``lost``: share of the letters' height that took no ink, ``faint``: share of ink that is
    missing, both at the worst place of a line; ``half``: share of letters half struck.
    """

    lost: float
    faint: float
    half: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Carbon:
    """A carbon copy on thin paper.

    ``tint`` of the paper (0 to 1), ``tone`` of the letters (0 to 255), their blackness, their
    softness, and how much of the sheet behind shows ``through``.
    """

    tint: Tone
    tone: Tone
    ink: float
    halo: float
    through: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What one page has; ``None`` or 0 where it has it not.

    ``next_sheet``: pixels at 200 dpi of another sheet that sticks out, negative at the right;
    ``watermark``: how much of the picture it takes, 0 to 1; ``off_lines``: how far what is
    typed into a printed form stands below its lines (above: negative).
    """

    binding: Binding | None = None
    next_sheet: float = 0.0
    ribbon: Ribbon | None = None
    carbon: Carbon | None = None
    watermark: float = 0.0
    off_lines: float = 0.0


def draw_traits(names: Collection[Trait], severity: int, seed: int, number: int) -> Traits:
    """The traits ``names`` of sheet ``number`` of the document ``seed``.

    The traits of contents (single spacing, names, other hands) are none of a sheet's.
    """
    rung = data.traits().severity[max(severity, 0)]

    def rng_for(trait: str) -> np.random.Generator:
        return stream(f"trait {trait}", seed, max(severity, 0), number)

    drawn = Traits(off_lines=_either_way(rung.off_lines, rng_for("off lines")))
    if "binding" in names:
        rng = rng_for("binding")
        drawn = replace(
            drawn,
            binding=Binding(
                drop=_either_way(rung.binding_drop, rng),
                reach=rng.uniform(*rung.binding_reach),
                squeeze=rng.uniform(*rung.binding_squeeze),
                shadow=rng.uniform(*rung.binding_shadow),
                margin=rng.uniform(*rung.binding_margin),
                shown=rng.uniform(*rung.binding_shown),
            ),
        )
    if "next-sheet" in names:
        wide = _either_way(rung.next_sheet, rng_for("next sheet"))
        drawn = replace(drawn, next_sheet=wide if drawn.binding is None else -abs(wide))
    if "ribbon" in names:
        rng = rng_for("ribbon")
        drawn = replace(
            drawn,
            ribbon=Ribbon(
                lost=rng.uniform(*rung.ribbon_lost),
                faint=rng.uniform(*rung.ribbon_faint),
                half=rng.uniform(*rung.half_struck),
            ),
        )
    if "carbon" in names:
        rng = rng_for("carbon")
        drawn = replace(
            drawn,
            carbon=Carbon(
                tint=one(rng, _TINTS),
                tone=one(rng, _CARBONS),
                ink=rng.uniform(*rung.carbon_ink),
                halo=rng.uniform(*rung.carbon_halo),
                through=rng.uniform(*rung.through),
            ),
        )
    if "watermark" in names:
        drawn = replace(drawn, watermark=rng_for("watermark").uniform(*rung.watermark))
    return drawn


def _either_way(reach: Range, rng: np.random.Generator) -> float:
    return float(rng.uniform(*reach)) * (1.0 if rng.random() < 0.5 else -1.0)


def agreeing(levels: Levels, traits: Traits) -> Levels:
    """``levels`` where they do not go with ``traits``.

    Coloured paper is scanned in colour and is no photocopy; a watermark is laid over greys.
    """
    if traits.carbon is not None:
        levels = replace(
            levels, colour=True, one_bit=False, copy=0.0, ink=traits.carbon.ink,
            carbon=max(levels.carbon, traits.carbon.halo),
        )  # fmt: skip
    if traits.watermark:
        levels = replace(levels, one_bit=False)
    if traits.ribbon is not None:
        levels = replace(levels, half_struck=max(levels.half_struck, traits.ribbon.half))
    return levels
