"""Long strokes, blots, frames and coloured ink go; letters stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from drawing import page

from pipeline.pixels import Pixels
from pipeline.preprocess.border import find_border
from pipeline.preprocess.ruling_lines import Dark, find_blots, find_long_strokes, mend
from pipeline.preprocess.tone import without_colour

TEXT = "Правительство согласно с предложением о созыве"
LINES = [(TEXT, 150, y) for y in range(120, 800, 50)]
X_HEIGHT = 15.0


def inked(pixels: Pixels) -> int:
    return int((pixels < 128).sum())


def drawn(start: tuple[int, int], end: tuple[int, int], thickness: int = 3) -> Pixels:
    mask = np.zeros((900, 1240), np.uint8)
    cv2.line(mask, start, end, 255, thickness)
    return mask


def test_typed_text_has_no_long_strokes() -> None:
    found = find_long_strokes(Dark.of(page(LINES), X_HEIGHT))
    assert not found.pen_strokes.any()
    assert not found.ruling_lines.any()


@pytest.mark.parametrize("end", [(900, 330), (900, 420), (650, 700), (340, 760)])
def test_a_stroke_of_the_pen_is_found_at_any_slope(end: tuple[int, int]) -> None:
    stroke = drawn((320, 300), end)
    pixels = np.where(stroke > 0, 30, page(LINES)).astype(np.uint8)
    found = find_long_strokes(Dark.of(pixels, X_HEIGHT)).pen_strokes
    # Inside letters it need not be: there it is as dark as they are.
    alone = (stroke > 0) & (cv2.erode(page(LINES), np.ones((7, 7), np.uint8)) > 200)
    assert (found[alone] > 0).mean() > 0.75
    around = cv2.dilate(stroke, np.ones((15, 15), np.uint8))
    assert (found[around == 0] > 0).mean() < 0.001


def test_rules_are_told_from_the_pen() -> None:
    pixels = page(LINES)
    for stroke in (
        drawn((60, 60), (1180, 60)),
        drawn((80, 70), (80, 860)),
        drawn((300, 290), (700, 340)),
    ):
        pixels = np.where(stroke > 0, 20, pixels).astype(np.uint8)
    found = find_long_strokes(Dark.of(pixels, X_HEIGHT))
    assert found.ruling_lines[60, 100:1100].all()
    assert found.ruling_lines[100:800, 80].all()
    assert not found.ruling_lines[280:350, 320:680].any()
    assert found.pen_strokes[315, 500]


def test_mended_letters_are_joined_again() -> None:
    pixels = page([("н н н н н н н", 150, 200)])
    stroke = drawn((100, 195), (520, 195), 2)
    crossed = np.where(stroke > 0, 20, pixels).astype(np.uint8)
    found = find_long_strokes(Dark.of(crossed, X_HEIGHT))
    mended = mend(crossed, found.ruling_lines | found.pen_strokes)
    # Uprights go on through the gap, and the paper between them is white again.
    stats = cv2.connectedComponentsWithStats((mended < 150).astype(np.uint8))[2]
    assert (stats[1:, 4] > 60).sum() == 7
    assert inked(mended) == pytest.approx(inked(pixels), rel=0.25)
    heads = slice(182, 190)  # above the stroke the letters are as they were
    assert inked(mended[heads]) == inked(pixels[heads])


def test_punch_holes_go_and_full_stops_stay() -> None:
    pixels = page([("Да. Нет. Да.", 150, 200)]).copy()
    before = inked(pixels)
    cv2.circle(pixels, (70, 450), 28, 15, -1)
    blots = find_blots(Dark.of(pixels, X_HEIGHT))
    assert blots[430:470, 60:80].all()
    assert inked(np.asarray(cv2.bitwise_or(pixels, blots))) == before


@pytest.mark.parametrize("sides", ["left", "all"])
def test_the_frame_is_found_and_text_that_runs_off_is_not(sides: str) -> None:
    pixels = page([(TEXT, -8, 300), (TEXT, 150, 400)]).copy()
    pixels[:, :6] = np.where(pixels[:, :6] < 128, 20, pixels[:, :6])
    if sides == "all":
        framed = cv2.copyMakeBorder(pixels, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=25)
        found = find_border(np.asarray(framed, dtype=np.uint8))
        assert found[:40].all()
        assert found[:, -40:].all()
        assert not found[200:700, 120:1100].any()
    else:
        assert not find_border(pixels).any()


def coloured(ink: tuple[int, int, int], typed: tuple[int, int, int] = (40, 40, 44)) -> Pixels:
    black, stamp = page(LINES), np.zeros((900, 1240), np.uint8)
    cv2.circle(stamp, (700, 400), 90, 255, 6)
    rgb = np.full((900, 1240, 3), (245, 240, 225), np.uint8)
    rgb[stamp > 0] = ink
    rgb[black < 128] = typed
    return rgb


@pytest.mark.parametrize("ink", [(92, 62, 140), (60, 66, 190), (190, 46, 52)])
def test_a_coloured_stamp_becomes_pale_and_type_stays(ink: tuple[int, int, int]) -> None:
    grey, seen = without_colour(coloured(ink))
    assert seen
    assert grey[310, 700] > 150 or grey[490, 700] > 150
    assert np.median(grey[page(LINES) < 60]) < 70


def test_a_faint_coloured_carbon_is_kept_beside_a_black_pen_and_frame() -> None:
    scan = coloured((30, 30, 32), typed=(180, 170, 200)).copy()
    cv2.line(scan, (100, 850), (900, 870), (20, 20, 20), 8)
    scan[:, -60:] = 25
    grey, seen = without_colour(scan)
    assert not seen
    assert np.median(grey[page(LINES) < 60]) < 205


def test_type_of_a_coloured_ribbon_is_kept() -> None:
    grey, seen = without_colour(coloured((90, 60, 150), typed=(80, 50, 150)))
    assert not seen
    assert np.median(grey[page(LINES) < 60]) < 120


def test_underlining_stays_for_the_sake_of_the_letters() -> None:
    stroke = drawn((250, 226), (400, 226), 2)
    pixels = np.where(stroke > 0, 30, page(LINES)).astype(np.uint8)
    found = find_long_strokes(Dark.of(pixels, X_HEIGHT))
    assert not found.pen_strokes.any()
    assert not found.ruling_lines.any()
