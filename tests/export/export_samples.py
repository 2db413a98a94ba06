"""Stored documents to export, made without a reader: every case that the formats must hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from typed_lines import typed_words

from pipeline.export import Source
from pipeline.model import (
    TESSERACT,
    TYPEWRITER,
    VOTE,
    Box,
    Document,
    Edit,
    Field,
    Layer,
    Line,
    LineKind,
    Page,
    Reading,
    Reason,
    Region,
    Scan,
    Status,
    Step,
    Verdict,
)
from pipeline.store import RunInfo, save_document
from pipeline.transcript import JOIN_HYPHEN, make_texts

KINDS = (LineKind.ADDRESSEE, LineKind.HEADING, LineKind.BODY, LineKind.SIGNATURE)
WIDTH, HEIGHT, LINE = 1000, 1400, 40
RUN = RunInfo(
    fingerprint="f" * 64,
    source="scan.png",
    source_key="",
    input_sha256="",
    status=Status.OK,
    seconds=1.0,
    settings=(("ocr.language", '"rus"'),),
    versions=(("depesha", "0.1.0"),),
)


def line(
    number: int,
    text: str,
    kind: LineKind = LineKind.BODY,
    *,
    page: int = 1,
    edits: tuple[Edit, ...] = (),
    doubts: dict[str, tuple[float, str | None]] | None = None,
    verdict: Verdict = Verdict.KEEP,
    opens: bool = False,
) -> Line:
    """A typed line: its words on a grid of cells, with the doubts that are named."""
    known = doubts or {}
    words = typed_words(text, 60 + number * LINE, lambda word: known.get(word, (0.99, None)))
    reading = Reading.of(VOTE, text, words, 0.97)
    return Line(
        id=f"p{page}-l{number:03d}",
        reading=reading,
        alternatives=(
            Reading.of(TYPEWRITER, text, words, 0.97),
            Reading.of(TESSERACT, text.replace("а", "о"), (), 0.9),
        ),
        edits=edits,
        box=Box.around(word.box for word in words if word.box is not None),
        kind=kind,
        verdict=verdict,
        reasons=(Reason(rule="place", evidence="stands <where> text & stamps stand", weight=-1.5),),
        text_probability=0.1 if verdict is Verdict.DROP else 0.98,
        starts_paragraph=opens,
    )


def edit(text: str, before: str, after: str, rule: str, layer: Layer = Layer.READING) -> Edit:
    """``before`` to ``after``, once, in ``text``."""
    return Edit(rule=rule, start=text.rindex(before), before=before, after=after, layer=layer)


def telegram() -> Document:
    """Two pages: a form, an addressee, a body with everything that can be said of it."""
    head = "Из ПЕКИНА № 143354 18 час 00 мин 14 V 1950 г."
    first = 'сообщил, что об"единения будут подпи-'
    second = "саны 14.У.50г. и сназал, что по-"
    broken = edit(first, "-", "", JOIN_HYPHEN)
    hard = edit(first, '"', "ъ", "hard-sign")
    stays = edit(second, "-", "-", JOIN_HYPHEN)
    month = edit(second, "У", "V", "roman-month")
    year = Edit(rule="year-space", start=second.index("г."), before="", after=" ")
    misread = edit(second, "сназал", "сказал", "misread", Layer.DIPLOMATIC)
    first_page = Page(
        number=1,
        scan=Scan(path="scan.png", page=1, width=WIDTH, height=HEIGHT, dpi=150.0),
        lines=(
            line(0, "56", LineKind.PAGE_NUMBER),
            line(1, head, LineKind.FORM, opens=True),
            line(2, "№ 1-й Сталину", LineKind.TABLE, opens=True),
            line(3, "№ 2-й Молотову", LineKind.TABLE),
            line(4, "~~ :: ,, <&>", LineKind.NOISE, verdict=Verdict.DROP),
            line(5, "Для товарища ФИЛИППОВА.", LineKind.ADDRESSEE, opens=True),
            line(6, "О встрече", LineKind.HEADING, opens=True),
            line(
                7,
                "Товарищ Мао Цзе-дун & <другие>",
                opens=True,
                doubts={"Цзе-дун": (0.6, "Цзе-дуй"), "&": (0.4, None)},
            ),
            line(8, first, edits=(hard, broken)),
        ),
        steps=(Step(name="deskew", settings=(("degrees", "0.100"),)),),
        regions=(
            Region(kind=LineKind.TABLE, box=Box(left=90, top=130, right=700, bottom=220)),
            Region(kind=LineKind.STAMP, box=Box(left=600, top=900, right=900, bottom=1100)),
        ),
        expected_error=0.02,
    )
    second_page = Page(
        number=2,
        scan=Scan(path="scan.png", page=2, width=WIDTH, height=HEIGHT, dpi=150.0),
        lines=(
            line(0, "57", LineKind.PAGE_NUMBER, page=2),
            line(1, second, page=2, edits=(misread, month, year, stays)),
            line(2, "русски это верно.", page=2),
            line(3, "ВХОДЯЩИЙ", LineKind.STAMP, page=2, opens=True),
            line(4, "=1+1 @SUM", page=2, opens=True),
            line(5, "читал", LineKind.HANDWRITING, page=2, verdict=Verdict.UNSURE),
            line(6, "РОЩИН", LineKind.SIGNATURE, page=2, opens=True),
            line(7, "Отпеч. 14.V.", LineKind.FORM, page=2, opens=True),
        ),
        steps=(Step(name="deskew", settings=(("degrees", "0.100"),)),),
    )
    form = first_page.lines[1].box
    table = first_page.lines[2].box
    return Document(
        id="telegram",
        pages=(first_page, second_page),
        fields=(
            Field(name="origin", value="ПЕКИН", raw="ПЕКИНА", box=form, confidence=0.9),
            Field(name="telegram_numbers", value="143354", raw="143354", box=form),
            Field(name="date", value="1950-05-14", raw="14 V 1950 г.", box=form, confidence=0.9),
            Field(name="time", value="18:00", raw="18 час 00 мин", box=form, confidence=0.9),
            Field(
                name="addressee",
                value="ФИЛИППОВ",
                raw="ФИЛИППОВА",
                box=first_page.lines[5].box,
                confidence=0.9,
            ),
            Field(
                name="signature",
                value="РОЩИН",
                raw="РОЩИН",
                box=second_page.lines[6].box,
                confidence=0.9,
            ),
            Field(
                name="copy_list", value="Сталину", raw="№ 1-й Сталину", number=1, box=table,
                confidence=0.9,
            ),
            Field(
                name="copy_list", value="Молотову", raw="№ 2-й Молотову", number=2,
                box=first_page.lines[3].box, confidence=0.9,
            ),
        ),
    )  # fmt: skip


def raw_text() -> Document:
    """A document that came as text: no boxes, no words, no scan."""
    rows = ("Товарищ Иванов сообщил,", "что договор подписан.")
    lines = tuple(
        Line(id=f"p1-l{n:03d}", reading=Reading(reader="file", tail=row), starts_paragraph=n == 1)
        for n, row in enumerate(rows, start=1)
    )
    return Document(id="raw", pages=(Page(number=1, scan=Scan(path="raw.txt"), lines=lines),))


def source(document: Document | None = None, **metadata: str) -> Source:
    document = document or telegram()
    return Source(
        document=document, run=RUN, name=document.id, scan=Path("scan.png"), metadata=metadata
    )


def store(folder: Path, document: Document, scan: Path | None = None, digest: str = "") -> Path:
    """``document`` as ``depesha run`` stores it, below ``folder``."""
    run = RUN if scan is None else RunInfo(
        fingerprint="f" * 64, source=str(scan), source_key="", input_sha256=digest,
        status=Status.OK, seconds=1.0,
    )  # fmt: skip
    target = folder / document.id
    save_document(target, document, run=run, texts=make_texts(document, KINDS))
    return target


def draw_scan(path: Path, pages: int = 2, **options: Any) -> Path:
    """Sheets of grey paper where the telegram's lines would be."""
    rng = np.random.default_rng(7)
    sheets = []
    for _ in range(pages):
        pixels = rng.integers(200, 250, (HEIGHT, WIDTH), dtype=np.uint8)
        for number in range(9):
            top = 60 + number * LINE
            pixels[top : top + 26, 100:600] = 40
        sheets.append(Image.fromarray(pixels))
    more: dict[str, Any] = {"save_all": True, "append_images": sheets[1:]} if pages > 1 else {}
    sheets[0].save(path, dpi=(150, 150), **more, **options)
    return path
