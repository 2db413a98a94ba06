"""Files that the tools themselves wrote, as inputs and as results for ``evaluate``."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import InputSettings, Settings
from pipeline.errors import InputUnreadableError
from pipeline.formats import read_document
from pipeline.model import Layer
from pipeline.process import process_file
from pipeline.scans import open_scan
from pipeline.transcript import render

CASES = Path(__file__).parents[1] / "cases" / "formats"
FILES = sorted(path for path in CASES.iterdir() if path.suffix != ".md")
TEXT = """Посол сообщил министру о договоре и предложил продолжить переговоры в июне 1950 г.
Ответ ожидается завтра.
"""
SETTINGS = Settings(input=InputSettings(text_layer=True))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_text_of_each_is_whole(path: Path) -> None:
    document = process_file(path, "x", SETTINGS)
    assert render(document, Layer.READING, SETTINGS.output.kinds) == TEXT
    words = [word for line in document.lines for word in line.reading.words]
    assert [word.text for word in words[:3]] == ["Посол", "сообщил", "министру"]
    assert all(word.box is not None for word in words)
    first = next(word.box for word in words if word.box is not None)
    assert abs(first.left - 128) < 8


@pytest.mark.parametrize("path", [x for x in FILES if x.suffix != ".pdf"], ids=lambda x: x.name)
def test_each_is_a_result(path: Path) -> None:
    document = read_document(path, InputUnreadableError)
    assert [line.raw for line in document.lines][2] == "Ответ ожидается завтра."


@pytest.mark.parametrize("name", ["tesseract.tsv", "tesseract.hocr", "ocrd.page.xml"])
def test_what_is_cut_off_is_an_error_or_what_there_is(name: str, tmp_path: Path) -> None:
    data = (CASES / name).read_bytes()
    path = tmp_path / name
    for end in range(0, len(data), 97):
        path.write_bytes(data[:end])
        try:
            open_scan(path, SETTINGS.input)
        except InputUnreadableError as error:
            assert name in str(error)
