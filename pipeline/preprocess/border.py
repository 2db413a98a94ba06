"""The dark frame that a scanner leaves around a sheet, and the shadows of bindings and folds."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.components import connected_components
from pipeline.pixels import Pixels

_WORK_WIDTH = 500
_DARK, _BLACKEST = 0.5, 0.3
"""Darker than the first share of the paper's grey: the scanner's lid, or a shadow; than the second:
no shadow in which letters could be read."""

_TONES = (0.1, 0.93)
"""Shares of the paper's grey: a shadow's own tones, where letters could still be read in it."""

_SHADOW = 6
"""Pixels of the shrunk page, about 2.5 mm of a sheet: the soft edge of the frame."""

_SOFT = 3
"""Pixels of the shrunk page: the frame's own soft edge is so many across."""

_THIN = 5
"""Pixels of the shrunk page: what is thinner is a stroke that runs off the sheet."""

_DEEPEST, _PIECES = 0.05, 16
"""Share of the width that a shadow at the side may have, and the pieces down the page in which
it is measured."""

_LIGHT, _DEEP, _LEAST_COLUMNS = 215, 150, 4
"""Tone of what is paper, and of what is shadow somewhere; fewer dark columns are a line."""

_LANDSCAPE, _FOLD = 1.15, (0.36, 0.64)
"""Width to height of a scan from which it may show two sheets, and where, as shares of its width,
the fold between them lies."""

_BLACK, _INK = 70, 150
"""In a shadow: darker paper tells nothing any more; and what is ink once it is lightened."""

FRAME, AROUND = 255, 128
"""Values of the mask of a frame: the frame itself, and where its shadow may lie."""

_LINE_REACH, _LINE_LEVEL, _MOST_IN_DOUBT = 2.0, 0.9, 2_000
"""In heights of letters: how far from a line's last letter, and how far off its level, the next one
may stand; where more specks are in doubt, a mottled frame, all go."""

_LETTER_HEIGHT, _LETTER_WIDTH, _LETTER_FILL, _SLENDER = (6, 48), (4, 64), 0.12, 4
"""Of what may be a letter: least and greatest height and width (pixels: pages with larger type were
shrunk), how much of its box is ink at the least, and how many times its width it may be high: what
is left of a frame's edge is slender."""


def find_border(grey: Pixels) -> Pixels:
    """The dark frame of ``grey`` (uint8 ``(H, W)``): a mask of its shape.

    :data:`FRAME` is what is dark, thick, and touches the edge of the image, :data:`AROUND` where
    its shadow may lie; strokes that run off the sheet are thin and no part of it. Found before the
    paper is evened: after it, deep shadow is as light as paper.
    """
    height, width = grey.shape
    scale = min(1.0, _WORK_WIDTH / max(1, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    paper = float(np.percentile(small, 75))
    frame, black = (
        _touching(cv2.morphologyEx(_wider(dark), cv2.MORPH_OPEN, _square(_THIN)))
        for dark in ((small < share * paper).astype(np.uint8) for share in (_DARK, _BLACKEST))
    )
    if not frame.any():
        return np.zeros_like(grey)
    single = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    if not _is_shadow(single[frame > black], paper):
        wide = cv2.dilate(frame * np.uint8(FRAME), _square(2 * _SHADOW + 1))
        mask = cv2.resize(wide, (width, height), interpolation=cv2.INTER_NEAREST)
        return np.asarray(mask, np.uint8)
    inner = cv2.dilate(black * np.uint8(FRAME), _square(_SOFT))
    wide = cv2.dilate(frame * np.uint8(AROUND), _square(2 * _SHADOW + 1))
    mask = cv2.resize(np.maximum(inner, wide), (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(mask, np.uint8)


def _is_shadow(tones: NDArray[np.uint8], paper: float) -> bool:
    """Whether ``tones`` of pixels are those of a shadow; in mottle they are black or white."""
    between = (tones > _TONES[0] * paper) & (tones < _TONES[1] * paper)
    return len(tones) > 0 and float(between.mean()) > 0.5


def without_frame(even: Pixels, frame: Pixels) -> tuple[Pixels, float]:
    """An even page (uint8 ``(H, W)``) with white in place of its ``frame`` and of shadows.

    Beside the frame, in the shadow of a binding at the sides, and in the fold between facing
    sheets, only what may be a letter stays. Also the share of the page that was taken out.
    """
    page, doubtful, taken = _lightened(even)
    taken |= frame == FRAME
    doubtful |= frame == AROUND
    if doubtful.any():
        taken |= doubtful & ~_letters(page, taken, doubtful)
    if not taken.any():
        return even, 0.0
    page[taken] = 255
    return page, float(taken.mean())


def _lightened(even: Pixels) -> tuple[Pixels, NDArray[np.bool_], NDArray[np.bool_]]:
    """A copy of ``even`` with shadows as light as paper; where they were, and where mottle is."""
    page, shadow, mottle = even.copy(), np.zeros(even.shape, bool), np.zeros(even.shape, bool)
    for rows, columns in find_shadows(even):
        part = even[rows, columns]
        if not _is_shadow(part.ravel(), 255.0):
            mottle[rows, columns] = True
            continue
        paper = np.percentile(part, 75, axis=0)
        light = np.where(paper < _BLACK, 255.0, part * (255.0 / np.maximum(paper, 1.0)))
        page[rows, columns] = np.minimum(light, 255.0).astype(np.uint8)
        shadow[rows, columns] = True
    return page, shadow, mottle


def find_shadows(even: Pixels) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of the shadows of a binding or a fold on an even page, piece by piece.

    A column that is mostly dark over the height of several lines is no column of type: type
    leaves white between its lines. Looked for near the image's sides, where the next sheet's edge
    may lie too, and on a landscape scan near its middle.
    """
    height, width = even.shape
    reach, piece = round(_DEEPEST * width), max(1, height // _PIECES)
    if reach < 1:
        return
    for top in range(0, height, piece):
        rows = slice(top, min(height, top + piece))
        part = even[rows]
        left, right = _dark_columns(part[:, :reach]), _dark_columns(part[:, : -reach - 1 : -1])
        if left:
            yield rows, slice(0, left)
        if right:
            yield rows, slice(width - right, width)
        if width >= _LANDSCAPE * height:
            yield from ((rows, columns) for columns in _fold_columns(part, reach))


def _dark_columns(side: Pixels) -> int:
    """How many columns reach from the first to the end of the shadow, its soft edge with it."""
    tones = np.percentile(side, 75, axis=0)
    dark = np.flatnonzero(tones < _LIGHT)
    if len(dark) < _LEAST_COLUMNS or tones[dark].min() > _DEEP:
        return 0
    return min(len(tones), int(dark[-1]) + 3)


def _fold_columns(part: Pixels, reach: int) -> Iterator[slice]:
    """The columns about the middle that the shadow of a fold covers; wider ones are a picture."""
    start, stop = (round(share * part.shape[1]) for share in _FOLD)
    tones = np.percentile(part[:, start:stop], 75, axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (tones < _LIGHT).astype(np.int8), [0]])))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if _LEAST_COLUMNS <= last - first <= reach and tones[first:last].min() <= _DEEP:
            yield slice(max(0, start + first - 3), start + last + 3)


def _letters(
    page: Pixels, frame: NDArray[np.bool_], doubtful: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Where components are that may be letters; their edges too.

    In ``doubtful`` places only those that do not touch the frame and with which lines of the page
    go on: specks beside a frame stand alone.
    """
    found = connected_components(np.asarray((page < _INK) & ~frame, dtype=np.uint8))
    left, top, wide, high, area = found.stats.T.astype(np.int64)
    may_be = (high >= _LETTER_HEIGHT[0]) & (high <= _LETTER_HEIGHT[1])
    may_be &= (wide >= _LETTER_WIDTH[0]) & (wide <= _LETTER_WIDTH[1]) & (high <= _SLENDER * wide)
    may_be &= area >= _LETTER_FILL * wide * high
    beside = cv2.dilate(frame.astype(np.uint8), _square(3)) > 0
    may_be[np.unique(found.labels[beside])] = False
    may_be[0] = False
    in_doubt = np.zeros(len(may_be), bool)
    in_doubt[np.unique(found.labels[doubtful])] = True
    known, open_ones = np.flatnonzero(may_be & ~in_doubt), np.flatnonzero(may_be & in_doubt)
    right, middle = left + wide, top + high / 2
    kept = np.zeros(len(may_be), bool)
    newly = known
    while len(newly) and 0 < len(open_ones) <= _MOST_IN_DOUBT:
        reach = _LINE_REACH * float(np.median(high[known]))
        apart = np.maximum(
            left[open_ones, None] - right[newly], left[newly] - right[open_ones, None]
        )
        off = np.abs(middle[open_ones, None] - middle[newly])
        level = off <= _LINE_LEVEL * np.maximum(high[open_ones, None], high[newly])
        joins = ((apart <= reach) & level).any(axis=1)
        newly, open_ones = open_ones[joins], open_ones[~joins]
        kept[newly] = True
    return cv2.dilate(kept.astype(np.uint8)[found.labels], _square(3)) > 0


def _wider(dark: Pixels) -> Pixels:
    """``dark`` as if the image went on beyond its edges: a narrow frame is thick there."""
    return np.asarray(
        cv2.copyMakeBorder(dark, _THIN, _THIN, _THIN, _THIN, cv2.BORDER_REPLICATE), dtype=np.uint8
    )


def _touching(dark: cv2.typing.MatLike) -> Pixels:
    """The connected parts of ``dark`` that touch its edge, cut to the image again."""
    _, labels = cv2.connectedComponents(dark.astype(np.uint8), connectivity=4)
    edges = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
    there = np.zeros(labels.max() + 1, np.uint8)
    there[np.concatenate(edges)] = 1
    there[0] = 0
    inner = slice(_THIN, -_THIN)
    return np.ascontiguousarray(there[labels][inner, inner])


def _square(side: int) -> Pixels:
    return np.ones((side, side), np.uint8)
