"""Machines that never were: the letters of a face, worn and deformed as one machine's type is.

Every machine keeps its deformations from letter to letter and line to line: weight, width, height,
slant, each type bar's own place, lean and wear. So a few faces make many machines.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.alphabet import ALPHABET
from pipeline.facsimile.faces import font, glyph, has_character
from pipeline.ocr.typewriter import HEIGHT
from pipeline.training.letters import Letter, Machine

_FINE = 4
"""Pixels at which letters are drawn and deformed, to one of the strip."""

_BASELINE, _X_HEIGHT = 31.8, 12.4
"""Rows of a strip: where letters stand, and how high small ones are."""

_PITCHES = (10.0, 15.5)
"""Pixels a cell, of letters as high as that."""

_TYPED_AS = {"№": ("№", "№", "N"), "«": ('"',), "»": ('"',)}

Ink = NDArray[np.float32]


def draw_letters(faces: Sequence[Path], name: str, rng: np.random.Generator) -> Machine:
    """A machine typing in one of ``faces``, deformed; ``has`` tells which signs it has."""
    path = faces[int(rng.integers(len(faces)))]
    pitch = float(rng.uniform(*_PITCHES)) if rng.random() < 0.4 else float(rng.normal(12.3, 0.6))
    machine = Machine(name, pitch=pitch)
    size = _size(path) * _FINE * _X_HEIGHT / 100 * float(rng.normal(1.0, 0.025))
    style = _Style(rng)
    cell = pitch * _FINE
    for sign in ALPHABET:
        if sign == " ":
            machine.letters[sign] = [Letter(np.zeros((HEIGHT, 4), np.uint8), -2.0)]
            continue
        if not has_character(path, sign):
            continue
        ink, _, top = glyph(path, size, sign, 0)
        if ink.size <= 1:
            continue
        machine.letters[sign] = [_struck(ink, top, cell, style, rng)]
    machine.dark = float(np.mean([x[0].ink.mean() for s, x in machine.letters.items() if s != " "]))
    _strike_ones(machine, rng)
    return machine


class _Style:
    """What all letters of a machine share."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.weight = int(rng.integers(-1, 5))
        self.wide = float(rng.uniform(0.86, 1.12))
        self.fit = float(rng.uniform(0.86, 1.08))
        self.high = float(rng.uniform(0.95, 1.06))
        self.slant = float(rng.normal(0, 0.025))
        self.rough = float(rng.uniform(0, 1.2))
        self.bent = float(rng.uniform(0.1, 0.9))
        self.worn = float(rng.uniform(0, 0.25)) if rng.random() < 0.5 else 0.0
        self.clogged = float(rng.uniform(0, 0.8)) if rng.random() < 0.35 else 0.0
        self.baseline = _BASELINE + float(rng.normal(0, 0.5))
        self.faint = float(rng.uniform(0.65, 1.0))


def _size(path: Path) -> float:
    """Pixels an em at which the face's ``н`` is 100 pixels high, for 100 pixels wanted."""
    box = font(path, 400.0).getbbox("н", anchor="ls")
    return 400.0 * 100.0 / max(1.0, box[3] - box[1])


def _struck(ink: Ink, top: int, cell: float, style: _Style, rng: np.random.Generator) -> Letter:
    ink = _weighed(ink, style.weight + int(rng.integers(-1, 2)))
    columns = ink.shape[1]
    # Letters of a typewriter fill their cell; what is wider than it is squeezed.
    room = style.fit * cell
    wide = min(columns * style.wide, room)
    if columns < 0.5 * cell:
        wide = min(columns * style.wide * float(rng.uniform(1.0, 1.25)), room)
    high = style.high * float(rng.normal(1.0, 0.012))
    tall, across = HEIGHT * _FINE, max(8, round(wide) + 6 * _FINE)
    lean = float(rng.normal(0, 0.015)) + style.slant
    shift_x = (across - wide) / 2
    base = style.baseline * _FINE + float(rng.normal(0, style.bent)) * _FINE * 0.6
    # From the glyph's pixels to the strip's: x' = a x + lean (y above the baseline) + shift.
    a, d = wide / columns, high
    move = np.array([[a, -lean * d, shift_x - lean * d * top], [0.0, d, base + top * d]])
    fine: Ink = np.asarray(
        cv2.warpAffine(ink, move, (across, tall), flags=cv2.INTER_LINEAR), np.float32
    )
    if style.clogged and rng.random() < style.clogged:
        round_ = int(rng.integers(4, 9))
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (round_, round_))
        shut = np.asarray(cv2.morphologyEx(fine, cv2.MORPH_CLOSE, kernel), np.float32)
        fine = np.maximum(fine, shut * np.float32(rng.uniform(0.4, 1)))
    if rng.random() < style.worn:
        fine = _worn(fine, rng)
    if style.rough:
        grain = rng.standard_normal(fine.shape, np.float32)
        noise = np.asarray(cv2.GaussianBlur(grain, (0, 0), 2.0), np.float32)
        soft = np.asarray(cv2.GaussianBlur(fine, (0, 0), 1.2), np.float32)
        fine = np.asarray(soft + style.rough * 0.45 * noise > 0.5, np.float32)
    size = (max(2, round(across / _FINE)), HEIGHT)
    small = np.asarray(cv2.resize(fine, size, interpolation=cv2.INTER_AREA), np.float32)
    dark = style.faint * float(rng.uniform(0.85, 1.0))
    pixels = np.asarray(np.clip(small * (255 * dark), 0, 255), np.uint8)
    off = float(rng.normal(0, style.bent)) * 0.7
    return Letter(pixels, -pixels.shape[1] / 2 + off)


def _weighed(ink: Ink, weight: int) -> Ink:
    if not weight:
        return ink
    size = abs(weight) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    if weight < 0:
        return np.asarray(cv2.erode(ink, kernel), np.float32)
    padded = cv2.copyMakeBorder(ink, size, size, size, size, cv2.BORDER_CONSTANT, value=0)
    fat = cv2.dilate(padded, kernel)
    return np.asarray(fat[size:-size, size:-size], np.float32)


def _worn(ink: Ink, rng: np.random.Generator) -> Ink:
    """A part of the letter fainter or gone: above, below, on the left or the right."""
    along = np.linspace(0, 1, ink.shape[int(rng.random() < 0.5)], dtype=np.float32)
    rows = len(along) == ink.shape[0]
    edge = float(rng.uniform(0.35, 0.6))
    weight = 1 / (1 + np.exp(-(along - edge) * float(rng.uniform(6, 30)) * rng.choice([-1, 1])))
    weight = 1 - float(rng.uniform(0.3, 0.8)) * weight
    return np.asarray(ink * (weight[:, None] if rows else weight[None, :]), np.float32)


def _strike_ones(machine: Machine, rng: np.random.Generator) -> None:
    """Many machines have no 1, some no 0 and no №: a letter is struck for it."""
    letters = machine.letters
    if rng.random() < 0.4 and "I" in letters:
        letters["1"] = letters["I"]
    if rng.random() < 0.15 and "О" in letters:
        letters["0"] = letters["О"]
    if rng.random() < 0.15 and "З" in letters:
        letters["3"] = letters["З"]
    for latin, russian in zip("ABCEHKMOPTX", "АВСЕНКМОРТХ", strict=True):
        if rng.random() < 0.5 and russian in letters:
            letters[latin] = letters[russian]
