"""The layout stage: the lines of a prepared page, cut out straight, neighbours masked."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.config import LayoutSettings
from pipeline.layout.curves import Curve, find_curves
from pipeline.layout.strokes import Strokes, find_strokes
from pipeline.model import Box
from pipeline.pixels import PreparedImage, compose

_UP, _DOWN = 1.75, 1.45
"""In x-heights: how far above and below its middle a line may reach (й, Ё; д, ц, у)."""

_CLEARLY = 0.95
"""In x-heights: within it a small sign is its line's, whatever the leading."""

_INDENT = 2.5
_GAP = 1.45
"""A paragraph: an indent of so many x-heights, or so many times the usual leading."""


@dataclass(frozen=True, slots=True, eq=False)
class LineImage:
    """One line: its picture, its place in the scan, and whether it opens a paragraph."""

    image: PreparedImage
    box: Box
    starts_paragraph: bool


@dataclass(frozen=True, slots=True)
class _Extent:
    left: int
    right: int
    middle: float


def find_lines(
    prepared: PreparedImage, width: int, height: int, settings: LayoutSettings
) -> tuple[LineImage, ...]:
    """The lines of ``prepared`` in reading order (top to bottom).

    ``width`` and ``height`` are the scan's, in pixels. A page with nothing to read has no
    lines. Each picture is uint8 ``(h, w)``: the strip along the line's curve, straightened,
    the letters of other lines whitened, with a white margin.
    """
    strokes = find_strokes(prepared.pixels)
    if strokes is None or not len(strokes.letters):
        return ()
    curves = find_curves(strokes, prepared.pixels.shape[0])
    extents = [_extent(curve, strokes) for curve in curves]
    owners = _owners(strokes, curves)
    starts = _paragraph_starts(extents, strokes.x_height)
    lines: list[LineImage] = []
    for index, (curve, extent) in enumerate(zip(curves, extents, strict=True)):
        strip = _Strip.around(curve, extent, strokes.x_height, prepared.pixels.shape)
        image = strip.cut(prepared, strokes, owners, index, settings.margin)
        inner = Box(
            left=strip.left,
            top=strip.top,
            right=strip.right,
            bottom=max(strip.bottom, strip.top + 1),
        )
        box = prepared.box_in_scan(inner, width, height)
        lines.append(LineImage(image=image, box=box, starts_paragraph=starts[index]))
    return tuple(lines)


def _extent(curve: Curve, strokes: Strokes) -> _Extent:
    boxes = strokes.boxes[curve.letters]
    left, right = int(boxes[:, 0].min()), int((boxes[:, 0] + boxes[:, 2]).max())
    return _Extent(left=left, right=right, middle=float(curve.at((left + right) / 2)))


def _owners(strokes: Strokes, curves: list[Curve]) -> NDArray[np.int64]:
    """For each stroke the number of its line; -1 for what belongs to none or may to several."""
    owners = np.full(len(strokes.boxes), -1)
    for index, curve in enumerate(curves):
        # Letters run together over two lines are left to both.
        low = strokes.boxes[curve.letters, 3] <= 2.2 * strokes.x_height
        owners[curve.letters[low]] = index
    return _with_small_signs(owners, strokes, curves)


def _with_small_signs(
    owners: NDArray[np.int64], strokes: Strokes, curves: list[Curve]
) -> NDArray[np.int64]:
    """Commas, hyphens and dots go to the line they are clearly nearest to."""
    small = np.flatnonzero((owners < 0) & (strokes.boxes[:, 3] < strokes.x_height))
    middles = strokes.middles[small]
    distances = np.stack([np.abs(middles[:, 1] - c.at(middles[:, 0])) for c in curves])
    clear = distances.min(axis=0) <= _CLEARLY * strokes.x_height
    owners[small[clear]] = distances.argmin(axis=0)[clear]
    return owners


def _paragraph_starts(extents: list[_Extent], x_height: float) -> list[bool]:
    if not extents:
        return []
    edge = float(np.percentile([e.left for e in extents], 25))
    gaps = np.diff([e.middle for e in extents])
    usual = float(np.median(gaps)) if len(gaps) else 0.0
    starts = [True]
    for extent, gap in zip(extents[1:], gaps, strict=True):
        indented = extent.left > edge + _INDENT * x_height
        starts.append(bool(indented or gap > _GAP * usual))
    return starts


@dataclass(frozen=True, slots=True, eq=False)
class _Strip:
    """Where a line's picture is taken: ``rises`` is the curve's y less ``middle``, per column."""

    left: int
    top: int
    right: int
    bottom: int
    rises: NDArray[np.float64]

    @classmethod
    def around(
        cls, curve: Curve, extent: _Extent, x_height: float, shape: tuple[int, ...]
    ) -> _Strip:
        pad = round(0.6 * x_height)
        left, right = max(0, extent.left - pad), min(shape[1], extent.right + pad)
        top = max(0, round(extent.middle - _UP * x_height))
        bottom = min(shape[0], round(extent.middle + _DOWN * x_height) + 1)
        rises = curve.at(np.arange(left, right, dtype=np.float64)) - extent.middle
        return cls(left=left, top=top, right=right, bottom=bottom, rises=rises)

    def cut(
        self,
        prepared: PreparedImage,
        strokes: Strokes,
        owners: NDArray[np.int64],
        line: int,
        margin: float,
    ) -> PreparedImage:
        """The strip of ``line``, straightened, other lines' letters whitened, with a margin."""
        columns = np.arange(self.left, self.right, dtype=np.float32)
        rows = np.arange(self.top, self.bottom, dtype=np.float32)
        map_x, map_y = np.meshgrid(columns, rows)
        map_y = (map_y + self.rises[None, :]).astype(np.float32)
        pixels = cv2.remap(
            prepared.pixels,
            map_x,
            map_y,
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=255,
        )
        near = np.clip(np.rint(map_y).astype(int), 0, strokes.labels.shape[0] - 1)
        owner = owners[strokes.labels[near, np.rint(map_x).astype(int)]]
        foreign = ((owner >= 0) & (owner != line)).astype(np.uint8)
        # Letters have grey edges beyond their ink.
        foreign = cv2.dilate(foreign, np.ones((3, 3), np.uint8))
        own = cv2.dilate((owner == line).astype(np.uint8), np.ones((3, 3), np.uint8))
        pixels[(foreign > 0) & (own == 0)] = 255
        border = max(4, round(margin * strokes.x_height))
        framed = np.pad(pixels, border, constant_values=255)
        shift = np.array([[1.0, 0.0, self.left - border], [0.0, 1.0, self.top - border]])
        to_scan = compose(prepared.to_scan, shift)
        return PreparedImage(pixels=np.asarray(framed, dtype=np.uint8), to_scan=to_scan)
