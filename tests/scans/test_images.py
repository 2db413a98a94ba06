"""Every image format loads to the tones that went in, upright, with its resolution."""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from samples import encoded, sheet, tiff_pages

from pipeline.config import InputSettings
from pipeline.errors import DepeshaError
from pipeline.pixels import Pixels
from pipeline.scans import LoadedPage, open_scan

SETTINGS = InputSettings()
GREY = sheet()
COLOUR = np.stack([GREY, GREY // 2, 255 - GREY], axis=2)


def load(folder: Path, data: bytes, name: str = "a.png", number: int = 1) -> LoadedPage:
    path = folder / name
    path.write_bytes(data)
    with open_scan(path, SETTINGS) as scan:
        page = scan.load(number)
    assert page.text is None
    assert page.pixels is not None
    assert page.pixels.dtype == np.uint8
    assert (page.scan.height, page.scan.width) == page.pixels.shape[:2]
    assert page.pixels.flags.owndata
    return page


def pixels_of(folder: Path, data: bytes, name: str = "a.png") -> Pixels:
    pixels = load(folder, data, name).pixels
    assert pixels is not None
    return pixels


def tiff_of(tones: NDArray[np.generic], **options: object) -> bytes:
    return encoded(Image.fromarray(tones), "TIFF", **options)


LOSSLESS = [
    ("PNG", {}),
    ("BMP", {}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("TIFF", {"compression": "packbits"}),
    ("TIFF", {"big_tiff": True}),
    ("WEBP", {"lossless": True}),
    ("JPEG2000", {"irreversible": False}),
    ("JPEG2000", {"no_jp2": True}),
]


@pytest.mark.parametrize(("kind", "options"), LOSSLESS)
@pytest.mark.parametrize("tones", [GREY, COLOUR], ids=["grey", "colour"])
def test_lossless_formats_keep_every_tone(
    kind: str, options: dict[str, object], tones: Pixels, tmp_path: Path
) -> None:
    pixels = pixels_of(tmp_path, encoded(Image.fromarray(tones), kind, **options))
    if kind == "WEBP" and tones.ndim == 2:  # it has no grey
        assert (pixels == tones[:, :, None]).all()
    else:
        assert np.array_equal(pixels, tones)


@pytest.mark.parametrize("tones", [GREY, COLOUR], ids=["grey", "colour"])
def test_jpeg_keeps_the_picture(tones: Pixels, tmp_path: Path) -> None:
    image = Image.fromarray(tones).resize((120, 160)).resize((240, 320))
    pixels = pixels_of(tmp_path, encoded(image, "JPEG", quality=95))
    assert pixels.shape == tones.shape
    assert np.abs(pixels.astype(int) - np.asarray(image)).mean() < 5


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_one_bit_is_black_and_white(kind: str, tmp_path: Path) -> None:
    image = Image.fromarray(GREY > 128)
    pixels = pixels_of(tmp_path, encoded(image, kind))
    assert np.array_equal(pixels, np.where(GREY > 128, 255, 0))


@pytest.mark.parametrize("photometric", [0, 1])
def test_group4_fax_is_upright_in_tone(photometric: int, tmp_path: Path) -> None:
    image = Image.fromarray(GREY > 128)
    data = encoded(image, "TIFF", compression="group4", tiffinfo={262: photometric})
    assert np.array_equal(pixels_of(tmp_path, data), np.where(GREY > 128, 255, 0))


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG2000"])
def test_sixteen_bits_are_scaled_down(kind: str, tmp_path: Path) -> None:
    image = Image.fromarray(GREY.astype(np.uint16) * 257)
    assert np.array_equal(pixels_of(tmp_path, encoded(image, kind)), GREY)


def test_sixteen_bits_counted_from_white(tmp_path: Path) -> None:
    data = tiff_of(65_535 - GREY.astype(np.uint16) * 257, tiffinfo={262: 0})
    assert np.array_equal(pixels_of(tmp_path, data), GREY)


@pytest.mark.parametrize("scale", [1 / 255, 1.0, 257.0])
def test_floats_are_taken_by_the_range_they_fill(scale: float, tmp_path: Path) -> None:
    pixels = pixels_of(tmp_path, tiff_of((GREY * scale).astype(np.float32)))
    assert np.array_equal(pixels, GREY)


def test_what_is_not_a_number_is_white(tmp_path: Path) -> None:
    tones = (GREY / 255).astype(np.float32)
    tones[3, 5] = np.nan
    tones[4, 5] = np.inf
    pixels = pixels_of(tmp_path, tiff_of(tones))
    assert pixels[3, 5] == pixels[4, 5] == 255
    assert np.array_equal(pixels[5:], GREY[5:])


def test_wide_integers(tmp_path: Path) -> None:
    assert np.array_equal(pixels_of(tmp_path, tiff_of(GREY.astype(np.int32) * 257)), GREY)


@pytest.mark.parametrize("kind", ["TIFF", "JPEG"])
def test_cmyk_becomes_rgb(kind: str, tmp_path: Path) -> None:
    cyan = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    pixels = pixels_of(tmp_path, encoded(cyan, kind))
    assert pixels.shape == (16, 16, 3)
    assert np.abs(pixels[8, 8].astype(int) - (0, 255, 255)).max() <= 3


def test_a_grey_palette_is_grey_and_a_coloured_one_colour(tmp_path: Path) -> None:
    grey = Image.fromarray(GREY).convert("P")
    assert np.array_equal(pixels_of(tmp_path, encoded(grey, "PNG")), GREY)
    coloured = Image.fromarray(COLOUR).quantize(16)
    pixels = pixels_of(tmp_path, encoded(coloured, "PNG"))
    assert np.array_equal(pixels, np.asarray(coloured.convert("RGB")))


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_alpha_lies_over_white(kind: str, tmp_path: Path) -> None:
    alpha = np.full((*GREY.shape, 4), 0, dtype=np.uint8)
    alpha[:, 120:, 3] = 255
    options = {"lossless": True} if kind == "WEBP" else {}
    pixels = pixels_of(tmp_path, encoded(Image.fromarray(alpha), kind, **options))
    assert (pixels[:, :120] == 255).all()
    assert (pixels[:, 120:] == 0).all()


@pytest.mark.parametrize("mode", ["L", "1", "RGB", "P"])
def test_a_transparent_colour_is_white(mode: str, tmp_path: Path) -> None:
    black = Image.new(mode, (8, 8), 0)
    transparent: object = (0, 0, 0) if mode == "RGB" else 0
    pixels = pixels_of(tmp_path, encoded(black, "PNG", transparency=transparent))
    assert (pixels == 255).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_honoured(orientation: int, kind: str, tmp_path: Path) -> None:
    stored = np.full((32, 48), 255, dtype=np.uint8)
    stored[:16, :16] = 0  # the stored picture's top left
    image = Image.fromarray(stored)
    exif = Image.Exif()
    exif[274] = orientation
    pixels = pixels_of(tmp_path, encoded(image, kind, exif=exif))
    # EXIF 2.32, tag 274: where the stored first row and first column are displayed.
    top, left = {
        1: (True, True), 2: (True, False), 3: (False, False), 4: (False, True),
        5: (True, True), 6: (True, False), 7: (False, False), 8: (False, True),
    }[orientation]  # fmt: skip
    assert pixels.shape[:2] == ((32, 48) if orientation < 5 else (48, 32))
    assert (pixels[4 if top else -4, 4 if left else -4] < 64).all()
    assert (pixels < 128).mean() == pytest.approx(256 / (32 * 48), abs=0.02)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
def test_resolution_is_kept(kind: str, tmp_path: Path) -> None:
    page = load(tmp_path, encoded(Image.fromarray(GREY), kind, dpi=(300, 300)))
    assert page.scan.dpi == pytest.approx(300, abs=0.1)


@pytest.mark.parametrize("dpi", [None, (1, 1)])
def test_resolution_is_unknown_where_the_file_does_not_say(
    dpi: tuple[int, int] | None, tmp_path: Path
) -> None:
    options = {} if dpi is None else {"dpi": dpi}
    assert load(tmp_path, encoded(Image.fromarray(GREY), "TIFF", **options)).scan.dpi is None


def test_pages_of_a_tiff(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(tiff_pages(3))
    with open_scan(path, SETTINGS) as scan:
        assert scan.page_count == 3
        for number in (3, 1, 2):  # in any order
            page = scan.load(number)
            assert (page.number, page.scan.page, page.scan.path) == (number, number, str(path))
            assert page.pixels is not None
            assert np.array_equal(page.pixels, sheet(seed=number - 1))


def test_a_thumbnail_in_a_tiff_is_no_page(tmp_path: Path) -> None:
    data = tiff_pages(3, tiffinfo={254: 0})
    entry = struct.pack("<HHI", 254, 4, 1)  # NewSubfileType, one long
    first, second, third, fourth = data.split(entry)
    path = tmp_path / "a.tif"
    path.write_bytes(entry.join((first, second, b"\x01" + third[1:], fourth)))
    with open_scan(path, SETTINGS) as scan:
        assert scan.page_count == 2
        pixels = scan.load(2).pixels
    assert pixels is not None
    assert np.array_equal(pixels, sheet(seed=2))


def test_a_wrong_suffix_does_not_matter_between_images(tmp_path: Path) -> None:
    data = encoded(Image.fromarray(GREY), "PNG")
    assert np.array_equal(pixels_of(tmp_path, data, "a.jpg"), GREY)
    assert np.array_equal(pixels_of(tmp_path, data, "scan.2024"), GREY)


def test_lab_becomes_rgb(tmp_path: Path) -> None:
    middle_grey = Image.new("LAB", (8, 8), (128, 128, 128))
    pixels = pixels_of(tmp_path, encoded(middle_grey, "TIFF"))
    assert np.abs(pixels.astype(int) - 119).max() <= 3  # L* 50 is 119 in sRGB


def test_a_closed_file_can_be_closed_again(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encoded(Image.fromarray(GREY), "PNG"))
    scan = open_scan(path, SETTINGS)
    scan.close()
    scan.close()


def test_a_damaged_group_4_page_says_so(tmp_path: Path) -> None:
    page = Image.new("1", (400, 600), 1)
    for row in range(20, 580, 14):
        for column in range(30, 370, 9):
            page.paste(0, (column, row, column + 5, row + 8))
    path = tmp_path / "a.tif"
    page.save(path, compression="group4")
    data = bytearray(path.read_bytes())

    def damage() -> str:
        with open_scan(path, InputSettings()) as scan:
            return scan.load(1).damage

    assert damage() == ""
    said = []
    for place in range(len(data) // 4, len(data) // 4 + 40):
        hurt = data.copy()
        hurt[place] ^= 0x10
        path.write_bytes(hurt)
        with suppress(DepeshaError):
            said.append(damage())
    assert any("Fax4Decode" in words for words in said)
