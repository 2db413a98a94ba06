"""Letters in pieces: told from whole ones, and made whole."""

from __future__ import annotations

import numpy as np
import pytest
from drawing import page

from pipeline.components import measure_x_height
from pipeline.pixels import Pixels
from pipeline.preprocess.broken import run_together, whole_height

LINES = [("Правительство согласно с предложением о созыве", 150, y) for y in range(120, 800, 60)]


def in_pieces(pixels: Pixels) -> Pixels:
    cut = pixels.copy()
    cut[np.arange(len(cut)) % 7 < 2] = 255
    return cut


def test_whole_letters_are_in_no_pieces() -> None:
    assert whole_height(page(LINES)) is None
    assert whole_height(np.full((300, 200), 255, np.uint8)) is None
    single = [(text, x, 120 + 34 * row) for row, (text, x, _) in enumerate(LINES)]
    assert whole_height(page(single)) is None


def test_the_height_of_letters_in_pieces_is_that_of_whole_ones() -> None:
    whole = measure_x_height(page(LINES))
    assert whole_height(in_pieces(page(LINES))) == pytest.approx(whole, abs=3)


def test_pieces_that_run_together_are_letters() -> None:
    pixels = in_pieces(page(LINES))
    whole, pieces = measure_x_height(page(LINES)), measure_x_height(pixels)
    assert whole is not None
    assert pieces is not None
    assert pieces < 0.7 * whole
    assert measure_x_height(run_together(pixels, whole)) == pytest.approx(whole, abs=3)
