"""A collection over many runs: nothing forgotten, nothing read twice, groups, what is gone."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from batch_helpers import HERE, calls, put, run, statuses
from msgspec.structs import replace

from pipeline.batch import plan_batch
from pipeline.batch.ledger import LEDGER_FILE, Ledger
from pipeline.cli import main
from pipeline.config import NoiseSettings
from pipeline.errors import ExitCode, NoInputError, ResultError
from pipeline.model import Status
from pipeline.store import load_stored

OTHER_NOISE = replace(HERE, noise=NoiseSettings(keep_at=0.7))


def test_the_summary_is_of_the_whole_collection(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.", b="damaged", c="Нет.")
    run(files, tmp_path / "out")
    result = run(files[2:], tmp_path / "out")
    assert [row.id for row in result.rows] == ["c"]
    data = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert [(row["id"], row["status"]) for row in data["rows"]] == [
        ("a", "ok"),
        ("b", "failed"),
        ("c", "ok"),
    ]
    assert data["documents"]["total"] == 3
    assert data["run"] == {"documents": 1, "failed": 0, "unchanged": 1, "not_done": 0}
    text = (tmp_path / "out" / "summary.csv").read_text("utf-8-sig")
    assert [row["id"] for row in csv.DictReader(io.StringIO(text))] == ["a", "b", "c"]


def test_what_comes_after_reading_is_made_anew_without_reading(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.", long="Раз.\fdamaged\fТри.")
    first = run(files, tmp_path / "out")
    before = [calls(path) for path in files]
    result = run(files, tmp_path / "out", OTHER_NOISE)
    assert [calls(path) for path in files] == before
    assert [row.unchanged for row in result.rows] == [False, False]
    assert statuses(result) == statuses(first) == {"a": "ok", "long": "partial"}
    run_info = load_stored(tmp_path / "out" / "a").run
    assert dict(run_info.settings)["noise.keep_at"] == "0.7"
    assert [row.unchanged for row in run(files, tmp_path / "out", OTHER_NOISE).rows] == [True] * 2


def test_a_dry_run_says_how_much_and_writes_nothing(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.", b="Нет.")
    assert plan_batch(files, tmp_path / "out", HERE).read == 2
    assert not (tmp_path / "out").exists()
    run(files[:1], tmp_path / "out")
    before = (tmp_path / "out" / "depesha.sqlite").read_bytes()
    for settings, counts in ((HERE, (1, 0, 1)), (OTHER_NOISE, (0, 1, 1))):
        work = plan_batch(files, tmp_path / "out", settings)
        assert (work.unchanged, work.derive, work.read) == counts
    assert (tmp_path / "out" / "depesha.sqlite").read_bytes() == before


def test_a_result_that_was_not_booked_is_taken_as_it_stands(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.")
    run(files, tmp_path / "out")
    for name in ("depesha.sqlite", "summary.json"):
        (tmp_path / "out" / name).unlink()
    (row,) = run(files, tmp_path / "out").rows
    assert row.status is Status.OK
    assert calls(files[0]) == 1


def test_a_folder_of_images_is_one_document(tmp_path: Path) -> None:
    for name in ("Дело 1/002.png", "Дело 1/010.png", "Дело 1/001.png", "Дело 2/1.png", "x.txt"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    grouped = replace(HERE, batch=replace(HERE.batch, group="folder"))
    result = run([tmp_path / "in"], tmp_path / "out", grouped)
    assert {row.id: row.pages for row in result.rows} == {"Дело 1": 3, "Дело 2": 1, "x": 1}
    text = (tmp_path / "out" / "Дело 1" / "diplomatic.txt").read_text()
    assert text.splitlines() == ["Дело 1/001.png", "Дело 1/002.png", "Дело 1/010.png"]
    assert all(row.unchanged for row in run([tmp_path / "in"], tmp_path / "out", grouped).rows)
    (tmp_path / "in" / "Дело 1" / "003.png").write_text("new")
    result = run([tmp_path / "in"], tmp_path / "out", grouped)
    assert [row.pages for row in result.rows if not row.unchanged] == [4]


def test_files_of_the_input_folder_and_of_one_of_its_name_are_two_documents(tmp_path: Path) -> None:
    for name in ("g/1.png", "g/2.png", "g/g/1.png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    grouped = replace(HERE, batch=replace(HERE.batch, group="folder"))
    result = run([tmp_path / "g"], tmp_path / "out", grouped)
    assert sorted((row.pages, row.source) for row in result.rows) == [
        (1, str(tmp_path / "g" / "g")),
        (2, str(tmp_path / "g")),
    ]
    assert all(row.unchanged for row in run([tmp_path / "g"], tmp_path / "out", grouped).rows)


def test_contents_are_looked_at_where_that_is_asked_for(tmp_path: Path) -> None:
    files = put(tmp_path, a="Дал.", b="Нет.")
    run(files, tmp_path / "out")
    at = files[0].stat().st_mtime_ns
    files[0].write_text("Нет.", encoding="utf-8")
    os.utime(files[0], ns=(at, at))
    assert all(row.unchanged for row in run(files, tmp_path / "out").rows)
    looks = replace(HERE, batch=replace(HERE.batch, check_contents=True))
    assert [row.unchanged for row in run(files, tmp_path / "out", looks).rows] == [False, True]


def test_a_run_over_its_own_results_says_so_and_leaves_them(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(put(tmp_path, a="Да."), out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    with pytest.raises(NoInputError, match="lies in the output folder"):
        run([out / "a"], out)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_the_ledger_knows_the_pages_of_long_documents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(put(tmp_path, long="Раз.\fdamaged\fТри.", one="Да."), tmp_path / "out")
    with Ledger(tmp_path / "out" / LEDGER_FILE, write=False) as ledger:
        found = list(ledger.all("SELECT page, state, code, attempts FROM pages ORDER BY page"))
        (stages,) = set(ledger.all("SELECT pages.reading, pages.derived FROM pages"))
        assert stages == ledger.one("SELECT reading, derived FROM documents WHERE id='long'")
    assert found == [(1, "read", "", 1), (2, "failed", "INPUT_UNREADABLE", 1), (3, "read", "", 1)]
    of = ["status", str(tmp_path / "out"), "--of"]
    assert main([*of, "long"]) == ExitCode.OK
    assert "page 2          failed, 1 tries" in capsys.readouterr().out
    assert main([*of, "long", "--json"]) == ExitCode.OK
    assert len(json.loads(capsys.readouterr().out)["of_pages"]) == 3
    assert main([*of, "none"]) == ExitCode.RESULT


def test_a_ledger_of_the_version_before_is_brought_up_to_date(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.")
    run(files, tmp_path / "out")
    path = tmp_path / "out" / LEDGER_FILE
    with Ledger(path) as ledger:
        ledger.db.executescript(
            "DROP TABLE parts; DROP TABLE pages; DROP INDEX by_parts;"
            "ALTER TABLE documents DROP COLUMN parts; UPDATE meta SET value=2"
        )
    with pytest.raises(ResultError, match="The next run brings it up to date"):
        Ledger(path, write=False)
    assert [row.unchanged for row in run(files, tmp_path / "out").rows] == [True]


def test_a_pattern_makes_documents_of_files(tmp_path: Path) -> None:
    for name in ("tg5_p1.png", "tg5_p2.png", "tg6_p1.png", "other.png"):
        put(tmp_path)
        path = tmp_path / "scans" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    grouped = replace(HERE, batch=replace(HERE.batch, group=r"(tg\d+)_p"))
    result = run([tmp_path / "scans"], tmp_path / "out", grouped)
    assert {row.id: row.pages for row in result.rows} == {"tg5": 2, "tg6": 1, "other": 1}


def test_status_tells_and_prune_removes_what_is_gone(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    files = put(tmp_path, a="Да.", b="Нет.", c="damaged")
    out = tmp_path / "out"
    run([tmp_path / "scans"], out)
    files[0].unlink()
    run([tmp_path / "scans"], out)

    def told(*arguments: str) -> bytes:
        assert main(list(arguments)) == ExitCode.OK
        return capsysbinary.readouterr().out

    data: dict[str, Any] = json.loads(told("status", str(out), "--json"))
    documents = data["documents"]
    assert (documents["done"], documents["failed"], documents["gone"]) == (2, 1, 1)
    assert data["causes"] == {"INPUT_UNREADABLE": 1}
    assert [run["state"] for run in data["runs"]] == ["ended", "ended"]
    assert b"1 gone" in told("status", str(out))
    (out / "a" / "transcript.txt").write_text("mine")
    assert told("prune", str(out)) == b"a\n"
    assert (out / "a" / "document.json.xz").exists()
    assert told("prune", str(out), "--yes") == b"a\n"
    assert [path.name for path in (out / "a").iterdir()] == ["transcript.txt"]
    assert json.loads(told("status", str(out), "--json"))["documents"]["total"] == 2


def test_a_disk_that_is_not_mounted_prunes_nothing(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    put(tmp_path, a="Да.")
    run([tmp_path / "scans"], tmp_path / "out")
    (tmp_path / "scans").rename(tmp_path / "away")
    run([tmp_path / "scans"], tmp_path / "out")
    assert main(["prune", str(tmp_path / "out"), "--yes"]) == ExitCode.OK
    assert (tmp_path / "out" / "a" / "document.json.xz").exists()
    capsysbinary.readouterr()
