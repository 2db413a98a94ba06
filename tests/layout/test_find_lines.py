"""Line finding on drawn pages: every line once, in order, where it is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from drawing import page, untouched

from pipeline.config import LayoutSettings, PreprocessSettings
from pipeline.layout import LineImage, find_lines
from pipeline.pixels import Pixels
from pipeline.preprocess import prepare
from pipeline.preprocess.geometry import rotate

TEXT = "Правительство согласно с предложением о созыве"


def find(pixels: Pixels) -> tuple[LineImage, ...]:
    return find_lines(untouched(pixels), LayoutSettings()).lines


@pytest.mark.parametrize("leading", [34, 40, 50, 66])
def test_each_line_is_found_once_in_order(leading: int) -> None:
    baselines = list(range(100, 800, leading))
    found = find(page([(TEXT, 150, y) for y in baselines]))
    assert len(found) == len(baselines)
    for line, y in zip(found, baselines, strict=True):
        assert line.box.top < y - 15 < y < line.box.bottom
        assert line.box.left <= 151
        assert line.box.right >= 150 + 19 * len(TEXT)


def test_single_beside_double_leading_and_one_word_lines() -> None:
    lines = [(TEXT, 150, y) for y in (100, 166, 232)]
    lines += [("Мы шли под грохот", 250, y) for y in (300, 336, 372, 408)]
    lines += [(TEXT, 150, 480), ("ции", 150, 546), ("Да.", 250, 612)]
    assert len(find(page(lines))) == len(lines)


def test_indents_open_paragraphs() -> None:
    rows = [("Первая строка абзаца", 250, 100), *[(TEXT, 150, y) for y in (150, 200)]]
    rows += [("Новый абзац пришел", 250, 250), (TEXT, 150, 300)]
    assert [x.starts_paragraph for x in find(page(rows))] == [True, False, False, True, False]


def test_curled_lines_are_followed() -> None:
    flat = page([(TEXT, 150, y) for y in range(100, 800, 50)])
    rise = (14 * np.sin(np.arange(flat.shape[1]) / flat.shape[1] * np.pi)).astype(int)
    curled = np.stack([np.roll(flat[:, x], rise[x]) for x in range(flat.shape[1])], axis=1)
    found = find(np.ascontiguousarray(curled))
    assert len(found) == 14
    straight = find(flat)
    # The strip is straightened: its ink stands no higher than that of a flat line.
    for bent, plain in zip(found, straight, strict=True):
        rows = [np.flatnonzero((x.images[0].pixels < 100).any(axis=1)) for x in (bent, plain)]
        assert np.ptp(rows[0]) <= np.ptp(rows[1]) + 6


def test_neighbours_are_masked() -> None:
    (_, middle, _) = find(page([("ддддд", 150, 100), ("аоаоа", 150, 132), ("ЙЙЙЙЙ", 150, 164)]))
    ink = np.flatnonzero((middle.images[0].pixels < 100).any(axis=1))
    assert np.ptp(ink) < 24


def ink_of(line: LineImage) -> int:
    return int((line.images[0].pixels < 100).sum())


def test_a_stroke_over_two_lines_takes_no_letter_from_either() -> None:
    lines = [(TEXT, 150, 200), (TEXT, 150, 260)]
    alone = find(page(lines))
    crossed = page(lines).copy()
    for x in range(300, 700):  # a slanting pen stroke through both
        crossed[180 + (x - 300) // 5 : 184 + (x - 300) // 5, x] = 30
    found = find(crossed)
    assert len(found) == 2
    for before, after in zip(alone, found, strict=True):
        assert ink_of(after) >= ink_of(before)


def test_dashes_at_the_ends_of_a_line_are_in_its_picture() -> None:
    (line,) = find(page([("- 2 -", 500, 200)]))
    cells = np.flatnonzero((line.images[0].pixels < 100).any(axis=0))
    assert np.ptp(cells) > 3.5 * 20  # five components of about 20 px


def test_an_accent_stays_with_its_letter_at_narrow_leading() -> None:
    plain, accented = (
        find(page([("рррррр", 150, 100), (text, 150, 131)]))[1] for text in ("ииииии", "йййййй")
    )
    assert ink_of(accented) > 1.1 * ink_of(plain)


def test_evenly_set_lines_are_one_paragraph_at_any_leading() -> None:
    rows = [(TEXT, 150, y) for y in (100, 135, 170, 205, 240, 275, 380, 450, 520, 590)]
    starts = [x.starts_paragraph for x in find(page(rows))]
    assert [i for i, start in enumerate(starts) if start] == [0, 6]


def test_three_degrees_of_skew_and_mixed_leading() -> None:
    lines = [(TEXT, 180, y) for y in (150, 185, 220, 290, 360, 430, 465)] + [("ции", 180, 530)]
    skewed, _ = rotate(page(lines), -3.0)
    prepared = prepare(skewed, PreprocessSettings())
    found = find_lines(prepared, LayoutSettings()).lines
    assert len(found) == len(lines)
    # Boxes are in the scan: the first line climbs about 3 degrees over its length.
    climb = math.tan(math.radians(3.0)) * 19 * len(TEXT)
    assert found[0].box.height == pytest.approx(climb + found[-1].box.height, abs=12)


def test_upright_rules_part_cells_and_wide_white_parts_pictures() -> None:
    rows = (200, 240, 280)
    lines = [(text, x, y) for y in rows for text, x in (("Сталину", 150), ("Молотову", 380))]
    pixels = page([*lines, ("РОЩИН", 900, 240)]).copy()
    pixels[150:320, 340:343] = 0
    found = find(pixels)
    # White alone does not part what was typed on one row: the signature stays beside the name.
    assert [line.box.left // 100 for line in found] == [1, 3, 1, 3, 1, 3]
    assert [len(line.images) for line in found] == [1, 1, 1, 2, 1, 1]
    assert all(line.box.right < 350 for line in found if line.box.left < 200)


def test_letters_joined_by_a_pen_are_in_their_line() -> None:
    pixels = page([(TEXT, 150, 200), (TEXT, 150, 400)]).copy()
    right = 150 + 20 * len(TEXT)
    left = right - 20 * 9
    pixels[188:192, left : right + 150] = 40  # from the last word on to the right
    for x in range(left, right):
        pixels[192 + (x - left) // 3 : 196 + (x - left) // 3, x] = 40  # and down
    first, _ = find(pixels)
    assert first.box.right >= 150 + 19 * len(TEXT)
    assert first.box.left <= 151


def test_rules_are_no_lines() -> None:
    pixels = page([(TEXT, 150, 200), (TEXT, 150, 400)]).copy()
    pixels[290:294, 50:1200] = 0
    pixels[50:850, 60:64] = 0
    assert len(find(pixels)) == 2


@pytest.mark.parametrize("grey", [0, 128, 255])
@pytest.mark.parametrize("shape", [(1, 1), (40, 50), (3000, 50), (600, 800)])
def test_a_page_with_nothing_on_it_has_no_lines(grey: int, shape: tuple[int, int]) -> None:
    assert find(np.full(shape, grey, np.uint8)) == ()


def test_noise_never_crashes() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (500, 400)).astype(np.uint8)
    for line in find(pixels):
        assert line.images[0].pixels.size > 0
