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
from pipeline.facsimile.traits import Binding
from pipeline.pixels import Pixels

_TILE = 512

Points = NDArray[np.float64]
"""float64 ``(N, 2)``: x, y."""

Field = NDArray[np.float32]
"""float32 ``(H, W)``."""


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

    First the curl (a half wave along x, ``curl`` pixels down in the middle), then the
    ``binding`` at the column ``spine``, then ``view``, a 3x3 homography (turn, perspective,
    scale). ``width`` and ``height`` are the scan's, ``across`` is the sheet's width.
    """

    curl: float
    view: NDArray[np.float64]
    width: int
    height: int
    across: int = WIDTH
    binding: Binding | None = None
    spine: float = 0.0

    def points(self, points: Points) -> Points:
        """Map ``(N, 2)`` points of the sheet to the scan."""
        curled = points.copy()
        curled[:, 1] += self.curl * np.sin(np.pi * points[:, 0] / self.across)
        if self.binding is not None:
            curled[:, 1] += _drop(self.binding, points[:, 0] - self.spine)
            curled[:, 0] = self.spine + _drawn_in(self.binding, points[:, 0] - self.spine)
        moved = cv2.perspectiveTransform(curled.reshape(-1, 1, 2), self.view)
        return np.asarray(moved, np.float64).reshape(-1, 2)

    def unbent(self, xs: NDArray[np.float32], ys: NDArray[np.float32]) -> tuple[Field, Field]:
        """Where points before ``view`` come from on the sheet: x and y, as they are given."""
        if self.binding is not None:
            known = np.linspace(-1.5 * self.across, 1.5 * self.across, 3000)
            away = np.interp(xs - self.spine, _drawn_in(self.binding, known), known)
            xs = np.asarray(away + self.spine, np.float32)
            ys = ys - np.asarray(_drop(self.binding, away), np.float32)
        return xs, ys - np.float32(self.curl) * np.sin(np.float32(np.pi / self.across) * xs)


def _drop(binding: Binding, away: Points) -> Points:
    """How far lines fall ``away`` (pixels, negative to the left) from a binding."""
    return np.asarray(binding.drop * np.exp(-np.abs(away) / binding.reach), np.float64)


def _drawn_in(binding: Binding, away: Points) -> Points:
    """Where what lies ``away`` from a binding is seen: the sheet falls off into it."""
    lost = binding.squeeze * (1.0 - np.exp(-np.abs(away) / binding.reach))
    return np.asarray(away - np.sign(away) * lost, np.float64)


def move_for(
    levels: Levels,
    rng: np.random.Generator,
    *,
    across: int = WIDTH,
    binding: Binding | None = None,
    spine: float = 0.0,
    cut: float = 0.0,
) -> Move:
    """Draw the geometry of one scan of a sheet (or two) ``across`` pixels wide.

    ``cut``: so many pixels at the left are not on the scan.
    """
    middle = (across / 2, HEIGHT / 2)
    turn = np.vstack([cv2.getRotationMatrix2D(middle, -levels.skew, 1.0), [0.0, 0.0, 1.0]])
    sheet = np.array([[0, 0], [across, 0], [across, HEIGHT], [0, HEIGHT]], np.float32)
    pulled = sheet + rng.uniform(-levels.perspective, levels.perspective, (4, 2))
    angle = cv2.getPerspectiveTransform(sheet, pulled.astype(np.float32))
    scale = np.diag([levels.scale, levels.scale, 1.0])
    scale[0, 2] = -cut * levels.scale
    return Move(
        curl=levels.curl,
        view=np.asarray(scale @ turn @ angle, np.float64),
        width=round((across - cut) * levels.scale),
        height=round(HEIGHT * levels.scale),
        across=across,
        binding=binding,
        spine=spine,
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
    from_x, from_y = move.unbent(from_x, from_y)
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
