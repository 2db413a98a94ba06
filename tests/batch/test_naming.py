"""Each input has an id of its own, the same one in every run, whatever comes or goes."""

from __future__ import annotations

import shutil
import tempfile
import unicodedata
from pathlib import Path

import pytest
from batch_helpers import HERE, run
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.batch import BatchResult
from pipeline.batch.ledger import LEDGER_FILE
from pipeline.store import result_folders


def write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return folder


def ids(result: BatchResult) -> list[str]:
    return [row.id for row in result.rows]


@pytest.mark.parametrize(
    "name", ["1950.05.14.txt", "Шифр телеграмма № 5.txt", "\"кавычки\" 'и'.txt", "a~b.txt"]
)
def test_a_file_named_by_itself_is_called_by_its_stem(tmp_path: Path, name: str) -> None:
    write(tmp_path / "in", name)
    assert ids(run([tmp_path / "in" / name], tmp_path / "out")) == [name.removesuffix(".txt")]


def test_folders_stay_folders(tmp_path: Path) -> None:
    source = write(tmp_path / "in", "Фонд 5/Дело 1/001.txt", "Фонд 5/Дело 2/001.txt", "001.txt")
    result = run([source], tmp_path / "out")
    assert ids(result) == ["001", "Фонд 5/Дело 1/001", "Фонд 5/Дело 2/001"]
    for row in result.rows:
        assert (tmp_path / "out" / row.id / "transcript.txt").read_text().strip() == f"{row.id}.txt"
    assert [
        x.relative_to(tmp_path / "out").as_posix() for x in result_folders(tmp_path / "out")
    ] == [
        "001",
        "Фонд 5/Дело 1/001",
        "Фонд 5/Дело 2/001",
    ]


def test_two_that_are_or_look_the_same_keep_their_endings(tmp_path: Path) -> None:
    source = write(tmp_path / "in", "a/Дело.txt", "a/дело.png", "b/x.txt")
    assert ids(run([source], tmp_path / "out")) == ["a/дело.png", "a/Дело.txt", "b/x"]
    other = write(tmp_path / "in2", "й.txt", unicodedata.normalize("NFD", "й") + ".png")
    assert len({x.rpartition(".")[2] for x in ids(run([other], tmp_path / "out2"))}) == 2


def test_a_name_never_changes_when_others_come_or_go(tmp_path: Path) -> None:
    source = write(tmp_path / "in", "a.txt")
    assert ids(run([source], tmp_path / "out")) == ["a"]
    write(source, "a.png", "b/a.txt")
    second = run([source], tmp_path / "out")
    assert sorted(ids(second)) == ["a", "a.png", "b/a"]
    assert [row.unchanged for row in second.rows if row.id == "a"] == [True]
    (source / "a.txt").unlink()
    assert sorted(ids(run([source], tmp_path / "out"))) == ["a.png", "b/a"]


def test_equal_paths_below_two_inputs_never_meet(tmp_path: Path) -> None:
    inputs = [write(tmp_path / "one", "001.txt"), write(tmp_path / "two", "001.txt")]
    first, second = ids(run(inputs, tmp_path / "out"))
    assert first.startswith("001.txt~")
    assert second.startswith("001.txt~")
    assert first != second
    # Alone, each finds its own folder again.
    for source, name in zip(inputs, (first, second), strict=True):
        (row,) = run([source], tmp_path / "out").rows
        assert (row.id, row.unchanged) == (name, True)


def test_the_same_relative_path_from_two_places_is_two_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    seen = []
    for name in ("one", "two", "one"):
        write(tmp_path / name, "001.txt")
        monkeypatch.chdir(tmp_path / name)
        seen += ids(run([Path("001.txt")], out))
    assert seen == ["001", "001.txt", "001"]


def test_a_file_named_twice_is_one_document(tmp_path: Path) -> None:
    source = write(tmp_path / "in", "1.txt", "2.txt")
    files = [source / "1.txt", source, source / ".." / "in" / "1.txt"]
    assert ids(run(files, tmp_path / "out")) == ["1", "2"]


def test_names_that_stand_in_the_output_folder_are_no_ids(tmp_path: Path) -> None:
    source = write(
        tmp_path / "in",
        "report/a.txt",
        "x/previous/a.txt",
        "x/transcript.txt.txt",
        "summary.json.txt",
        "review.sqlite.txt",
    )
    assert sorted(ids(run([source], tmp_path / "out"))) == [
        "report~/a",
        "review.sqlite~",
        "summary.json~",
        "x/previous~/a",
        "x/transcript.txt~",
    ]


def test_what_was_moved_with_all_its_folder_keeps_its_name(tmp_path: Path) -> None:
    source = write(tmp_path / "in", "a/001.txt", "a/002.txt")
    before = ids(run([source], tmp_path / "out"))
    shutil.move(source, tmp_path / "elsewhere")
    shutil.move(tmp_path / "out", tmp_path / "moved")
    after = run([tmp_path / "elsewhere"], tmp_path / "moved")
    assert ids(after) == before
    assert all(row.unchanged for row in after.rows)


def test_names_survive_the_loss_of_the_ledger(tmp_path: Path) -> None:
    first, second = write(tmp_path / "one", "001.txt"), write(tmp_path / "two", "001.txt")
    run([first], tmp_path / "out")
    run([second], tmp_path / "out")
    (tmp_path / "out" / LEDGER_FILE).unlink()
    (row,) = run([second], tmp_path / "out").rows
    assert (row.id, row.unchanged) == ("001.txt", True)
    assert len(run([first, second], tmp_path / "out").collection or ()) == 2


parts = st.text(st.sampled_from("aA1.~й "), min_size=1, max_size=4).filter(
    lambda x: x.strip(". ") != "" and not x.startswith(".")
)
paths = st.tuples(st.lists(parts, max_size=2), parts, st.sampled_from([".txt", ".png"])).map(
    lambda x: "/".join([*x[0], x[1] + x[2]])
)


@given(first=st.sets(paths, min_size=1, max_size=5), second=st.sets(paths, max_size=5))
@settings(max_examples=8)
def test_no_two_files_ever_meet_and_none_is_renamed(first: set[str], second: set[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        source, out = Path(name, "in"), Path(name, "out")
        named: dict[str, str] = {}
        for files in (first, second):
            for file in files:
                path = source / file
                if not any(parent.is_file() for parent in path.parents) and not path.is_dir():
                    write(source, file)
            result = run([source], out, HERE)
            found = {row.source: row.id for row in result.rows}
            assert len(set(found.values())) == len(found)
            assert all(found[file] == known for file, known in named.items() if file in found)
            named = found
