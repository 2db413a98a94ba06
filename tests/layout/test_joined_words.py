"""Small type on a coarse scan: words whose letters touch are text as well."""

from __future__ import annotations

from drawing import page, untouched

from pipeline.config import LayoutSettings
from pipeline.layout import find_lines

ROWS = (
    "положениями правительства согласно предложению",
    "об информации, подготовленной на магнитной ленте",
    "запоминающего устройства и носителей информации",
    "положением мнений и повторениями миллиметровки",
    "средствами подсистем, в интерактивном режиме",
)


def test_a_word_whose_letters_all_touch_is_of_its_line() -> None:
    rows = [(row, 80, 100 + 22 * n) for n, row in enumerate(ROWS)]
    pixels = page([*rows, ("занесение информации о новом", 150, 210)], points=15).copy()
    # Eight strokes a letter apart, joined by thin ones: 60 pixels wide, as high as the letters.
    pixels[202:210, 82:142:5] = pixels[202:210, 83:143:5] = pixels[202:210, 84:144:5] = 20
    pixels[206, 82:110] = pixels[205, 108:142] = 20
    lines = find_lines(untouched(pixels), LayoutSettings()).lines
    assert len(lines) == len(ROWS) + 1
    assert all(line.box.left < 90 for line in lines)
