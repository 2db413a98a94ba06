"""ALTO, PAGE and hOCR: valid, and read back the same by our own readers."""

from __future__ import annotations

from pathlib import Path

import pytest
from export_samples import raw_text, source, telegram
from schema_checks import Check

from pipeline.errors import ResultError, UsageError
from pipeline.export import Options, render
from pipeline.export.tokens import line_words
from pipeline.formats import read_document
from pipeline.model import Document, Layer, LineKind, Page, Verdict

DIPLOMATIC = Layer.DIPLOMATIC


def one(name: str, document: Document | None = None, options: Options | None = None) -> bytes:
    (data,) = render(source(document), name, options).values()
    return data


def read_back(folder: Path, name: str, document: Document | None = None) -> Document:
    """The pages of an export, each read as a file of its own where there are several."""
    pages: list[Page] = []
    for ending, data in render(source(document), name).items():
        path = folder / f"x{ending}"
        path.write_bytes(data)
        pages += read_document(path, ResultError).pages
    return Document(id="x", pages=tuple(pages))


@pytest.mark.parametrize("document", [telegram(), raw_text()], ids=["scan", "text"])
def test_alto_is_valid(alto_schema: Check, document: Document) -> None:
    assert alto_schema(one("alto", document)) == []


def test_page_is_valid_a_file_for_each_page(page_schema: Check) -> None:
    made = render(source(shelfmark='Ф. 1 "а" <б>\nв'), "page")
    assert list(made) == [".p0001.page.xml", ".p0002.page.xml"]
    for data in made.values():
        assert page_schema(data) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b' id="r1"', b""),
        (b' id="r2"', b' id="r1"'),
        (b"&lt;", b"<"),
        (b"<ReadingOrder>", b"<TextRegion/><ReadingOrder>"),
    ],
)
def test_a_damaged_page_file_is_not_valid(page_schema: Check, before: bytes, after: bytes) -> None:
    data = render(source(), "page")[".p0001.page.xml"]
    assert before in data
    assert page_schema(data.replace(before, after, 1))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b' ID="page-1"', b""),
        (b' ID="page-2"', b' ID="page-1"'),
        (b"&amp;", b"&"),
        (b"<Layout>", b"<Layout><Styles/>"),
        (b' WC="0.4"', b' WC="40"'),
    ],
)
def test_a_damaged_alto_file_is_not_valid(alto_schema: Check, before: bytes, after: bytes) -> None:
    data = one("alto")
    assert before in data
    assert alto_schema(data.replace(before, after, 1))


@pytest.mark.parametrize("name", ["alto", "page", "hocr"])
def test_what_is_read_back_is_the_same(tmp_path: Path, name: str) -> None:
    kept = [x for x in telegram().lines if x.verdict is not Verdict.DROP]
    back = [x for x in read_back(tmp_path, name).lines if x.verdict is not Verdict.DROP]
    wanted = [
        (words.text, words.line.box, [(token.text, token.box) for token in words.tokens])
        for words in (line_words(line, DIPLOMATIC) for line in kept)
    ]
    assert [(x.raw, x.box, [(w.text, w.box) for w in x.reading.words]) for x in back] == wanted
    if name != "hocr":
        assert [(x.kind, x.verdict) for x in back] == [(x.kind, x.verdict) for x in kept]
        assert [x.starts_paragraph for x in back] == [x.starts_paragraph for x in kept]


def test_page_keeps_dropped_lines_as_noise_with_their_reasons(tmp_path: Path) -> None:
    (dropped,) = (x for x in read_back(tmp_path, "page").lines if x.verdict is Verdict.DROP)
    assert (dropped.raw, dropped.kind) == ("~~ :: ,, <&>", LineKind.NOISE)
    data = render(source(), "page")[".p0001.page.xml"].decode()
    assert "reason.place" in data
    assert "<Unicode>~~" not in data


def test_alto_and_hocr_leave_dropped_lines_out() -> None:
    for name in ("alto", "hocr"):
        assert b"~~" not in one(name)


def test_alto_says_what_a_broken_word_is() -> None:
    data = one("alto").decode()
    assert 'CONTENT="подпи" SUBS_TYPE="HypPart1" SUBS_CONTENT="подписаны"' in data
    assert 'CONTENT="саны" SUBS_TYPE="HypPart2" SUBS_CONTENT="подписаны"' in data
    assert 'SUBS_CONTENT="по-русски"' in data
    assert '<ALTERNATIVE PURPOSE="other reader">Цзе-дуй</ALTERNATIVE>' in data
    assert '<ALTERNATIVE PURPOSE="as read">сназал,</ALTERNATIVE>' in data


def test_the_text_that_counts_comes_first_then_the_readers() -> None:
    data = render(source(), "page")[".p0002.page.xml"].decode()
    line = data[data.index('id="p2-l001"') : data.index('id="p2-l002"')]
    texts = line[line.rindex("</Word>") :]
    assert texts.index("сказал, что по-") < texts.index("14.V.50 г.") < texts.index("сназал")
    assert 'comments="reader tesseract"' in texts


def test_the_reading_layer_where_it_is_asked_for() -> None:
    data = one("alto", options=Options(layer=Layer.READING)).decode()
    assert 'CONTENT="объединения"' in data
    assert 'PURPOSE="as read">об"единения<' in data


def test_hocr_has_baselines_confidences_and_safe_names() -> None:
    data = one("hocr").decode()
    assert "baseline " in data
    assert "x_wconf 60" in data
    assert '<meta name="ocr-system" content="Depesha 0.1.0"' in data


@pytest.mark.parametrize("name", ["page", "hocr"])
def test_what_shows_scans_refuses_text(name: str) -> None:
    with pytest.raises(UsageError, match="came as text"):
        render(source(raw_text()), name)
