"""Even paper, level lines, and the way back to the scan."""

from __future__ import annotations

import numpy as np
import pytest
from drawing import page

from pipeline.config import PreprocessSettings
from pipeline.preprocess import prepare
from pipeline.preprocess.background import flatten_background
from pipeline.preprocess.skew import find_skew, rotate

LINES = [("Правительство согласно с предложением о созыве", 150, y) for y in range(120, 800, 50)]


@pytest.mark.parametrize("angle", [-3.1, -1.0, 0.0, 0.4, 2.2])
def test_skew_is_recovered(angle: float) -> None:
    skewed, _ = rotate(page(LINES), angle)
    assert find_skew(skewed, 4.0) == pytest.approx(-angle, abs=0.1)


def test_a_turned_point_finds_its_way_back() -> None:
    pixels = np.full((400, 600), 255, np.uint8)
    pixels[100:104, 500:504] = 0
    turned, back = rotate(pixels, 2.0)
    ys, xs = np.nonzero(turned < 128)
    x, y = back @ [xs.mean(), ys.mean(), 1.0]
    assert (x, y) == pytest.approx((501.5, 101.5), abs=0.5)


def test_uneven_paper_becomes_white_and_strokes_stay() -> None:
    clean = page(LINES)
    shade = np.linspace(0.5, 1.0, clean.shape[1])[None, :]
    even = flatten_background((clean * shade).astype(np.uint8))
    assert np.median(even[:, :200]) > 245
    assert np.median(even[clean < 60]) < 90


@pytest.mark.parametrize("grey", [0, 128, 255])
@pytest.mark.parametrize("shape", [(1, 1), (3, 50), (900, 50), (300, 400, 3)])
def test_empty_pages_of_any_size_pass(grey: int, shape: tuple[int, ...]) -> None:
    prepared, steps = prepare(np.full(shape, grey, np.uint8), PreprocessSettings())
    assert prepared.pixels.shape == shape[:2]
    assert [s.name for s in steps] == ["grey", "flatten", "deskew"]


def test_steps_can_be_turned_off() -> None:
    pixels = page(LINES)
    prepared, steps = prepare(pixels, PreprocessSettings(flatten=False, deskew=False))
    assert np.array_equal(prepared.pixels, pixels)
    assert [s.name for s in steps] == ["grey"]
