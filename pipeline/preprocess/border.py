"""The dark frame that a scanner leaves around a sheet."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.pixels import Pixels

_WORK_WIDTH = 500
_DARK = 0.5
"""Darker than this share of the paper's grey: the scanner's lid, or a shadow."""

_SHADOW = 6
"""Pixels of the shrunk page, about 2.5 mm of a sheet: the soft edge of the frame."""

_THIN = 5
"""Pixels of the shrunk page: what is thinner is a stroke that runs off the sheet."""

_DEEPEST, _PIECES = 0.05, 16
"""Share of the width that a shadow at the side may have, and the pieces down the page in which
it is measured."""

_LIGHT, _DEEP, _LEAST_COLUMNS = 215, 150, 4
"""Tone of what is paper, and of what is shadow somewhere; fewer dark columns are a line."""


def find_border(grey: Pixels) -> Pixels:
    """The dark frame of ``grey`` (uint8 ``(H, W)``): a mask of its shape, 255 inside.

    The frame is what is dark, thick, and touches the edge of the image, with the shadow
    beside it; strokes that run off the sheet are thin and no part of it. Found before the
    paper is evened: after it, deep shadow is as light as paper.
    """
    height, width = grey.shape
    scale = min(1.0, _WORK_WIDTH / max(1, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    paper = float(np.percentile(small, 75))
    dark = (small < _DARK * paper).astype(np.uint8)
    frame = _touching(cv2.morphologyEx(_wider(dark), cv2.MORPH_OPEN, _square(_THIN)))
    if not frame.any():
        return np.zeros_like(grey)
    wide = cv2.dilate(frame * np.uint8(255), _square(2 * _SHADOW + 1))
    return np.asarray(cv2.resize(wide, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def find_edge_shadows(even: Pixels) -> Pixels:
    """The shadow of a binding, or the next sheet's edge, along the sides of an even page.

    uint8 ``(H, W)`` in; a mask of its shape, 255 inside. A column that is mostly dark over the
    height of several lines is no column of type: type leaves white between its lines.
    Looked for near the image's sides, piece by piece down the page.
    """
    height, width = even.shape
    mask = np.zeros_like(even)
    reach = round(_DEEPEST * width)
    piece = max(1, height // _PIECES)
    if reach < 1:
        return mask
    for top in range(0, height, piece):
        part = even[top : top + piece]
        left = _dark_columns(part[:, :reach])
        right = _dark_columns(part[:, : -reach - 1 : -1])
        mask[top : top + piece, :left] = 255
        mask[top : top + piece, width - right :] = 255
    return mask


def _dark_columns(side: Pixels) -> int:
    """How many columns reach from the first to the end of the shadow, its soft edge with it."""
    tones = np.percentile(side, 75, axis=0)
    dark = np.flatnonzero(tones < _LIGHT)
    if len(dark) < _LEAST_COLUMNS or tones[dark].min() > _DEEP:
        return 0
    return min(len(tones), int(dark[-1]) + 3)


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
