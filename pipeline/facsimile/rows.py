"""Typed rows and where they stand: what is planned of a sheet before any ink."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import LineKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedRow:
    """One typed line.

    ``cells`` are its characters (letters and spaces) from the first letter on, ``indent`` how
    many stand empty before it; ``above`` is the distance from the baseline before, in pixels
    at 200 dpi. ``under``: ``(cell, character)`` of what was struck first and is struck over;
    ``lined``: ``(first, end)`` cells that the machine underlines. ``written``: ``(cell,
    text)`` of what is written by hand where the machine left room. ``second``: it is typed
    on the content's second machine.
    """

    cells: str
    above: float
    indent: int = 0
    kind: LineKind = LineKind.BODY
    starts_paragraph: bool = False
    under: tuple[tuple[int, str], ...] = ()
    lined: tuple[tuple[int, int], ...] = ()
    written: tuple[tuple[int, str], ...] = ()
    second: bool = False

    @property
    def text(self) -> str:
        """The truth of the line: its words and figures with single spaces."""
        return " ".join(self.cells.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A row and its place: it begins at ``x`` on the baseline ``y`` (pixels at 200 dpi)."""

    row: TypedRow
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPlan:
    """The rows of one sheet; ``number`` counts from 1, ``last`` says that no sheet follows.

    ``facing``: the sheet at its right on the same scan.
    """

    number: int
    last: bool
    spots: tuple[Spot, ...]
    facing: SheetPlan | None = None

    @property
    def all_spots(self) -> tuple[Spot, ...]:
        """The rows of the scan: this sheet's, then the facing one's."""
        return self.spots + (self.facing.spots if self.facing else ())
