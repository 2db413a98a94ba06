"""Searchable PDF: the scan as it is, the transcript's words over it, wherever it lies."""

from __future__ import annotations

import io
import math
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import img2pdf
import numpy as np
import pikepdf
import pypdfium2
import pytest
from export_samples import HEIGHT, KINDS, WIDTH, draw_scan, line, source, store, telegram
from PIL import Image

from pipeline.config import InputSettings
from pipeline.errors import InputUnreadableError
from pipeline.export import Options, Order, export_results, render
from pipeline.export.pdf_font import block_font
from pipeline.export.pdf_pages import xobjects
from pipeline.model import Box, Document, Layer, Line, Page, Scan, Step
from pipeline.scans import open_scan
from pipeline.transcript import render as transcript


def made(scan: Path, document: Document | None = None, options: Options | None = None) -> bytes:
    here = replace(source(document), scan=scan)
    return render(here, "pdf", options)[".pdf"]


def words(data: bytes) -> list[str]:
    """What PDFium finds, in its order."""
    with pypdfium2.PdfDocument(data) as pdf:
        return " ".join(page.get_textpage().get_text_range() for page in pdf).split()


def wanted(document: Document, layer: Layer = Layer.READING) -> list[str]:
    return transcript(document, layer, KINDS).split()


def one_page(lines: list[str], **scan: object) -> Document:
    page = Page(
        number=1,
        scan=replace(Scan(path="x", width=WIDTH, height=HEIGHT, dpi=150.0), **scan),  # type: ignore[arg-type]
        lines=tuple(line(n, text, opens=True) for n, text in enumerate(lines)),
    )
    return Document(id="one", pages=(page,))


def test_the_transcript_is_found_and_nothing_that_was_dropped(tmp_path: Path) -> None:
    scan = draw_scan(tmp_path / "scan.tif")
    data = made(scan)
    assert words(data) == wanted(telegram())
    assert "~~" not in " ".join(words(data))


@pytest.mark.parametrize(
    ("tool", "command"),
    [
        ("pdftotext", ["pdftotext", "-raw", "-enc", "UTF-8", "{}", "-"]),
        ("mutool", ["mutool", "draw", "-q", "-F", "txt", "{}"]),
    ],
)
def test_two_more_readers_find_the_same(tmp_path: Path, tool: str, command: list[str]) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    path = tmp_path / "a.pdf"
    path.write_bytes(made(draw_scan(tmp_path / "scan.tif")))
    done = subprocess.run([x.format(path) for x in command], capture_output=True, check=True)
    assert done.stdout.decode().split() == wanted(telegram())


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_a_reader_that_arranges_text_anew_keeps_facing_sheets_apart(tmp_path: Path) -> None:
    """Poppler joins lines to paragraphs by their distance, and orders paragraphs by place."""
    rows = [[f"лист{sheet} строка{n} из слов и чисел" for n in range(24)] for sheet in (1, 2)]
    pages = []
    for number, texts in enumerate(rows, start=1):
        moved = [
            _moved(line(n + n // 7 * (number % 2), text, page=number), 1000 * (number - 1))
            for n, text in enumerate(texts)
        ]
        both = Scan(path="x", width=2 * WIDTH, height=HEIGHT, dpi=150.0, sheet=number)
        pages.append(Page(number=number, scan=both, lines=tuple(moved)))
    document = Document(id="facing", pages=tuple(pages))
    scan = tmp_path / "scan.png"
    Image.new("L", (2 * WIDTH, HEIGHT), 230).save(scan)
    path = tmp_path / "a.pdf"
    path.write_bytes(made(scan, document))
    command = ["pdftotext", "-enc", "UTF-8", str(path), "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout.decode().split() == wanted(document)


def _moved(one: Line, right: int) -> Line:
    def box(old: Box | None) -> Box | None:
        return old and replace(old, left=old.left + right, right=old.right + right)

    words = tuple(replace(word, box=box(word.box)) for word in one.reading.words)
    reading = replace(one.reading, words=words)
    return replace(one, box=box(one.box), reading=reading, alternatives=())


def test_qpdf_finds_no_fault(tmp_path: Path) -> None:
    data = made(draw_scan(tmp_path / "scan.tif"))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
    if shutil.which("qpdf") is None:
        pytest.skip("qpdf is not installed; pikepdf's own check passed")
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True)


def test_more_than_150_different_signs(tmp_path: Path) -> None:
    signs = [chr(x) for x in (*range(0x410, 0x450), *range(0x21, 0x7F), *range(0xC0, 0xF0))]
    assert len(signs) > 200
    rows = ["".join(signs[n : n + 9]) for n in range(0, len(signs), 9)]
    rows += ["и\u0306 е\u0301 𝔘 №"]
    document = one_page(rows)
    data = made(draw_scan(tmp_path / "scan.png", 1), document)
    assert words(data) == wanted(document)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        unicode = pdf.pages[0].Resources.Font["/DepeshaText"].ToUnicode.read_bytes()
    blocks = [int(row.split()[0]) for row in unicode.splitlines() if b"beginbfchar" in row]
    assert max(blocks) <= 100
    assert sum(blocks) > 200


def test_the_scans_bytes_are_kept(tmp_path: Path) -> None:
    scan = draw_scan(tmp_path / "scan.jpg", 1, quality=70)
    document = one_page(["одна строка"])
    data = made(scan, document)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        (image,) = xobjects(pdf.pages[0], pikepdf.Name.Image)
        assert image.Filter == pikepdf.Name.DCTDecode
        assert image.read_raw_bytes() == scan.read_bytes()
        assert [float(x) for x in pdf.pages[0].mediabox] == pytest.approx([0, 0, 480, 672])
    assert len(data) < 1.05 * scan.stat().st_size


def test_a_fax_stays_group_4(tmp_path: Path) -> None:
    scan = tmp_path / "fax.tif"
    Image.new("1", (WIDTH, HEIGHT), 1).save(scan, compression="group4", dpi=(150, 150))
    with pikepdf.open(io.BytesIO(made(scan, one_page(["факс"])))) as pdf:
        (image,) = xobjects(pdf.pages[0], pikepdf.Name.Image)
        assert str(image.Filter[0]) == "/CCITTFaxDecode"


@pytest.mark.parametrize("suffix", ["webp", "bmp", "png"])
def test_what_no_pdf_holds_is_put_in_without_loss(tmp_path: Path, suffix: str) -> None:
    scan = tmp_path / f"scan.{suffix}"
    mode = "RGBA" if suffix != "bmp" else "RGB"
    Image.new(mode, (WIDTH, HEIGHT), (250, 240, 230, 255)[: len(mode)]).save(scan)
    document = one_page(["слово"], dpi=None)
    data = made(scan, document)
    assert words(data) == ["слово"]
    with pypdfium2.PdfDocument(data) as pdf:
        assert max(pdf[0].get_size()) == pytest.approx(842, abs=1)
        assert pdf[0].render(scale=0.1).to_pil().getpixel((5, 5)) == (250, 240, 230)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turns_and_mirrors(tmp_path: Path, orientation: int) -> None:
    upright = Image.new("L", (WIDTH, HEIGHT), 255)
    upright.paste(0, (0, 0, 200, 100))  # a mark in the upper left corner
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(turns[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[274] = orientation
    scan = tmp_path / "scan.jpg"
    stored.save(scan, exif=exif, dpi=(150, 150))
    data = made(scan, one_page(["слово"]))
    with pypdfium2.PdfDocument(data) as pdf:
        shown = pdf[0].render(scale=0.5).to_pil().convert("L")
    assert shown.size == (240, 336)
    assert shown.getpixel((10, 10)) < 50
    assert [shown.getpixel(x) for x in ((230, 10), (10, 326), (230, 326))] == [255] * 3


def test_marks_fall_on_the_words(tmp_path: Path) -> None:
    document = one_page(["первое слово", "второе"])
    with pypdfium2.PdfDocument(made(draw_scan(tmp_path / "s.png", 1), document)) as pdf:
        page = pdf[0].get_textpage()
        searcher = page.search("слово")
        start, count = searcher.get_next()
        boxes = [page.get_charbox(start + n) for n in range(count)]
    (_, second) = document.lines[0].reading.words
    assert second.box is not None
    scale = 72 / 150
    found = [min(b[0] for b in boxes), max(b[2] for b in boxes)]
    assert found == pytest.approx([second.box.left * scale, second.box.right * scale], abs=1.0)
    assert min(b[1] for b in boxes) == pytest.approx((HEIGHT - second.box.bottom) * scale, abs=1.0)


def turned(document: Document, degrees: float) -> Document:
    """``document`` on a sheet that was scanned askew: boxes around the words as they lie then."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    across = down = WIDTH / 2

    def around(box: Box) -> Box:
        sides = (box.left - across, box.right - across), (box.top - down, box.bottom - down)
        corners = [(x, y) for x in sides[0] for y in sides[1]]
        xs = [across + x * cosine - y * sine for x, y in corners]
        ys = [down + x * sine + y * cosine for x, y in corners]
        return Box(left=max(0, int(min(xs))), top=max(0, int(min(ys))),
                   right=math.ceil(max(xs)), bottom=math.ceil(max(ys)))  # fmt: skip

    def line_of(one: Line) -> Line:
        some = tuple(replace(w, box=around(w.box) if w.box else None) for w in one.reading.words)
        return replace(
            one,
            reading=replace(one.reading, words=some),
            box=Box.around(w.box for w in some if w.box),
        )

    quarters = round(degrees / 90) * 90
    steps = (
        Step(name="orientation", settings=(("degrees", str(quarters % 360)),)),
        Step(name="deskew", settings=(("degrees", f"{degrees - quarters:.3f}"),)),
    )
    pages = tuple(
        replace(page, lines=tuple(map(line_of, page.lines)), steps=steps) for page in document.pages
    )
    return replace(document, pages=pages)


@pytest.mark.parametrize("degrees", [-5, 3, 8, 15, 90, 180, -90])
def test_askew_and_turned_pages(tmp_path: Path, degrees: float) -> None:
    rows = [f"строка {n} с несколькими словами длины" for n in range(12)]
    document = turned(one_page(rows), degrees)
    assert words(made(draw_scan(tmp_path / "s.png", 1), document)) == wanted(document)


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    """A PDF of one scan with text of an earlier OCR, outline, boxes and a title of its own."""
    scan = draw_scan(tmp_path / "in.jpg", 1, quality=60)
    path = tmp_path / "in.pdf"
    with pikepdf.open(io.BytesIO(img2pdf.convert(scan.read_bytes()))) as pdf:
        page = pdf.pages[0]
        old = b"BT /F 12 Tf 3 Tr 100 500 Td (old text layer) Tj 0 Tr 0 -20 Td (seen) Tj ET"
        page.contents_add(pdf.make_stream(old))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.obj.Resources.Font = pikepdf.Dictionary(F=pdf.make_indirect(font))
        pdf.docinfo["/Title"] = "Свой заголовок"
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Первая", 0))
        pdf.save(path)
    return path


def read_as(path: Path) -> tuple[int, int, float]:
    """Width, height and resolution as our own reader of scans gives them."""
    with open_scan(path, InputSettings()) as opened:
        scan = opened.load(1).scan
    return scan.width or 0, scan.height or 0, scan.dpi or 0.0


def test_an_input_pdf_keeps_what_it_has_but_an_older_text_layer(scanned: Path) -> None:
    width, height, dpi = read_as(scanned)
    document = one_page(["новый слой"], width=width, height=height, dpi=dpi)
    data = made(scanned, document)
    assert words(data) == ["seen", "новый", "слой"]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Свой заголовок"
        assert str(pdf.Root.Lang) == "ru"
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Первая"]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [False, True])
def test_rotated_and_cropped_pages(tmp_path: Path, *, rotate: int, crop: bool) -> None:
    """The text falls on the dark bar wherever the page shows it."""
    pixels = Image.new("L", (600, 800), 255)
    pixels.paste(0, (150, 100, 450, 130))
    scan = tmp_path / "in.pdf"
    pixels.save(scan, "PDF", resolution=72)
    with pikepdf.open(scan, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.Rotate = rotate
        if crop:
            pdf.pages[0].obj.CropBox = pikepdf.Array([60, 40, 590, 760])
        pdf.save(scan)
    with open_scan(scan, InputSettings()) as opened:
        loaded = opened.load(1)
    assert loaded.pixels is not None
    grey = loaded.pixels if loaded.pixels.ndim == 2 else loaded.pixels[:, :, 0]
    ys, xs = np.nonzero(grey < 128)
    ys, xs = np.sort(ys), np.sort(xs)
    box = Box(left=int(xs[0]), top=int(ys[0]), right=int(xs[-1]) + 1, bottom=int(ys[-1]) + 1)
    word = replace(line(0, "слово").reading.words[0], box=box, gap="")
    typed = line(0, "слово")
    typed = replace(typed, reading=replace(typed.reading, words=(word,)), box=box)
    step = Step(name="orientation", settings=(("degrees", str((360 - rotate) % 360)),))
    page = Page(number=1, scan=loaded.scan, lines=(typed,), steps=(step,))
    data = made(scan, Document(id="one", pages=(page,)))
    with pypdfium2.PdfDocument(data) as pdf:
        text = pdf[0].get_textpage()
        boxes = [text.get_charbox(n) for n in range(text.count_chars())]
    assert words(data) == ["слово"]
    found = [f(b[n] for b in boxes) for n, f in enumerate((min, min, max, max))]
    assert found == pytest.approx([150, 670, 450, 700], abs=2.0)


def test_the_diplomatic_layer_keeps_hyphens(tmp_path: Path) -> None:
    data = made(draw_scan(tmp_path / "scan.tif"), options=Options(layer=Layer.DIPLOMATIC))
    found = words(data)
    # PDFium shows a hyphen at a line's end as a sign of its own.
    assert [x.replace("\ufffe", "-") for x in found][:5] == wanted(telegram(), Layer.DIPLOMATIC)[:5]
    assert "подписаны" not in found


def test_facing_sheets_share_a_page(tmp_path: Path) -> None:
    document = telegram()
    left, right = document.pages
    both = tuple(
        replace(page, scan=replace(page.scan, page=1, sheet=n))
        for n, page in enumerate((left, right), start=1)
    )
    document = replace(document, pages=both)
    with pikepdf.open(io.BytesIO(made(draw_scan(tmp_path / "s.png", 1), document))) as pdf:
        assert len(pdf.pages) == 1


def test_what_it_says_of_itself(tmp_path: Path) -> None:
    here = replace(
        source(one_page(["слово"]), title="Рощин\n«Филиппову»", shelfmark="Ф. 1", короб="7"),
        scan=draw_scan(tmp_path / "s.png", 1),
    )
    with pikepdf.open(io.BytesIO(render(here, "pdf")[".pdf"])) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Рощин «Филиппову»"
        assert str(pdf.docinfo["/Depesha-короб"]) == "7"
        with pdf.open_metadata() as xmp:
            assert xmp["xmp:CreatorTool"] == "Depesha 0.1.0"
            assert xmp["dc:identifier"] == "Ф. 1"
            assert "pdfaid:part" not in xmp  # nobody checked it


def test_the_font_is_the_same_each_time() -> None:
    first = block_font()
    block_font.cache_clear()
    assert block_font() == first
    assert len(first) < 3000


def test_a_scan_that_is_gone_is_named_and_texts_are_made(tmp_path: Path) -> None:
    store(tmp_path / "r", telegram(), tmp_path / "gone.tif")
    done = export_results(Order(results=tmp_path / "r", formats=["pdf", "tei", "docx"]))
    assert [(x.document, x.format) for x in done.failed] == [("telegram", "pdf")]
    assert "gone.tif: the scan is gone" in done.failed[0].message
    assert dict(done.made) == {"tei": 1, "docx": 1}


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 nothing", b"\x89PNG\r\n\x1a\nbroken"])
def test_a_damaged_scan_is_named(tmp_path: Path, data: bytes) -> None:
    scan = tmp_path / "bad.png"
    scan.write_bytes(data)
    with pytest.raises(InputUnreadableError, match=r"bad\.png"):
        made(scan)


def test_a_changed_scan_is_made_again(tmp_path: Path) -> None:
    scan = draw_scan(tmp_path / "scan.tif")
    store(tmp_path / "r", telegram(), scan)
    order = Order(results=tmp_path / "r", formats=["pdf"])
    assert export_results(order).made["pdf"] == 1
    assert export_results(order).unchanged["pdf"] == 1
    draw_scan(scan)
    assert export_results(order).made["pdf"] == 1
