"""Searchable PDF of a group of images, and of a part of a volume: the pages it is made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import img2pdf
import pypdfium2
import pytest
from export_samples import HEIGHT, WIDTH, draw_scan, line, source

from pipeline.export import Source, render
from pipeline.model import Document, Page, Scan


def page(number: int, text: str, scan: Path, of_file: int) -> Page:
    at = Scan(path=str(scan), page=of_file, width=WIDTH, height=HEIGHT, dpi=150.0)
    return Page(number=number, scan=at, lines=(line(1, text, page=number, opens=True),))


def words(of: Source) -> list[list[str]]:
    """The words of each page, as PDFium finds them."""
    with pypdfium2.PdfDocument(render(of, "pdf")[".pdf"]) as pdf:
        return [page.get_textpage().get_text_range().split() for page in pdf]


def test_a_group_has_the_pages_of_its_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "Дело 1").mkdir()
    scans = [draw_scan(tmp_path / "Дело 1" / name, 1) for name in ("b.png", "a.jpg")]
    pages = tuple(page(n, f"лист{n}", scan, 1) for n, scan in enumerate(scans, start=1))
    of = replace(source(Document(id="g", pages=pages)), scan=tmp_path / "Дело 1")
    assert words(of) == [["лист1"], ["лист2"]]


@pytest.mark.parametrize("name", ["volume.pdf", "volume.tif"])
def test_a_part_has_its_own_pages_alone(tmp_path: Path, name: str) -> None:
    scan = draw_scan(tmp_path / "volume.tif", 3)
    if name.endswith(".pdf"):
        scan.with_suffix(".pdf").write_bytes(img2pdf.convert(scan.read_bytes()))
    scan = tmp_path / name
    pages = (page(2, "второй", scan, 2), page(3, "третий", scan, 3))
    of = replace(source(Document(id="v/part-0002", pages=pages)), scan=scan)
    assert words(replace(of, run=replace(of.run, part_of="v"))) == [["второй"], ["третий"]]
    assert words(of) == [[], ["второй"], ["третий"]]
