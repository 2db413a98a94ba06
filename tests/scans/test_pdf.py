"""PDF pages: the scan as it is stored where the page is one, else a rendering."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from samples import encoded, pdf_image, pdf_page, pdf_stream, scanned_pdf, sheet

from pipeline.config import InputSettings
from pipeline.errors import InputUnreadableError
from pipeline.pixels import Pixels
from pipeline.scans import LoadedPage, open_scan

SETTINGS = InputSettings(pdf_dpi=144)
GREY = sheet()  # 240 x 320 pixels on 60 x 80 points: 288 dots per inch
COLOUR = np.stack([GREY, GREY // 2, 255 - GREY], axis=2)
FULL = b"60 0 0 80 0 0 cm /I Do"


def load(folder: Path, data: bytes, number: int = 1) -> LoadedPage:
    path = folder / "a.pdf"
    path.write_bytes(data)
    with open_scan(path, SETTINGS) as scan:
        return scan.load(number)


def pixels_of(page: LoadedPage) -> Pixels:
    assert page.pixels is not None
    assert page.pixels.dtype == np.uint8
    assert (page.scan.height, page.scan.width) == page.pixels.shape[:2]
    return page.pixels


def as_grey(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else pixels[:, :, 0]


@pytest.mark.parametrize("tones", [GREY, COLOUR], ids=["grey", "colour"])
def test_a_scan_comes_out_as_it_is_stored(tones: Pixels, tmp_path: Path) -> None:
    page = load(tmp_path, scanned_pdf(tones))
    assert np.array_equal(pixels_of(page), tones)
    assert page.scan.dpi == pytest.approx(288)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_page_turned_by_its_entry(rotation: int, tmp_path: Path) -> None:
    page = load(tmp_path, scanned_pdf(GREY, page=b"/Rotate %d" % rotation))
    assert np.array_equal(pixels_of(page), np.rot90(GREY, -rotation // 90))


@pytest.mark.parametrize(
    ("matrix", "shown"),
    [
        (b"60 0 0 80 0 0", GREY),
        (b"-60 0 0 80 60 0", GREY[:, ::-1]),
        (b"60 0 0 -80 0 80", GREY[::-1]),
        (b"-60 0 0 -80 60 80", GREY[::-1, ::-1]),
    ],
    ids=["upright", "mirrored", "upside down", "turned by 180"],
)
@pytest.mark.parametrize("rotation", [0, 90])
def test_an_image_turned_by_its_matrix(
    matrix: bytes, shown: Pixels, rotation: int, tmp_path: Path
) -> None:
    data = pdf_page(matrix + b" cm /I Do", {"I": pdf_image(GREY)}, page=b"/Rotate %d" % rotation)
    assert np.array_equal(pixels_of(load(tmp_path, data)), np.rot90(shown, -rotation // 90))


@pytest.mark.parametrize(("matrix", "turns"), [(b"0 60 -80 0 80 0", 1), (b"0 -60 80 0 0 60", -1)])
def test_a_landscape_sheet_scanned_upright(matrix: bytes, turns: int, tmp_path: Path) -> None:
    data = pdf_page(matrix + b" cm /I Do", {"I": pdf_image(GREY)}, box=(80, 60))
    assert np.array_equal(pixels_of(load(tmp_path, data)), np.rot90(GREY, turns))


@pytest.mark.parametrize("decode", [b"", b"/Decode [1 0]"], ids=["plain", "inverted"])
def test_one_bit_scans(decode: bytes, tmp_path: Path) -> None:
    stored = GREY if not decode else 255 - GREY
    data = pdf_page(FULL, {"I": pdf_image(stored, decode, bits=1)})
    pixels = as_grey(pixels_of(load(tmp_path, data)))
    assert np.array_equal(pixels > 127, GREY > 127)


@pytest.mark.parametrize("decode", [b"", b"/Decode [1 0]"], ids=["zeros paint", "ones paint"])
def test_a_stencil_is_black_on_white(decode: bytes, tmp_path: Path) -> None:
    ink = GREY < 128
    bits = ink if decode else ~ink
    image = pdf_stream(
        b"/Type /XObject /Subtype /Image /ImageMask true /Width 240 /Height 320"
        b" /BitsPerComponent 1 " + decode,
        np.packbits(bits, axis=1).tobytes(),
    )
    pixels = as_grey(pixels_of(load(tmp_path, pdf_page(b"0 g " + FULL, {"I": image}))))
    assert abs(pixels.shape[0] - 320) <= 1
    near = np.asarray(Image.fromarray(pixels).resize((240, 320)))
    assert ((near < 128) == ink).mean() > 0.99


def test_a_soft_mask_is_seen(tmp_path: Path) -> None:
    black, mask = np.zeros_like(GREY), 255 - GREY
    images = {"I": pdf_image(black, b"/SMask 7 0 R"), "Mask": pdf_image(mask)}
    page = load(tmp_path, pdf_page(FULL, images))
    pixels = as_grey(pixels_of(page))
    assert page.scan.dpi == pytest.approx(288)
    assert (
        np.abs(np.asarray(Image.fromarray(pixels).resize((240, 320))).astype(int) - GREY).mean() < 8
    )


def test_a_mask_over_a_small_part_is_seen(tmp_path: Path) -> None:
    stored, mask = GREY.copy(), np.full_like(GREY, 255)
    stored[280:310, 180:230] = 0  # hidden: 2 % of the page
    mask[280:310, 180:230] = 0
    images = {"I": pdf_image(stored, b"/SMask 7 0 R"), "Mask": pdf_image(mask)}
    pixels = as_grey(pixels_of(load(tmp_path, pdf_page(FULL, images))))
    assert (pixels[285:305, 185:225] > 250).all()


def test_an_invisible_text_layer_leaves_the_scan_alone(tmp_path: Path) -> None:
    content = FULL.replace(b"60 0", b"q 60 0", 1) + b" Q BT /F 12 Tf 3 Tr 5 40 Td (text) Tj ET"
    pixels = pixels_of(load(tmp_path, pdf_page(content, {"I": pdf_image(GREY)})))
    assert np.array_equal(pixels, GREY)


@pytest.mark.parametrize(
    "content",
    [
        b"q " + FULL + b" Q BT /F 12 Tf 5 40 Td (text) Tj ET",
        b"q " + FULL + b" Q 1 0 0 rg 0 0 30 30 re f",
        b"q 30 0 0 40 0 0 cm /I Do Q",
        b"q 120 0 0 160 -60 -80 cm /I Do Q",
        b"BT /F 12 Tf 5 40 Td (text) Tj ET",
    ],
    ids=["visible text", "a drawing on it", "a small image", "a part of an image", "only text"],
)
def test_other_pages_are_rendered(content: bytes, tmp_path: Path) -> None:
    page = load(tmp_path, pdf_page(content, {"I": pdf_image(GREY)}))
    assert pixels_of(page).shape == (160, 120, 3)
    assert page.scan.dpi == 144
    assert (pixels_of(page) < 128).any()


def test_a_scan_with_oblong_pixels_is_rendered_with_square_ones(tmp_path: Path) -> None:
    fax = GREY[::2]
    page = load(tmp_path, pdf_page(FULL, {"I": pdf_image(fax)}))
    assert pixels_of(page).shape[:2] == (320, 240)


def test_a_tilted_scan_is_rendered_at_its_resolution(tmp_path: Path) -> None:
    content = b"59.9 1 -1 79.9 0.5 0 cm /I Do"
    page = load(tmp_path, pdf_page(content, {"I": pdf_image(GREY)}))
    assert abs(pixels_of(page).shape[0] - 320) <= 3


def test_a_mark_laid_on_a_scan_is_seen(tmp_path: Path) -> None:
    square = b"/Annots [<< /Type /Annot /Subtype /Square /Rect [10 10 50 30] /IC [1 0 0] >>]"
    page = load(tmp_path, scanned_pdf(GREY, page=square))
    pixels = pixels_of(page)
    assert pixels.shape == (320, 240, 3)
    assert (pixels[240, 120] == (255, 0, 0)).all()


def test_nothing_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    load(tmp_path, scanned_pdf(GREY))
    load(tmp_path, pdf_page(b""))
    assert caplog.records == []


def test_a_blank_page_is_white(tmp_path: Path) -> None:
    assert (pixels_of(load(tmp_path, pdf_page(b""))) == 255).all()


def test_pdfs_that_pillow_writes(tmp_path: Path) -> None:
    pages = [Image.fromarray(sheet(seed=seed)).convert("1") for seed in range(2)]
    data = encoded(pages[0], "PDF", save_all=True, append_images=pages[1:], resolution=300)
    for number, image in enumerate(pages, start=1):  # CCITT group 4
        page = load(tmp_path, data, number)
        assert np.array_equal(as_grey(pixels_of(page)) > 127, np.asarray(image))
        assert page.scan.dpi == pytest.approx(300, abs=0.1)


def test_a_jpeg_in_a_pdf(tmp_path: Path) -> None:
    image = Image.fromarray(GREY)
    data = encoded(image, "PDF", resolution=300, quality=95)
    pixels = as_grey(pixels_of(load(tmp_path, data)))
    assert pixels.shape == GREY.shape
    assert np.abs(pixels.astype(int) - GREY).mean() < 5


STRIPS = b"q 480 0 0 320 0 320 cm /A Do Q q 480 0 0 320 0 0 cm /B Do Q"


def strips(shown: bytes = b"", *, times: int = 1) -> bytes:
    """A page of two strips, one dot a point, ``times`` as large."""
    a, b = (np.kron(GREY, np.ones((times, 2 * times), np.uint8))[: 320 * times] for _ in "ab")
    content = STRIPS.replace(b"480", b"%d" % (480 * times)).replace(b"320", b"%d" % (320 * times))
    images = {"A": pdf_image(a), "B": pdf_image(b)}
    box = (480 * times, 640 * times)
    return pdf_page(content + shown, images, box=box)


def test_a_scan_in_strips_is_drawn_at_its_own_resolution(tmp_path: Path) -> None:
    page = load(tmp_path, strips())
    assert page.scan.dpi == 72
    assert pixels_of(page).shape[:2] == (640, 480)


def test_a_line_of_type_over_a_sheet_of_no_usual_size_changes_nothing(tmp_path: Path) -> None:
    page = load(tmp_path, strips(b" BT /F 20 Tf 9 9 Td (stamp) Tj ET", times=3))
    assert (page.scan.dpi, pixels_of(page).shape[:2]) == (72, (1920, 1440))


def test_type_over_a_usual_sheet_is_drawn_as_fine_as_the_settings_say(tmp_path: Path) -> None:
    page = load(tmp_path, strips(b" BT /F 20 Tf 9 9 Td (type) Tj ET"))
    assert page.scan.dpi == SETTINGS.pdf_dpi


@pytest.mark.parametrize("behind", [b"<!-- served in 0.2 s -->" * 100, b"\0" * 5000])
def test_what_a_server_wrote_behind_the_end_is_no_damage(behind: bytes, tmp_path: Path) -> None:
    assert np.array_equal(pixels_of(load(tmp_path, scanned_pdf(GREY) + behind)), GREY)


def test_objects_behind_the_last_end_mark_are_a_lost_end(tmp_path: Path) -> None:
    later = b"7 0 obj\n<< /Producer (x) >>\nendobj\n" + b" " * 3000 + b"8 0 obj <<"
    with pytest.raises(InputUnreadableError, match="end mark"):
        load(tmp_path, scanned_pdf(GREY) + later)
