"""Typewriters to learn from: real faces, each machine with proportions and strokes of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from pipeline.errors import DependencyMissingError
from pipeline.facsimile.faces import (
    Ink,
    Typewriter,
    find_faces,
    font_files,
    glyph,
    has_character,
    size_for_pitch,
)
from pipeline.facsimile.machine import OVERSAMPLING, Machine
from pipeline.resources import facsimile as data
from pipeline.resources.facsimile import TrainingFace

_FULL = 0.98
"""Share of its cell that the widest letter of a squeezed face takes."""


@dataclass(slots=True, eq=False)
class VariedMachine(Machine):
    """A machine whose letters are no face's own: narrower, taller, slanting, thinner or fatter.

    ``squeezed``: every letter is fitted to its cell. ``size``: pixels an em, of a squeezed face;
    ``across`` and ``down`` stretch its letters; ``slant``: pixels to the right for one upwards;
    ``thin``: pixels (400 dpi) by which strokes lose.
    """

    squeezed: bool = False
    size: float = 0.0
    across: float = 1.0
    down: float = 1.0
    slant: float = 0.0
    thin: int = 0
    _shapes: dict[str, tuple[Ink, int, int]] = field(default_factory=dict)

    def _drawn(self, sign: str) -> tuple[Ink, int, int]:
        face = self.face
        own = has_character(face.path, sign) and sign not in face.lacks
        path = face.path if own else face.fallback
        cell = self.pitch * OVERSAMPLING
        squeezed = self.squeezed and own
        size = self.size if squeezed else size_for_pitch(path, cell)
        ink, left, top = glyph(path, size, sign, face.bold if own else 3)
        if self.thin and own:
            kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (self.thin + 1, self.thin + 1))
            ink = np.asarray(cv2.erode(ink, kernel), np.float32)
        rows, columns = ink.shape
        wide = columns * self.across
        if squeezed:
            wide = min(max(wide, 0.25 * cell), _FULL * cell)
        high = max(1, round(rows * self.down))
        ink = np.asarray(
            cv2.resize(ink, (max(1, round(wide)), high), interpolation=cv2.INTER_AREA), np.float32
        )
        middle = cell / 2 if squeezed else left + columns / 2
        at = round(middle - wide / 2), round(top * self.down)
        return self._slanted(ink, *at)

    def _slanted(self, ink: Ink, left: int, top: int) -> tuple[Ink, int, int]:
        if abs(self.slant) < 0.01:
            return ink, left, top
        rows, columns = ink.shape
        reach = int(np.ceil(abs(self.slant) * rows))
        # The baseline stays where it is: row ``-top`` of the picture.
        shear = np.array([[1.0, -self.slant, reach - self.slant * top], [0.0, 1.0, 0.0]])
        size = (columns + 2 * reach, rows)
        turned = np.asarray(cv2.warpAffine(ink, shear, size), np.float32)
        return turned, left - reach, top


def _faces(*, held_out: bool) -> tuple[TrainingFace, ...]:
    """The faces to learn from, or those never learned from, that are installed."""
    listed = data.training().held_out if held_out else data.training().faces
    return tuple(face for face in listed if face.file in font_files())


def letter_faces() -> list[Path]:
    """The faces that lend single letters, as far as they are installed."""
    listed = (*(face.file for face in data.training().faces), *data.training().letters)
    return [font_files()[file] for file in listed if file in font_files()]


def missing_faces() -> tuple[str, ...]:
    """Files of ``training.toml`` that are not installed: training goes on without them."""
    faces = (*data.training().faces, *data.training().held_out)
    listed = (*(face.file for face in faces), *data.training().letters)
    return tuple(file for file in listed if file not in font_files())


def draw_machine(
    plain: Machine, rng: np.random.Generator, *, held_out: bool = False
) -> VariedMachine:
    """A machine for the page of ``plain``: its levels, pitch and habits, and varied type.

    ``held_out``: its face is one of those that are never learned from.

    Raises:
        DependencyMissingError: no face of ``config/facsimile/training.toml`` is installed.

    """
    faces = _faces(held_out=held_out)
    if not faces:
        raise DependencyMissingError(
            "fonts", "none of config/facsimile/training.toml is installed; run `make system`"
        )
    shares = np.array([face.share for face in faces])
    face = faces[int(rng.choice(len(faces), p=shares / shares.sum()))]
    least, most = face.bold
    cell = plain.pitch * OVERSAMPLING
    return VariedMachine(
        face=Typewriter(
            name=face.file,
            path=font_files()[face.file],
            fallback=find_faces()["typed_fallback"],
            bold=int(rng.integers(least, most + 1)),
            lacks="()" if face.file.startswith("GNU") else "",
        ),
        pitch=plain.pitch,
        levels=plain.levels,
        rng=plain.rng,
        ones=plain.ones,
        squeezed=face.squeezed,
        # Letters of a squeezed face are as high as those of typewriters.
        size=float(cell * rng.uniform(1.55, 1.9)),
        across=float(rng.uniform(0.9, 1.08)),
        down=float(rng.uniform(0.9, 1.15)),
        slant=float(rng.normal(0, 0.02)),
        thin=int(rng.random() < 0.1),
    )
