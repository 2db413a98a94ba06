"""Tones as scans have them: negatives, faint type, shadows; small, squashed and steep pages."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from drawing import page
from PIL import Image

from pipeline.components import measure_x_height
from pipeline.config import InputSettings, PreprocessSettings
from pipeline.pixels import Pixels
from pipeline.preprocess import prepare
from pipeline.preprocess.border import find_shadows, without_frame
from pipeline.preprocess.geometry import find_skew, measure_letters, rotate
from pipeline.preprocess.tone import flatten_background, strengthen, upright_tones
from pipeline.scans import open_scan
from pipeline.scans.images import to_pixels

LINES = [("Правительство согласно с предложением о созыве", 150, y) for y in range(120, 800, 50)]


def ink(pixels: Pixels) -> float:
    """Median tone of what is type on the page of LINES."""
    return float(np.median(pixels[page(LINES) < 60]))


def inked(pixels: Pixels) -> int:
    return int((pixels < 128).sum())


@pytest.mark.parametrize("tones", [25, 40, 50])
def test_faint_type_becomes_dark(tones: int) -> None:
    grain = np.random.default_rng(1).normal(0, 1.5, (900, 1240))
    faint = np.clip(235 - tones * (page(LINES) < 128) + grain, 0, 255).astype(np.uint8)
    prepared = prepare(faint, PreprocessSettings(orientation=False, deskew=False))
    assert ink(prepared.image.pixels) < 120
    assert np.median(prepared.image.pixels) > 235


def test_dark_type_and_mere_grain_stay_as_they_are() -> None:
    even = flatten_background(page(LINES))
    assert strengthen(even)[1] == 1.0
    grain = np.random.default_rng(1).normal(245, 4, (900, 1240))
    assert strengthen(np.clip(grain, 0, 255).astype(np.uint8))[1] == 1.0


def test_white_type_on_black_is_turned() -> None:
    turned, negative = upright_tones(np.asarray(255 - page(LINES), np.uint8))
    assert negative
    assert ink(turned) < 60


def test_a_negative_part_of_a_page_is_turned_and_the_rest_stays() -> None:
    pixels = page(LINES).copy()
    pixels[500:900] = 255 - pixels[500:900]
    turned, negative = upright_tones(pixels)
    assert negative
    assert np.mean(turned[480:920] < 128) < 0.2
    assert np.array_equal(turned[:480], pixels[:480])


def test_a_page_with_a_dark_frame_or_a_black_page_is_no_negative() -> None:
    framed = np.pad(page(LINES), 150, constant_values=20)
    assert not upright_tones(framed)[1]
    assert not upright_tones(np.full((900, 1240), 5, np.uint8))[1]


def test_dark_type_on_a_photograph_in_the_dark_is_no_negative() -> None:
    """Paper in a shadow can be as dark as a negative, and its grain looks like type."""
    across, down = np.linspace(0, 1, 1240)[None, :], np.linspace(0, 1, 900)[:, None]
    light = 0.6 - 0.18 * (across + down) / 2
    faint = cv2.GaussianBlur(255 - 0.3 * (255.0 - page(LINES)), (0, 0), 1.0)
    sheet = light * faint + np.random.default_rng(1).normal(0, 12, faint.shape)
    photograph = np.pad(
        sheet.clip(0, 255).astype(np.uint8), ((80, 100), (40, 40)), constant_values=40
    )
    turned, negative = upright_tones(photograph)
    assert not negative
    assert turned is photograph


def test_a_negative_part_ends_where_its_dark_ends() -> None:
    pixels = page(LINES).copy()
    pixels[509:900] = 255 - pixels[509:900]  # through the letters of a line
    turned, _ = upright_tones(pixels)
    wrong = np.abs(turned.astype(int) - page(LINES)).mean(axis=1) > 60
    assert wrong.sum() <= 3


def test_the_shadow_of_a_binding_goes_and_letters_in_it_stay() -> None:
    pixels = page([(text, 12, y) for text, _, y in LINES])
    shadow = np.full(pixels.shape[1], 255.0)
    shadow[:40] = np.linspace(90, 255, 40)
    dark = (pixels * (shadow / 255)).astype(np.uint8)
    found = [columns for _, columns in find_shadows(dark)]
    assert found
    assert all(columns.start == 0 and 20 < columns.stop < 50 for columns in found)
    cleaned, share = without_frame(dark, np.zeros_like(dark))
    assert 0 < share < 0.04
    assert inked(cleaned) == pytest.approx(inked(pixels), rel=0.03)
    assert (cleaned[:, 1:10] > 200).all()


def test_the_shadow_of_the_fold_between_two_sheets_goes() -> None:
    sheet = page([(text, 60, y) for text, _, y in LINES])
    spread = np.hstack([sheet, sheet])
    middle = spread.shape[1] // 2
    fold = np.full(spread.shape[1], 255.0)
    fold[middle - 30 : middle + 30] = np.abs(np.linspace(-235, 235, 60)) + 20
    cleaned, _ = without_frame((spread * (fold / 255)).astype(np.uint8), np.zeros_like(spread))
    assert (cleaned[:, middle - 30 : middle + 30] > 200).all()
    assert inked(cleaned) == inked(spread)


def test_letters_in_deep_shadow_beside_the_frame_stay() -> None:
    sheet = page([(text, 20, y) for text, _, y in LINES])
    shadow = np.full(sheet.shape[1], 255.0)
    shadow[:60] = np.linspace(85, 255, 60)  # darker than half the paper's tone over 15 pixels
    dark = (sheet * (shadow / 255)).astype(np.uint8)
    framed = cv2.copyMakeBorder(dark, 0, 0, 50, 0, cv2.BORDER_CONSTANT, value=20)
    prepared = prepare(
        np.asarray(framed, np.uint8),
        PreprocessSettings(orientation=False, deskew=False, blots=False, pen=False, colour=False),
    )
    cleaned = prepared.image.pixels
    assert not inked(cleaned[:, :60])
    beside, true = cleaned[:, 65:120], sheet[:, 15:70]
    assert inked(beside) == pytest.approx(inked(true), rel=0.15)


def test_letters_at_the_edge_of_a_page_are_no_shadow() -> None:
    pixels = page([(text, 2, y) for text, _, y in LINES])
    assert not list(find_shadows(pixels))


@pytest.mark.parametrize("angle", [-14.0, -6.0, 5.0, 9.5])
def test_steep_pages_are_levelled_and_lose_nothing(angle: float) -> None:
    skewed, _ = rotate(page(LINES), angle)
    assert find_skew(skewed, measure_letters(skewed), 4.0, 15.0) == pytest.approx(-angle, abs=0.15)
    prepared = prepare(skewed, PreprocessSettings(orientation=False))
    before, after = (np.mean(x < 128) * x.size for x in (page(LINES), prepared.image.pixels))
    assert after == pytest.approx(before, rel=0.1)


def test_small_type_is_enlarged_and_points_find_their_way_back() -> None:
    small = cv2.resize(page(LINES), None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
    prepared = prepare(np.asarray(small, np.uint8), PreprocessSettings())
    assert (measure_x_height(prepared.image.pixels) or 0) > 10
    ys, xs = np.nonzero(prepared.image.pixels < 128)
    x, y = prepared.image.to_scan @ [xs.mean(), ys.mean(), 1.0]
    ys, xs = np.nonzero(small < 160)
    assert (x, y) == pytest.approx((xs.mean(), ys.mean()), abs=2)


def test_pixels_become_square_by_the_declared_resolutions(tmp_path: object) -> None:
    squashed = cv2.resize(page(LINES), None, fx=1.0, fy=0.5, interpolation=cv2.INTER_AREA)
    path = f"{tmp_path}/fax.png"
    Image.fromarray(np.asarray(squashed, np.uint8)).save(path, dpi=(204, 102))
    from pathlib import Path  # noqa: PLC0415

    with open_scan(Path(path), InputSettings()) as scan:
        loaded = scan.load(1)
    assert loaded.pixel_aspect == pytest.approx(2.0, abs=0.02)
    assert loaded.pixels is not None
    prepared = prepare(loaded.pixels, PreprocessSettings(), pixel_aspect=loaded.pixel_aspect)
    height, width = prepared.image.pixels.shape
    assert height / width == pytest.approx(900 / 1240, rel=0.02)
    assert prepared.image.scan_size == (1240, 450)


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
def test_tones_of_fewer_bits_fill_the_range(bits: int) -> None:
    tones = (page(LINES).astype(np.uint32) * (2**bits - 1) // 255).astype(np.uint16)
    pixels = to_pixels(Image.fromarray(tones))
    assert np.abs(pixels.astype(int) - page(LINES)).max() <= 1


def test_the_grid_of_a_bent_page_is_no_steep_skew() -> None:
    text = "пппп пппппп ппппп ппп ппппппп пппп ппппп ппп ппп"
    flat = page([(text, 60, y) for y in range(100, 850, 47)], points=40)
    xs, ys = np.meshgrid(np.arange(1240, dtype=np.float32), np.arange(900, dtype=np.float32))
    bend = 60 * (1 - xs / 1240) ** 2 * (ys / 900 - 0.5)
    warped = cv2.remap(flat, xs, (ys + bend).astype(np.float32), cv2.INTER_CUBIC, borderValue=255)
    bent = np.asarray(warped, np.uint8)
    assert abs(find_skew(bent, measure_letters(bent), 4.0, 15.0)) < 2.5
