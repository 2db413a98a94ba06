"""Scans in black and white, their resolution, and marks that are recorded with their kinds."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from pipeline.facsimile import draw_facsimile
from pipeline.facsimile.damage import wear
from pipeline.facsimile.faces import find_faces, typewriter
from pipeline.facsimile.handwriting import note, write
from pipeline.facsimile.levels import Levels, draw_levels
from pipeline.facsimile.machine import Machine
from pipeline.facsimile.marks import mark_sheet
from pipeline.facsimile.rows import Spot, TypedRow
from pipeline.facsimile.scanner import encoded, sensed
from pipeline.facsimile.sheet import Sheet
from pipeline.model import LineKind


def levels(severity: int = 0) -> Levels:
    return draw_levels(severity, np.random.default_rng(1))


def sheet_of(how: Levels) -> Sheet:
    rng = np.random.default_rng(2)
    machine = Machine(face=typewriter("gnu"), pitch=20.0, levels=how, rng=rng)
    sheet = Sheet(faces=find_faces(), machine=machine, rng=rng)
    for number in range(6):
        row = TypedRow(cells="правительство просит ускорить ответ", above=50.0)
        sheet.type_row(Spot(row=row, x=200.0, y=900.0 + 50 * number))
    return sheet


@pytest.mark.parametrize(("dpi", "suffix", "form"), [(200, ".png", "PNG"), (223, ".tif", "TIFF")])
def test_a_scan_in_black_and_white_is_one_bit(dpi: int, suffix: str, form: str) -> None:
    how = replace(levels(2), one_bit=True, dpi=dpi)
    page = np.full((400, 300), 200, np.uint8)
    page[100:140, 50:250] = 60
    pixels = sensed(page, how, np.random.default_rng(0))
    assert set(np.unique(pixels)) == {0, 255}
    assert pixels[120, 150] == 0
    assert pixels[20, 20] == 255
    name, data = encoded(pixels, how)
    with Image.open(io.BytesIO(data)) as image:
        assert (name, image.format, image.mode) == (suffix, form, "1")
        assert image.info["dpi"][0] == pytest.approx(dpi, abs=0.5)
        assert np.array_equal(np.asarray(image), pixels > 0)


def test_a_jpeg_knows_its_resolution() -> None:
    (made,) = draw_facsimile(None, 3, 12)
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.info["dpi"][0] == pytest.approx(made.levels.dpi, abs=0.5)
        assert image.width == round(1654 * made.levels.dpi / 200)


def test_resolutions_fall_and_black_and_white_is_never_too_coarse() -> None:
    for severity in range(4):
        drawn = [draw_levels(severity, np.random.default_rng(seed)) for seed in range(60)]
        assert all(100 <= how.dpi <= 300 for how in drawn)
        assert all(how.dpi >= 200 and not how.colour for how in drawn if how.one_bit)
        assert any(how.one_bit for how in drawn) == (severity > 0)


def test_all_marks_are_recorded_with_their_kinds() -> None:
    how = replace(levels(3), stamps=2, form_strokes=2, body_strokes=2, notes=6, rules=2, pencil=0.5)
    sheet = sheet_of(how)
    mark_sheet(sheet, form=True)
    kinds = [line.kind for line in sheet.lines]
    assert kinds.count(LineKind.BODY) == 6
    assert kinds.count(LineKind.STAMP) == 2
    assert kinds.count(LineKind.NOISE) == 2
    assert kinds.count(LineKind.HANDWRITING) >= 8
    assert sheet.pen.max() > 0.3
    assert sheet.pencil.max() > 0.3


def test_notes_stand_on_the_ink_they_say() -> None:
    sheet = sheet_of(levels(1))
    before = sheet.pen.copy()
    write(sheet, "В архив", (300.0, 400.0), 40, LineKind.HANDWRITING, slope=9.0)
    line = sheet.lines[-1]
    left, top, right, bottom = (int(v) for v in line.rects[0])
    inked = np.argwhere(np.abs(sheet.pen - before) > 0.2)
    assert line.baseline is None
    assert (inked.min(axis=0) >= (top, left)).all()
    assert (inked.max(axis=0) < (bottom, right)).all()
    for _ in range(12):
        note(sheet)
    assert all(x.kind is LineKind.HANDWRITING for x in sheet.lines[6:])


def test_wear_leaves_the_rest_of_the_sheet_alone() -> None:
    page = np.full((2339, 1654), 220, np.float32)
    how = replace(levels(0), fold=0.0, creases=1, holes=True)
    wear(page, how, np.random.default_rng(3))
    changed = np.abs(page - 220) > 2
    assert 0.001 < changed.mean() < 0.05
    colour = np.full((2339, 1654, 3), 220, np.float32)
    wear(colour, how, np.random.default_rng(3))
    assert np.allclose(colour[:, :, 0], page, atol=0.01)
