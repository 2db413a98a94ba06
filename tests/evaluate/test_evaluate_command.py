"""``depesha evaluate`` and ``depesha compare`` as a user runs them, good input and bad."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from pipeline.cli import main
from pipeline.errors import ExitCode

TRUE = {"a": "Далее товарищ указал", "b": "что он сообщил", "c": "корейским товарищам"}
NASTY = """имя "в кавычках" 'и' <script>alert(1)</script> & пробелы"""


def folder(path: Path, texts: dict[str, str], suffix: str = ".txt") -> Path:
    path.mkdir()
    for stem, text in texts.items():
        (path / (stem + suffix)).write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    return folder(tmp_path / "truth", TRUE, ".gt.txt")


@pytest.fixture
def run_a(tmp_path: Path) -> Path:
    return folder(tmp_path / "run a", TRUE | {"a": "Далсе товарищ указал"})


@pytest.fixture
def run_b(tmp_path: Path) -> Path:
    return folder(tmp_path / "run b", TRUE | {"b": "чтo он сообщил", "c": "кореиским тов"})


def test_json_has_everything(run_a: Path, truth: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(run_a), str(truth), "--json"]) == ExitCode.OK
    data = json.loads(capsys.readouterr().out)
    assert [score["document_id"] for score in data["scores"]] == ["a", "b", "c"]
    summary = data["summary"]["clean"]
    assert summary["cer"]["strict"]["counts"]["errors"] == 1
    assert summary["details"]["reading"]["flexible"]["errors"] == 1
    assert summary["details"]["strict"]["perfect_lines"] == {"count": 2, "total": 3, "rate": 2 / 3}
    assert summary["details"]["strict"]["confusions"] == [{"true": "е", "read": "с", "count": 1}]


def test_csv_has_a_row_for_each(
    run_a: Path, truth: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(run_a), str(truth), "--csv"]) == ExitCode.OK
    out = capsys.readouterr().out
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    assert float(rows[0]["cer_strict"]) == pytest.approx(1 / 20, abs=1e-5)
    assert rows[1]["errors_reading"] == "0"


def test_no_report_is_left_in_somebodys_folder_unasked(
    run_a: Path, truth: Path, tmp_path: Path
) -> None:
    assert main(["evaluate", str(run_a), str(truth)]) == ExitCode.OK
    assert sorted(p.name for p in run_a.iterdir()) == ["a.txt", "b.txt", "c.txt"]
    other = tmp_path / "there"
    assert main(["evaluate", str(run_a), str(truth), "--report", str(other)]) == ExitCode.OK
    assert len(list((other / "documents").iterdir())) == 3


@pytest.mark.parametrize(
    ("limit", "code"),
    [("0.5", ExitCode.OK), ("5%", ExitCode.OK), ("1%", ExitCode.OVER_LIMIT), ("0", 16)],
)
def test_fail_over(run_a: Path, truth: Path, limit: str, code: int) -> None:
    assert main(["evaluate", str(run_a), str(truth), "--fail-over", limit]) == code


def test_a_limit_that_is_no_rate_is_refused(
    run_a: Path, truth: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["evaluate", str(run_a), str(truth), "--fail-over"]
    assert main([*command, "gut"]) == ExitCode.USAGE
    assert "write 5% or 0.05" in capsys.readouterr().err
    assert main([*command, "2"]) == ExitCode.USAGE
    assert "Write 2%, or 0.02" in capsys.readouterr().err


def test_unmatched_and_broken_files_are_named(
    run_a: Path, truth: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (run_a / "extra.txt").write_text("лишнее", encoding="utf-8")
    (run_a / "b.txt").write_bytes("что".encode("cp1251"))
    (truth / "d.gt.txt").write_text("нет результата", encoding="utf-8")
    report = ["--report", str(run_a / "report")]
    assert main(["evaluate", str(run_a), str(truth), *report]) == ExitCode.SOME_FAILED
    err = capsys.readouterr().err
    assert f"{run_a / 'extra.txt'}: a result without a truth, left out" in err
    assert f"{truth / 'd.gt.txt'}: a truth without a result, left out" in err
    assert f"{run_a / 'b.txt'}: is not UTF-8" in err
    page = (run_a / "report" / "index.html").read_text(encoding="utf-8")
    assert "extra.txt" in page
    assert "is not UTF-8" in page


def test_empty_texts_have_right_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty, full = tmp_path / "empty.txt", tmp_path / "full.txt"
    empty.write_bytes(b"")
    full.write_text("текст", encoding="utf-8")
    assert main(["evaluate", str(empty), str(full), "--json"]) == ExitCode.OK
    counts = json.loads(capsys.readouterr().out)["summary"]["clean"]["cer"]["strict"]
    assert (counts["rate"], counts["counts"]["deletions"]) == (1.0, 5)
    assert main(["evaluate", str(full), str(empty), "--json"]) == ExitCode.OK
    counts = json.loads(capsys.readouterr().out)["summary"]["clean"]["cer"]["strict"]
    assert (counts["rate"], counts["counts"]["insertions"]) == (None, 5)
    assert main(["evaluate", str(full), str(empty), "--fail-over", "1%"]) == ExitCode.OVER_LIMIT
    assert main(["evaluate", str(empty), str(empty), "--fail-over", "1%"]) == ExitCode.OK


def test_an_empty_body_of_a_labelled_truth_counts_what_was_added(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = {
        "format": "depesha-truth",
        "version": 1,
        "pages": [{"number": 1, "lines": [{"text": "РОЩИН", "kind": "signature"}]}],
    }
    (tmp_path / "a.gt.json").write_text(json.dumps(truth), encoding="utf-8")
    (tmp_path / "a.txt").write_text("шум", encoding="utf-8")
    command = ["evaluate", str(tmp_path / "a.txt"), str(tmp_path / "a.gt.json"), "--json"]
    assert main(command) == ExitCode.OK
    cer = json.loads(capsys.readouterr().out)["summary"]["clean"]["cer"]["strict"]
    assert (cer["rate"], cer["counts"]["insertions"], cer["interval"]) == (None, 3, None)
    assert main([*command, "--fail-over", "50%"]) == ExitCode.OVER_LIMIT


def test_names_may_hold_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stem = NASTY.replace("/", "∕")
    run = folder(tmp_path / f"run {stem[:30]}", {stem: "<script>alert(2)</script> тексг"})
    truth = folder(tmp_path / "truth", {stem: "<script>alert(2)</script> текст"}, ".gt.txt")
    report = ["--report", str(run / "report")]
    assert main(["evaluate", str(run), str(truth), "--json", *report]) == ExitCode.OK
    (score,) = json.loads(capsys.readouterr().out)["scores"]
    assert score["document_id"] == stem
    for path in (run / "report").rglob("*.*"):
        if path.suffix in (".html", ".js") and path.parent.name != "assets":
            assert "<script>alert" not in path.read_text(encoding="utf-8")


def test_two_runs_are_compared(
    run_a: Path, run_b: Path, truth: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["compare", str(run_a), str(run_b), "--ground-truth", str(truth)]
    command += ["--report", str(run_b / "report")]
    assert main([*command, "--level", "strict"]) == ExitCode.OK
    out, err = capsys.readouterr()
    assert "3 documents: 1 better, 0 equal, 2 worse" in out
    assert "worse: c" in out
    assert str(run_b / "report" / "comparison.html") in err
    assert main([*command, "--json"]) == ExitCode.OK
    cer = json.loads(capsys.readouterr().out)["cer"]["reading"]
    assert (cer["better"], cer["equal"], cer["worse"]) == (1, 1, 1)
    assert main([*command, "--csv"]) == ExitCode.OK
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out.removeprefix("\ufeff"))))
    assert [row["added_strict"] for row in rows] == ["-1", "1", "7"]


def test_documents_of_one_run_alone_are_named(
    run_a: Path, run_b: Path, truth: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (run_b / "a.txt").unlink()
    command = ["compare", str(run_a), str(run_b), "--ground-truth", str(truth)]
    assert main(command) == ExitCode.OK
    assert "depesha: not in all runs, left out (1): a" in capsys.readouterr().err
    for stem in "bc":
        (run_b / f"{stem}.txt").rename(run_b / f"{stem}-other.txt")
    assert main(command) == ExitCode.RESULT


def test_other_programs_files_are_scored_against_each_other(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    page = '<PcGts><Page imageFilename="a.png">{}</Page></PcGts>'
    line = (
        "<TextRegion><TextLine><Word><TextEquiv conf='{}'><Unicode>{}</Unicode></TextEquiv></Word>"
        "</TextLine></TextRegion>"
    )
    text = page.format(line.format("0.9", "Далее") + line.format("0.2", "товарнщ"))
    (pages / "a.xml").write_text(text, encoding="utf-8")
    hocr = "<div class='ocr_page'><span class='ocr_line'>Далее товарищ</span></div>"
    (pages.parent / "a.hocr").write_text(hocr, encoding="utf-8")
    command = ["evaluate", str(pages / "a.xml"), str(tmp_path / "a.hocr"), "--json"]
    assert main(command) == ExitCode.OK
    data = json.loads(capsys.readouterr().out)
    assert data["summary"]["clean"]["cer"]["strict"]["counts"]["errors"] == 1
    review = data["summary"]["review"]
    assert review[-1] == {"words": 1.0, "errors": 1.0}
    assert review[1]["errors"] == 1.0  # the word of 20 % holds the only error


def test_another_programs_picture_stands_beside_its_file(tmp_path: Path) -> None:
    Image.new("L", (80, 60), 255).save(tmp_path / "a scan.png")
    text = (
        '<PcGts><Page imageFilename="a scan.png" imageWidth="80" imageHeight="60"><TextRegion>'
        '<TextLine><Coords points="1,1 70,1 70,20 1,20"/><TextEquiv><Unicode>Далее</Unicode>'
        "</TextEquiv></TextLine></TextRegion></Page></PcGts>"
    )
    (tmp_path / "a.xml").write_text(text, encoding="utf-8")
    truth = folder(tmp_path / "truth", {"a": "Далее"}, ".gt.txt")
    command = ["evaluate", str(tmp_path / "a.xml"), str(truth), "--report", str(tmp_path / "r")]
    assert main(command) == ExitCode.OK
    (picture,) = (tmp_path / "r" / "pictures").iterdir()
    with Image.open(picture) as found:
        assert found.size == (80, 60)
