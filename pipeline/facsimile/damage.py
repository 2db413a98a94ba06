"""From ink to a bad scan: paper, age, skew, curl, blur."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from pipeline.facsimile.faces import Ink
from pipeline.facsimile.sheet import HEIGHT, WIDTH
from pipeline.pixels import Pixels

Move = Callable[[float, float], tuple[float, float]]
"""Where a point of the undamaged sheet (200 dpi) is in the scan (pixels)."""


def expose(ink: Ink, levels: Mapping[str, float], rng: np.random.Generator) -> Pixels:
    """Ink (200 dpi) on its paper, with stains, grain, a fold and the back side showing."""
    paper = levels["paper"] + _clouds(rng, 9) * levels["stain"] + _clouds(rng, 3) * levels["stain"]
    if levels["stain"] > 5:
        fold = round(HEIGHT * rng.uniform(0.45, 0.55))
        paper[fold - 2 : fold + 2] -= 2.5 * levels["stain"]
    dark = np.asarray(cv2.GaussianBlur(ink, (0, 0), levels["blur"]), np.float32)
    if levels["show_through"] > 0:
        back = cv2.GaussianBlur(ink[:, ::-1], (0, 0), 2.5) * levels["show_through"]
        dark = np.maximum(dark, np.roll(back, 23, axis=0))
    # Ink takes to the paper in patches.
    dark *= 1.0 - 0.35 * (1.0 - levels["ink"]) * np.abs(_clouds(rng, 60))
    page = paper * (1.0 - dark) + 35.0 * dark
    page += rng.normal(0, levels["grain"], page.shape)
    return np.asarray(np.clip(page, 0, 255), dtype=np.uint8)


def warp(
    page: Pixels, levels: Mapping[str, float], rng: np.random.Generator
) -> tuple[Pixels, Move]:
    """``page`` skewed, curled and scaled, and where its points have gone."""
    angle = np.deg2rad(rng.uniform(-levels["skew"], levels["skew"]))
    curl = float(rng.uniform(-levels["curl"], levels["curl"]))
    scale = float(levels["scale"])
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    middle = np.array([WIDTH / 2, HEIGHT / 2])

    def move(x: float, y: float) -> tuple[float, float]:
        y += curl * np.sin(np.pi * x / WIDTH)
        dx, dy = x - middle[0], y - middle[1]
        return (
            float((cos * dx - sin * dy + middle[0]) * scale),
            float((sin * dx + cos * dy + middle[1]) * scale),
        )

    width, height = round(WIDTH * scale), round(HEIGHT * scale)
    xs, ys = np.meshgrid(np.arange(width) / scale, np.arange(height) / scale)
    dx, dy = xs - middle[0], ys - middle[1]
    from_x = cos * dx + sin * dy + middle[0]
    from_y = -sin * dx + cos * dy + middle[1]
    from_y -= curl * np.sin(np.pi * np.clip(from_x, 0, WIDTH) / WIDTH)
    source = cv2.GaussianBlur(page, (0, 0), 0.45 / scale) if scale < 1 else page
    moved = cv2.remap(
        source,
        from_x.astype(np.float32),
        from_y.astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=60 if levels["skew"] > 1 else int(levels["paper"]),
    )
    return np.asarray(moved, dtype=np.uint8), move


def _clouds(rng: np.random.Generator, cells: int) -> np.ndarray:
    """Smooth noise, about -1 to 1, in ``cells`` patches across the sheet."""
    small = rng.normal(0, 0.5, (round(cells * 1.4) + 1, cells)).astype(np.float32)
    return np.asarray(cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC))
