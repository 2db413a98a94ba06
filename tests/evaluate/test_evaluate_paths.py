"""Files and folders: pairs by stem, everything else named."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import store
from pipeline.config import EvaluateSettings
from pipeline.errors import ExitCode, ResultError, TruthError
from pipeline.evaluate import evaluate_paths
from pipeline.model import Document, Line, Page, Problem, Reading, Scan, Status

SETTINGS = EvaluateSettings()


def run_info(source: str) -> store.RunInfo:
    return store.RunInfo(
        fingerprint="f",
        source=source,
        source_key="k",
        input_sha256="i",
        status=Status.OK,
        seconds=1,
    )


def save(folder: Path, text: str, source: str = "") -> None:
    line = Line(id="l1", reading=Reading.of("file", text))
    page = Page(number=1, scan=Scan(path=source), lines=(line,))
    made = Document(id=folder.name, pages=(page,))
    store.save_document(folder, made, run=run_info(source or folder.name + ".png"), texts={})


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    save(folder / "a", "текст один")
    save(folder / "письмо 2", "текст двa")
    save(folder / "b.tif", "текст один", source="scans/b.tif")
    save(folder / "extra", "лишний")
    (folder / "summary.json").write_text("{}")
    return folder


@pytest.fixture
def truths(tmp_path: Path) -> Path:
    folder = tmp_path / "truth"
    folder.mkdir()
    for stem, text in {"a": "текст один", "письмо 2": "текст два", "b": "текст", "c": "в"}.items():
        (folder / f"{stem}.gt.txt").write_text(text, encoding="utf-8")
    return folder


def test_a_run_against_a_folder_of_truth(results: Path, truths: Path) -> None:
    found = evaluate_paths(results, truths, SETTINGS)
    assert [score.document_id for score in found.scores] == ["a", "b.tif", "письмо 2"]
    assert [score.clean.scores.cer.strict.errors for score in found.scores] == [0, 5, 1]
    assert found.scores[2].clean.scores.cer.reading.errors == 0
    assert found.unmatched == (str(results / "extra"), str(truths / "c.gt.txt"))
    assert found.problems == ()
    assert found.summary.clean.cer.strict.counts.length == 24


def test_one_document_finds_its_truth_in_the_folder(results: Path, truths: Path) -> None:
    for path in (results / "a", results / "a" / "document.json.xz"):
        (score,) = evaluate_paths(path, truths, SETTINGS).scores
        assert score.clean.scores.cer.strict.errors == 0
    with pytest.raises(TruthError, match=r"no ground truth for .*extra"):
        evaluate_paths(results / "extra", truths, SETTINGS)


def test_one_file_against_one_file_are_a_pair(results: Path, truths: Path, tmp_path: Path) -> None:
    (score,) = evaluate_paths(results / "extra", truths / "c.gt.txt", SETTINGS).scores
    assert score.body_loss is not None
    text = tmp_path / "anything.txt"
    text.write_text("\ufeffтекст", encoding="utf-8")
    (score,) = evaluate_paths(text, truths / "a.gt.txt", SETTINGS).scores
    assert (score.clean.scores.cer.strict.deletions, score.raw) == (5, None)


def test_a_run_against_one_truth_names_the_rest(results: Path, truths: Path) -> None:
    found = evaluate_paths(results, truths / "a.gt.txt", SETTINGS)
    assert [score.document_id for score in found.scores] == ["a"]
    assert len(found.unmatched) == 3


def test_folders_of_plain_text(tmp_path: Path) -> None:
    for folder, text in (("read", "тексг"), ("true", "текст")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a <b> 'c'.txt").write_text(text, encoding="utf-8")
    (tmp_path / "read" / "b.txt").write_text("x", encoding="utf-8")
    found = evaluate_paths(tmp_path / "read", tmp_path / "true", SETTINGS)
    assert [score.document_id for score in found.scores] == ["a <b> 'c'"]
    assert found.unmatched == (str(tmp_path / "read" / "b.txt"),)


def test_the_text_is_not_taken_for_its_own_truth(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("тексг", encoding="utf-8")
    (tmp_path / "a.gt.txt").write_text("текст", encoding="utf-8")
    (score,) = evaluate_paths(tmp_path, tmp_path, SETTINGS).scores
    assert score.clean.scores.cer.strict.errors == 1


def test_what_is_broken_is_named_and_the_rest_scored(results: Path, truths: Path) -> None:
    (results / "письмо 2" / "document.json.xz").write_text("{", encoding="utf-8")
    (truths / "b.gt.txt").write_bytes(b"\xcc\xee")
    problem = Problem(code="ENGINE_FAILED", message="Tesseract crashed")
    store.save_error(results / "c", "c", run=run_info("c.png"), problems=(problem,))
    (results / "a.txt").write_text("текст", encoding="utf-8")
    found = evaluate_paths(results, truths, SETTINGS)
    assert [score.document_id for score in found.scores] == ["a"]
    messages = sorted((p.code, p.message.partition(": ")[2]) for p in found.problems)
    assert [code for code, _ in messages] == ["RESULT", "RESULT", "TRUTH"]
    assert any("Tesseract crashed" in message for _, message in messages)
    assert any("is damaged" in message for _, message in messages)
    assert any("not UTF-8" in message for _, message in messages)
    assert found.unmatched == (str(results / "extra"), str(results / "a.txt"))


def test_an_empty_result_is_a_result(tmp_path: Path, truths: Path) -> None:
    empty = tmp_path / "a.txt"
    empty.write_bytes(b"")
    (score,) = evaluate_paths(empty, truths, SETTINGS).scores
    assert score.clean.scores.cer.strict.rate == 1.0
    assert score.clean.scores.cer.strict.deletions == len("текст один")


def test_missing_and_unreadable_paths_are_named(
    tmp_path: Path, results: Path, truths: Path
) -> None:
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    cp1251 = tmp_path / "old.txt"
    cp1251.write_bytes("текст".encode("cp1251"))
    for path, message in (
        (nothing, "holds no results"),
        (cp1251, "not UTF-8"),
    ):
        with pytest.raises(ResultError, match=message) as result_error:
            evaluate_paths(path, truths / "a.gt.txt", SETTINGS)
        assert str(result_error.value).startswith(str(path))
        assert result_error.value.exit_code is ExitCode.RESULT
    for path, message in (
        (tmp_path / "no such", "does not exist"),
        (nothing, "holds no ground truth"),
        (cp1251, "not UTF-8"),
    ):
        with pytest.raises(TruthError, match=message) as truth_error:
            evaluate_paths(results, path, SETTINGS)
        assert str(truth_error.value).startswith(str(path))


def test_a_failed_document_by_itself_says_why(results: Path, truths: Path) -> None:
    problem = Problem(code="INPUT_UNREADABLE", message="is not an image")
    store.save_error(results / "c", "c", run=run_info("c.png"), problems=(problem,))
    with pytest.raises(ResultError, match="run failed on this document: is not an image"):
        evaluate_paths(results / "c", truths, SETTINGS)
