"""Many documents: resuming, collisions, and failures that stay with their document."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import msgspec
import pytest
from batch_helpers import HERE, TWO, calls, leftovers, put, run, statuses

from pipeline import store
from pipeline.batch import Row, State
from pipeline.config import Settings
from pipeline.errors import ExitCode, OutputError
from pipeline.evaluate import Counts
from pipeline.model import LineKind, Problem, Status


def test_each_document_has_its_folder_and_all_files(tmp_path: Path) -> None:
    files = put(tmp_path, a="Текст.\n> N :\nВерно?\n")
    result = run(files, tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        ".depesha",
        "a",
        "depesha.sqlite",
        "summary.csv",
        "summary.json",
    ]
    folder = tmp_path / "out" / "a"
    assert sorted(p.name for p in folder.iterdir()) == [
        "diplomatic.txt",
        "document.json.xz",
        "dropped.txt",
        "transcript.txt",
    ]
    assert (folder / "transcript.txt").read_text() == "Текст. Верно?\n"
    assert (folder / "diplomatic.txt").read_text() == "Текст.\nВерно?\n"
    dropped = (folder / "dropped.txt").read_text()
    assert "> N :\n    page 1, line 1.2, noise, probability of being text 3%" in dropped
    assert "half of its signs are not letters (speaks for noise, -2.5, rule odd-signs)" in dropped
    assert "please check: 1\n\n  Верно?\n" in dropped
    (row,) = result.rows
    assert (row.pages, row.kept, row.dropped, row.unsure, row.fields) == (1, 1, 1, 1, 1)
    assert result.exit_code is ExitCode.OK


def test_lines_left_out_for_their_kind_are_named_too(tmp_path: Path) -> None:
    settings = msgspec.structs.replace(
        HERE, output=msgspec.structs.replace(HERE.output, kinds=(LineKind.SIGNATURE,))
    )
    run(put(tmp_path, a="Текст."), tmp_path / "out", settings)
    assert (tmp_path / "out" / "a" / "transcript.txt").read_text() == ""
    dropped = (tmp_path / "out" / "a" / "dropped.txt").read_text()
    assert "(the form's lines, mostly): 1\n\n  Текст.\n" in dropped


@pytest.mark.parametrize("settings", [HERE, TWO])
def test_failures_leave_the_rest_done(tmp_path: Path, settings: Settings) -> None:
    files = put(tmp_path, a="Да.", b="damaged", c="bug", d="Нет.")
    result = run([tmp_path / "nowhere.png", *files], tmp_path / "out", settings)
    assert statuses(result) == {
        str(tmp_path / "nowhere.png"): "failed",
        "a": "ok",
        "b": "failed",
        "c": "failed",
        "d": "ok",
    }
    assert result.exit_code is ExitCode.SOME_FAILED
    assert [row.problems[0] for row in result.rows if row.problems] == [
        Problem(code="INPUT_MISSING", message="no such file or folder; check the path"),
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
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "depesha")
    run(put(tmp_path, a="bug"), tmp_path / "out")
    levels = {r.levelname: r.getMessage() for r in caplog.records}
    assert "Traceback" in levels["DEBUG"]
    assert "Traceback" not in levels["WARNING"]
    assert "nobody thought of this [INTERNAL]" in levels["WARNING"]


def test_the_same_problem_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    result = run(put(tmp_path, a="damaged", b="damaged", c="damaged"), tmp_path / "out")
    assert len([r for r in caplog.records if r.levelname == "WARNING"]) == 1
    (failure,) = result.totals.failures
    assert (failure.documents, failure.count) == (("a", "b", "c"), 3)
    assert result.exit_code is ExitCode.INPUT_UNREADABLE


def test_a_result_of_an_input_that_now_fails_does_not_look_current(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "a"
    run(put(tmp_path, a="Да."), tmp_path / "out")
    run(put(tmp_path, a="damaged"), tmp_path / "out")
    assert sorted(p.name for p in folder.iterdir()) == ["error.json", "previous"]
    run(put(tmp_path, a="damaged"), tmp_path / "out")
    files = put(tmp_path, a="Да.")
    assert run(files, tmp_path / "out").exit_code is ExitCode.OK
    assert store.load_document(folder).id == "a"
    assert not (folder / "error.json").exists()
    assert calls(files[0]) == 4, "a failure is tried again in every run"


def test_a_killed_worker_costs_its_document_alone(tmp_path: Path) -> None:
    result = run(put(tmp_path, a="Да.", b="kill", c="Нет.", d="Да."), tmp_path / "out", TWO)
    assert statuses(result) == {"a": "ok", "b": "failed", "c": "ok", "d": "ok"}
    assert result.rows[1].problems[0].code == "WORKER_LOST"
    assert "out of memory" in store.load_error(tmp_path / "out" / "b").problems[0].message


def test_an_output_folder_that_is_a_file_is_told_before_any_work(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.")
    (tmp_path / "out").write_text("mine")
    for out in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(OutputError):
            run(files, out)
    assert calls(files[0]) == 0
    assert (tmp_path / "out").read_text() == "mine"


def test_a_folder_that_cannot_be_made_fails_its_document_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").write_text("mine")
    result = run([*put(tmp_path, a="Да.", b="Нет.")], tmp_path / "out")
    assert statuses(result) == {"a": "failed", "b": "ok"}
    assert result.rows[0].problems[0].code == "OUTPUT"
    assert (tmp_path / "out" / "a").read_text() == "mine"


def test_scores_follow_the_truth_even_where_nothing_else_changed(tmp_path: Path) -> None:
    files = put(tmp_path, a="Да.", b="Нет.", c="Да.")
    truth = tmp_path / "truth"
    truth.mkdir()
    (truth / "a.gt.txt").write_text("Дa.")
    (truth / "c.gt.txt").write_bytes("Да.".encode("cp1251"))
    more: dict[str, Any] = {"ground_truth": truth}
    first = run(files, tmp_path / "out", **more)
    assert [row.counts is not None for row in first.rows] == [True, False, False]
    assert first.rows[0].counts is not None
    assert first.rows[0].counts.clean.cer.strict == Counts(substitutions=1, length=3)
    assert statuses(first) == {"a": "ok", "b": "ok", "c": "partial"}
    assert first.rows[2].problems == (
        Problem(
            code="TRUTH", message=f"{truth / 'c.gt.txt'}: is not UTF-8 (byte 0); save it as UTF-8"
        ),
    )
    (truth / "b.gt.txt").write_text("Нет.")
    (truth / "c.gt.txt").unlink()
    second = run(files, tmp_path / "out", **more)
    assert [row.counts is not None for row in second.rows] == [True, True, False]
    assert second.exit_code is ExitCode.OK
    assert [calls(f) for f in files] == [1, 1, 1]


def test_progress_is_told_after_each_document(tmp_path: Path) -> None:
    told: list[tuple[int, int, str | None]] = []

    def progress(state: State, row: Row | None) -> None:
        told.append((state.documents, state.of, row.id if row else None))

    run(put(tmp_path, a="Да.", b="damaged"), tmp_path / "out", progress=progress)
    assert told == [(0, 2, None), (1, 2, "a"), (2, 2, "b")]


def test_nothing_to_do_is_not_a_success(tmp_path: Path) -> None:
    assert run([], tmp_path / "out").exit_code is ExitCode.NO_INPUT
    result = run([tmp_path / "x.png"], tmp_path / "out")
    assert result.exit_code is ExitCode.INPUT_MISSING
