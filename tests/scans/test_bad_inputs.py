"""Every bad input gives our error, its file and its cause, and no warning or noise."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from samples import (
    BAD_INPUTS,
    PDF_PASSWORD,
    cut,
    encoded,
    encrypted_pdf,
    pdf_page,
    pdf_stream,
    sheet,
    tiff_pages,
    write_bad_inputs,
)

from pipeline.config import InputSettings
from pipeline.errors import (
    DepeshaError,
    InputMissingError,
    InputTooLargeError,
    InputUnreadableError,
)
from pipeline.scans import Found, file_hash, open_scan, survey

SETTINGS = InputSettings()


def load_everything(path: Path) -> None:
    for item in survey([path], SETTINGS):
        if isinstance(item, DepeshaError):
            raise item
        assert isinstance(item, Found)
        with open_scan(item.path, SETTINGS) as scan:
            for number in range(1, scan.page_count + 1):
                scan.load(number)


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_a_bad_input_names_its_file_and_cause(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bad = BAD_INPUTS[name]
    path = tmp_path / name
    bad.write(path)
    with pytest.raises(DepeshaError) as caught:
        load_everything(path)
    assert type(caught.value) is bad.error
    assert caught.value.exit_code is bad.exit_code
    assert str(caught.value).startswith(f"{path}: ")
    for word in bad.words:
        assert word in caught.value.message
    assert capfd.readouterr() == ("", "")


def test_what_a_folder_finds_is_what_is_not_only_named(tmp_path: Path) -> None:
    written = write_bad_inputs(tmp_path)
    items = list(survey([tmp_path], SETTINGS))
    files = {item.path for item in items if isinstance(item, Found)}
    assert files == {path for path, bad in written.items() if not bad.named}
    (error,) = (item for item in items if isinstance(item, DepeshaError))
    assert error.subject == str(tmp_path / "dead-link.tif")


def test_a_folder_named_like_an_image_is_no_image(tmp_path: Path) -> None:
    (tmp_path / "x.png").mkdir()
    with pytest.raises(InputUnreadableError, match="folder"):
        open_scan(tmp_path / "x.png", SETTINGS)


def test_a_missing_file_cannot_be_opened_or_hashed(tmp_path: Path) -> None:
    with pytest.raises(InputMissingError):
        open_scan(tmp_path / "x.png", SETTINGS)
    with pytest.raises(InputMissingError):
        file_hash(tmp_path / "x.png")


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "group4"])
def test_a_tiff_cut_in_its_third_page_loses_that_page_alone(
    compression: str | None, tmp_path: Path
) -> None:
    pages = [Image.fromarray(sheet(seed=seed)) for seed in range(3)]
    if compression == "group4":
        pages = [page.convert("1") for page in pages]
    whole = encoded(
        pages[0], "TIFF", save_all=True, append_images=pages[1:], compression=compression
    )
    two = encoded(
        pages[0], "TIFF", save_all=True, append_images=pages[1:2], compression=compression
    )
    path = tmp_path / "a.tif"
    for keep in ((len(two) + len(whole)) // 2, len(two) + 12):
        path.write_bytes(whole[:keep])
        with open_scan(path, SETTINGS) as scan:
            assert scan.page_count == 3
            with pytest.raises(InputUnreadableError, match="page 3 is truncated or damaged"):
                scan.load(3)
            for number in (1, 2):
                assert scan.load(number).scan.page == number


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "jpeg"}),
        ("WEBP", {"lossless": True}),
        ("JPEG2000", {}),
        ("BMP", {}),
    ],
)
@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.8, 0.97])
def test_no_cut_gives_a_half_empty_page(
    kind: str, options: dict[str, object], share: float, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(cut(encoded(Image.fromarray(sheet()), kind, **options), share))
    with pytest.raises(InputUnreadableError):
        load_everything(path)


def test_the_size_is_checked_per_page(tmp_path: Path) -> None:
    small, large = Image.fromarray(sheet()), Image.new("1", (2000, 2000))
    path = tmp_path / "a.tif"
    path.write_bytes(encoded(small, "TIFF", save_all=True, append_images=[large]))
    with open_scan(path, InputSettings(max_pixels=1_000_000)) as scan:
        assert scan.load(1).pixels is not None
        with pytest.raises(InputTooLargeError, match="page 2 is too large: 2,000 x 2,000"):
            scan.load(2)


def test_an_image_over_pillows_limit_and_under_ours_loads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    for name, data in (
        ("a.png", encoded(Image.fromarray(sheet()), "PNG")),
        ("a.jpg", encoded(Image.fromarray(sheet()), "JPEG")),
    ):
        (tmp_path / name).write_bytes(data)
        load_everything(tmp_path / name)
    assert Image.MAX_IMAGE_PIXELS == 1000


def test_the_password_fixture_is_a_true_encrypted_pdf() -> None:
    with pypdfium2.PdfDocument(encrypted_pdf(), password=PDF_PASSWORD.decode()) as document:
        assert len(document) == 1


def test_a_pdf_whose_jpeg_is_cut_is_an_error(tmp_path: Path) -> None:
    jpeg = cut(encoded(Image.fromarray(sheet()), "JPEG"))
    image = pdf_stream(
        b"/Type /XObject /Subtype /Image /Width 240 /Height 320 /ColorSpace /DeviceGray"
        b" /BitsPerComponent 8 /Filter /DCTDecode",
        jpeg,
    )
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_page(b"60 0 0 80 0 0 cm /I Do", {"I": image}))
    with pytest.raises(InputUnreadableError, match="page 1 is truncated"):
        load_everything(path)


def test_a_pdf_page_too_large_to_render_is_refused_before(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_page(b"0 0 10 10 re f", box=(14_000, 14_000)))
    with open_scan(path, SETTINGS) as scan, pytest.raises(InputTooLargeError, match="58,333"):
        scan.load(1)


@pytest.mark.parametrize("number", [0, -1, 4])
def test_a_page_that_is_not_there(number: int, tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(tiff_pages(3))
    with open_scan(path, SETTINGS) as scan, pytest.raises(InputUnreadableError, match="no page"):
        scan.load(number)


def with_compression(number: int) -> bytes:
    """A whole TIFF that says it is compressed in the way ``number`` (tag 259)."""
    entry = struct.pack("<HHIHH", 259, 3, 1, 8, 0)
    data = encoded(Image.fromarray(sheet()), "TIFF", compression="tiff_adobe_deflate")
    assert data.count(entry) == 1
    return data.replace(entry, struct.pack("<HHIHH", 259, 3, 1, number, 0))


@pytest.mark.parametrize(
    ("number", "name"),
    [(6, "old-style JPEG"), (34712, "JPEG 2000"), (34887, "LERC"), (50001, "WebP")],
)
def test_a_compression_that_is_not_read_is_no_damage(
    number: int, name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "whole.tif"
    path.write_bytes(with_compression(number))
    with pytest.raises(InputUnreadableError, match=rf"\({number}, {name}\) is not supported"):
        load_everything(path)
    assert capfd.readouterr().err == ""


def test_a_mask_is_no_page(tmp_path: Path) -> None:
    kind = struct.pack("<HHII", 254, 4, 1, 4)
    first = Image.fromarray(sheet())
    mask = Image.fromarray(sheet(seed=2))
    stream = io.BytesIO()
    mask.encoderinfo = {"tiffinfo": {254: 4}}
    first.save(stream, "TIFF", save_all=True, append_images=[mask])
    assert kind in stream.getvalue()
    path = tmp_path / "masked.tif"
    path.write_bytes(stream.getvalue())
    with open_scan(path, SETTINGS) as scan:
        assert scan.page_count == 1
