"""Cutting a line out of the page, straight along its curve and without its neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.config import LayoutSettings
from pipeline.layout.curves import Curve
from pipeline.layout.paragraphs import Extent
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

    ``rises`` float64 ``(right - left,)`` is the curve's y less its y in the middle.
    """

    box: Box
    rises: NDArray[np.float64]

    @classmethod
    def around(cls, curve: Curve, extent: Extent, x_height: float, shape: tuple[int, ...]) -> Strip:
        """The strip of the line on a page of ``shape`` (H, W)."""
        side = round(_SIDE * x_height)
        left, right = max(0, extent.left - side), min(shape[1], extent.right + side)
        top = min(max(0, round(extent.middle - _UP * x_height)), shape[0] - 1)
        bottom = min(shape[0], round(extent.middle + _DOWN * x_height) + 1)
        box = Box(left=left, top=top, right=right, bottom=max(bottom, top + 1))
        rises = curve.at(np.arange(left, right, dtype=np.float64)) - extent.middle
        return cls(box=box, rises=np.broadcast_to(rises, (right - left,)))

    def cut(
        self,
        prepared: PreparedImage,
        owners: NDArray[np.int32],
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
        near = np.clip(np.rint(map_y).astype(int), 0, owners.shape[0] - 1)
        pixels[owners[near, np.rint(map_x).astype(int)] != line] = 255
        border = max(4, round(settings.margin * pixels.shape[0]))
        framed = np.pad(pixels, border, constant_values=255)
        scale = settings.line_height / framed.shape[0]
        size = (max(1, round(framed.shape[1] * scale)), settings.line_height)
        method = cv2.INTER_AREA if scale < _HALF else cv2.INTER_CUBIC
        normal = cv2.resize(framed, size, interpolation=method)
        left, top = self.box.left - border, self.box.top - border
        back = np.array([[1 / scale, 0.0, left], [0.0, 1 / scale, top]])
        to_scan = compose(prepared.to_scan, back)
        return PreparedImage(pixels=np.asarray(normal, dtype=np.uint8), to_scan=to_scan)
