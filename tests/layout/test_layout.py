"""Pitch, rows and regions: what the typewriter's grid and the form's rules say."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest
from drawing import page, untouched
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont

from pipeline.config import LayoutSettings, PreprocessSettings
from pipeline.facsimile import find_faces
from pipeline.layout import Layout, find_lines
from pipeline.layout.pitch import grid_fit
from pipeline.model import LineKind
from pipeline.pixels import Pixels
from pipeline.preprocess import prepare

TEXT = "Правительство согласно с предложением о созыве"
CELL = ImageFont.truetype(str(find_faces()["typed"]), 33).getlength("н")


def find(pixels: Pixels, rules: Pixels | None = None) -> Layout:
    return find_lines(untouched(pixels, rules), LayoutSettings())


@pytest.mark.parametrize("leading", [36, 50, 68])
def test_pitch_and_leading_are_measured(leading: int) -> None:
    layout = find(page([(TEXT, 150, y) for y in range(120, 800, leading)]))
    assert layout.pitch == pytest.approx(CELL, rel=0.02)
    assert layout.leading == pytest.approx(leading, abs=1.5)
    assert dict(layout.measures())["pitch"] == f"{layout.pitch:.2f}"


@settings(max_examples=30)
@given(st.floats(8, 30), st.integers(4, 30), st.floats(0, 1))
def test_letters_on_a_grid_fit_it(pitch: float, count: int, phase: float) -> None:
    xs = np.asarray((np.arange(count) + phase) * pitch, dtype=np.float64)
    agreement, found = grid_fit(xs, pitch)
    assert agreement == pytest.approx(1.0, abs=1e-6)
    assert (found - phase) % 1.0 == pytest.approx(0.0, abs=1e-5) or (
        found - phase
    ) % 1.0 == pytest.approx(1.0, abs=1e-5)


def typed_row(cells: list[str], y: int) -> list[tuple[str, int, int]]:
    return [(text, 150 + round(20 * place * CELL), y) for place, text in enumerate(cells)]


def test_rows_of_a_typed_table_are_lines_of_several_cells() -> None:
    lines = [(TEXT, 150, y) for y in (120, 170, 220)]
    rows = [["Каучук", "249", "707"], ["Станки", "481", "557"], ["Сталь", "30,1", "675"]]
    for number, row in enumerate(rows):
        lines += typed_row(row, 300 + 50 * number)
    found = find(page(lines)).lines
    assert [len(line.images) for line in found] == [1, 1, 1, 3, 3, 3]
    assert all(line.kind is LineKind.BODY for line in found)


def test_cells_between_rules_stay_apart_and_are_a_table() -> None:
    lines = [(TEXT, 150, y) for y in (520, 570, 620)]
    for y in (200, 250, 300):
        lines += [("Сталину", 150, y), ("Молотову", 580, y)]
    rules = np.zeros((900, 1240), np.uint8)
    rules[140:143, 100:1100] = rules[340:343, 100:1100] = 255
    rules[140:343, 520:523] = 255
    layout = find(page(lines), rules)
    assert [r.kind for r in layout.regions] == [LineKind.TABLE]
    box = layout.regions[0].box
    assert (box.left, box.top) == pytest.approx((100, 140), abs=8)
    assert [line.kind for line in layout.lines] == [LineKind.TABLE] * 6 + [LineKind.BODY] * 3


def test_a_round_stamp_is_a_region_and_text_under_it_stays_text() -> None:
    pixels = page([(TEXT, 150, y) for y in range(120, 800, 50)]).copy()
    cv2.circle(pixels, (700, 430), 115, 110, 4)
    layout = find(pixels)
    assert [r.kind for r in layout.regions] == [LineKind.STAMP]
    assert sum(line.kind is LineKind.BODY for line in layout.lines) == 14


def test_a_scribble_is_handwriting() -> None:
    pixels = page([(TEXT, 150, y) for y in range(120, 500, 50)]).copy()
    corners = [(300, 700), (330, 600), (345, 705), (380, 630), (395, 700), (450, 660)]
    for start, end in pairwise(corners):
        cv2.line(pixels, start, end, 40, 3)
    kinds = [line.kind for line in find(pixels).lines]
    assert kinds[:8] == [LineKind.BODY] * 8
    assert set(kinds[8:]) <= {LineKind.HANDWRITING}


def test_rows_of_texture_are_doubtful() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1400, 1000)).astype(np.uint8)
    prepared = prepare(noise, PreprocessSettings())
    layout = find_lines(prepared, LayoutSettings())
    assert layout.lines
    assert all(line.doubtful for line in layout.lines)


def test_boxes_are_tight_around_the_ink() -> None:
    pixels = page([(TEXT, 150, 200), (TEXT, 150, 400)])
    ys, xs = np.nonzero(pixels[:300] < 128)
    box = find(pixels).lines[0].box
    wanted = (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx(wanted, abs=2)


def test_pictures_of_lines_are_of_one_height() -> None:
    for points in (24, 33, 44):
        found = find(page([(TEXT[:20], 100, y) for y in (150, 300, 450)], points=points)).lines
        assert {line.images[0].pixels.shape[0] for line in found} == {48}


def test_a_slanting_note_takes_no_letters_from_the_lines_it_points_at() -> None:
    pixels = page([(TEXT, 300, y) for y in range(150, 500, 45)]).copy()
    for place in range(5):  # five marks that climb towards the second line
        y = 225 - 6 * place
        cv2.line(pixels, (60 + 22 * place, y), (68 + 22 * place, y - 22), 30, 3)
    found = [line for line in find(pixels).lines if line.box.right > 600]
    assert len(found) == 8
    assert all(line.box.right >= 300 + CELL * (len(TEXT) - 1) for line in found)


def test_a_note_in_the_margin_is_no_part_of_the_line_and_a_typed_number_is() -> None:
    baselines = range(150, 650, 50)
    lines = [(TEXT, 300, y) for y in baselines]
    number = [("12.", round(300 - 5 * CELL), 250)]
    note = page([("лично", 100, 400)], points=25)  # of another size: out of step
    pixels = np.minimum(page(lines + number), note)
    found = find(np.asarray(pixels, dtype=np.uint8)).lines
    assert [line.kind for line in found].count(LineKind.BODY) == 10
    (aside,) = (line for line in found if line.kind is LineKind.HANDWRITING)
    assert aside.box.right < 300 < found[2].box.right
    assert found[2].box.left == pytest.approx(300 - 5 * CELL, abs=0.4 * CELL)
