"""Pages drawn for tests, with the typewriter face that the tests need anyway."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.facsimile import find_faces
from pipeline.pixels import Pixels, PreparedImage, PreparedPage, identity


def page(
    lines: Sequence[tuple[str, int, int]], size: tuple[int, int] = (1240, 900), points: int = 33
) -> Pixels:
    """White page ``(width, height)`` with ``(text, x, baseline)`` typed on it, black."""
    image = Image.new("L", size, 255)
    face = ImageFont.truetype(str(find_faces()["typed"]), points)
    draw = ImageDraw.Draw(image)
    for text, x, y in lines:
        draw.text((x, y), text, font=face, fill=20, anchor="ls")
    return np.asarray(image, dtype=np.uint8)


def save(pixels: Pixels, path: Path) -> Path:
    """Write ``pixels`` to ``path``."""
    Image.fromarray(pixels).save(path)
    return path


def untouched(pixels: Pixels, rules: Pixels | None = None) -> PreparedPage:
    """``pixels`` as a prepared page from which nothing, or ``rules``, was taken out."""
    nothing = np.zeros_like(pixels)
    image = PreparedImage(pixels, identity(), (pixels.shape[1], pixels.shape[0]))
    return PreparedPage(
        image=image, ruling_lines=nothing if rules is None else rules, pen_strokes=nothing
    )
