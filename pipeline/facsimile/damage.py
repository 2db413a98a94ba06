"""From ink to the picture of a worn sheet: paper, age, show-through, folds, a photocopier."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.facsimile.faces import Ink
from pipeline.facsimile.levels import Levels
from pipeline.facsimile.sheet import HEIGHT, WIDTH, Sheet
from pipeline.facsimile.traits import Carbon
from pipeline.pixels import Pixels

_TILE = 512

_PENS = ((38.0, 44.0, 96.0), (52.0, 52.0, 56.0), (140.0, 46.0, 52.0))

_PENCILS = ((86.0, 86.0, 92.0), (70.0, 84.0, 160.0), (176.0, 66.0, 60.0))

_RUBBER = ((92.0, 62.0, 140.0), (60.0, 66.0, 130.0), (70.0, 70.0, 74.0))

_PAPERS = ((1.0, 0.985, 0.93), (1.0, 0.97, 0.88), (1.0, 1.0, 0.98))

Field = NDArray[np.float32]
"""float32 ``(H, W)`` or ``(H, W, 3)``: greys or colours of the sheet, 0 to 255."""

_HOLE = 23
"""Radius of a punch hole: 6 mm across."""

_HOLES_APART = 630
"""80 mm between the middles of two holes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Layer:
    ink: Ink
    tone: tuple[float, float, float]
    """Red, green and blue of full ink; grey pages take their mean."""


def expose(
    sheet: Sheet, levels: Levels, rng: np.random.Generator, carbon: Carbon | None = None
) -> Pixels:
    """Picture the sheet on its paper at 200 dpi: uint8 ``(H, W)`` grey, or ``(H, W, 3)`` RGB."""
    layers = _layers(sheet, levels, rng)
    paper = _paper(levels, rng)
    back = _back(layers, levels)
    tint = _PAPERS[int(rng.integers(len(_PAPERS)))]
    if carbon is not None:
        layers[1] = replace(layers[1], tone=carbon.tone)
        tint, behind = carbon.tint, _behind(layers, carbon)
        back = behind if back is None else np.maximum(back, behind)
    if levels.colour:
        channels = [_laid(paper * np.float32(tint[c]), back, layers, c) for c in range(3)]
        page = np.stack(channels, axis=2)
    else:
        page = _laid(paper, back, layers, None)
    wear(page, levels, rng)
    if levels.copy > 0:
        page = _photocopied(page, levels.copy)
    grain = _tiled(rng, 0.0) * np.float32(levels.grain)
    page += grain if page.ndim == 2 else grain[:, :, None]
    pixels = np.asarray(np.clip(page, 0, 255), dtype=np.uint8)
    _dust(pixels, levels.dust, rng)
    return pixels


def _layers(sheet: Sheet, levels: Levels, rng: np.random.Generator) -> list[_Layer]:
    texture = 1.0 + np.float32(0.45 * levels.rough) * _tiled(rng, 1.1, sheet.typed.shape)
    # Ink takes to the paper in patches.
    patches = 1.0 - np.float32(0.5 * levels.ribbon) * np.abs(_clouds(rng, 40))
    typed = np.clip(sheet.typed * texture, 0, 1)
    typed = _carbon(_small(typed) * patches, levels.carbon)
    pen, rubber = _PENS[int(rng.integers(3))], _RUBBER[int(rng.integers(3))]
    pencil = _PENCILS[int(rng.integers(3))]
    return [
        _Layer(ink=_blurred(_small(sheet.printed), levels.blur * 0.8), tone=(48, 46, 46)),
        _Layer(ink=_blurred(typed, levels.blur), tone=(40, 40, 44)),
        _Layer(ink=_blurred(sheet.stamped, levels.blur), tone=rubber),
        _Layer(ink=_blurred(sheet.pen, levels.blur * 0.8), tone=pen),
        _Layer(ink=_blurred(_grainy(sheet.pencil, rng), levels.blur * 0.8), tone=pencil),
    ]


def _carbon(typed: Ink, share: float) -> Ink:
    """Soften ``typed`` as carbon paper does: ``share`` of it becomes a halo."""
    if share <= 0:
        return typed
    halo = cv2.GaussianBlur(typed, (0, 0), 1.5)
    wide = cv2.GaussianBlur(typed, (0, 0), 5.0)
    mixed = typed * (1.0 - 0.6 * share) + halo * (0.75 * share) + wide * (0.12 * share)
    return np.asarray(np.clip(mixed, 0, 1), np.float32)


def _grainy(pencil: Ink, rng: np.random.Generator) -> Ink:
    """Graphite keeps to the paper's tops: strokes of a pencil are broken by its grain."""
    grain = np.clip(0.62 + 0.5 * _tiled(rng, 0.7), 0.05, 1.0)
    return np.asarray(pencil * grain, np.float32)


def _laid(paper: Field, back: Ink | None, layers: list[_Layer], channel: int | None) -> Field:
    page = paper if back is None else paper * (1.0 - back)
    for layer in layers:
        tone = sum(layer.tone) / 3 if channel is None else layer.tone[channel]
        page = page * (1.0 - layer.ink) + np.float32(tone) * layer.ink
    return np.asarray(page, np.float32)


def _back(layers: list[_Layer], levels: Levels) -> Ink | None:
    """The other side's type showing through: this side's, mirrored, stands in for it."""
    if levels.show_through <= 0:
        return None
    other = np.roll(layers[1].ink[:, ::-1], 23, axis=0)
    return _blurred(np.ascontiguousarray(other), 2.2) * np.float32(levels.show_through)


def _behind(layers: list[_Layer], carbon: Carbon) -> Ink:
    """The sheet that lies behind thin paper, unmirrored: this one's type, moved, stands for it."""
    other = np.roll(layers[1].ink, (HEIGHT // 3 + 17, 9), axis=(0, 1))
    return _blurred(other, 1.8) * np.float32(carbon.through)


def _paper(levels: Levels, rng: np.random.Generator) -> Field:
    paper = np.full((HEIGHT, WIDTH), levels.paper, np.float32)
    paper += _clouds(rng, 4) * np.float32(levels.stain)
    paper += _clouds(rng, 24) * np.float32(0.35 * levels.stain)
    # Paper browns from its edges inwards.
    across = np.abs(np.linspace(-1, 1, WIDTH, dtype=np.float32)) ** 6
    down = np.abs(np.linspace(-1, 1, HEIGHT, dtype=np.float32)) ** 8
    paper -= np.float32(1.6 * levels.stain) * np.maximum(across[None, :], down[:, None])
    if levels.stain > 6:
        _blot(paper, levels.stain, rng)
    return paper


def _blot(paper: Field, depth: float, rng: np.random.Generator) -> None:
    """One water stain: a pale grey field with a darker rim."""
    centre = (int(rng.uniform(0.1, 0.9) * WIDTH), int(rng.uniform(0.2, 0.95) * HEIGHT))
    axes = (int(rng.uniform(90, 260)), int(rng.uniform(70, 200)))
    turn = float(rng.uniform(0, 180))
    mask = np.zeros(paper.shape, np.float32)
    cv2.ellipse(mask, centre, axes, turn, 0, 360, 0.5, -1)
    cv2.ellipse(mask, centre, axes, turn, 0, 360, 1.0, 5)
    paper -= cv2.GaussianBlur(mask, (0, 0), 3.0) * np.float32(1.3 * depth)


def _photocopied(page: Field, share: float) -> Field:
    """Harden the greys of ``page`` towards black and white by ``share``."""
    level = float(np.percentile(page[::8, ::8], 60))
    hard = 255.0 / (1.0 + np.exp(-(page - 0.70 * level) / 16.0))
    hard = 22.0 + hard * (228.0 / 255.0)
    return np.asarray((1.0 - share) * page + share * hard, np.float32)


def _dust(pixels: Pixels, count: int, rng: np.random.Generator) -> None:
    for _ in range(count):
        at = (int(rng.integers(WIDTH)), int(rng.integers(HEIGHT)))
        tone = int(rng.integers(30, 120)) if rng.random() < 0.7 else int(rng.integers(200, 250))
        colour = (tone, tone, tone) if pixels.ndim == 3 else tone
        if rng.random() < 0.97:
            cv2.circle(pixels, at, int(rng.random() < 0.25), colour, -1)
        else:
            hair = rng.normal(0, 7, 2)
            to = (int(at[0] + hair[0]), int(at[1] + hair[1]))
            cv2.line(pixels, at, to, colour, 1, cv2.LINE_AA)


def _small(ink: Ink) -> Ink:
    return np.asarray(cv2.resize(ink, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.float32)


def _blurred(ink: Ink, sigma: float) -> Ink:
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), sigma), np.float32)


def _clouds(rng: np.random.Generator, cells: int) -> Field:
    """Smooth noise, about -1 to 1, in ``cells`` patches across the sheet."""
    small = rng.normal(0, 0.5, (round(cells * 1.4) + 1, cells)).astype(np.float32)
    wide = cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return np.asarray(wide, np.float32)


def _tiled(
    rng: np.random.Generator, sigma: float, shape: tuple[int, ...] = (HEIGHT, WIDTH)
) -> Field:
    """Fine noise of deviation 1; one tile repeated, which the eye does not see and time does."""
    tile = rng.normal(0, 1, (_TILE, _TILE)).astype(np.float32)
    if sigma > 0:
        tile = np.asarray(cv2.GaussianBlur(tile, (0, 0), sigma), np.float32)
        tile /= tile.std()
    repeats = (-(-shape[0] // _TILE), -(-shape[1] // _TILE))
    return np.tile(tile, repeats)[: shape[0], : shape[1]]


def wear(page: Field, levels: Levels, rng: np.random.Generator) -> None:
    """Fold, crease and punch ``page`` as its levels say, in place."""
    if levels.fold > 0:
        _crease(page, rng.uniform(0.47, 0.53) * HEIGHT, levels.fold, rng)
    # Deeply worn sheets were folded lengthwise too.
    if levels.fold > 0.5:
        turned = page.swapaxes(0, 1)
        _crease(turned, rng.uniform(0.45, 0.55) * WIDTH, 0.6 * levels.fold, rng)
    for _ in range(levels.creases):
        _slanting_crease(page, rng)
    if levels.holes:
        _punch(page, rng)


def _slanting_crease(page: Field, rng: np.random.Generator) -> None:
    """A sharp line across a corner or the sheet: a rubbed ridge beside its shadow."""
    mask = np.zeros(page.shape[:2], np.float32)
    start = np.array([rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)])
    angle = rng.uniform(0, np.pi)
    reach = rng.uniform(300, 1500)
    points = [start]
    for _ in range(int(reach / 60)):
        angle += rng.normal(0, 0.06)
        points.append(points[-1] + 60 * np.array([np.cos(angle), np.sin(angle)]))
    line = np.rint(np.array(points) * 16).astype(np.int32)
    cv2.polylines(mask, [line], isClosed=False, color=1.0, lineType=cv2.LINE_AA, shift=4)
    left, top, wide, high = cv2.boundingRect((mask > 0).astype(np.uint8))
    if not wide:
        return
    box = slice(max(0, top - 8), top + high + 8), slice(max(0, left - 8), left + wide + 8)
    ridge = cv2.GaussianBlur(mask[box], (0, 0), 0.8)
    patchy = cv2.resize(rng.uniform(0.2, 1, (40, 40)).astype(np.float32), ridge.shape[::-1])
    shadow = np.roll(cv2.GaussianBlur(mask[box], (0, 0), 2.5), 3, axis=0)
    light = np.asarray(np.clip(1.4 * ridge * patchy, 0, 0.8), np.float32)
    if page.ndim == 3:
        light, shadow = light[:, :, None], shadow[:, :, None]
    page[box] += (232.0 - page[box]) * light - np.float32(70.0) * shadow


def _punch(page: Field, rng: np.random.Generator) -> None:
    """Two or four holes in the left margin; behind them it is dark, or lighter than the paper."""
    count = 2 if rng.random() < 0.7 else 4
    x = int(rng.uniform(60, 95))
    middle = HEIGHT / 2 + rng.normal(0, 25)
    tone = float(rng.uniform(25, 90)) if rng.random() < 0.7 else 250.0
    for number in range(count):
        y = round(middle + (number - (count - 1) / 2) * _HOLES_APART / (1 if count == 2 else 1.3))
        box = slice(y - 40, y + 40), slice(max(0, x - 40), x + 40)
        part = page[box]
        mask = np.zeros(part.shape[:2], np.float32)
        centre = (x - max(0, x - 40), 40)
        cv2.circle(mask, centre, _HOLE, 1.0, -1, cv2.LINE_AA)
        rim = cv2.GaussianBlur(mask, (0, 0), 2.0) - mask
        hole = mask[:, :, None] if page.ndim == 3 else mask
        edge = rim[:, :, None] if page.ndim == 3 else rim
        part += (np.float32(tone) - part) * hole - np.float32(60) * np.clip(edge, 0, 1)


def _crease(page: Field, at: float, depth: float, rng: np.random.Generator) -> None:
    """A fold across the row ``at``: ridge, shadow, lost ink."""
    reach = 14
    length = page.shape[1]
    wander = np.cumsum(rng.normal(0, 0.12, length)) * 0.5
    middle = int(at)
    for offset in range(-reach, reach + 1):
        rows = np.clip(np.rint(middle + offset + wander).astype(int), 0, page.shape[0] - 1)
        columns = np.arange(length)
        if abs(offset) <= 1:
            rubbed = np.clip(rng.normal(0.35, 0.3, length), 0, 1) * depth
            lift = rubbed[:, None] if page.ndim == 3 else rubbed
            page[rows, columns] += ((235.0 - page[rows, columns]) * lift).astype(np.float32)
        else:
            shade = -22.0 if offset > 0 else 7.0
            page[rows, columns] += np.float32(shade * depth * np.exp(-abs(offset) / 4.5))
