"""Which way up: at any quarter turn, never a wrong turn of an upright page, and the way back."""

from __future__ import annotations

import numpy as np
import pytest
from drawing import page

from pipeline.pixels import Pixels
from pipeline.preprocess.geometry import find_turn, measure_letters, turn

TEXT = "Правительство, как сообщают, согласно. В мае, т.е."
LINES = [(TEXT, 120, y) for y in range(120, 800, 50)]


def turns(pixels: Pixels) -> int:
    return find_turn(pixels, measure_letters(pixels))


@pytest.mark.parametrize("leading", [36, 50, 68])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_turned_page_is_seen(quarters: int, leading: int) -> None:
    upright = page([(TEXT, 120, y) for y in range(120, 800, leading)])
    assert turns(np.ascontiguousarray(np.rot90(upright, quarters))) == (4 - quarters) % 4


def test_quotation_marks_do_not_turn_a_page() -> None:
    quoted = page([('"Правда" и "Труд" об"явили', 120, y) for y in range(120, 800, 50)])
    assert turns(quoted) in (0, 2)  # nothing on it but high signs
    mixed = [('Газета "Правда", и не только, пишет.', 120, y) for y in range(120, 800, 50)]
    assert turns(page(mixed)) == 0


def test_a_page_that_says_nothing_stays() -> None:
    assert turns(np.full((400, 300), 255, np.uint8)) == 0
    assert turns(page([("Да", 100, 100)])) == 0


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_points_find_their_way_back(quarters: int) -> None:
    pixels = np.full((40, 60), 255, np.uint8)
    pixels[7, 51] = 0
    turned, back = turn(pixels, quarters)
    y, x = (int(v[0]) for v in np.nonzero(turned == 0))
    assert (back @ [x, y, 1.0]).tolist() == [51.0, 7.0]
