"""The scanner: its geometry, its noise, black and white, and the file it writes."""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.facsimile.levels import Levels
from pipeline.facsimile.sheet import HEIGHT, WIDTH
from pipeline.pixels import Pixels

_TILE = 512

Points = NDArray[np.float64]
"""float64 ``(N, 2)``: x, y."""


def sensed(pixels: Pixels, levels: Levels, rng: np.random.Generator) -> Pixels:
    """Add the sensor's noise to ``pixels``; a black and white scan has only 0 and 255."""
    rows, columns = pixels.shape[:2]
    tile = rng.normal(0, levels.sensor, (_TILE, _TILE)).astype(np.float32)
    noise = np.tile(tile, (-(-rows // _TILE), -(-columns // _TILE)))[:rows, :columns]
    if pixels.ndim == 3:
        noise = noise[:, :, None]
    noisy = np.asarray(np.clip(pixels + noise + 0.5, 0, 255), np.uint8)
    return _black_and_white(noisy, levels.dpi) if levels.one_bit else noisy


def _black_and_white(pixels: Pixels, dpi: int) -> Pixels:
    """Threshold as scanners do: black is what is a sixth darker than its surroundings."""
    grey = np.asarray(cv2.GaussianBlur(pixels, (0, 0), dpi / 320), np.float32)
    about = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    about = cv2.GaussianBlur(about, (0, 0), dpi / 40)
    level = cv2.resize(about, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    # Where all is dark (an edge, a hole) it is black, whatever is about it.
    black = (grey < 0.83 * level) | (grey < 60)
    return np.where(black, np.uint8(0), np.uint8(255))


def encoded(pixels: Pixels, levels: Levels) -> tuple[str, bytes]:
    """The suffix and the bytes of the picture's file, its resolution stored in it.

    A JPEG; a scan in black and white is a TIFF in G4 (odd resolutions) or a PNG.
    """
    stream, dpi = io.BytesIO(), (levels.dpi, levels.dpi)
    image = Image.fromarray(pixels)
    if not levels.one_bit:
        image.save(stream, "JPEG", quality=levels.quality, dpi=dpi, optimize=True)
        return ".jpg", stream.getvalue()
    image = image.convert("1", dither=Image.Dither.NONE)
    if levels.dpi % 2:
        image.save(stream, "TIFF", compression="group4", dpi=dpi)
        return ".tif", stream.getvalue()
    image.save(stream, "PNG", dpi=dpi)
    return ".png", stream.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Move:
    """Maps points of the undamaged sheet (200 dpi) to the scan (its own pixels).

    First the curl (a half wave along x, ``curl`` pixels down in the middle), then ``view``,
    a 3x3 homography (turn, perspective, scale). ``width`` and ``height`` are the scan's.
    """

    curl: float
    view: NDArray[np.float64]
    width: int
    height: int

    def points(self, points: Points) -> Points:
        """Map ``(N, 2)`` points of the sheet to the scan."""
        curled = points.copy()
        curled[:, 1] += self.curl * np.sin(np.pi * points[:, 0] / WIDTH)
        moved = cv2.perspectiveTransform(curled.reshape(-1, 1, 2), self.view)
        return np.asarray(moved, np.float64).reshape(-1, 2)


def move_for(levels: Levels, rng: np.random.Generator) -> Move:
    """Draw the geometry of one scan."""
    middle = (WIDTH / 2, HEIGHT / 2)
    turn = np.vstack([cv2.getRotationMatrix2D(middle, -levels.skew, 1.0), [0.0, 0.0, 1.0]])
    sheet = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    pulled = sheet + rng.uniform(-levels.perspective, levels.perspective, (4, 2))
    angle = cv2.getPerspectiveTransform(sheet, pulled.astype(np.float32))
    scale = np.diag([levels.scale, levels.scale, 1.0])
    return Move(
        curl=levels.curl,
        view=np.asarray(scale @ turn @ angle, np.float64),
        width=round(WIDTH * levels.scale),
        height=round(HEIGHT * levels.scale),
    )


def scan(page: Pixels, move: Move, levels: Levels) -> Pixels:
    """Scan ``page`` (200 dpi) at the scan's resolution, with curl, skew and dark edge."""
    xs, ys = np.meshgrid(
        np.arange(move.width, dtype=np.float32), np.arange(move.height, dtype=np.float32)
    )
    back = np.linalg.inv(move.view).astype(np.float32)
    # Pixel (i, j) of the scan is point (i, j) of the plane, as in `Move.points`.
    depth = back[2, 0] * xs + back[2, 1] * ys + back[2, 2]
    from_x = (back[0, 0] * xs + back[0, 1] * ys + back[0, 2]) / depth
    from_y = (back[1, 0] * xs + back[1, 1] * ys + back[1, 2]) / depth
    from_y -= np.float32(move.curl) * np.sin(np.float32(np.pi / WIDTH) * from_x)
    source = cv2.GaussianBlur(page, (0, 0), 0.4 / levels.scale) if levels.scale < 1 else page
    edge = 40 if levels.border > 0 else levels.paper - 6
    moved = cv2.remap(
        source,
        from_x,
        from_y,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(edge, edge, edge),
    )
    pixels = np.asarray(moved, dtype=np.uint8)
    return _edged(pixels, levels.border) if levels.border > 0 else pixels


def _edged(pixels: Pixels, width: float) -> Pixels:
    """A photocopier's shadow along two sides."""
    rows, columns = pixels.shape[:2]
    left = 1.0 - 0.85 * np.exp(-np.arange(columns, dtype=np.float32) / width)
    bottom = 1.0 - 0.6 * np.exp(-np.arange(rows, dtype=np.float32)[::-1] / (0.5 * width))
    shade = left[None, :] * bottom[:, None]
    shaded = pixels * (shade if pixels.ndim == 2 else shade[:, :, None])
    return np.asarray(shaded, dtype=np.uint8)
