"""Readings of other programs as inputs: words keep their places, the text is judged and mended."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from format_samples import FIRST, FORMATS, SECOND
from PIL import Image, ImageDraw, ImageFont

from pipeline.config import InputSettings, Settings
from pipeline.errors import InputTooLargeError, InputUnreadableError
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


def lines_of(path: Path) -> list[str]:
    with open_scan(path, InputSettings()) as scan:
        pages = [scan.load(number + 1).lines or () for number in range(scan.page_count)]
    return [line.raw for page in pages for line in page]


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        ('<meta charset="windows-1251"/>', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"/>', "koi8-r"),
        ("", "utf-16"),
        ("", "utf-8-sig"),
    ],
)
def test_hocr_in_the_character_set_that_it_says(said: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "x.hocr"
    path.write_bytes(FORMATS["hocr.hocr"].replace("<head>", f"<head>{said}").encode(encoding))
    assert lines_of(path) == [FIRST, SECOND]


def test_hocr_in_another_set_than_it_says(tmp_path: Path) -> None:
    path = tmp_path / "x.hocr"
    text = FORMATS["hocr.hocr"].replace("<head>", '<head><meta charset="utf-8"/>')
    path.write_bytes(text.encode("cp1251"))
    with pytest.raises(InputUnreadableError, match="is not utf-8, as it says it is"):
        open_scan(path, InputSettings())


def test_rows_of_words_alone_tell_lines_and_pages(tmp_path: Path) -> None:
    head, *rows = FORMATS["tesseract.tsv"].splitlines()
    words = [row for row in rows if row.startswith("5")]
    second = [row.replace("5\t1\t", "5\t2\t", 1) for row in words]
    path = tmp_path / "x.tsv"
    path.write_text("\n".join([head, *words, *second]), encoding="utf-16")
    assert lines_of(path) == [FIRST, SECOND] * 2


def test_the_first_half_of_a_word_without_its_hyphen(tmp_path: Path) -> None:
    text = FORMATS["alto.xml"].replace(
        'CONTENT="Цзе-дун"/>', 'CONTENT="Цзе" SUBS_TYPE="HypPart1" SUBS_CONTENT="Цзедун"/>'
    )
    path = tmp_path / "x.xml"
    path.write_text(text, encoding="utf-8")
    assert lines_of(path)[0].endswith(" Цзе-")


@pytest.mark.parametrize("text", ["Посол сообщил министру.", '{"a": 1}', "a\tb\n1\t2\n", " \n"])
@pytest.mark.parametrize("name", ["x.xml", "x.tsv", "x.hocr"])
def test_what_is_not_of_the_kind_its_name_says(text: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputUnreadableError, match="none of PAGE, ALTO"):
        open_scan(path, InputSettings())


def test_markup_of_another_kind_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text("<TEI><text/></TEI>", encoding="utf-8")
    with pytest.raises(InputUnreadableError, match="neither PAGE nor ALTO"):
        open_scan(path, InputSettings())


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(FORMATS["tesseract.tsv"], encoding="utf-8")
    with pytest.raises(InputTooLargeError, match="over the limit of 100"):
        open_scan(path, InputSettings(max_text_bytes=100))


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
