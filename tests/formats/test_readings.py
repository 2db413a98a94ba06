"""Readings of other programs as inputs: words keep their places, the text is judged and mended."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from format_samples import FIRST, FORMATS, SECOND
from PIL import Image, ImageDraw, ImageFont

from pipeline.config import InputSettings, Settings
from pipeline.errors import InputUnreadableError
from pipeline.model import FILE
from pipeline.process import process_file
from pipeline.scans import open_scan

WITH_PLACES = [name for name in FORMATS if not name.endswith(".txt")]
FACE = "FreeSans"  # of the font packages that the tests need anyway


@pytest.mark.parametrize("name", WITH_PLACES)
def test_each_format_is_an_input(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(FORMATS[name], encoding="utf-8")
    with open_scan(path, InputSettings()) as scan:
        page = scan.load(1)
    assert page.lines is not None
    assert sorted(line.raw for line in page.lines) == sorted([FIRST, SECOND])
    assert {line.reading.reader for line in page.lines} == {FILE}
    assert page.scan.path == str(path)
    words = [word for line in page.lines for word in line.reading.words if word.box is not None]
    assert any(word.confidence is not None for word in words)


@pytest.mark.parametrize("name", WITH_PLACES)
def test_a_document_comes_of_each(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(FORMATS[name], encoding="utf-8")
    document = process_file(path, "x", Settings())
    assert sorted(line.raw for line in document.lines) == sorted([FIRST, SECOND])


def test_what_is_broken_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(FORMATS["tesseract.tsv"] + "5\t1\n", encoding="utf-8")
    with pytest.raises(InputUnreadableError, match=r"broken TSV: row 14"):
        open_scan(path, InputSettings())


@pytest.mark.ocr
@pytest.mark.parametrize("kind", ["tsv", "hocr", "alto", "page", "pdf"])
def test_what_tesseract_writes_is_read(kind: str, tmp_path: Path) -> None:
    picture = Image.new("L", (1100, 160), 255)
    pen = ImageDraw.Draw(picture)
    face = ImageFont.truetype(FACE, 36)
    pen.text((40, 20), "Посол сообщил министру о договоре", font=face, fill=0)
    pen.text((40, 90), "Переговоры будут продолжены завтра", font=face, fill=0)
    scan = tmp_path / "scan.png"
    picture.save(scan, dpi=(300, 300))
    command = ["tesseract", str(scan), str(tmp_path / "out"), "-l", "rus", "--psm", "6", kind]
    made = subprocess.run(command, capture_output=True, check=False)
    written = sorted(path for path in tmp_path.glob("out*") if path.stat().st_size)
    if made.returncode or not written or written[0].suffix == ".txt":
        pytest.skip(f"this Tesseract writes no {kind}")
    with open_scan(written[0], InputSettings(text_layer=True)) as opened:
        page = opened.load(1)
    assert page.lines is not None
    text = " ".join(line.raw for line in page.lines)
    assert "сообщил министру" in text
    assert "будут продолжены" in text
    boxes = [word.box for line in page.lines for word in line.reading.words]
    # Tesseract's PAGE has places of lines alone, as it writes it by default.
    boxes = boxes or [line.box for line in page.lines]
    assert all(box is not None for box in boxes)
    first = next(box for box in boxes if box is not None)
    assert abs(first.left - 40) < 12
    assert abs(first.top - 25) < 25
