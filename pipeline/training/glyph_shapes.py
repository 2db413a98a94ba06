"""How alike letters and signs look: what an engine may take for a Russian letter, by shape alone.

Pieces of one or two characters are drawn in three faces, scaled to one cell and compared with each
letter (and pairs of letters with single signs): the cosine of their blurred pictures, in place and
cut to their ink, less a penalty for another width. The measure gives the corrector's channel its
prior for confusions that no aligned page has shown yet.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pipeline.word_trie import LETTERS

Array = NDArray[np.float64]

FACES = (
    ("/usr/share/fonts/truetype/freefont/FreeSerif.ttf", 46),
    ("/usr/share/fonts/truetype/freefont/FreeSans.ttf", 44),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 40),
)
"""Debian's ``fonts-freefont-ttf`` and ``fonts-dejavu-core``, with their sizes."""

_LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SINGLE = LETTERS + _LATIN + "0123456789&%$@#<>{}[]()/\\|!?+=_:;'\"іјљњћђτπσγυχκνωΦΔΛΓΠ"
_HALVES = "".join(
    dict.fromkeys(
        "IlJiLTUVHOoCc1rntubhьлпгсздтнцшіжI0:;.,'!/\\|[](){}-_·KRNXAMWmwxvyue3aЖиИкКпПюЮвВщЩ"
    )
)
_CELL = (14, 32)
_INK = 0.3
_CUT_PENALTY, _WIDTH_PENALTY = 0.06, 0.25

LEAST_SINGLE, LEAST_PAIR, LEAST_JOINED = 0.66, 0.72, 0.76
"""Likeness (cosine) from which a sign, two signs, a sign for two letters are kept."""

MOST = 60
"""Pieces kept for a letter (pairs of letters: a tenth of it), the likest."""


@dataclass(frozen=True, slots=True)
class _Picture:
    placed: Array
    cut: Array
    width: int


def alike(faces: Sequence[tuple[str, int]] = FACES) -> dict[tuple[str, str], float]:
    """The likeness (0.0-1.0) of (read, true) pairs that look alike, by :data:`LEAST_SINGLE` etc."""
    fonts = [ImageFont.truetype(path, size) for path, size in faces]
    singles = [*_SINGLE, *(c.upper() for c in LETTERS)]
    doubles = [a + b for a in _HALVES for b in _HALVES]
    joined = [a + b for a in LETTERS for b in LETTERS]
    found: dict[tuple[str, str], float] = {}
    for reads, trues, least, most in (
        (singles, list(LETTERS), LEAST_SINGLE, MOST),
        (doubles, list(LETTERS), LEAST_PAIR, MOST),
        (singles, joined, LEAST_JOINED, MOST // 10),
    ):
        for read, true, likeness in _pairs(fonts, reads, trues, least, most):
            key = (_folded(read), true)
            if key[0] != true:
                found[key] = max(found.get(key, 0.0), likeness)
    return found


def _folded(read: str) -> str:
    return "".join(c.lower() if "Ѐ" <= c <= "ӿ" else c for c in read)


def _pairs(
    fonts: Sequence[ImageFont.FreeTypeFont],
    reads: Iterable[str],
    trues: Iterable[str],
    least: float,
    most: int,
) -> Iterator[tuple[str, str, float]]:
    reads, trues = list(reads), list(trues)
    total = np.zeros((len(reads), len(trues)))
    for font in fonts:
        drawn = [_picture(font, read) for read in reads]
        best = np.full((len(reads), len(trues)), -1.0)
        for form in (str.lower, str.upper):
            wanted = [_picture(font, form(true)) for true in trues]
            widths = np.abs(
                np.log([p.width for p in drawn])[:, None] - np.log([p.width for p in wanted])
            )
            for part, penalty in (("placed", 0.0), ("cut", _CUT_PENALTY)):
                rows = np.stack([getattr(p, part) for p in drawn])
                columns = np.stack([getattr(p, part) for p in wanted])
                likeness = rows @ columns.T - penalty - _WIDTH_PENALTY * widths
                best = np.maximum(best, likeness)
        total += best / len(fonts)
    for place, true in enumerate(trues):
        for row in np.argsort(-total[:, place])[:most]:
            if total[row, place] >= least:
                yield reads[row], true, round(min(1.0, float(total[row, place])), 3)


def _picture(font: ImageFont.FreeTypeFont, text: str) -> _Picture:
    image = Image.new("L", (math.ceil(font.getlength(text)) + 16, 64), 0)
    ImageDraw.Draw(image).text((8, 4), text, fill=255, font=font)
    ink = np.asarray(image, np.float64) / 255
    columns = np.flatnonzero(ink.max(0) > _INK)
    ink = ink[:, columns[0] : columns[-1] + 1]
    rows = np.flatnonzero(ink.max(1) > _INK)
    return _Picture(_scaled(ink), _scaled(ink[rows[0] : rows[-1] + 1]), ink.shape[1])


def _scaled(ink: Array) -> Array:
    small = Image.fromarray((ink * 255).astype(np.uint8)).resize(_CELL, Image.Resampling.BILINEAR)
    blurred = np.asarray(small, np.float64)
    kernel = np.array([1, 2, 3, 2, 1]) / 9
    for axis in (0, 1):
        blurred = np.apply_along_axis(np.convolve, axis, blurred, kernel, "same")
    vector = blurred.ravel()
    vector = vector - 0.6 * vector.mean()
    return np.asarray(vector / max(1e-9, float(np.linalg.norm(vector))))
