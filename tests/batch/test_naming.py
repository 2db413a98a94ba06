"""Each input has a folder of its own, the same one in every run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.batch.naming import make_tasks


def names(*files: str) -> list[str]:
    return [task.name for task in make_tasks(Path(f) for f in files)]


@pytest.mark.parametrize(
    "name", ["1950.05.14.png", "Шифр телеграмма № 5.tif", "\"кавычки\" 'и'.jpg", "a~b.png"]
)
def test_a_name_of_its_own_stays_as_it_is(name: str) -> None:
    assert names(f"scans/{name}") == [name.rpartition(".")[0]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a/001.png", "b/001.png"),
        ("a/001.png", "a/001.txt"),
        ("a/Дело.png", "b/дело.png"),
        ("a/й.png", "b/и\u0306.png"),
    ],
)
def test_stems_that_are_or_look_the_same_both_get_a_mark(one: str, other: str) -> None:
    first, second = names(one, other)
    assert first.startswith(Path(one).stem + "~")
    assert second.startswith(Path(other).stem + "~")
    assert first != second
    assert names(other, one, "c/else.png") == [second, first, "else"]


def test_a_file_named_twice_is_one_document() -> None:
    assert names("a/1.png", "a/2.png", "./a/../a/1.png") == ["1", "2"]


def test_the_mark_does_not_depend_on_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path)
    (before,) = make_tasks([Path("a/1.png")])
    monkeypatch.chdir(tmp_path / "a")
    (after,) = make_tasks([Path("1.png")])
    assert (before.key, before.marked) == (after.key, after.marked)
    (linked,) = make_tasks([Path(os.fspath(tmp_path), "a", "1.png")])
    assert linked.key == before.key


@pytest.mark.parametrize(
    "name", ["summary.json.png", "report.png", "Summary.csv.txt", "..png", "...txt"]
)
def test_names_the_output_folder_needs_itself_get_a_mark(name: str) -> None:
    (found,) = names(name)
    assert "~" in found
