"""The type: faces of the system, and one letter at a time as a little picture."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from pipeline.errors import ConfigError, DependencyMissingError
from pipeline.resources import facsimile as data

Ink = NDArray[np.float32]
"""float32 ``(H, W)``: 0.0 bare paper, 1.0 full ink."""

_UNASSIGNED = "\U000fffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typewriter:
    """A typewriter face.

    ``bold``: pixels that its lines gain; ``lacks``: characters not to take from it. ``fallback``
    is the face that lends them, and those that the file itself does not have.
    """

    name: str
    path: Path
    fallback: Path
    bold: int
    lacks: str


def find_faces() -> dict[str, Path]:
    """Role to file of every face that facsimiles need.

    Raises:
        DependencyMissingError: one is not installed; names the Debian package.

    """
    roles = data.facsimile().faces
    faces = {role: getattr(roles, role) for role in roles.__struct_fields__}
    return {role: _file(face.file, face.package) for role, face in faces.items()}


def typewriters() -> dict[str, Typewriter]:
    """The typewriter faces that are installed, by name, in the table's order; at least one.

    Raises:
        DependencyMissingError: the first of them, or the fallback, is not installed.

    """
    fallback = find_faces()["typed_fallback"]
    entries = data.facsimile().typewriters
    _file(entries[0].file, entries[0].package)
    return {
        entry.name: Typewriter(
            name=entry.name,
            path=font_files()[entry.file],
            fallback=fallback,
            bold=entry.bold,
            lacks=entry.lacks,
        )
        for entry in entries
        if entry.file in font_files()
    }


def typewriter(name: str) -> Typewriter:
    """The typewriter face ``name`` of ``config/facsimile/facsimile.toml``.

    Raises:
        ConfigError: there is none of that name.
        DependencyMissingError: it is not installed; names the Debian package.

    """
    for entry in data.facsimile().typewriters:
        if entry.name == name:
            _file(entry.file, entry.package)
            return typewriters()[name]
    raise ConfigError("typewriter", f"there is no `{name}` in config/facsimile/facsimile.toml")


def _file(name: str, package: str) -> Path:
    if name not in font_files():
        raise DependencyMissingError(
            f"font {name}", f"is not installed; on Debian or Ubuntu: apt-get install {package}"
        )
    return font_files()[name]


@lru_cache(maxsize=1)
def font_files() -> dict[str, Path]:
    """File name to path of the TrueType and OpenType fonts that are installed."""
    home = Path(os.environ.get("HOME", "/nonexistent"))
    folders = (
        home / ".local/share/fonts",
        home / ".fonts",
        Path("/usr/local/share/fonts"),
        Path("/usr/share/fonts"),
        Path("/Library/Fonts"),
    )
    found = (path for folder in folders for path in sorted(folder.rglob("*.[to]tf")))
    files: dict[str, Path] = {}
    for path in found:
        files.setdefault(path.name, path)
    return files


@lru_cache(maxsize=64)
def font(path: Path, size: float) -> ImageFont.FreeTypeFont:
    """The face of ``path`` at ``size`` pixels an em."""
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=16)
def size_for_pitch(path: Path, pitch: float) -> float:
    """The size in pixels an em at which a fixed-pitch face takes ``pitch`` pixels a letter."""
    return 100.0 * pitch / font(path, 100.0).getlength("н")


@lru_cache(maxsize=4096)
def glyph(path: Path, size: float, text: str, bold: int = 0) -> tuple[Ink, int, int]:
    """Draw ``text``; also where the picture's top left is: x from the pen, y from the baseline."""
    face = font(path, size)
    left, top, right, bottom = face.getbbox(text, anchor="ls")
    if right <= left or bottom <= top:
        return np.zeros((1, 1), np.float32), 0, 0
    mask = face.getmask(text, mode="L", anchor="ls")
    width, height = mask.size
    ink = np.asarray(mask, dtype=np.float32).reshape(height, width) / 255.0
    if bold:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (bold + 1, bold + 1))
        padded = cv2.copyMakeBorder(ink, bold, bold, bold, bold, cv2.BORDER_CONSTANT, value=0)
        ink = np.asarray(cv2.dilate(padded, kernel), np.float32)
        left, top = left - bold, top - bold
    return ink, int(left), int(top)


@lru_cache(maxsize=1024)
def has_character(path: Path, character: str) -> bool:
    """Whether the face of ``path`` has ``character`` (its picture is not that of a missing one)."""
    missing, _, _ = glyph(path, 40, _UNASSIGNED)
    there, _, _ = glyph(path, 40, character)
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
