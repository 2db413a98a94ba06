"""What else is on a strip: dirt at its ends, rules under it, ink that failed; nothing to read."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.ocr.typewriter import HEIGHT
from pipeline.training.augment import Ink

Rng = np.random.Generator


def soiled(ink: Ink, rng: Rng) -> Ink:
    """``ink`` (not written to) with some of the things that befall a strip."""
    for chance, change in _CHANGES:
        if rng.random() < chance:
            ink = change(ink, rng)
    return ink


def bare(rng: Rng) -> Ink:
    """A strip with nothing to read: paper, dirt, strokes."""
    ink = np.zeros((HEIGHT, int(rng.integers(16, 500))), np.float32)
    for _ in range(int(rng.integers(0, 4))):
        ink = _CHANGES[int(rng.integers(5))][1](ink, rng)
    return ink


def _ended(ink: Ink, rng: Rng) -> Ink:
    """Something beside the line: the edge of a sheet, a tick, a stroke, part of a letter."""
    room = int(rng.integers(4, 60))
    piece = np.zeros((HEIGHT, room), np.float32)
    kind = int(rng.integers(5))
    if kind == 0:
        at, wide = int(rng.integers(0, room)), int(rng.integers(1, 8))
        piece[:, at : at + wide] = rng.uniform(0.2, 1.0)
        piece *= cv2.GaussianBlur(
            rng.uniform(0, 1.6, (HEIGHT, room)).astype(np.float32), (0, 0), 3.0
        )
    elif kind == 1:
        for _ in range(int(rng.integers(1, 4))):
            _stroke(piece, rng)
    elif kind == 2:
        _specks(piece, rng, int(rng.integers(1, 12)))
    elif kind == 3:
        along = np.linspace(1, 0, room, dtype=np.float32) ** rng.uniform(0.5, 3)
        piece += along * rng.uniform(0.2, 0.9)
    else:
        _stroke(piece, rng)
        _specks(piece, rng, 4)
    both = [piece[:, ::-1], ink] if rng.random() < 0.5 else [ink, piece]
    return np.ascontiguousarray(np.concatenate(both, axis=1))


def _stroke(piece: Ink, rng: Rng) -> None:
    columns = piece.shape[1]
    points = np.stack([rng.uniform(0, columns, 4), rng.uniform(0, HEIGHT, 4)], axis=1)
    t = np.linspace(0, 1, 20)[:, None]
    curve = (1 - t) ** 3 * points[0] + 3 * t * (1 - t) ** 2 * points[1]
    curve += 3 * t**2 * (1 - t) * points[2] + t**3 * points[3]
    cv2.polylines(
        piece, [np.rint(curve * 16).astype(np.int32)], isClosed=False,
        color=float(rng.uniform(0.3, 1.0)), thickness=int(rng.integers(1, 4)),
        lineType=cv2.LINE_AA, shift=4,
    )  # fmt: skip


def _specks(piece: Ink, rng: Rng, count: int) -> None:
    for _ in range(count):
        at = int(rng.integers(0, piece.shape[1])), int(rng.integers(0, HEIGHT))
        axes = int(rng.integers(0, 3)), int(rng.integers(0, 3))
        cv2.ellipse(piece, at, axes, 0, 0, 360, float(rng.uniform(0.3, 1.0)), -1)


def _speckled(ink: Ink, rng: Rng) -> Ink:
    ink = ink.copy()
    _specks(ink, rng, int(rng.integers(1, 2 + ink.shape[1] // 30)))
    return ink


def _ruled(ink: Ink, rng: Rng) -> Ink:
    """Underlined, wholly or in part, or a rule above or through the line's ends."""
    ink = ink.copy()
    columns = ink.shape[1]
    start = int(rng.uniform(0, 0.8) * columns) if rng.random() < 0.6 else 0
    end = int(rng.uniform(start + 10, columns + 10)) if rng.random() < 0.6 else columns
    row = rng.uniform(33, 44) if rng.random() < 0.8 else rng.uniform(2, 14)
    ends = np.array([[start, row], [end, row + rng.normal(0, 1.2)]])
    cv2.polylines(
        ink, [np.rint(ends * 16).astype(np.int32)], isClosed=False,
        color=float(rng.uniform(0.3, 1.0)), thickness=int(rng.integers(1, 3)),
        lineType=cv2.LINE_AA, shift=4,
    )  # fmt: skip
    return ink


def _half(ink: Ink, rng: Rng) -> Ink:
    """The ribbon printed only the upper or the lower part, here or along the line."""
    rows = np.arange(HEIGHT, dtype=np.float32)[:, None]
    edge = float(rng.uniform(20, 31))
    weight = 1 / (1 + np.exp(-(rows - edge) * float(rng.choice([-1, 1]) * rng.uniform(0.3, 1.5))))
    strength = float(rng.uniform(0.3, 0.9))
    columns = ink.shape[1]
    knots = rng.uniform(-0.8, 1.4, (1, max(2, columns // 30))).astype(np.float32)
    along = np.clip(cv2.resize(knots, (columns, 1), interpolation=cv2.INTER_CUBIC), 0, 1)
    return np.asarray(ink * (1 - strength * weight * along), np.float32)


def _wavy(ink: Ink, rng: Rng) -> Ink:
    """Letters up and down, closer and wider, by a pixel or two."""
    rows, columns = ink.shape
    knots = max(3, columns // int(rng.integers(12, 60)))
    up = cv2.resize(
        rng.normal(0, 0.7, (1, knots)).astype(np.float32),
        (columns, 1),
        interpolation=cv2.INTER_CUBIC,
    )
    along = cv2.resize(
        rng.normal(0, 0.8, (1, knots)).astype(np.float32),
        (columns, 1),
        interpolation=cv2.INTER_CUBIC,
    )
    x = np.arange(columns, dtype=np.float32)[None, :] + along
    y = np.arange(rows, dtype=np.float32)[:, None] + up
    return np.asarray(
        cv2.remap(ink, np.broadcast_to(x, ink.shape).copy(), y, cv2.INTER_LINEAR), np.float32
    )


def _mottled(ink: Ink, rng: Rng) -> Ink:
    """The ink uneven, as ribbon's weave and paper make it; the paper grey here and there."""
    coarse = rng.standard_normal((HEIGHT // 2, max(2, ink.shape[1] // 2)), np.float32)
    field = cv2.resize(coarse, ink.shape[::-1], interpolation=cv2.INTER_LINEAR)
    ink = ink * np.clip(1 + float(rng.uniform(0.1, 0.5)) * field, 0, 1.2)
    if rng.random() < 0.4:
        ink = ink + np.float32(rng.uniform(0, 0.12)) * np.clip(field, 0, 2)
    return np.asarray(ink, np.float32)


def _pixelled(ink: Ink, rng: Rng) -> Ink:
    """Black and white at a coarse resolution, as old preprints were scanned."""
    scale = float(rng.uniform(0.6, 1.6))
    size = max(8, round(ink.shape[1] * scale)), max(8, round(HEIGHT * scale))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_LINEAR)
    small = small + np.float32(rng.uniform(0, 0.12)) * rng.standard_normal(small.shape, np.float32)
    level = float(rng.uniform(0.25, 0.6))
    hard = (small > level).astype(np.float32)
    back = cv2.resize(hard, ink.shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(back, np.float32)


def _doubled(ink: Ink, rng: Rng) -> Ink:
    """Struck twice, or shaken: the line once more, a little beside itself, fainter."""
    move = np.array([[1, 0, rng.normal(0, 1.2)], [0, 1, rng.normal(0, 0.8)]])
    again = cv2.warpAffine(ink, move, ink.shape[::-1])
    return np.asarray(np.maximum(ink, again * rng.uniform(0.3, 0.9)), np.float32)


_CHANGES = (
    (0.12, _ended),
    (0.10, _speckled),
    (0.05, _ruled),
    (0.06, _half),
    (0.25, _wavy),
    (0.12, _mottled),
    (0.08, _pixelled),
    (0.03, _doubled),
)
