"""Many documents: names, resuming, records, failures that stay alone, one file."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from export_samples import draw_scan, raw_text, source, store, telegram

from pipeline.cli import main
from pipeline.errors import ExitCode, InputUnreadableError, ResultError, UsageError
from pipeline.export import Options, Order, export_one_file, export_results, load_metadata
from pipeline.formats import read_document
from pipeline.model import LineKind
from pipeline.scans import file_hash
from pipeline.store import DOCUMENT_FILE, ERROR_FILE

ODD = "Фонд 1/Дело \"2\"/лист\n'3'"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    store(folder, telegram())
    store(folder, replace(telegram(), id=ODD))
    store(folder, raw_text())
    return folder


def made(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def test_files_are_named_as_the_results(results: Path) -> None:
    done = export_results(Order(results=results, formats=["alto", "csv"]))
    assert done.exit_code == ExitCode.OK
    assert made(results / "export") == sorted(
        [f"alto/{name}.alto.xml" for name in ("telegram", "raw", ODD)]
        + [f"csv/{x}.{kind}.csv" for x in ("telegram", "raw", ODD) for kind in ("fields", "lines")]
        + ["exports.jsonl"]
    )


def test_what_stands_is_not_made_again_and_what_changed_is(results: Path) -> None:
    order = Order(results=results, formats=["alto", "txt"])
    export_results(order)
    again = export_results(order)
    assert (again.made.total(), again.unchanged.total()) == (0, 6)
    (results / "export" / "txt" / "raw.txt").write_text("cut")
    document = results / "telegram" / DOCUMENT_FILE
    os.utime(document, ns=(1, 1))
    third = export_results(order)
    assert dict(third.made) == {"txt": 2, "alto": 1}
    other = export_results(replace(order, options=Options(kinds=(LineKind.BODY,))))
    assert other.unchanged.total() == 0
    forced = export_results(replace(order, force=True))
    assert forced.made.total() == 6


def test_a_record_that_was_cut_off_costs_only_its_last_row(results: Path) -> None:
    order = Order(results=results, formats=["txt"])
    export_results(order)
    record = results / "export" / "exports.jsonl"
    rows = record.read_bytes()
    record.write_bytes(rows[:-40])
    again = export_results(order)
    assert (again.made["txt"], again.unchanged["txt"]) == (1, 2)
    found = [json.loads(row) for row in record.read_text().splitlines()]
    assert sum("document" in row for row in found) == 3
    assert found[0]["values"]["text_kinds"] == "addressee,heading,body,signature"


def test_a_damaged_document_costs_only_itself(results: Path) -> None:
    (results / "raw" / DOCUMENT_FILE).write_text("{")
    done = export_results(Order(results=results, formats=["txt"]))
    assert done.exit_code == ExitCode.SOME_FAILED
    assert [(x.document, x.code) for x in done.failed] == [("raw", ExitCode.RESULT)]
    assert done.made["txt"] == 2


def test_a_document_whose_run_failed_is_counted(results: Path) -> None:
    (results / "raw" / DOCUMENT_FILE).rename(results / "raw" / ERROR_FILE)
    done = export_results(Order(results=results, formats=["txt"]))
    assert (done.not_read, done.exit_code) == (["raw"], ExitCode.SOME_FAILED)


def test_text_has_no_place_in_formats_that_show_scans(results: Path) -> None:
    done = export_results(Order(results=results, formats=["hocr"]))
    assert (done.made["hocr"], done.without_scan["hocr"], done.exit_code) == (2, 1, ExitCode.OK)


def test_a_folder_that_cannot_be_written_names_the_documents(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fdopen

    def full(handle: int, mode: str) -> object:
        stream = real(handle, mode)
        stream.write = _no_space  # type: ignore[method-assign]
        return stream

    monkeypatch.setattr("pipeline.store.files.os.fdopen", full)
    done = export_results(Order(results=results, formats=["txt"]))
    named = [x for x in done.failed if x.document]
    assert sorted(x.document for x in named) == sorted([ODD, "raw", "telegram"])
    assert all("No space left" in x.message for x in named)
    assert not list((results / "export").rglob("*.tmp"))


def _no_space(data: object) -> int:
    raise OSError(28, "No space left on device")


def test_one_file_for_all(results: Path) -> None:
    done = export_one_file(Order(results=results, formats=["txt", "csv", "jsonl", "hocr", "md"]))
    assert done.exit_code == ExitCode.OK
    out = results / "export"
    assert "documents.lines.csv" in made(out)
    text = (out / "documents.txt").read_text()
    assert text.count("=== ") == 3
    rows = (out / "documents.lines.csv").read_text("utf-8-sig").splitlines()
    assert sum(row.startswith("document,") for row in rows) == 1
    hocr = (out / "documents.hocr").read_text()
    assert hocr.count("ocr_page") == 5
    ids = re.findall(r' id="([^"]+)"', hocr)
    assert len(ids) == len(set(ids))
    with pytest.raises(UsageError, match="page has one page a file by its standard"):
        export_one_file(Order(results=results, formats=["page"]))


def test_one_alto_for_all_is_read_as_so_many_pages(results: Path) -> None:
    done = export_one_file(Order(results=results, formats=["alto"]))
    assert (done.exit_code, dict(done.made)) == (ExitCode.OK, {"alto": 1})
    path = results / "export" / "documents.alto.xml"
    text = path.read_text()
    assert text.count("<Processing ") == 3
    ids = re.findall(r' ID="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    told = {name for names in re.findall(r'REFS="([^"]+)"', text) for name in names.split()}
    assert told <= set(ids)
    alone = export_results(Order(results=results, formats=["alto"]))
    assert alone.made["alto"] == 3
    single = (results / "export" / "alto" / f"{name}.alto.xml" for name in ("raw", "telegram", ODD))
    pages = [page for file in single for page in read_document(file, ResultError).pages]
    together = read_document(path, ResultError).pages
    assert [[line.raw for line in page.lines] for page in together] == [
        [line.raw for line in page.lines] for page in pages
    ]
    assert [page.scan.width for page in together] == [page.scan.width for page in pages]


def test_one_word_file_for_all(results: Path) -> None:
    word = pytest.importorskip("docx")
    (results / "raw" / DOCUMENT_FILE).write_text("{")
    done = export_one_file(Order(results=results, formats=["docx"]))
    assert [x.document for x in done.failed] == ["raw"]
    made = word.Document(str(results / "export" / "documents.docx"))
    titles = [x.text for x in made.paragraphs if x.style.name == "Heading 1"]
    assert titles == ["telegram", ODD.replace("\n", " ")]
    texts = [x.text.strip() for x in made.paragraphs]
    assert texts.count("РОЩИН") == 2
    assert len(list(made.comments)) == 4


def test_one_pdf_for_all_has_an_outline(results: Path, tmp_path: Path) -> None:
    pikepdf = pytest.importorskip("pikepdf")
    for number, name in enumerate(("telegram", ODD)):
        scan = draw_scan(tmp_path / f"{number}.tif")
        store(results, replace(telegram(), id=name), scan)
    store(results, replace(telegram(), id="gone"), tmp_path / "gone.tif")
    done = export_one_file(Order(results=results, formats=["pdf"]))
    assert [(x.document, x.code) for x in done.failed] == [("gone", ExitCode.INPUT_MISSING)]
    assert done.without_scan["pdf"] == 1
    path = results / "export" / "documents.pdf"
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 4
        assert pdf.check_pdf_syntax() == []
        with pdf.open_outline() as outline:
            titles = [entry.title for entry in outline.root]
        assert titles == ["telegram", ODD.replace("\n", " ")]
    with pypdfium2.PdfDocument(path) as shown:
        words = " ".join(page.get_textpage().get_text_range() for page in shown).split()
    assert words.count("РОЩИН") == 2
    assert made(results / "export") == ["documents.pdf"]


def test_many_parts_become_one_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pikepdf = pytest.importorskip("pikepdf")
    from pipeline.export import pdf as module  # noqa: PLC0415  needs pikepdf

    monkeypatch.setattr(module, "_AT_ONCE", 2)
    scan = draw_scan(tmp_path / "scan.tif")
    out = tmp_path / "out"
    out.mkdir()
    together = module.Together(out, Options())
    for number in range(5):
        together.add(replace(source(telegram(), title=f"№ {number}"), scan=scan))
    (file,) = together.finish().values()
    file.place(out / "whole.pdf")
    together.drop()
    assert [path.name for path in out.iterdir()] == ["whole.pdf"]
    with pikepdf.open(out / "whole.pdf") as pdf:
        assert len(pdf.pages) == 10
        with pdf.open_outline() as outline:
            pages = [pikepdf.Page(entry.destination[0]).index for entry in outline.root]
    assert pages == [0, 2, 4, 6, 8]


def test_scans_that_moved_are_found_by_the_ends_of_their_paths(tmp_path: Path) -> None:
    pytest.importorskip("pikepdf")
    old, new = tmp_path / "old" / "фонд" / "1.tif", tmp_path / "new" / "фонд" / "1.tif"
    for path in (old, new):
        path.parent.mkdir(parents=True)
    scan = draw_scan(old)
    results = tmp_path / "results"
    store(results, telegram(), scan, digest=file_hash(scan))
    old.rename(new)
    order = Order(results=results, formats=["pdf"])
    (gone,) = export_results(order).failed
    assert gone.code == ExitCode.INPUT_MISSING
    assert "--scans" in gone.message
    moved = replace(order, scans=tmp_path / "new")
    assert export_results(moved).made["pdf"] == 1
    assert export_results(moved).unchanged["pdf"] == 1
    draw_scan(new, 1)
    (other,) = export_results(moved).failed
    assert "is not the scan that was read" in other.message
    new.unlink()
    (nowhere,) = export_results(moved).failed
    assert "an end of this path" in nowhere.message
    assert main(["export", str(results), "--scans", str(tmp_path / "none")]) == (
        ExitCode.INPUT_MISSING
    )


def test_metadata_find_their_documents(tmp_path: Path, results: Path) -> None:
    table = tmp_path / "known.csv"
    table.write_text(
        "Путь;Шифр;Title;Короб\ntelegram;Ф. 1;О встрече;7\nнет.tif;;x;\n", encoding="utf-8-sig"
    )
    known = load_metadata(table)
    assert known.columns == ("shelfmark", "title", "короб")
    done = export_results(Order(results=results, formats=["alto"], metadata=table))
    assert done.unused == ("нет.tif",)
    data = (results / "export" / "alto" / "telegram.alto.xml").read_text()
    assert "Ф. 1" in data
    assert "metadata.короб=7" in data


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "no column `path`"),
        ("path,x,x\na,1,2\n", "two columns `x`"),
        ("path,x\na,1,2\n", "row 2 has 3 cells"),
        ("path,x\na,1\na,2\n", "row 3: `a` stands there twice"),
        ("path,x\n,1\n", "row 2 has no path"),
        ('path,x\n"a,1\n', "row"),
        (b"path,x\n\xff\xfe\n", "not UTF-8"),
    ],
)
def test_a_bad_table_is_named_with_its_row(tmp_path: Path, text: str | bytes, words: str) -> None:
    path = tmp_path / "known.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputUnreadableError, match=words) as caught:
        load_metadata(path)
    assert "known.csv" in str(caught.value)


def test_the_command(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(results), "--to", "txt,csv", "--jobs", "1"]) == 0
    assert "txt: 3 files" in capsys.readouterr().out
    assert main(["export", str(results), "--to", "xyz"]) == ExitCode.USAGE
    assert "there is no format `xyz`" in capsys.readouterr().err
    assert main(["export", str(results / "nothing")]) == ExitCode.INPUT_MISSING
    assert main(["export", str(results), "--to", "hocr", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["formats"]["hocr"]["files"] == 2


def test_a_run_exports_what_it_read(read_text: Any, tmp_path: Path) -> None:
    assert (read_text.out / "export" / "md" / "альфа.md").is_file()
    assert (read_text.out / "export" / "alto" / "альфа.alto.xml").is_file()
    bad = ["run", str(read_text.scans), "--out", str(tmp_path / "b"), "--export", "nothing"]
    assert main(bad) == ExitCode.USAGE
    assert not (tmp_path / "b").exists()
