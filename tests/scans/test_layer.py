"""The text layer of a PDF: whole words, whole lines, and their places."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from pipeline.config import InputSettings, Settings
from pipeline.errors import InputUnreadableError
from pipeline.model import Layer
from pipeline.process import process_file
from pipeline.scans import open_scan
from pipeline.transcript import render

# Codes 1 to 32 are the small letters from а on; the last letter of a word is narrowed to nothing,
# as some programs do.
_MAP = "".join(f"<{n + 1:02x}> <{ord('а') + n:04x}>\n" for n in range(32))
_UNICODE = f"""/CIDInit /ProcSet findresource begin begincmap
1 begincodespacerange <00> <ff> endcodespacerange
34 beginbfchar
{_MAP}<f0> <0020>
<f1> <00ad>
endbfchar endcmap end"""


def layered(path: Path, lines: list[str], *, top: int = 300) -> None:
    """A page with ``lines`` of small Russian letters, the last of each word without width."""
    pdf = pikepdf.new()
    fonts = [
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            FirstChar=0,
            LastChar=255,
            Widths=[width] * 256,
            ToUnicode=pdf.make_stream(_UNICODE.encode()),
        )
        for width in (500, 0)
    ]
    body = []
    for row, line in enumerate(lines):
        body.append(f"1 0 0 1 40 {top - 14 * row} Tm")
        for word in line.split():
            codes = [0xF1 if c == "\u00ad" else ord(c) - ord("а") + 1 for c in word]
            start, last = codes[:-1], codes[-1:]
            body.append(f"/A 10 Tf <{bytes(start).hex()}> Tj /B 10 Tf <{bytes(last).hex()}> Tj")
            body.append("/A 10 Tf <f0> Tj")
    pdf.add_blank_page(page_size=(400, 400))
    pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(A=fonts[0], B=fonts[1]))
    pdf.pages[0].Contents = pdf.make_stream(f"BT 3 Tr {' '.join(body)} ET".encode())
    pdf.save(path)


LINES = [
    "препринты и сообщения института ядерных исследо\u00ad",
    "ваний являются самостоятельными публикациями",
]


def test_letters_without_width_and_hyphens_are_there(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    layered(path, LINES)
    with open_scan(path, InputSettings(text_layer=True)) as scan:
        lines = scan.load(1).lines
    assert lines is not None
    assert [line.raw for line in lines] == [LINES[0].replace("\u00ad", "-"), LINES[1]]
    box = lines[0].reading.words[0].box
    assert box is not None
    assert abs(box.left - 40 * 300 / 72) <= 2
    document = process_file(path, "x", Settings(input=InputSettings(text_layer=True)))
    assert "института ядерных исследований являются" in render(
        document, Layer.READING, Settings().output.kinds
    )


def test_paragraphs_are_found_by_their_places(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    full = "договор подписан в срок и вступил в силу после обмена грамотами"
    layered(path, [full, full, "вчера вечером"])
    document = process_file(path, "x", Settings(input=InputSettings(text_layer=True)))
    assert [line.starts_paragraph for line in document.lines] == [True, False, False]


def test_a_page_without_a_layer_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    layered(path, [])
    with (
        open_scan(path, InputSettings(text_layer=True)) as scan,
        pytest.raises(InputUnreadableError, match="no text layer"),
    ):
        scan.load(1)
