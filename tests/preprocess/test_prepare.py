"""Even paper, level lines, and the way back to the scan."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from drawing import page

from pipeline.config import PreprocessSettings
from pipeline.preprocess import prepare
from pipeline.preprocess.geometry import find_skew, rotate
from pipeline.preprocess.tone import flatten_background

LINES = [("Правительство согласно с предложением о созыве", 150, y) for y in range(120, 800, 50)]


@pytest.mark.parametrize("angle", [-3.1, -1.0, 0.0, 0.4, 2.2])
def test_skew_is_recovered(angle: float) -> None:
    skewed, _ = rotate(page(LINES), angle)
    assert find_skew(skewed, None, 4.0) == pytest.approx(-angle, abs=0.1)


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
@pytest.mark.parametrize("shape", [(1, 1), (3, 50), (900, 50), (300, 400, 3), (2000, 1800)])
def test_empty_pages_of_any_size_pass(grey: int, shape: tuple[int, ...]) -> None:
    prepared = prepare(np.full(shape, grey, np.uint8), PreprocessSettings())
    assert prepared.image.pixels.shape == shape[:2]
    assert not prepared.pen_strokes.any()
    assert not prepared.ruling_lines.any()


def test_steps_are_recorded_in_order() -> None:
    colour = np.stack([page(LINES)] * 3, axis=2)
    names = [step.name for step in prepare(colour, PreprocessSettings()).steps]
    assert names == [
        "grey", "colour", "flatten", "border", "orientation", "deskew", "blots", "strokes",
    ]  # fmt: skip


def test_steps_can_be_turned_off() -> None:
    pixels = page(LINES)
    off = dict.fromkeys(
        ("colour", "border", "flatten", "orientation", "deskew", "blots", "ruling_lines", "pen"),
        False,
    )
    prepared = prepare(pixels, PreprocessSettings(**off, largest_x_height=0.0))
    assert np.array_equal(prepared.image.pixels, pixels)
    assert [s.name for s in prepared.steps] == ["grey"]


def test_large_pages_are_shrunk_and_points_find_their_way_back() -> None:
    large = np.asarray(cv2.resize(page(LINES), None, fx=2.5, fy=2.5), dtype=np.uint8)
    settings = PreprocessSettings(orientation=False, deskew=False, ruling_lines=False, pen=False)
    prepared = prepare(large, settings)
    assert "scale" in [step.name for step in prepared.steps]
    small = prepared.image.pixels
    assert small.shape[0] < 0.6 * large.shape[0]
    ys, xs = np.nonzero(small < 100)
    left, top = prepared.image.to_scan @ [xs.min(), ys.min(), 1.0]
    wanted_y, wanted_x = (int(v.min()) for v in np.nonzero(large < 100))
    assert (left, top) == pytest.approx((wanted_x, wanted_y), abs=3)


def test_the_caller_can_turn_the_page_over() -> None:
    pixels = page(LINES)
    once = prepare(pixels, PreprocessSettings())
    over = prepare(pixels, PreprocessSettings(), other_way_up=True)
    assert ("degrees", "180") in over.steps[3].settings
    assert once.image.pixels.shape == over.image.pixels.shape
    corner = over.image.to_scan @ [0.0, 0.0, 1.0]
    assert corner == pytest.approx([pixels.shape[1] - 1, pixels.shape[0] - 1], abs=30)
