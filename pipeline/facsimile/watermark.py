"""The mark that an archive lays over its pictures, again and again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from pipeline.facsimile.faces import Ink, glyph
from pipeline.facsimile.streams import one
from pipeline.pixels import Pixels
from pipeline.resources import facsimile as data


def marked(
    pixels: Pixels, share: float, faces: Mapping[str, Path], rng: np.random.Generator
) -> Pixels:
    """Lay a mark over all of ``pixels``, of which it takes ``share`` (0 to 1)."""
    rows, columns = pixels.shape[:2]
    mask = _mask(rows, columns, faces, rng) * np.float32(share)
    tone = np.float32(rng.uniform(60, 150))
    mask = mask if pixels.ndim == 2 else mask[:, :, None]
    return np.asarray(pixels * (1.0 - mask) + tone * mask + 0.5, np.uint8)


def _mask(rows: int, columns: int, faces: Mapping[str, Path], rng: np.random.Generator) -> Ink:
    size = round(min(rows, columns) / rng.uniform(14, 26))
    letters, _, _ = glyph(faces["stamp"], size, one(rng, data.pages().watermarks))
    high, wide = letters.shape
    apart = np.zeros(
        (round(high * rng.uniform(3, 6)), round(wide * rng.uniform(1.15, 1.6))), np.float32
    )
    apart[:high, :wide] = letters
    side = round(np.hypot(rows, columns))
    repeats = -(-side // apart.shape[0]), -(-side // apart.shape[1])
    tiled = np.tile(apart, repeats)[:side, :side]
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), float(rng.uniform(18, 42)), 1.0)
    turned = np.asarray(cv2.warpAffine(tiled, turn, (side, side)), np.float32)
    top, left = (side - rows) // 2, (side - columns) // 2
    return turned[top : top + rows, left : left + columns]
