"""Cutting a line out of the page, straight along its baseline and without its neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.config import LayoutSettings
from pipeline.layout.baselines import Baseline
from pipeline.layout.extents import Extent
from pipeline.layout.page_components import TALL, PageComponents
from pipeline.model import Box
from pipeline.pixels import PreparedImage, compose

_UP, _DOWN = 1.75, 1.45
"""In x-heights: how far above and below its middle a line may reach (й, Ё; д, ц, у)."""

_HALF = 0.7
"""Scale below which pixels must be averaged; above it that would only blur."""

_SIDE = 0.6
"""In x-heights: paper left of the first and right of the last letter."""


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Where a line's picture is taken (pixels of the prepared page, right and bottom exclusive).

    ``rises`` float64 ``(right - left,)`` is the baseline's y less its y in the middle.
    """

    box: Box
    rises: NDArray[np.float64]

    @classmethod
    def around(
        cls, baseline: Baseline, extent: Extent, x_height: float, shape: tuple[int, ...]
    ) -> Strip:
        """The strip of the line on a page of ``shape`` (H, W)."""
        side = round(_SIDE * x_height)
        left, right = max(0, extent.left - side), min(shape[1], extent.right + side)
        top = min(max(0, round(extent.middle - _UP * x_height)), shape[0] - 1)
        bottom = min(shape[0], round(extent.middle + _DOWN * x_height) + 1)
        box = Box(left=left, top=top, right=right, bottom=max(bottom, top + 1))
        rises = baseline.at(np.arange(left, right, dtype=np.float64)) - extent.middle
        return cls(box=box, rises=np.broadcast_to(rises, (right - left,)))

    def cut(
        self,
        prepared: PreparedImage,
        owners: NDArray[np.int16],
        line: int,
        settings: LayoutSettings,
    ) -> PreparedImage:
        """The strip, straightened, of normal height; what belongs to other lines is white."""
        columns = np.arange(self.box.left, self.box.right, dtype=np.float32)
        rows = np.arange(self.box.top, self.box.bottom, dtype=np.float32)
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
        owner = cv2.remap(owners, map_x, map_y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
        pixels[owner != line] = 255
        border = max(4, round(settings.margin * pixels.shape[0]))
        framed = np.pad(pixels, border, constant_values=255)
        scale = settings.line_height / framed.shape[0]
        size = (max(1, round(framed.shape[1] * scale)), settings.line_height)
        method = cv2.INTER_AREA if scale < _HALF else cv2.INTER_CUBIC
        normal = cv2.resize(framed, size, interpolation=method)
        left, top = self.box.left - border, self.box.top - border
        back = np.array([[1 / scale, 0.0, left], [0.0, 1 / scale, top]])
        to_scan = compose(prepared.to_scan, back)
        return PreparedImage(
            pixels=np.asarray(normal, dtype=np.uint8),
            to_scan=to_scan,
            scan_size=prepared.scan_size,
        )


_SIGN = 0.65
"""In x-heights: a small component so near to a line's middle is its dash, comma or stop."""

_OWN_REACH = 1.3
"""In x-heights: farther from every line, ink is no letter's."""


_LARGE = -2
"""In the place of a line: the pixel is of a large component that is no line's."""


def pixel_owners(components: PageComponents, baselines: list[Baseline]) -> NDArray[np.int16]:
    """For each pixel the number of its line in ``baselines``; int16 ``(H, W)``.

    A letter's pixels are its line's. Components that reach over several lines, letters run
    together or joined by a pen, are cut in the middle between the lines. Everything else,
    paper, accents and specks, goes with the nearest letter: so й keeps its breve, however
    narrow the leading. ``baselines`` holds at least one line.
    """
    owner_of = np.full(len(components.boxes), -1, np.int16)
    for index, baseline in enumerate(baselines):
        low = components.boxes[baseline.letters, 3] <= TALL * components.x_height
        owner_of[baseline.letters[low]] = index
    _add_signs(owner_of, components, baselines)
    large = (owner_of < 0) & (components.boxes[:, 2:].max(axis=1) >= components.x_height)
    large[0] = False
    owner_of[large] = _LARGE
    seeds = np.asarray(owner_of[components.labels], dtype=np.int16)
    if large.any():
        _cut_apart(seeds, components, baselines)
    known = seeds >= 0
    if not known.any():
        return np.zeros(seeds.shape, np.int16)
    _, nearest = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    lines = np.zeros(int(nearest.max()) + 1, np.int16)
    lines[nearest[known]] = seeds[known]
    return np.asarray(lines[nearest], dtype=np.int16)


def _add_signs(
    owner_of: NDArray[np.int16], components: PageComponents, baselines: list[Baseline]
) -> None:
    """Own the dashes, commas and stops that stand on a line, in ``owner_of``."""
    small = (owner_of < 0) & (components.boxes[:, 3] < components.x_height)
    small &= components.boxes[:, 2] < 2 * components.x_height
    small[0] = False
    signs = np.flatnonzero(small)
    line, apart = _nearest_line(components.middles[signs], baselines)
    level = apart <= _SIGN * components.x_height
    owner_of[signs[level]] = line[level]


def _cut_apart(
    seeds: NDArray[np.int16], components: PageComponents, baselines: list[Baseline]
) -> None:
    """Give each pixel of large components without a line to the nearest one, in ``seeds``."""
    ys, xs = np.nonzero(seeds == _LARGE)
    line, apart = _nearest_line(np.stack([xs, ys], axis=1).astype(np.float64), baselines)
    near = apart <= _OWN_REACH * components.x_height
    seeds[ys[near], xs[near]] = line[near]


def _nearest_line(
    points: NDArray[np.float64], baselines: list[Baseline]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """For each ``(x, y)`` of ``points`` the nearest baseline, and how far it is (pixels)."""
    line = np.zeros(len(points), np.int32)
    least = np.full(len(points), np.inf)
    if not len(points):
        return line, least
    first, last = (int(x) for x in (points[:, 0].min(), points[:, 0].max()))
    columns = np.arange(first, last + 2, dtype=np.float64)
    for index, baseline in enumerate(baselines):
        at = np.interp(points[:, 0], columns, baseline.at(columns))
        apart = np.abs(points[:, 1] - at)
        nearer = apart < least
        line[nearer], least[nearer] = index, apart[nearer]
    return line, least
