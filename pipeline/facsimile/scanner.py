"""The scanner's last steps: its own noise, black and white, and the file it writes."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image

from pipeline.facsimile.levels import Levels
from pipeline.pixels import Pixels

_TILE = 512


def sensed(pixels: Pixels, levels: Levels, rng: np.random.Generator) -> Pixels:
    """``pixels`` with the sensor's noise; in 0 and 255 only where the scan is black and white."""
    rows, columns = pixels.shape[:2]
    tile = rng.normal(0, levels.sensor, (_TILE, _TILE)).astype(np.float32)
    noise = np.tile(tile, (-(-rows // _TILE), -(-columns // _TILE)))[:rows, :columns]
    if pixels.ndim == 3:
        noise = noise[:, :, None]
    noisy = np.asarray(np.clip(pixels + noise + 0.5, 0, 255), np.uint8)
    return _black_and_white(noisy, levels.dpi) if levels.one_bit else noisy


def _black_and_white(pixels: Pixels, dpi: int) -> Pixels:
    """Black is what is darker by a sixth than what lies about it, as scanners decide it."""
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
