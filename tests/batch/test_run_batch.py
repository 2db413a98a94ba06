"""Many documents: resuming, collisions, and failures that stay with their document."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import batch_workers
import msgspec
import pytest

from pipeline import store
from pipeline.batch import BatchResult, Row, run_batch
from pipeline.config import BatchSettings, EvaluateSettings, OcrSettings, Settings
from pipeline.errors import DepeshaError, ExitCode, InputMissingError, OutputError
from pipeline.model import Document, LineKind, Problem, Status

HERE = Settings(batch=BatchSettings(jobs=1))
TWO = Settings(batch=BatchSettings(jobs=2))
Put = Callable[..., list[Path]]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def put_files(**contents: str) -> list[Path]:
        paths = []
        for name, text in contents.items():
            path = tmp_path / "scans" / f"{name}.txt"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        return paths

    return put_files


def run(files: list[Path], out: Path, settings: Settings = HERE, **others: Any) -> BatchResult:
    return run_batch(files, (), out, settings, work=batch_workers.document_of, **others)


def calls(path: Path) -> int:
    marks = path.with_name(path.name + ".calls")
    return len(marks.read_text()) if marks.exists() else 0


def statuses(result: BatchResult) -> dict[str, str]:
    return {row.id: str(row.status) for row in result.rows}


def leftovers(folder: Path) -> list[Path]:
    return list(folder.rglob("*.tmp"))


def test_each_document_has_its_folder_and_all_files(put: Put, tmp_path: Path) -> None:
    files = put(a="Текст.\n> N :\nВерно?\n")
    result = run(files, tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "a",
        "summary.csv",
        "summary.json",
    ]
    folder = tmp_path / "out" / "a"
    assert sorted(p.name for p in folder.iterdir()) == [
        "diplomatic.txt",
        "document.json",
        "dropped.txt",
        "transcript.txt",
    ]
    assert (folder / "transcript.txt").read_text() == "Текст. Верно?\n"
    assert (folder / "diplomatic.txt").read_text() == "Текст.\nВерно?\n"
    dropped = (folder / "dropped.txt").read_text()
    assert "> N :\n    page 1, line 1.2, noise, probability of true text 3%" in dropped
    assert "half of its signs are not letters (speaks for noise, -2.5, rule odd-signs)" in dropped
    assert "please check: 1\n\n  Верно?\n" in dropped
    (row,) = result.rows
    assert (row.pages, row.kept, row.dropped, row.unsure, row.fields) == (1, 1, 1, 1, 1)
    assert result.exit_code is ExitCode.OK


def test_lines_left_out_for_their_kind_are_named_too(put: Put, tmp_path: Path) -> None:
    settings = msgspec.structs.replace(
        HERE, output=msgspec.structs.replace(HERE.output, kinds=(LineKind.SIGNATURE,))
    )
    run(put(a="Текст."), tmp_path / "out", settings)
    assert (tmp_path / "out" / "a" / "transcript.txt").read_text() == ""
    dropped = (tmp_path / "out" / "a" / "dropped.txt").read_text()
    assert "a kind the transcript does not hold: 1\n\n  Текст.\n" in dropped


def test_an_unchanged_document_is_skipped_with_the_same_figures(put: Put, tmp_path: Path) -> None:
    files = put(a="Да.", b="partial Нет?")
    first = run(files, tmp_path / "out")
    second = run(files, tmp_path / "out")
    assert [calls(f) for f in files] == [1, 1]
    assert [replace(row, seconds=0) for row in second.rows] == [
        replace(row, unchanged=True, seconds=0) for row in first.rows
    ]
    assert statuses(second) == {"a": "ok", "b": "partial"}
    assert second.exit_code is ExitCode.SOME_FAILED


def test_force_does_it_again(put: Put, tmp_path: Path) -> None:
    files = put(a="Да.")
    run(files, tmp_path / "out")
    assert not run(files, tmp_path / "out", force=True).rows[0].unchanged
    assert calls(files[0]) == 2


OTHER_LANGUAGE = msgspec.structs.replace(HERE, ocr=OcrSettings(language="rus+eng"))
OTHER_JOBS = Settings(batch=BatchSettings(jobs=7))
OTHER_MEASURE = msgspec.structs.replace(HERE, evaluate=EvaluateSettings(kinds=(LineKind.TABLE,)))


@pytest.mark.parametrize(
    ("settings", "others", "again"),
    [
        (OTHER_LANGUAGE, {}, True),
        (HERE, {"provenance": [("tesseract", "5.4")]}, True),
        (OTHER_JOBS, {}, False),
        (OTHER_MEASURE, {}, False),
    ],
)
def test_done_again_where_something_that_decides_has_changed(
    put: Put, tmp_path: Path, settings: Settings, others: dict[str, Any], again: bool
) -> None:
    files = put(a="Да.")
    run(files, tmp_path / "out")
    run(files, tmp_path / "out", settings, **others)
    assert calls(files[0]) == 1 + again


def test_done_again_where_input_tables_or_texts_have_changed(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = put(a="Да.")
    monkeypatch.setenv("DEPESHA_TABLES", str(tmp_path / "tables"))
    (tmp_path / "tables").mkdir()
    run(files, tmp_path / "out")
    put(a="Нет.")
    run(files, tmp_path / "out")
    assert calls(files[0]) == 2
    (tmp_path / "out" / "a" / "transcript.txt").unlink()
    run(files, tmp_path / "out")
    assert calls(files[0]) == 3
    (tmp_path / "tables" / "offices.toml").write_text("x = 1")
    run(files, tmp_path / "out")
    assert calls(files[0]) == 4
    run(files, tmp_path / "out")
    assert calls(files[0]) == 4


def test_a_damaged_result_is_made_again(put: Put, tmp_path: Path) -> None:
    files = put(a="Да.")
    run(files, tmp_path / "out")
    (tmp_path / "out" / "a" / "document.json").write_text("{")
    run(files, tmp_path / "out")
    assert store.load_document(tmp_path / "out" / "a").id == "a"


@pytest.mark.parametrize("settings", [HERE, TWO])
def test_failures_leave_the_rest_done(put: Put, tmp_path: Path, settings: Settings) -> None:
    files = put(a="Да.", b="damaged", c="bug", d="Нет.")
    missing = InputMissingError(tmp_path / "nowhere.png", "is not there")
    result = run_batch(files, [missing], tmp_path / "out", settings, work=batch_workers.document_of)
    assert statuses(result) == {
        str(tmp_path / "nowhere.png"): "failed",
        "a": "ok",
        "b": "failed",
        "c": "failed",
        "d": "ok",
    }
    assert result.exit_code is ExitCode.SOME_FAILED
    assert [row.problems[0] for row in result.rows if row.problems] == [
        Problem(code="INPUT_MISSING", message="is not there"),
        Problem(code="INPUT_UNREADABLE", message="is truncated"),
        Problem(code="INTERNAL", message="ZeroDivisionError: nobody thought of this"),
    ]
    stored = store.load_error(tmp_path / "out" / "b")
    assert stored.problems == result.rows[2].problems
    assert stored.run.status is Status.FAILED
    assert not leftovers(tmp_path)
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert summary["documents"]["failed"] == 3
    assert summary["failures"][0]["code"] == "INPUT_MISSING"


def test_a_bug_leaves_its_trace_in_the_debug_log(
    put: Put, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "depesha")
    run(put(a="bug"), tmp_path / "out")
    levels = {r.levelname: r.getMessage() for r in caplog.records}
    assert "Traceback" in levels["DEBUG"]
    assert "Traceback" not in levels["WARNING"]
    assert "nobody thought of this [INTERNAL]" in levels["WARNING"]


def test_the_same_problem_is_said_once(
    put: Put, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    result = run(put(a="damaged", b="damaged", c="damaged"), tmp_path / "out")
    assert len([r for r in caplog.records if r.levelname == "WARNING"]) == 1
    (failure,) = result.failures
    assert failure.documents == ("a", "b", "c")
    assert result.exit_code is ExitCode.INPUT_UNREADABLE


def test_a_result_of_an_input_that_now_fails_does_not_look_current(
    put: Put, tmp_path: Path
) -> None:
    folder = tmp_path / "out" / "a"
    run(put(a="Да."), tmp_path / "out")
    run(put(a="damaged"), tmp_path / "out")
    assert sorted(p.name for p in folder.iterdir()) == ["error.json", "previous"]
    run(put(a="damaged"), tmp_path / "out")
    files = put(a="Да.")
    assert run(files, tmp_path / "out").exit_code is ExitCode.OK
    assert store.load_document(folder).id == "a"
    assert not (folder / "error.json").exists()
    assert calls(files[0]) == 4, "a failure is tried again in every run"


def test_a_killed_worker_costs_its_document_alone(put: Put, tmp_path: Path) -> None:
    result = run(put(a="Да.", b="kill", c="Нет.", d="Да."), tmp_path / "out", TWO)
    assert statuses(result) == {"a": "ok", "b": "failed", "c": "ok", "d": "ok"}
    assert result.rows[1].problems[0].code == "WORKER_LOST"
    assert "out of memory" in store.load_error(tmp_path / "out" / "b").problems[0].message


def test_two_stems_in_one_run_are_kept_apart(tmp_path: Path) -> None:
    files = []
    for name in ("one/001.txt", "two/001.txt", f"two/{unicodedata.normalize('NFD', 'й')}.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
        files.append(path)
    result = run(files, tmp_path / "out")
    first, second, third = (row.id for row in result.rows)
    assert first.startswith("001~")
    assert second.startswith("001~")
    assert first != second
    assert third == unicodedata.normalize("NFD", "й")
    for row, path in zip(result.rows, files, strict=True):
        text = (tmp_path / "out" / row.id / "transcript.txt").read_text()
        assert text.strip() == str(path.relative_to(tmp_path))
    # Alone, each finds its own folder again.
    assert [run([f], tmp_path / "out").rows[0].unchanged for f in files] == [True] * 3


def test_two_stems_in_two_runs_are_kept_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "001.txt").write_text(name)
        # The path as given is the same both times: what counts is where the file is.
        monkeypatch.chdir(tmp_path / name)
        result = run([Path("001.txt")], out)
    assert result.rows[0].id.startswith("001~")
    assert (out / "001" / "transcript.txt").read_text() == "one\n"
    assert (out / result.rows[0].id / "transcript.txt").read_text() == "two\n"
    assert run([Path("001.txt")], out).rows == (replace(result.rows[0], unchanged=True),)


def test_results_stay_valid_where_everything_is_moved(put: Put, tmp_path: Path) -> None:
    files = put(a="Да.")
    run(files, tmp_path / "out")
    shutil.move(tmp_path / "scans", tmp_path / "elsewhere")
    shutil.move(tmp_path / "out", tmp_path / "moved")
    (row,) = run([tmp_path / "elsewhere" / "a.txt"], tmp_path / "moved").rows
    assert (row.id, row.unchanged) == ("a", True)


def test_an_output_folder_that_is_a_file_is_told_before_any_work(put: Put, tmp_path: Path) -> None:
    files = put(a="Да.")
    (tmp_path / "out").write_text("mine")
    for out in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(OutputError):
            run(files, out)
    assert calls(files[0]) == 0
    assert (tmp_path / "out").read_text() == "mine"


def test_a_folder_that_cannot_be_made_fails_its_document_alone(put: Put, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").write_text("mine")
    result = run([*put(a="Да.", b="Нет.")], tmp_path / "out")
    assert statuses(result) == {"a": "failed", "b": "ok"}
    assert result.rows[0].problems[0].code == "OUTPUT"
    assert (tmp_path / "out" / "a").read_text() == "mine"


def test_a_name_too_long_for_the_disk_fails_its_document_alone(tmp_path: Path) -> None:
    files = [tmp_path / "x" / ("n" * 251 + ".txt"), tmp_path / "y" / ("n" * 251 + ".txt")]
    for path in files:
        path.parent.mkdir()
        path.write_text("Да.")

    result = run_batch(files, (), tmp_path / "out", HERE, work=_no_marks)
    assert {row.problems[0].code for row in result.rows} == {"OUTPUT"}
    assert "name too long" in result.rows[0].problems[0].message


def _no_marks(path: Path, document_id: str, settings: Settings) -> Document:
    return Document(id=document_id)


def test_scores_follow_the_truth_even_where_nothing_else_changed(put: Put, tmp_path: Path) -> None:
    files = put(a="Да.", b="Нет.", c="Да.")
    truth = tmp_path / "truth"
    truth.mkdir()
    (truth / "a.gt.txt").write_text("9 2")
    (truth / "c.gt.txt").write_text("")
    more: dict[str, Any] = {"ground_truth": truth, "score": batch_workers.letters_wrong}
    first = run(files, tmp_path / "out", **more)
    assert [row.figures is not None for row in first.rows] == [True, False, False]
    assert statuses(first) == {"a": "ok", "b": "ok", "c": "partial"}
    assert first.rows[2].problems == (
        Problem(code="TRUTH", message=f"{truth / 'c.gt.txt'}: is empty"),
    )
    (truth / "b.gt.txt").write_text("3 3")
    (truth / "c.gt.txt").unlink()
    second = run(files, tmp_path / "out", **more)
    assert [row.figures is not None for row in second.rows] == [True, True, False]
    assert second.exit_code is ExitCode.OK
    assert [calls(f) for f in files] == [1, 1, 1]


def test_progress_is_told_after_each_document(put: Put, tmp_path: Path) -> None:
    told: list[tuple[int, int, str | None]] = []

    def progress(done: int, total: int, row: Row | None) -> None:
        told.append((done, total, row.id if row else None))

    run(put(a="Да.", b="damaged"), tmp_path / "out", progress=progress)
    assert told == [(0, 2, None), (1, 2, "a"), (2, 2, "b")]


def test_nothing_to_do_is_not_a_success(tmp_path: Path) -> None:
    assert run([], tmp_path / "out").exit_code is ExitCode.NO_INPUT
    error: DepeshaError = InputMissingError("x.png", "is not there")
    result = run_batch([], [error], tmp_path / "out", HERE, work=batch_workers.document_of)
    assert result.exit_code is ExitCode.INPUT_MISSING


SCRIPT = """
import sys
from pathlib import Path
import batch_workers
from pipeline.batch import run_batch
from pipeline.config import BatchSettings, Settings
if __name__ == "__main__":
    files = sorted(Path(sys.argv[1]).glob("*.txt"))
    settings = Settings(batch=BatchSettings(jobs=int(sys.argv[3])))
    result = run_batch(files, (), Path(sys.argv[2]), settings, work=batch_workers.document_of)
    sys.exit(result.exit_code)
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_keeps_what_is_done_and_names_what_is_not(
    put: Put, tmp_path: Path, jobs: int
) -> None:
    contents = {f"d{n:02}": "Да." if n < 3 else "slow 0.4" for n in range(20)}
    files = put(**contents)
    out = tmp_path / "out"
    (tmp_path / "script.py").write_text(SCRIPT)
    here = Path(__file__).parent
    process = subprocess.Popen(
        [sys.executable, tmp_path / "script.py", tmp_path / "scans", out, str(jobs)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(here), str(here.parents[1])])},
        start_new_session=True,
    )
    end = time.monotonic() + 15
    while len(list(out.glob("*/document.json"))) < 4:
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=15)
    assert process.returncode == ExitCode.INTERRUPTED, errors
    assert "Traceback" not in errors
    summary = json.loads((out / "summary.json").read_bytes())
    done = {path.parent.name for path in out.glob("*/document.json")}
    assert summary["interrupted"] is True
    assert {row["id"] for row in summary["rows"]} == done
    assert 4 <= len(done) < 20
    assert {Path(p).stem for p in summary["not_done"]} == {f.stem for f in files} - done
    assert not leftovers(out)
    # The same command goes on from there.
    for path in files:
        if path.stem not in done:
            path.write_text("Да.")
    result = run(files, out, TWO)
    assert result.exit_code is ExitCode.OK
    assert {row.id for row in result.rows if row.unchanged} == done
