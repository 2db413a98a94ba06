"""Many documents: names, resuming, records, failures that stay alone, one file."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from export_samples import raw_text, store, telegram

from pipeline.cli import main
from pipeline.errors import ExitCode, InputUnreadableError, UsageError
from pipeline.export import Options, Order, export_one_file, export_results, load_metadata
from pipeline.model import LineKind
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
    assert (out / "documents.hocr").read_text().count("ocr_page") == 5
    with pytest.raises(UsageError, match="page holds one document a file"):
        export_one_file(Order(results=results, formats=["page"]))


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


def test_a_run_exports_what_it_read(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    text = root / "scans" / "roshchin-1950-05-14.txt"
    assert main(["run", str(text), "--out", str(out), "--export", "alto,md", "--jobs", "1"]) == 0
    assert (out / "export" / "md" / "roshchin-1950-05-14.md").is_file()
    bad = ["run", str(text), "--out", str(tmp_path / "b"), "--export", "nothing"]
    assert main(bad) == ExitCode.USAGE
    assert not (tmp_path / "b").exists()
