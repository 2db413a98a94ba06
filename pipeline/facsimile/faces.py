"""The type: faces of the system, and one letter at a time as a little picture."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from pipeline.config import table
from pipeline.errors import DependencyMissingError

Ink = NDArray[np.float32]
"""float32 ``(H, W)``: 0.0 bare paper, 1.0 full ink."""

_UNASSIGNED = "\U000fffff"


def find_faces() -> dict[str, Path]:
    """Role to file of every face that facsimiles need.

    Raises:
        DependencyMissingError: one is not installed; names the Debian package.

    """
    files = _font_files()
    faces: dict[str, Path] = {}
    for role, name in table("facsimile")["faces"].items():
        if name not in files:
            package = table("facsimile")["packages"][name]
            raise DependencyMissingError(
                f"font {name}", f"is not installed. On Debian or Ubuntu: apt-get install {package}"
            )
        faces[role] = files[name]
    return faces


@lru_cache(maxsize=1)
def _font_files() -> dict[str, Path]:
    home = Path(os.environ.get("HOME", "/nonexistent"))
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts")
    return {path.name: path for folder in folders for path in sorted(folder.rglob("*.[to]tf"))}


@lru_cache(maxsize=64)
def font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """The face of ``path`` at ``size`` pixels an em."""
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def glyph(path: Path, size: int, text: str) -> tuple[Ink, int, int]:
    """``text`` in ink, and where its picture's top left is: x from the pen, y from the baseline."""
    face = font(path, size)
    left, top, right, bottom = face.getbbox(text, anchor="ls")
    if right <= left or bottom <= top:
        return np.zeros((1, 1), np.float32), 0, 0
    mask = face.getmask(text, mode="L", anchor="ls")
    width, height = mask.size
    ink = np.asarray(mask, dtype=np.float32).reshape(height, width) / 255.0
    return ink, int(left), int(top)


@lru_cache(maxsize=1024)
def has_sign(path: Path, sign: str) -> bool:
    """Whether the face of ``path`` has ``sign`` (its picture is not that of a missing one)."""
    missing, _, _ = glyph(path, 40, _UNASSIGNED)
    there, _, _ = glyph(path, 40, sign)
    return there.shape != missing.shape or not np.array_equal(there, missing)


def put(canvas: Ink, ink: Ink, left: int, top: int) -> None:
    """Lay ``ink`` on ``canvas`` (the darker wins); what sticks out is cut off."""
    height, width = canvas.shape
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(width, left + ink.shape[1]), min(height, top + ink.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    part = ink[y0 - top : y1 - top, x0 - left : x1 - left]
    np.maximum(canvas[y0:y1, x0:x1], part, out=canvas[y0:y1, x0:x1])
