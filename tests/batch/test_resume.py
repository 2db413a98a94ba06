"""What is done is not done again, unless it must be; and each input finds its folder again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from batch_helpers import HERE, TWO, calls, leftovers, put, run, statuses

from pipeline import store
from pipeline.batch.fingerprints import code_digest
from pipeline.config import BatchSettings, EvaluateSettings, OcrSettings, Settings
from pipeline.errors import ExitCode
from pipeline.evaluate import Score, ScoreCounts, evaluate_paths, score_document
from pipeline.executors import Interrupts
from pipeline.model import Document, LineKind, Problem
from pipeline.report import PageJob, write_documents


def test_an_unchanged_document_is_skipped_with_the_same_figures(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.", b="partial Нет?")
    first = run(files, tmp_path / "out")
    second = run(files, tmp_path / "out")
    assert [calls(f) for f in files] == [1, 1]
    assert [replace(row, seconds=0) for row in second.rows] == [
        replace(row, unchanged=True, seconds=0) for row in first.rows
    ]
    assert statuses(second) == {"a": "ok", "b": "partial"}
    assert second.rows[1].problems == (Problem(code="ENGINE_FAILED", message="timed out", page=2),)
    assert second.exit_code is ExitCode.SOME_FAILED


def test_force_does_it_again(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.")
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
    tmp_path: Path, settings: Settings, others: dict[str, Any], again: bool
) -> None:
    files = put(tmp_path, a="Да.")
    run(files, tmp_path / "out")
    run(files, tmp_path / "out", settings, **others)
    assert calls(files[0]) == 1 + again


def test_done_again_where_input_tables_or_texts_have_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = put(tmp_path, a="Да.")
    monkeypatch.setenv("DEPESHA_TABLES", str(tmp_path / "tables"))
    (tmp_path / "tables").mkdir()
    run(files, tmp_path / "out")
    put(tmp_path, a="Нет.")
    run(files, tmp_path / "out")
    assert calls(files[0]) == 2
    (tmp_path / "out" / "a" / "transcript.txt").unlink()
    run(files, tmp_path / "out")
    assert (tmp_path / "out" / "a" / "transcript.txt").read_text() == "Нет.\n"
    assert calls(files[0]) == 2, "a text is made again from what was read"
    (tmp_path / "tables" / "offices.toml").write_text("x = 1")
    run(files, tmp_path / "out")
    assert calls(files[0]) == 3
    run(files, tmp_path / "out")
    assert calls(files[0]) == 3


def test_a_damaged_result_is_made_again(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.")
    run(files, tmp_path / "out")
    (tmp_path / "out" / "a" / "document.json.xz").write_text("{")
    run(files, tmp_path / "out")
    assert store.load_document(tmp_path / "out" / "a").id == "a"


def test_results_stay_valid_where_everything_is_moved(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.")
    run(files, tmp_path / "out")
    shutil.move(tmp_path / "scans", tmp_path / "elsewhere")
    shutil.move(tmp_path / "out", tmp_path / "moved")
    (row,) = run([tmp_path / "elsewhere" / "a.txt"], tmp_path / "moved").rows
    assert (row.id, row.unchanged) == ("a", True)


SCRIPT = """
import sys
from pathlib import Path
import batch_workers
from pipeline.batch import run_batch
from pipeline.config import BatchSettings, Settings
if __name__ == "__main__":
    files = sorted(Path(sys.argv[1]).glob("*.txt"))
    settings = Settings(batch=BatchSettings(jobs=int(sys.argv[3])))
    result = run_batch(files, Path(sys.argv[2]), settings,
                       opens=batch_workers.Texts, derives=batch_workers.document_of)
    sys.exit(result.exit_code)
"""


@pytest.mark.parametrize("jobs", [2])
def test_ctrl_c_keeps_what_is_done_and_names_what_is_not(tmp_path: Path, jobs: int) -> None:
    contents = {f"d{n:02}": "Да." if n < 3 else "slow 0.4" for n in range(20)}
    files = put(tmp_path, **contents)
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
    end = time.monotonic() + 60
    while len(list(out.glob("*/document.json.xz"))) < 4:
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED, errors
    assert "Traceback" not in errors
    summary = json.loads((out / "summary.json").read_bytes())
    done = {path.parent.name for path in out.glob("*/document.json.xz")}
    assert summary["interrupted"] is True
    counted = {row["id"] for row in summary["rows"]}
    # A job that was killed between its last write and its word of it is done again.
    assert counted <= done
    assert len(done - counted) <= jobs
    assert 4 <= len(done) < 20
    assert {Path(p).stem for p in summary["not_done"]} == {f.stem for f in files} - counted
    assert not leftovers(out)
    # The same command goes on from there.
    for path in files:
        if path.stem not in done:
            path.write_text("Да.")
    result = run(files, out, TWO)
    assert result.exit_code is ExitCode.OK
    assert {row.id for row in result.rows if row.unchanged} == done


@pytest.fixture
def truths(tmp_path: Path) -> Path:
    folder = tmp_path / "truth"
    folder.mkdir()
    (folder / "a.gt.txt").write_text("Дa.")
    return folder


def _scored(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are scored from here on."""
    scored: list[str] = []
    make = score_document

    def noted(document: Document, *others: Any) -> Score:
        scored.append(document.id)
        return make(document, *others)

    monkeypatch.setattr("pipeline.evaluate.score.score_document", noted)
    return scored


def test_a_document_is_scored_once_until_truth_or_measure_changes(
    tmp_path: Path, truths: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = put(tmp_path, a="Да.", b="Нет.")
    scored = _scored(monkeypatch)
    first = run(files, tmp_path / "out", ground_truth=truths)
    stored = tmp_path / "out" / "a" / "score.json"
    assert json.loads(stored.read_bytes())["schema"] == "depesha/score"
    assert not (tmp_path / "out" / "b" / "score.json").exists()
    second = run(files, tmp_path / "out", ground_truth=truths)
    assert scored == ["a"]
    assert second.rows[0].counts == first.rows[0].counts is not None
    run(files, tmp_path / "out", OTHER_MEASURE, ground_truth=truths)
    assert scored == ["a"] * 2
    (truths / "a.gt.txt").write_text("Да.")
    third = run(files, tmp_path / "out", OTHER_MEASURE, ground_truth=truths)
    assert scored == ["a"] * 3
    assert third.rows[0].counts != second.rows[0].counts
    stored.write_text("{")
    fourth = run(files, tmp_path / "out", OTHER_MEASURE, ground_truth=truths)
    assert scored == ["a"] * 4
    assert fourth.rows[0].counts == third.rows[0].counts
    assert [calls(f) for f in files] == [1, 1]
    assert [row.unchanged for row in fourth.rows] == [True, True]


def test_a_document_that_was_changed_by_hand_is_scored_anew(
    tmp_path: Path, truths: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = put(tmp_path, a="Да.")
    run(files, tmp_path / "out", ground_truth=truths)
    path = tmp_path / "out" / "a" / "document.json.xz"
    text = store.unpack(path).decode()
    path.write_bytes(store.pack(text.replace("Да.", "Дa.")))
    scored = _scored(monkeypatch)
    (row,) = run(files, tmp_path / "out", ground_truth=truths).rows
    assert (row.unchanged, scored) == (True, ["a"])
    assert row.counts is not None
    assert row.counts.clean.cer.strict.errors == 0


def test_an_ambiguous_truth_scores_no_document(
    tmp_path: Path, truths: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for box in ("box1", "box2"):
        (tmp_path / "in" / box).mkdir(parents=True)
        (tmp_path / "in" / box / "a.txt").write_text("Да.", encoding="utf-8")
    rows = run([tmp_path / "in"], tmp_path / "out", ground_truth=truths).rows
    assert [row.counts for row in rows] == [None, None]
    assert "could belong to box1/a, box2/a" in caplog.text
    # Truths in the same folders as the scans are each document's own.
    own = tmp_path / "own"
    for box, text in (("box1", "Да."), ("box2", "Нет.")):
        (own / box).mkdir(parents=True)
        (own / box / "a.gt.txt").write_text(text, encoding="utf-8")
    rows = run([tmp_path / "in"], tmp_path / "out", ground_truth=own).rows
    errors = [row.counts.clean.cer.strict.errors for row in rows if row.counts is not None]
    assert errors == [0, 3]


def test_the_report_reads_the_stored_score(
    tmp_path: Path, truths: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = put(tmp_path, a="Да.")
    run(files, tmp_path / "out", ground_truth=truths)
    scored = _scored(monkeypatch)
    job = PageJob(name="a", result=tmp_path / "out" / "a", truth=truths / "a.gt.txt")
    with Interrupts() as interrupts:
        (done,) = write_documents(tmp_path / "report", [job], HERE, interrupts)
    assert done.score is not None
    assert done.entry is not None
    assert done.entry.counts == ScoreCounts.of(done.score)
    found = evaluate_paths(tmp_path / "out", truths, jobs=1)
    assert found.scores == (done.score,)
    assert scored == []


@pytest.mark.parametrize(
    ("changed", "decides"),
    [
        ("report/charts.py", False),
        ("evaluate/score.py", False),
        ("training/pages.py", False),
        ("batch/task.py", False),
        ("noise/classify.py", True),
        ("process.py", True),
        ("anything_new/at_all.py", True),
    ],
)
def test_the_code_that_decides_is_that_of_the_stages(
    tmp_path: Path, changed: str, decides: bool
) -> None:
    path = tmp_path / changed
    for name in (changed, "model.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a = 1\n")
    before = code_digest(tmp_path)
    path.write_text("a = 2\n")
    assert (code_digest(tmp_path) != before) is decides
