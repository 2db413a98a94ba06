"""What sheets have besides their damage: binding, next sheet, ribbon, carbon, watermark."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.facsimile.binding import shaded, with_next_sheet
from pipeline.facsimile.faces import find_faces
from pipeline.facsimile.levels import Levels, draw_levels, severities
from pipeline.facsimile.maker import draw_facsimile
from pipeline.facsimile.ribbon import RibbonWear
from pipeline.facsimile.scanner import move_for, scan
from pipeline.facsimile.sheet import HEIGHT, WIDTH
from pipeline.facsimile.traits import Binding, Ribbon, Traits, agreeing, draw_traits
from pipeline.facsimile.watermark import marked
from pipeline.resources import facsimile as data
from pipeline.resources.facsimile import Trait

BOUND = Binding(drop=40.0, reach=180.0, squeeze=60.0, shadow=0.6, margin=40.0, shown=20.0)


def levels(severity: int, seed: int) -> Levels:
    return replace(draw_levels(severity, np.random.default_rng(seed)), border=0.0)


def test_there_are_traits_for_every_severity() -> None:
    assert len(data.traits().severity) == severities()


@settings(max_examples=10)
@given(
    st.integers(0, 3), st.integers(0, 999), st.integers(150, WIDTH - 150),
    st.integers(150, HEIGHT - 150), st.sampled_from([-1.0, 1.0]),
)  # fmt: skip
def test_a_dot_of_a_bound_sheet_is_where_the_move_says(
    severity: int, seed: int, x: int, y: int, way: float
) -> None:
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    page[y - 2 : y + 3, x - 2 : x + 3] = 0
    how = levels(severity, seed)
    bound = replace(BOUND, drop=way * BOUND.drop)
    move = move_for(how, np.random.default_rng(seed), binding=bound, spine=120.0, cut=80.0)
    picture = scan(page, move, replace(how, paper=255.0))
    at_y, at_x = np.unravel_index(int(np.argmin(picture)), picture.shape)
    (there,) = move.points(np.array([[x, y]], np.float64))
    assert abs(there[0] - at_x) < 3
    assert abs(there[1] - at_y) < 3


def test_lines_fall_towards_a_binding() -> None:
    how = replace(levels(0, 1), skew=0.0, curl=0.0, perspective=0.0, dpi=200)
    move = move_for(how, np.random.default_rng(0), binding=BOUND, spine=100.0)
    near, far = move.points(np.array([[110.0, 500.0], [1500.0, 500.0]]))
    assert 35 < near[1] - 500 < 41
    assert abs(far[1] - 500) < 1
    facing = move_for(how, np.random.default_rng(0), across=2 * WIDTH, binding=BOUND, spine=WIDTH)
    left, right = facing.points(np.array([[WIDTH - 50.0, 500.0], [WIDTH + 50.0, 500.0]]))
    assert left[1] == pytest.approx(right[1])
    assert left[0] + right[0] == pytest.approx(2 * WIDTH)


def test_a_binding_is_dark_and_hides_what_lies_beyond() -> None:
    page = np.full((HEIGHT, WIDTH), 220, np.uint8)
    dark = shaded(page, BOUND, 100.0)
    assert dark[:, :99].max() < 40
    assert dark[0, 105] < 130 < dark[0, 400]
    assert np.all(np.diff(dark[0, 101:600].astype(int)) >= 0)


@pytest.mark.parametrize("wide", [60.0, -60.0])
def test_the_next_sheet_sticks_out_at_one_side_alone(wide: float) -> None:
    page = np.full((HEIGHT, WIDTH), 220, np.uint8)
    page[::50, 190:1500] = 30
    seen = with_next_sheet(page, wide, np.random.default_rng(4))
    changed = np.flatnonzero((seen != page).any(axis=0))
    assert len(changed) > 30
    assert changed.max() < 90 if wide > 0 else changed.min() > WIDTH - 90


def wear(lost: float, faint: float) -> RibbonWear:
    ribbon = Ribbon(lost=lost, faint=faint, half=0.0)
    made = RibbonWear(ribbon=ribbon, high=30.0, rng=np.random.default_rng(2))
    made.begin_line()
    return made


def test_a_ribbon_at_its_height_inks_all() -> None:
    ink = np.ones((30, 20), np.float32)
    assert np.array_equal(wear(0.0, 0.0).inked(ink, -30, 5), ink)


@settings(max_examples=20)
@given(st.floats(0.1, 0.45), st.floats(0.0, 0.5), st.integers(0, 80))
def test_a_ribbon_takes_ink_from_one_edge(lost: float, faint: float, place: int) -> None:
    tall = np.ones((45, 20), np.float32)
    rows = wear(lost, faint).inked(tall, -45, place).mean(axis=1)
    assert rows.max() <= 1.0
    assert rows.min() > 0.0
    steps = np.diff(rows)
    assert np.all(steps >= -1e-6) or np.all(steps <= 1e-6)


def test_a_carbon_copy_is_coloured_and_shows_what_lies_behind() -> None:
    (made,) = draw_facsimile(None, 1, 3, "letter", ("carbon",))
    assert made.pixels.ndim == 3
    assert made.levels.colour
    assert not made.levels.one_bit
    names: tuple[Trait, ...] = ("carbon",)
    carbon = draw_traits(names, 1, 3, 1).carbon
    assert carbon is not None
    paper = np.median(made.pixels.reshape(-1, 3), axis=0)
    assert np.allclose(paper / paper.max(), np.array(carbon.tint) / max(carbon.tint), atol=0.04)


def test_a_watermark_lies_over_everything() -> None:
    page = np.full((900, 700), 240, np.uint8)
    page[100:800:40, 100:600] = 20
    seen = marked(page, 0.3, find_faces(), np.random.default_rng(1))
    for part in (np.s_[:450, :350], np.s_[:450, 350:], np.s_[450:, :350], np.s_[450:, 350:]):
        assert (page[part].astype(int) - seen[part] > 20).any()
        assert (seen[part].astype(int) - page[part] > 10).any()
    assert (seen == page).mean() > 0.5


def test_a_watermark_is_on_no_scan_in_black_and_white() -> None:
    black = replace(draw_levels(2, np.random.default_rng(0)), one_bit=True)
    assert agreeing(black, Traits()).one_bit
    assert not agreeing(black, Traits(watermark=0.1)).one_bit


def test_traits_are_asked_for_by_name(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["facsimile", "--out", str(tmp_path), "--kind", "posts", "--trait", "binding"]
    assert main([*asked, "--trait", "watermark", "--severity", "0"]) == 0
    assert "facsimile-s0-0" in capsys.readouterr().out
    assert main([*asked, "--trait", "coffee"]) == 2
    assert "--trait: must be single or names" in capsys.readouterr().err
