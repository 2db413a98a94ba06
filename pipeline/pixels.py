"""Pixels on their way through the stages; they travel beside the page, never on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.model import Box, Step

Pixels = NDArray[np.uint8]
"""uint8, 0 black to 255 white: ``(H, W)`` grey or ``(H, W, 3)`` RGB."""

Affine = NDArray[np.float64]
"""2x3 float64 matrix: ``(x, y, 1)`` of one image to ``(x, y)`` of another."""


def identity() -> Affine:
    """The transform that changes nothing."""
    return np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def compose(outer: Affine, inner: Affine) -> Affine:
    """The transform that applies ``inner`` first, then ``outer``."""
    bottom = np.array([[0.0, 0.0, 1.0]])
    return np.asarray((np.vstack([outer, bottom]) @ np.vstack([inner, bottom]))[:2])


@dataclass(frozen=True, slots=True, eq=False)
class PreparedImage:
    """An image made from a scan: ``pixels`` uint8 ``(H, W)``, ``to_scan`` 2x3 back to it.

    ``scan_size`` is the scan's width and height, in pixels.
    """

    pixels: Pixels
    to_scan: Affine
    scan_size: tuple[int, int]

    def box_in_scan(self, box: Box) -> Box:
        """The upright rectangle in the scan around ``box`` of this image.

        Clipped to the scan, never empty.
        """
        width, height = self.scan_size
        # In plain numbers: for one box, arrays take ten times as long.
        (xx, xy, x0), (yx, yy, y0) = self.to_scan.tolist()
        xs = [xx * x + xy * y + x0 for x in (box.left, box.right) for y in (box.top, box.bottom)]
        ys = [yx * x + yy * y + y0 for x in (box.left, box.right) for y in (box.top, box.bottom)]
        left = min(max(math.floor(min(xs)), 0), width - 1)
        top = min(max(math.floor(min(ys)), 0), height - 1)
        right = min(max(math.ceil(max(xs)), left + 1), width)
        bottom = min(max(math.ceil(max(ys)), top + 1), height)
        return Box(left=left, top=top, right=right, bottom=bottom)

    def part(self, box: Box) -> PreparedImage:
        """What is inside ``box`` (pixels of this image), as an image of its own."""
        to_part = np.array([[1.0, 0.0, box.left], [0.0, 1.0, box.top]])
        return PreparedImage(
            pixels=cut_out(self.pixels, box),
            to_scan=compose(self.to_scan, to_part),
            scan_size=self.scan_size,
        )


def cut_out(pixels: Pixels, box: Box) -> Pixels:
    """The pixels inside ``box``."""
    return np.ascontiguousarray(pixels[box.top : box.bottom, box.left : box.right])


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPage:
    """A page ready for line finding, and what was taken out of it.

    ``ruling_lines`` and ``pen_strokes``: uint8 masks of the image's shape, 255 where a
    ruling line or a stroke of the pen was. ``steps``: what was done, in order.
    """

    image: PreparedImage
    ruling_lines: Pixels
    pen_strokes: Pixels
    steps: tuple[Step, ...] = ()

    def part(self, box: Box) -> PreparedPage:
        """What is inside ``box`` (prepared pixels), as a page of its own."""
        return PreparedPage(
            image=self.image.part(box),
            ruling_lines=cut_out(self.ruling_lines, box),
            pen_strokes=cut_out(self.pen_strokes, box),
            steps=self.steps,
        )

    def without(self, mask: NDArray[np.bool_]) -> PreparedPage:
        """The page, white where ``mask`` (bool ``(H, W)``) is."""
        pixels = np.where(mask, np.uint8(255), self.image.pixels)
        return PreparedPage(
            image=replace(self.image, pixels=pixels),
            ruling_lines=np.where(mask, np.uint8(0), self.ruling_lines),
            pen_strokes=np.where(mask, np.uint8(0), self.pen_strokes),
            steps=self.steps,
        )
