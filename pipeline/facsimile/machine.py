"""One typewriter: how it prints each letter on the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from pipeline.facsimile.faces import Ink, Typewriter, glyph, has_character, put, size_for_pitch
from pipeline.facsimile.levels import Levels
from pipeline.facsimile.ribbon import RibbonWear

OVERSAMPLING = 2
"""Ink is laid at so many times the final size, so that letters can jump by half pixels."""

_CLOSED = frozenset("оеавбдрыюяОАВРБДЮЯ8069")

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom on the undamaged sheet, pixels at 200 dpi."""


def on_sheet(left: int, top: int, width: int, height: int) -> Rect:
    """Map a rectangle of an oversampled canvas to the sheet (200 dpi)."""
    scale = float(OVERSAMPLING)
    return left / scale, top / scale, (left + width) / scale, (top + height) / scale


@dataclass(slots=True, eq=False)
class Machine:
    """A typewriter: its face, its pitch (pixels at 200 dpi), and the faults of its type bars.

    A bent bar puts its letter out of place in the same way every time; the rest of the
    scatter is the typist's. ``ones`` is the character typed for the figure 1; ``wear`` how a
    ribbon at the wrong height inks the letters.
    """

    face: Typewriter
    pitch: float
    levels: Levels
    rng: np.random.Generator
    ones: str = "1"
    wear: RibbonWear | None = None
    _bars: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    _turned: dict[str, tuple[Ink, int, int]] = field(default_factory=dict)

    def line(
        self, canvas: Ink, text: str, x: float, y: float, under: Sequence[tuple[int, str]] = ()
    ) -> list[Rect]:
        """Type ``text`` from ``x`` on the baseline ``y`` (200 dpi); the rectangle of each letter.

        ``under``: ``(place, character)`` of what is typed besides, in the same places.
        """
        phase = self.rng.uniform(0, 2 * np.pi)
        period = self.rng.uniform(7, 15)
        rects: list[Rect] = []
        if self.wear is not None:
            self.wear.begin_line()
        for place, character in [*enumerate(text.replace("1", self.ones)), *under]:
            if character.isspace():
                continue
            fade = self.levels.ribbon * float(np.sin(phase + place / period))
            rects.append(self._type(canvas, character, x + place * self.pitch, y, fade, place))
        return rects

    def _type(
        self, canvas: Ink, character: str, x: float, y: float, fade: float, place: int
    ) -> Rect:
        ink, left, top = self._letter(character)
        levels, rng = self.levels, self.rng
        if character in _CLOSED and rng.random() < levels.clog:
            ink = _clogged(ink, rng.uniform(0.5, 1.0))
        bar_x, bar_y, _ = self._bars[character]
        dx, dy = rng.normal(0, levels.jitter * 0.7, 2) * (0.6, 1.0)
        at_x = round((x + bar_x + dx) * OVERSAMPLING) + left
        at_y = round((y + bar_y + dy) * OVERSAMPLING) + top
        struck = ink * self._pressure(ink.shape, fade)
        if self.wear is not None:
            struck = self.wear.inked(struck, top, place)
        put(canvas, struck, at_x, at_y)
        rows, columns = ink.shape
        return on_sheet(at_x, at_y, columns, rows)

    def _pressure(self, shape: tuple[int, ...], fade: float) -> Ink:
        levels, rng = self.levels, self.rng
        rows, columns = shape
        mean = np.clip(levels.ink - abs(fade) + rng.normal(0, levels.uneven), 0.32, 1.0)
        # The type rarely strikes flat: one side is blacker than the other.
        across = rng.normal(0, levels.uneven) * np.linspace(-1, 1, columns)
        down = rng.normal(0, levels.uneven) * np.linspace(-1, 1, rows)
        shade = mean + across[None, :] + down[:, None]
        if rng.random() < levels.half_struck:
            ramp = np.clip(np.linspace(-0.1, 1.9, rows), 0.15, 1.0)
            shade *= (ramp if rng.random() < 0.5 else ramp[::-1])[:, None]
        return np.asarray(np.clip(shade, 0.05, 1.0), np.float32)

    def _letter(self, character: str) -> tuple[Ink, int, int]:
        if character not in self._turned:
            spread = self.levels.jitter * 0.7
            bar = tuple(float(v) for v in self.rng.normal(0, 1, 3) * (spread, spread, 1.0))
            self._bars[character] = (bar[0], bar[1], bar[2])
            face = self.face
            own = character not in face.lacks and has_character(face.path, character)
            path = face.path if own else face.fallback
            size = size_for_pitch(path, self.pitch * OVERSAMPLING)
            # The thin fallback must look as if it were of the same machine.
            drawn = glyph(path, size, character, face.bold if own else 3)
            turned = _turned(drawn, bar[2] * self.levels.tilt)
            self._turned[character] = _tight(_spread(turned, self.levels.spread))
        return self._turned[character]


def _clogged(ink: Ink, share: float) -> Ink:
    """Fill the small counters of ``ink`` with ``share`` of full ink."""
    around = cv2.copyMakeBorder(ink, 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=0)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    closed = np.asarray(cv2.morphologyEx(around, cv2.MORPH_CLOSE, kernel), np.float32)
    return np.asarray(np.maximum(ink, closed[6:-6, 6:-6] * np.float32(share)), np.float32)


def _turned(letter: tuple[Ink, int, int], degrees: float) -> tuple[Ink, int, int]:
    ink, left, top = letter
    margin = 2
    ink = np.asarray(
        cv2.copyMakeBorder(ink, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0),
        np.float32,
    )
    rows, columns = ink.shape
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    turned = np.asarray(cv2.warpAffine(ink, turn, (columns, rows)), np.float32)
    return turned, left - margin, top - margin


def _spread(letter: tuple[Ink, int, int], reach: float) -> tuple[Ink, int, int]:
    """Fatten the letter by ink that ran ``reach`` pixels (200 dpi) to all sides."""
    sigma = reach * OVERSAMPLING
    if sigma < 0.2:
        return letter
    ink, left, top = letter
    margin = int(np.ceil(2 * sigma))
    wide = np.pad(ink, margin)
    # The edge of a stroke is half as black when blurred; taken as black it lies further out.
    run = np.clip(cv2.GaussianBlur(wide, (0, 0), sigma) * 2.2 - 0.25, 0, 1)
    return np.asarray(np.maximum(run, wide), np.float32), left - margin, top - margin


def _tight(letter: tuple[Ink, int, int]) -> tuple[Ink, int, int]:
    """Cut the bare margins of the letter's picture off."""
    ink, left, top = letter
    x, y, wide, high = cv2.boundingRect((ink > 0.12).astype(np.uint8))
    if not wide:
        return letter
    return ink[y : y + high, x : x + wide], left + x, top + y
