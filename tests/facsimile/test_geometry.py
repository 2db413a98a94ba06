"""The truth lies where the ink is, whatever the scanner did to the sheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.facsimile import draw_facsimile
from pipeline.facsimile.levels import Levels, draw_levels
from pipeline.facsimile.scanner import move_for, scan
from pipeline.facsimile.sheet import HEIGHT, WIDTH
from pipeline.model import LineKind

HOW_FAR = 3.0


def levels(severity: int, seed: int) -> Levels:
    return replace(draw_levels(severity, np.random.default_rng(seed)), border=0.0)


@settings(max_examples=12)
@given(
    st.integers(0, 3), st.integers(0, 999), st.integers(150, WIDTH - 150),
    st.integers(150, HEIGHT - 150),
)  # fmt: skip
def test_a_dot_is_where_the_move_says(severity: int, seed: int, x: int, y: int) -> None:
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    page[y - 2 : y + 3, x - 2 : x + 3] = 0
    how = levels(severity, seed)
    move = move_for(how, np.random.default_rng(seed))
    picture = scan(page, move, replace(how, paper=255.0))
    # The edge around the sheet is grey too: the darkest place is the dot.
    at_y, at_x = np.unravel_index(int(np.argmin(picture)), picture.shape)
    (there,) = move.points(np.array([[x, y]], np.float64))
    assert abs(there[0] - at_x) < HOW_FAR
    assert abs(there[1] - at_y) < HOW_FAR


@pytest.mark.parametrize("severity", [0, 1, 2])
def test_body_boxes_begin_and_end_with_ink(severity: int, root: Path) -> None:
    (made,) = draw_facsimile(root / "config" / "facsimile" / "roshchin.toml", severity, 21)
    grey = made.pixels if made.pixels.ndim == 2 else made.pixels.min(axis=2)
    paper = float(np.percentile(grey, 60))
    lines = made.truth["pages"][0]["lines"]
    for row in (x for x in lines if x["kind"] == LineKind.BODY):
        left, top, right, bottom = row["box"]
        for part in (grey[top:bottom, left : left + 14], grey[top:bottom, right - 14 : right]):
            assert part.min() < paper - 25, row["text"]


@pytest.mark.parametrize("severity", [0, 3])
def test_baselines_run_through_their_boxes(severity: int) -> None:
    (made, *_) = draw_facsimile(None, severity, 4)
    page = made.truth["pages"][0]
    assert (page["height"], page["width"]) == made.pixels.shape[:2]
    for row in page["lines"]:
        left, top, right, bottom = row["box"]
        assert 0 <= left < right <= page["width"]
        assert 0 <= top < bottom <= page["height"]
        for x, y in row["baseline"] or ():
            assert left - 2 <= x <= right + 2
            assert top <= y <= bottom + 3
