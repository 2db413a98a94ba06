"""Which result belongs to which truth: trees, spellings, mapping files; nothing is guessed."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.errors import ExitCode, InputMissingError, TruthError
from pipeline.evaluate import evaluate_paths
from pipeline.evaluate.names import match_names
from pipeline.evaluate.pairs import Pairing, pair_paths
from pipeline.evaluate.paths import evaluate_pairs, filled
from pipeline.store import EXPORT_RECORD


def tree(root: Path, *names: str, suffix: str = ".txt", text: str = "текст") -> Path:
    root.mkdir(exist_ok=True)
    for name in names:
        path = root / (name + suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def paired(found: Pairing, truth: Path) -> dict[str, str]:
    return {x.name: x.truth.relative_to(truth).as_posix() for x in found.pairs}


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "out", tmp_path / "true"


@pytest.mark.parametrize(
    ("results", "truths", "pairs"),
    [
        # Equal trees, with the same stem in two folders.
        (["a/001", "b/001"], ["a/001", "b/001"], {"a/001": "a/001", "b/001": "b/001"}),
        # Flat against nested, and nested against flat, where the stem is unique.
        (["001", "002"], ["x/001", "y/002"], {"001": "x/001", "002": "y/002"}),
        (["x/001", "y/002"], ["001"], {"x/001": "001"}),
        # Roots that lie a folder apart.
        (["Ф/Д/1", "Ф/Е/1"], ["Д/1", "Е/1"], {"Ф/Д/1": "Д/1", "Ф/Е/1": "Е/1"}),
        # One truth for two results: whose it is cannot be known.
        (["a/001", "b/001"], ["001"], {}),
        (["001"], ["a/001", "b/001"], {}),
        # Its own truth goes before another's.
        (["a/001", "b/001"], ["a/001"], {"a/001": "a/001"}),
        # Case aside, unless both spellings are there.
        (["A"], ["a"], {"A": "a"}),
        (["A", "a"], ["a"], {"a": "a"}),
        # What a run adds to tell documents of one stem apart.
        (["001~d8bf06"], ["001"], {"001~d8bf06": "001"}),
        (["x/001.tif"], ["x/001"], {"x/001.tif": "x/001"}),
        (["x/001.tif", "x/001.png"], ["x/001"], {}),
    ],
)
def test_names(results: list[str], truths: list[str], pairs: dict[str, str]) -> None:
    found = match_names(results, truths)
    assert {results[i]: truths[j] for i, j in found.pairs.items()} == pairs
    if not pairs:
        (doubt,) = found.ambiguous
        assert len(doubt.results) + len(doubt.truths) == 3


_NAMES = st.lists(
    st.lists(st.sampled_from(["a", "A", "й", "и\u0306", "001"]), min_size=1, max_size=3).map(
        "/".join
    ),
    max_size=6,
    unique=True,
)


@given(_NAMES, _NAMES)
def test_no_name_is_in_two_pairs_and_equal_names_are_pairs(
    results: list[str], truths: list[str]
) -> None:
    found = match_names(results, truths)
    assert len(set(found.pairs.values())) == len(found.pairs)
    taken = set(found.pairs)
    for index, name in enumerate(results):
        composed = unicodedata.normalize("NFC", name)
        same = [[unicodedata.normalize("NFC", x) == composed for x in y] for y in (results, truths)]
        if sum(same[0]) == sum(same[1]) == 1:
            assert found.pairs[index] == same[1].index(True)
    for doubt in found.ambiguous:
        assert not taken & set(doubt.results)
        assert doubt.results
        assert not set(found.pairs.values()) & set(doubt.truths)


def test_a_name_in_another_spelling_is_the_same_name(places: tuple[Path, Path]) -> None:
    out, true = places
    tree(out, unicodedata.normalize("NFD", "Йод"), "A1")
    tree(out, "B1", suffix=".TXT")
    tree(true, unicodedata.normalize("NFC", "Йод"), suffix=".gt.txt")
    tree(true, "A1", "B1", suffix=".GT.TXT")
    found = pair_paths(out, true)
    assert len(found.pairs) == 3
    assert found.unmatched == ()
    assert all(x.clean.scores.cer.strict.errors == 0 for x in evaluate_pairs(found).scores)


def test_truths_beside_the_scans_are_found_at_any_depth(places: tuple[Path, Path]) -> None:
    out, true = places
    tree(out, "box1/001", "box2/001")
    tree(true, "box1/001", text="один", suffix=".gt.txt")
    tree(true, "box2/001", text="два", suffix=".gt.txt")
    tree(true, "box1/001", suffix=".txt")  # not a truth where there are .gt files
    assert paired(pair_paths(out, true), true) == {
        "box1/001": "box1/001.gt.txt",
        "box2/001": "box2/001.gt.txt",
    }


def test_an_ambiguous_truth_is_told_and_scores_nothing(
    places: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    out, true = places
    tree(out, "box1/001", "box2/001")
    tree(true, "001", suffix=".gt.txt")
    assert main(["evaluate", str(out), str(true)]) == ExitCode.RESULT
    said = capsys.readouterr().err
    assert "could belong to" in said
    assert said.count("001.gt.txt") == 1
    assert "\n" in said


def test_a_mapping_file_decides(places: tuple[Path, Path], tmp_path: Path) -> None:
    out, true = places
    tree(out, "run/p1", "run/p2", "p9")
    tree(true, "лист", "другой", suffix=".gt.txt")
    mapping = tmp_path / "pairs.csv"
    rows = 'result,truth\nrun/p1,лист.gt.txt\n"run/p2.txt",лист\n\n'
    mapping.write_text(rows, encoding="utf-8-sig")
    found = pair_paths(out, true, mapping)
    assert paired(found, true) == {"run/p1": "лист.gt.txt", "run/p2": "лист.gt.txt"}
    assert found.alone == (out / "p9.txt",)
    assert found.unread == (true / "другой.gt.txt",)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a,b\n", "columns"),
        ("result,truth\np1\n", "row 2 does not name"),
        ("result,truth\np1,нет\n", "row 2: there is no truth `нет`"),
        ("result;truth\nнет;лист\n", "row 2: there is no result `нет`"),
        ("result,truth\np1,лист\np1,другой\n", "row 3: `p1` has a truth already"),
    ],
)
def test_a_wrong_mapping_is_refused(
    places: tuple[Path, Path], tmp_path: Path, rows: str, message: str
) -> None:
    out, true = places
    tree(out, "p1")
    tree(true, "лист", "другой", suffix=".gt.txt")
    mapping = tmp_path / "pairs.csv"
    mapping.write_text(rows, encoding="utf-8")
    with pytest.raises(TruthError, match=message) as caught:
        pair_paths(out, true, mapping)
    assert caught.value.subject == str(mapping)


def test_many_results_without_a_truth_are_one_line(
    places: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    out, true = places
    tree(out, *(f"{i // 100:02d}/{i:05d}" for i in range(2_000)))
    tree(true, *(f"{i:05d}" for i in range(0, 2_000, 400)), suffix=".gt.txt")
    assert main(["evaluate", str(out), str(true), "--no-report"]) == ExitCode.OK
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith("depesha: 1,995 results without a truth, left out: ")
    command = ["evaluate", str(out), str(true), "--no-report", "--unpaired", "list"]
    assert main(command) == ExitCode.OK
    assert len(capsys.readouterr().err.splitlines()) == 1_995
    assert main([*command[:-1], "fail"]) == ExitCode.TRUTH


def test_a_missing_result_can_count_as_an_empty_text(places: tuple[Path, Path]) -> None:
    out, true = places
    tree(out, "a")
    tree(true, "a", "b", suffix=".gt.txt")
    assert evaluate_paths(out, true).summary.clean.cer.strict.counts.errors == 0
    found = evaluate_pairs(filled(pair_paths(out, true), true))
    assert [x.document_id for x in found.scores] == ["a", "b"]
    assert found.summary.clean.cer.strict.counts.deletions == len("текст")


def test_one_result_in_two_formats_counts_once(places: tuple[Path, Path]) -> None:
    out, true = places
    tree(out, "a")
    tree(out, "a", suffix=".hocr", text="<p class='ocr_page ocr_par'>текст</p>")
    tree(true, "a", suffix=".gt.txt")
    found = pair_paths(out, true)
    assert [x.result for x in found.pairs] == [out / "a.hocr"]
    assert found.doubled == (out / "a.txt",)


def test_exports_of_a_run_are_no_results_beside_it(places: tuple[Path, Path]) -> None:
    out, true = places
    tree(out, "a", "export/txt/a", "theirs/export/b")
    (out / "export" / EXPORT_RECORD).write_text("{}\n", encoding="utf-8")
    tree(true, "a", "b", suffix=".gt.txt")
    found = pair_paths(out, true)
    assert {x.name for x in found.pairs} == {"a", "theirs/export/b"}
    assert found.unmatched == ()
    # Named themselves, they are what is to be compared.
    assert {x.name for x in pair_paths(out / "export", true).pairs} == {"txt/a"}


def test_a_blank_page_has_a_truth(places: tuple[Path, Path]) -> None:
    out, true = places
    tree(out, "blank", "a")
    tree(true, "blank", suffix=".gt.txt", text="")
    tree(true, "a", suffix=".gt.txt")
    summary = evaluate_paths(out, true).summary
    assert summary.documents == 2
    assert summary.clean.cer.strict.counts.insertions == len("текст")
    assert summary.clean.cer.strict.rate == 1.0


def test_results_that_are_not_there_are_missing_input(
    places: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    out, true = places
    tree(true, "a", suffix=".gt.txt")
    with pytest.raises(InputMissingError):
        pair_paths(out, true)
    assert main(["evaluate", str(out), str(true)]) == ExitCode.INPUT_MISSING
    assert f"{out}: does not exist" in capsys.readouterr().err
