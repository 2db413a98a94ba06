"""The preprocessing stage: which steps a page goes through, in which order."""

from __future__ import annotations

from pipeline.config import PreprocessSettings
from pipeline.model import Step
from pipeline.pixels import Pixels, PreparedImage, identity
from pipeline.preprocess.background import flatten_background
from pipeline.preprocess.grey import to_grey
from pipeline.preprocess.skew import find_skew, rotate

_VERSION = "1"
_LEAST_SKEW = 0.05
"""Degrees: turning by less blurs the letters and straightens nothing."""


def prepare(pixels: Pixels, settings: PreprocessSettings) -> tuple[PreparedImage, tuple[Step, ...]]:
    """A grey, even, level page of the size of the scan, and the steps that made it.

    ``pixels``: uint8 ``(H, W)`` or ``(H, W, 3)`` RGB.
    """
    grey = to_grey(pixels)
    to_scan = identity()
    steps = [Step(name="grey", version=_VERSION)]
    if settings.flatten:
        grey = flatten_background(grey)
        steps.append(Step(name="flatten", version=_VERSION))
    if settings.deskew:
        angle = find_skew(grey, settings.max_skew)
        if abs(angle) >= _LEAST_SKEW:
            grey, to_scan = rotate(grey, angle)
        found = (("degrees", f"{angle:.3f}"),)
        steps.append(Step(name="deskew", settings=found, version=_VERSION))
    return PreparedImage(pixels=grey, to_scan=to_scan), tuple(steps)
