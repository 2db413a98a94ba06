"""Keyed pages misread on purpose."""

from __future__ import annotations

from pathlib import Path

from rapidfuzz.distance import Levenshtein

from pipeline.training.misread_pages import garbled, keyed_ids, pages_read


def folder(tmp_path: Path) -> Path:
    train = tmp_path / "typed-pages" / "train"
    train.mkdir(parents=True)
    (tmp_path / "raw-ocr").mkdir()
    (tmp_path / "raw-ocr" / "k01p1.adobe-raw.txt").write_text("уже есть\n", "utf-8")
    for name in ("k01p1", "k01p2", "b02", "b03"):
        rows = "B\tСообщаем о положении дел в районе станции.\nW\tот руки\n" * 20
        (train / f"{name}.gt.tsv").write_text(rows, "utf-8")
    return tmp_path


def test_no_page_of_a_document_with_raw_text(tmp_path: Path) -> None:
    assert sorted(keyed_ids(folder(tmp_path))) == ["b02", "b03"]


def test_more_is_garbled_at_a_higher_rate_and_the_same_each_time(tmp_path: Path) -> None:
    real = folder(tmp_path)
    shares = {("о", "а"): 0.1, ("п", "л"): 0.1, ("JI", "л"): 0.1, ("a", "а"): 0.2}
    pages = list(garbled(real, shares))
    low, high = (Levenshtein.normalized_distance(x.read, x.true) for x in pages)
    assert 0 < low < high < 0.3
    assert [page.read for page in garbled(real, shares)] == [page.read for page in pages]
    assert "от руки" not in pages[0].true


def test_texts_are_laid_beside_their_truth(tmp_path: Path) -> None:
    real = folder(tmp_path)
    small = tmp_path / "small"
    small.mkdir()
    (small / "b02.small.txt").write_text("Сообщаем о полож:ении\n", "utf-8")
    (page,) = pages_read(real, small)
    assert page.document == "b02" and page.true.startswith("Сообщаем о положении")
