"""Text is read from whichever level of mark-up has it; boxes that are none are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ResultError, TruthError
from pipeline.formats import read_document
from pipeline.ground_truth import load_truth

ROWS = ["Войска противника", "перешли реку"]


def equiv(text: str) -> str:
    return f"<TextEquiv><Unicode>{text}</Unicode></TextEquiv>"


def line(number: int, inside: str, custom: str = "") -> str:
    box = f'<Coords points="10,{40 * number} 900,{40 * number} 900,{40 * number + 30}"/>'
    return f'<TextLine id="l{number}" custom="{custom}">{box}{inside}</TextLine>'


def words(text: str, inside: str = "{}") -> str:
    return "".join(f"<Word>{inside.format(equiv(word))}</Word>" for word in text.split())


def page(inside: str) -> str:
    return f'<PcGts><Page imageFilename="a.png">{inside}</Page></PcGts>'


def region(inside: str, name: str = "TextRegion") -> str:
    return f"<{name}>{inside}</{name}>"


def hocr(inside: str) -> str:
    return f"<html><body><div class='ocr_page'>{inside}</div></body></html>"


def spans(text: str, name: str, between: str) -> str:
    return between.join(f"<span class='{name}'>{word}</span>" for word in text.split())


GLYPHS = "".join(f"<Glyph>{equiv(x)}</Glyph>" for x in "реку")
CASES = {
    "lines": page(region("".join(line(i, equiv(x)) for i, x in enumerate(ROWS)))),
    "words of empty lines": page(
        region("".join(line(i, words(x) + equiv("")) for i, x in enumerate(ROWS)))
    ),
    "glyphs": page(
        region(line(0, equiv(ROWS[0])) + line(1, words("перешли") + f"<Word>{GLYPHS}</Word>"))
    ),
    "region": page(region(line(0, "") + line(1, "") + equiv("\n".join(ROWS)))),
    "table": page(
        region("".join(region(line(i, equiv(x)), "TableCell") for i, x in enumerate(ROWS)), "Table")
    ),
    "custom order": page(
        region(
            line(1, equiv(ROWS[1]), "readingOrder {index:1;}")
            + line(0, equiv(ROWS[0]), "readingOrder {index:0;}")
        )
    ),
    "glued words": hocr(
        "".join(f"<span class='ocr_line'>{spans(x, 'ocrx_word', '')}</span>" for x in ROWS)
    ),
    "old words": hocr(
        "".join(f"<span class='ocr_line'>{spans(x, 'ocr_word', '')}</span>" for x in ROWS)
    ),
    "no lines": hocr("".join(f"<p class='ocr_par'>{spans(x, 'ocrx_word', ' ')}</p>" for x in ROWS)),
    "no words": hocr("".join(f"<p class='ocr_par'>{x}</p>" for x in ROWS)),
    "ALTO glyphs": (
        f'<alto><Layout><Page><TextBlock><TextLine><String CONTENT="{ROWS[0]}"/></TextLine>'
        '<TextLine><String CONTENT="перешли"/><String>'
        + "".join(f'<Glyph CONTENT="{x}"/>' for x in "реку")
        + "</String></TextLine></TextBlock></Page></Layout></alto>"
    ),
    "ALTO order": (
        "<alto><Layout><Page><ReadingOrder><OrderedGroup><ElementRef REF='b'/><ElementRef REF='a'/>"
        f"</OrderedGroup></ReadingOrder><TextBlock ID='a'><TextLine><String CONTENT='{ROWS[1]}'/>"
        f"</TextLine></TextBlock><TextBlock ID='b'><TextLine><String CONTENT='{ROWS[0]}'/>"
        "</TextLine></TextBlock></Page></Layout></alto>"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_text_is_found_at_its_level(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(CASES[name], encoding="utf-8")
    assert [x.raw for x in read_document(path, ResultError).lines] == ROWS
    assert load_truth(path).text.split("\n")[:2] == ROWS


@pytest.mark.parametrize(
    "text",
    [
        page(region(line(0, "") + line(1, ""))),
        hocr("<span class='ocr_line' title='bbox 0 0 9 9'></span>"),
        "<alto><Layout><Page><TextBlock><TextLine/></TextBlock></Page></Layout></alto>",
    ],
)
def test_places_without_any_text_are_no_text_that_is_all_wrong(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ResultError, match="no text in any of them"):
        read_document(path, ResultError)


@pytest.mark.parametrize("text", [page(""), hocr(""), hocr("<p class='ocr_par'> </p>")])
def test_an_empty_page_is_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    assert read_document(path, ResultError).lines == ()


@pytest.mark.parametrize("side", ["nan", "inf", "1e999"])
def test_a_box_that_is_none_is_the_truths_own_error(tmp_path: Path, side: str) -> None:
    path = tmp_path / "a.gt.xml"
    coords = f'<Coords points="{side},10 60,10 60,30"/>'
    text = page(region(f"<TextLine>{coords}{equiv('текст')}</TextLine>"))
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TruthError, match="has a box that is none") as caught:
        load_truth(path)
    assert caught.value.subject == str(path)
