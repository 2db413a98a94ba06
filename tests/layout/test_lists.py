"""Rows of posts and names are one line each; scraps of the next sheet belong to none."""

from __future__ import annotations

import pytest
from drawing import page, untouched

from pipeline.config import LayoutSettings
from pipeline.layout import Layout, find_lines
from pipeline.model import LineKind
from pipeline.pixels import Pixels

POSTS = ["Секретарь обкома", "Директор института", "Начальник отдела", "Управляющий трестом"]
NAMES = ["- Верещагин С.А.", "- Громыко Н.Б.", "- Хрущев В.Г.", "- Щекоченко В.В."]
TEXT = "Правительство согласно с предложением о созыве"
SCRAPS = ["и ее", "алис", "ы то", "еско", "виду", "апи", "ь па", "деи", "рабо", "ва С"]


def layout(pixels: Pixels) -> Layout:
    return find_lines(untouched(pixels), LayoutSettings())


@pytest.mark.parametrize("off", [0, 9])
def test_a_post_and_its_name_are_one_line_on_and_off_the_grid(off: int) -> None:
    rows = [(x, 60, 120 + 50 * n) for n, x in enumerate(POSTS)]
    names = [(x, 760 + off, 120 + 50 * n) for n, x in enumerate(NAMES)]
    heading = [("Список членов комиссии, утвержденный на заседании", 60, 60)]
    found = layout(page([*heading, *rows, *names])).lines
    assert len(found) == 5
    assert all(line.box.right > 1000 for line in found[1:])
    assert [len(line.images) for line in found[1:]] == [2] * 4


def test_one_remark_behind_a_dash_is_no_name() -> None:
    rows = [(TEXT[:20], 60, 120 + 50 * n) for n in range(6)]
    found = layout(page([*rows, ("- согласен", 769, 220)])).lines
    assert len(found) == 7


@pytest.mark.parametrize("left", [False, True])
def test_scraps_of_the_next_sheet_join_no_line(*, left: bool) -> None:
    pixels = page([(TEXT[:40], 100, y) for y in range(100, 500, 50)])[:, :1000].copy()
    strip = page([(x, 20, 110 + 60 * n) for n, x in enumerate(SCRAPS)])[:, :84]
    if left:
        pixels[:, :84] = strip[:, ::-1]
    else:
        pixels[:, -84:] = strip
    found = layout(pixels).lines
    typed = [line for line in found if line.kind is LineKind.BODY]
    assert len(typed) == 8
    assert all(line.box.left > 90 and line.box.right < 915 for line in typed)
    assert all(line.kind is LineKind.NOISE for line in found[8:])
    assert len(found) > 12  # what may be text is read, and judged as all lines are


def test_a_letter_of_the_next_sheet_is_no_end_of_a_short_line() -> None:
    lines = [(TEXT[:40], 100, y) for y in range(100, 300, 50)]
    pixels = page([*lines, (TEXT[:13], 100, 300), ("о", 983, 300)])[:, :1000]
    assert any(line.box.left == 100 and line.box.right < 400 for line in layout(pixels).lines)


def test_a_tables_last_column_is_no_scrap() -> None:
    rows = [(TEXT[:36], 100, y) for y in range(100, 800, 50)]
    years = [(str(1941 + n), 900, 100 + 50 * n) for n in range(14)]
    found = layout(page([*rows, *years])[:, :990]).lines
    assert all(line.kind is not LineKind.NOISE for line in found)


def test_a_list_of_names_at_the_right_is_no_scrap() -> None:
    names = ["т.т.Иванову", "Рыжкову", "Сидоренко", "Гусеву", "Громыко", "Щекочихину", "Ли"]
    listed = [(x, 800, 100 + 50 * n) for n, x in enumerate(names)]
    text = [(TEXT, 100, y) for y in range(500, 800, 50)]
    found = layout(page([*listed, *text])[:, :1060]).lines
    assert all(line.kind is not LineKind.NOISE for line in found)
