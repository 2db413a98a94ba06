"""TEI: valid against TEI All, and what it says is what the document says."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from export_samples import edit, line, raw_text, source, store, telegram
from schema_checks import Check

from pipeline.export import Options, Order, export_one_file, render
from pipeline.export.tokens import EDITOR
from pipeline.model import Document, Layer, LineKind, Page, Scan, Verdict

TEI = "{http://www.tei-c.org/ns/1.0}"


def made(document: Document | None = None, options: Options | None = None, **known: str) -> bytes:
    return render(source(document, **known), "tei", options)[".tei.xml"]


def body(document: Document | None = None, options: Options | None = None, **known: str) -> str:
    """The text's own XML, without the namespace's noise."""
    data = made(document, options, **known).decode()
    return data[data.index("<body>") : data.index("</body>")]


def all_of(data: bytes, name: str) -> list[Element]:
    return list(fromstring(data).iter(TEI + name))


def plain(element: Element) -> str:
    return "".join(element.itertext()).strip()


def many_kinds() -> Document:
    """Every kind in every order that a division can meet, each line a run of its own."""
    kinds = list(LineKind)
    order = [kinds[(n * step) % len(kinds)] for step in (1, 3, 7) for n in range(len(kinds))]
    lines = tuple(line(n, f"строка {n}", kind, opens=n % 3 == 0) for n, kind in enumerate(order))
    scan = Scan(path="a b\nc.png", width=1000, height=1400)
    half = len(lines) // 2
    pages = (
        Page(number=1, scan=scan, lines=lines[:half]),
        Page(number=2, scan=replace(scan, page=2), lines=lines[half:]),
    )
    return Document(id="kinds", pages=pages)


def only(*kinds: LineKind) -> Document:
    lines = tuple(line(n, "слово", kind, opens=True) for n, kind in enumerate(kinds))
    page = Page(number=1, scan=Scan(path="s.png", width=1000, height=1400), lines=lines)
    return Document(id="only", pages=(page,))


def test_everything_is_valid(tei_schema: Check, tmp_path: Path) -> None:
    documents = [
        made(короб="7", title='А "б" <в>', shelfmark="Ф. 1", repository="АВП", date="май 1950"),
        made(raw_text()),
        made(many_kinds()),
        made(options=Options(layer=Layer.READING)),
        made(options=Options(layer=Layer.DIPLOMATIC)),
        made(Document(id="empty", pages=(Page(number=1, scan=Scan(path="x.txt")),))),
        *(made(only(kind)) for kind in LineKind),
        made(only(LineKind.SIGNATURE, LineKind.BODY, LineKind.SIGNATURE, LineKind.TABLE)),
    ]
    for data in documents:
        assert tei_schema(data) == []
    store(tmp_path, telegram())
    store(tmp_path, replace(telegram(), id="second"))
    export_one_file(Order(results=tmp_path, formats=["tei"]))
    assert tei_schema((tmp_path / "export" / "documents.tei.xml").read_bytes()) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<publicationStmt>", b"<publicationStmt><foo/>"),
        (b"<msDesc>", b"<msDesc><physDesc/>"),
        (b"<body>", b"<body><lb/>no"),
        (b'cert="0.6"', b'cert="perhaps"'),
        (b"&amp;", b"&"),
        (b'xml:id="page-2"', b'xml:id="2 pages"'),
        (b'when="1950-05-14"', b'when="14 May"'),
    ],
)
def test_a_damaged_file_is_not_valid(tei_schema: Check, before: bytes, after: bytes) -> None:
    data = made()
    assert before in data
    assert tei_schema(data.replace(before, after, 1))


def test_who_wrote_to_whom_and_when() -> None:
    data = made()
    sent, received = all_of(data, "correspAction")
    assert [(x.tag.removeprefix(TEI), plain(x)) for x in sent] == [
        ("placeName", "ПЕКИН"), ("date", "1950-05-14"), ("time", "18:00"), ("persName", "РОЩИН"),
    ]  # fmt: skip
    assert plain(received) == "ФИЛИППОВ"


def test_the_parts_of_a_telegram() -> None:
    text = body()
    for part in (
        '<date when="1950-05-14">14 V 1950 г.</date>',
        "<persName>ФИЛИППОВА</persName>.",
        'type="copies"',
        '<item n="2">',
        "<head>",
        "<signed>",
        '<fw type="pageNum">',
        "<stamp>",
        '<note type="handwriting">',
    ):
        assert part in text
    assert [x.get("type") for x in all_of(made(), "div")] == ["form", "text"]


def test_doubt_has_both_readings_and_its_probability() -> None:
    text = body()
    assert (
        '<choice><unclear cert="0.6" resp="#depesha">Цзе-дун</unclear>'
        "<unclear>Цзе-дуй</unclear></choice>"
    ) in text
    assert '<unclear cert="0.4">&amp;</unclear>' in text


def test_habits_are_orig_and_reg_and_misreadings_are_nothing() -> None:
    text = body()
    assert '<choice><orig>об"единения</orig><reg>объединения</reg></choice>' in text
    assert "<orig>14.У.50г.</orig><reg>14.V.50 г.</reg>" in text
    assert "сназал" not in text
    assert "<sic>" not in text


def test_only_a_person_marks_the_typists_slips() -> None:
    typed = "Примьер прибыл"
    slip = edit(typed, "Примьер", "Премьер", EDITOR)
    page = Page(number=1, scan=Scan(path="s.txt"), lines=(line(1, typed, edits=(slip,)),))
    data = made(Document(id="x", pages=(page,)))
    assert "<sic>Примьер</sic>" in data.decode()
    assert '<corr resp="#editor">Премьер</corr>' in data.decode()
    assert 'xml:id="editor"' in data.decode()


def test_words_broken_at_line_and_page_ends() -> None:
    text = body()
    assert 'подпи<pc force="weak">-</pc><pb n="2" facs="#page-2" break="no" />' in text
    assert re.search(r'<lb [^>]*break="no" />саны', text)
    assert 'по<pc force="strong">-</pc><lb' in text


def test_every_line_has_its_zone_and_dropped_ones_too() -> None:
    data = made()
    zones = {x.get("{http://www.w3.org/XML/1998/namespace}id"): x for x in all_of(data, "zone")}
    assert len(zones) == len(telegram().lines)
    for begun in all_of(data, "lb"):
        assert (begun.get("facs") or "#").removeprefix("#") in zones
    dropped = [x for x in telegram().lines if x.verdict is Verdict.DROP]
    assert sum(x.get("type") == "dropped" for x in zones.values()) == len(dropped)
    assert "~~" not in data.decode()


@pytest.mark.parametrize("layer", list(Layer))
def test_one_layer_alone_is_its_text(layer: Layer) -> None:
    document = telegram()
    text = re.sub(r"<unclear>[^<]*</unclear></choice>", "", body(options=Options(layer=layer)))
    text = re.sub(r"<[^>]*break=\"no\"[^>]*>(<fw.*?</fw><lb[^>]*>)?", "", text, flags=re.DOTALL)
    found = re.sub(r"<[^>]+>", "", text).replace("&lt;", "<").replace("&gt;", ">")
    found = found.replace("&amp;", "&")
    kinds = (LineKind.BODY,)
    wanted = [
        x.text_in(layer)
        for page in document.pages
        for x in page.lines
        if x.kind in kinds and x.verdict is not Verdict.DROP
    ]
    for row in wanted[:1] + wanted[-1:]:
        assert row in found


def test_the_customisation_is_valid(root: Path, tei_schema: Check) -> None:
    assert tei_schema((root / "docs" / "depesha.odd").read_bytes()) == []


def test_the_customisation_knows_every_type(root: Path) -> None:
    odd = (root / "docs" / "depesha.odd").read_text(encoding="utf-8")
    for data in (made(), made(many_kinds())):
        for element in fromstring(data).iter():
            kind, name = element.get("type"), element.tag.removeprefix(TEI)
            if kind is not None:
                listed = odd[odd.index(f'ident="{name}"') :]
                assert f'<valItem ident="{kind}"' in listed[: listed.index("</elementSpec>")], name
