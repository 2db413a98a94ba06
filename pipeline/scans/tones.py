"""Any image Pillow opens, as uint8 grey or RGB, 0 black to 255 white."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.pixels import Pixels

_WHITE_IS_ZERO = 0  # TIFF 6.0, tag 262 PhotometricInterpretation
_PHOTOMETRIC = 262


def to_pixels(image: Image.Image) -> Pixels:
    """``image`` as uint8 ``(H, W)`` or ``(H, W, 3)``, a copy.

    Transparency is laid over white. 16-bit tones are scaled from 0-65535. Wider ones and
    floats are taken by the range they fill: 0-1, 0-255 or 0-65535, else from their smallest
    to their largest value; what is not a number becomes white.
    """
    if image.mode.startswith("I") or image.mode == "F":
        return _from_wide(np.asarray(image), white_is_zero=_white_is_zero(image))
    if image.has_transparency_data:
        image = _over_white(image)
    elif image.mode == "P":
        image = image.convert("L" if _is_grey(image) else "RGB")
    elif image.mode != "L":
        image = image.convert("L" if image.mode == "1" else "RGB")
    return np.array(image, dtype=np.uint8)


def _over_white(image: Image.Image) -> Image.Image:
    grey = image.mode in {"L", "LA", "La", "1"}
    with_alpha = image.convert("RGBA")
    sheet = Image.new("RGBA", image.size, (255, 255, 255, 255))
    flat = Image.alpha_composite(sheet, with_alpha).convert("RGB")
    return flat.getchannel(0) if grey else flat


def _is_grey(image: Image.Image) -> bool:
    colours = np.array(image.getpalette() or [], dtype=np.uint8).reshape(-1, 3)
    return bool((colours == colours[:, :1]).all())


def _white_is_zero(image: Image.Image) -> bool:
    """Whether a TIFF counts tones from white; Pillow turns 8-bit tones round, wider ones not."""
    tags = getattr(image, "tag_v2", {})
    return tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO


def _from_wide(tones: NDArray[np.generic], *, white_is_zero: bool) -> Pixels:
    values = tones.astype(np.float32)
    finite = np.isfinite(values)
    seen = values[finite]
    low, high = (float(seen.min()), float(seen.max())) if seen.size else (0.0, 0.0)
    bottom, top = _range(low, high, whole=not np.issubdtype(tones.dtype, np.floating), tones=tones)
    grey = np.where(finite, np.clip((values - bottom) / (top - bottom), 0.0, 1.0), 1.0)
    if white_is_zero:
        grey = np.where(finite, 1.0 - grey, 1.0)
    return np.asarray(np.rint(grey * 255.0), dtype=np.uint8)


def _range(
    low: float, high: float, *, whole: bool, tones: NDArray[np.generic]
) -> tuple[float, float]:
    if tones.dtype.itemsize == 2 and whole:
        return 0.0, 65_535.0
    if low >= 0.0:
        for top in (65_535.0,) if whole else (1.0, 255.0, 65_535.0):
            if high <= top:
                return 0.0, top
    return low, max(high, low + 1.0)
