"""Other programs' files: told by their contents, read safely, named where they are broken."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from format_samples import BAD, FIRST, FORMATS, PAGE_XML, SECOND

from pipeline.errors import DepeshaError, ResultError, TruthError
from pipeline.formats import read_document, stem_of
from pipeline.ground_truth import load_truth
from pipeline.model import Box, Document


def written(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def read(folder: Path, name: str, data: str | bytes) -> Document:
    return read_document(written(folder, name, data), ResultError)


@pytest.mark.parametrize("name", FORMATS)
def test_the_text_is_the_same_from_every_format(tmp_path: Path, name: str) -> None:
    document = read(tmp_path, name, FORMATS[name])
    assert [line.raw for line in document.lines] == [FIRST, SECOND]
    assert [line.id for line in document.lines] == ["p1-l001", "p1-l002"]


@pytest.mark.parametrize("name", ["page.xml", "alto.xml", "hocr.hocr"])
def test_places_and_confidences_come_along(tmp_path: Path, name: str) -> None:
    document = read(tmp_path, name, FORMATS[name])
    (page,) = document.pages
    assert (page.scan.path, page.scan.width, page.scan.height) == ("a scan.png", 800, 600)
    first, second = document.lines
    words = first.reading.words
    assert [word.confidence for word in words][:2] == [0.9, 0.5]
    assert words[0].box == Box(left=10, top=10, right=90, bottom=30)
    assert words[-1].confidence is None
    assert first.box is not None
    assert first.box.left == 10
    assert second.box is None or second.box.top == 40


def test_the_name_does_not_decide(tmp_path: Path) -> None:
    for name, text in FORMATS.items():
        document = read(tmp_path, f"{name}.txt", text)
        assert [line.raw for line in document.lines] == [FIRST, SECOND]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251", "utf-8-sig"])
def test_xml_in_the_encoding_it_declares(tmp_path: Path, encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = PAGE_XML.replace("UTF-8", declared)
    assert read(tmp_path, "a.xml", text.encode(encoding)).lines[0].raw == FIRST


def test_alto_in_tenths_of_a_millimetre_has_no_boxes(tmp_path: Path) -> None:
    document = read(tmp_path, "a.xml", FORMATS["alto.xml"].replace(">pixel<", ">mm10<"))
    assert all(line.box is None for line in document.lines)


def test_alto_keeps_the_hyphen_at_a_lines_end(tmp_path: Path) -> None:
    text = FORMATS["alto.xml"].replace(
        '<String CONTENT="Цзе-дун"/>',
        '<String CONTENT="корей" SUBS_CONTENT="x"/><HYP CONTENT="\u00ad"/>',
    )
    assert read(tmp_path, "a.xml", text).lines[0].raw == "Далее товарищ Мао корей-"


def test_a_page_without_lines_has_its_regions_text(tmp_path: Path) -> None:
    text = (
        "<PcGts><Page><TextRegion><TextEquiv><Unicode>раз\nдва</Unicode></TextEquiv>"
        "</TextRegion></Page></PcGts>"
    )
    assert [line.raw for line in read(tmp_path, "a.xml", text).lines] == ["раз", "два"]


def test_nonsense_numbers_are_unknown(tmp_path: Path) -> None:
    text = PAGE_XML.replace("10,10 90,10 90,30 10,30", "x,y").replace('"0.9"', '"много"')
    words = read(tmp_path, "a.xml", text).lines[0].reading.words
    assert (words[0].box, words[0].confidence) == (None, None)


def test_words_that_a_corrected_line_no_longer_has_are_left_out(tmp_path: Path) -> None:
    word = "<Word><TextEquiv conf='0.5'><Unicode>{}</Unicode></TextEquiv></Word>"
    row = "".join(map(word.format, ("или", "и", "мнр", "и", "труд")))
    text = (
        f"<PcGts><Page><TextRegion><TextLine>{row}<TextEquiv><Unicode>или и мир, и труд!"
        "</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"
    )
    reading = read(tmp_path, "a.xml", text).lines[0].reading
    assert reading.text == "или и мир, и труд!"
    assert [word.text for word in reading.words] == ["или", "и", "и"]
    assert reading.spans == ((0, 3), (4, 5), (11, 12))


def test_empty_files_are_documents_without_lines(tmp_path: Path) -> None:
    for data in ("", "\n \n", "<PcGts><Page/></PcGts>", "<div class='ocr_page'></div>"):
        assert read(tmp_path, "a.txt", data).lines == ()


def test_a_form_feed_begins_a_page(tmp_path: Path) -> None:
    assert len(read(tmp_path, "a.txt", "раз\fдва").pages) == 2


@pytest.mark.parametrize("error", [ResultError, TruthError])
@pytest.mark.parametrize("name", BAD)
def test_what_is_broken_is_named(tmp_path: Path, name: str, error: type[DepeshaError]) -> None:
    data, words = BAD[name]
    path = written(tmp_path, name, data)
    with pytest.raises(error, match=words) as raised:
        read_document(path, error)
    assert str(raised.value).startswith(str(path))


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="cannot be read"):
        read_document(tmp_path / "no such.xml", ResultError)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a.gt.txt", "a"),
        ("a.alto.xml", "a"),
        ("a.page.xml", "a"),
        ("a 'b' <c>.hocr", "a 'b' <c>"),
        ("письмо.1.txt", "письмо.1"),
        (".txt", ".txt"),
        ("a", "a"),
    ],
)
def test_stems(name: str, stem: str) -> None:
    assert stem_of(Path(name)) == stem


@pytest.mark.parametrize("name", ["page.xml", "alto.xml", "hocr.hocr", "hocr.html"])
def test_they_are_truths_too(tmp_path: Path, name: str) -> None:
    truth = load_truth(written(tmp_path, name, FORMATS[name]))
    assert truth.text == f"{FIRST}\n{SECOND}\n"
    assert not truth.labelled
    assert load_truth(written(tmp_path, "empty.xml", "<PcGts><Page/></PcGts>")).text == ""


@pytest.mark.ocr
@pytest.mark.parametrize("kind", ["hocr", "alto"])
def test_what_tesseract_writes_is_read(root: Path, tmp_path: Path, kind: str) -> None:
    scan = root / "scans" / "roshchin-facsimile-light.jpg"
    command = [
        "tesseract",
        str(scan),
        str(tmp_path / "out"),
        "-l",
        "rus",
        "--psm",
        "6",
        "txt",
        kind,
    ]
    subprocess.run(command, check=True, capture_output=True)
    (path,) = [p for p in tmp_path.iterdir() if p.suffix != ".txt"]
    document = read_document(path, ResultError)
    plain = (tmp_path / "out.txt").read_text(encoding="utf-8")
    assert " ".join(line.raw for line in document.lines).split() == plain.split()
    words = [word for line in document.lines for word in line.reading.words]
    assert all(word.box is not None and word.confidence is not None for word in words)
