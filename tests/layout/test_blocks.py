"""Facing sheets, columns of prose and bent lines; tables and lists are still read by row."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from drawing import page, untouched
from numpy.typing import NDArray

from pipeline.config import LayoutSettings
from pipeline.layout import Layout, find_lines
from pipeline.layout.baselines import find_baselines
from pipeline.layout.blocks import find_blocks
from pipeline.layout.chains import find_chains
from pipeline.layout.level import find_level
from pipeline.layout.page_components import PageComponents, find_components
from pipeline.model import Box
from pipeline.pixels import Pixels

LEFT = ["Министр иностранных дел", "заявил вчера, что", "правительство не намерено",
        "менять свою политику в", "отношении соседних стран.", "По его словам, торговые",
        "переговоры продолжаются", "в течение месяца."]  # fmt: skip
RIGHT = ["Комиссия рассмотрела план", "поставок хлеба и угля на", "второй квартал. Заводы",
         "выполнили задание, но", "железная дорога еще не", "успевает вывозить готовую",
         "продукцию. Необходимо", "усилить охрану складов"]  # fmt: skip
FULL = "Правительство согласно с предложением о созыве новой конференции"


def components_of(pixels: Pixels) -> PageComponents:
    found = find_components(untouched(pixels))
    assert found is not None
    return found


def blocks_of(pixels: Pixels) -> tuple[Box, ...]:
    components = components_of(pixels)
    return tuple(x.box for x in find_blocks(components, find_chains(components)))


def find(pixels: Pixels) -> Layout:
    return find_lines(untouched(pixels), LayoutSettings())


def columns(*texts: list[str], top: int = 150, across: int = 680) -> list[tuple[str, int, int]]:
    return [
        (text, 80 + across * place, top + 50 * row)
        for place, column in enumerate(texts)
        for row, text in enumerate(column)
    ]


@pytest.mark.parametrize("ruled", [False, True])
def test_columns_of_prose_are_read_one_after_the_other(ruled: bool) -> None:
    pixels = page(columns(LEFT, RIGHT), size=(1300, 1500)).copy()
    if ruled:
        pixels[100:600, 650:653] = 0
    lines = find(pixels).lines
    assert len(lines) == len(LEFT) + len(RIGHT)
    assert all(line.box.right < 680 for line in lines[: len(LEFT)])
    assert all(line.box.left > 640 for line in lines[len(LEFT) :])
    assert {line.sheet for line in lines} == {1}


def test_what_stands_over_columns_comes_before_them_and_what_stands_below_after() -> None:
    rows = [(FULL, 80, 100), *columns(LEFT, RIGHT, top=200), (FULL, 80, 700)]
    lines = find(page(rows, size=(1400, 1500))).lines
    assert lines[0].box.right > 1000
    assert lines[0].box.top < 110
    assert lines[-1].box.top > 650
    assert len(lines) == len(LEFT) + len(RIGHT) + 2


def test_facing_sheets_are_read_one_after_the_other_whatever_is_on_them() -> None:
    sheet = [("Правительство согласно с предложением", 60, y) for y in range(120, 900, 50)]
    right = [("О созыве", 1000, 400), ("новой", 1100, 450)]
    lines = find(page([*sheet, *right], size=(1600, 1000))).lines
    assert [line.box.left > 900 for line in lines] == [False] * len(sheet) + [True] * 2
    assert [line.sheet for line in lines] == [1] * len(sheet) + [2] * 2


def test_posts_and_names_are_read_by_row() -> None:
    posts = ["Председатель Совета", "Первый секретарь", "Министр", "Начальник управления",
             "Секретарь", "Заведующий отделом", "Директор"]  # fmt: skip
    names = ["Н. Рыжков", "В. Щербицкий", "А. Майорец", "Е. Воробьев", "Л. Зайков", "И. Ястребов",
             "В. Брюханов"]  # fmt: skip
    assert len(blocks_of(page(columns(posts, names), size=(1300, 1500)))) == 1


def test_a_typed_table_is_read_by_row() -> None:
    cells = [["1977", "1978", "1979", "1980", "1981", "1982", "1983", "1984"]] * 5
    assert len(blocks_of(page(columns(*cells, across=280), size=(1600, 1200)))) == 1


def test_lines_that_drop_towards_the_binding_are_whole() -> None:
    rows = range(150, 1150, 46)
    flat = page([(FULL, 70, y) for y in rows], size=(1340, 1250))
    height, width = flat.shape
    ys, xs = np.indices(flat.shape)
    near = np.clip(1 - xs / (0.6 * width), 0, 1) ** 2
    pixels = moved(flat, 70 * near * (ys / height - 0.4))
    components = components_of(pixels)
    assert find_level(components, find_chains(components)) is not None
    lines = find(pixels).lines
    assert len(lines) == len(rows)
    assert all(line.box.left < 90 and line.box.right > 1250 for line in lines)


def test_the_letters_beside_a_binding_are_of_their_lines() -> None:
    rows = range(150, 1150, 46)
    flat = page([(FULL, 30, y) for y in rows], size=(1340, 1250))
    xs = np.broadcast_to(np.arange(flat.shape[1]), flat.shape)
    # Half of the fall is within the first four letters.
    pixels = moved(flat, -48 * np.exp(-xs / 110))
    components = components_of(pixels)
    chains = find_chains(components)
    lines = find_baselines(components, chains, find_level(components, chains))
    assert len(lines) == len(rows)
    assert sum(len(line.letters) for line in lines) > 0.995 * len(components.letters)
    assert all(line.box.left < 40 for line in find(pixels).lines)


def moved(flat: Pixels, down: NDArray[np.floating]) -> Pixels:
    """``flat`` with every pixel taken from so far below its place."""
    places = np.indices(flat.shape).astype(np.float32)
    below = np.asarray(places[0] + down, np.float32)
    bent = cv2.remap(flat, np.asarray(places[1]), below, cv2.INTER_CUBIC, borderValue=255)
    return np.asarray(bent, np.uint8)


def test_a_level_page_is_left_as_it_is() -> None:
    components = components_of(page([(FULL, 70, y) for y in range(150, 850, 46)], (1340, 950)))
    assert find_level(components, find_chains(components)) is None


def test_a_list_at_the_right_stands_apart_from_what_is_beside_one_of_its_names() -> None:
    names = [("Горбачеву", 700, y) for y in range(150, 600, 45)]
    text = [(FULL[:40], 100, 80)]
    found = find(page([*text, *names, ("29.IV.86г.", 150, 150 + 5 * 45)], size=(1240, 900))).lines
    assert sum(line.box.left > 650 for line in found) == len(names)
    assert all(len(line.images) == 1 for line in found)
