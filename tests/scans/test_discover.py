"""Which files are inputs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import InputSettings
from pipeline.errors import DepeshaError, InputMissingError, NoInputError
from pipeline.scans import Found, file_hash, survey
from pipeline.scans.find import natural_key


def discover(
    inputs: list[Path], *, follow: bool = False
) -> tuple[tuple[Path, ...], tuple[DepeshaError, ...]]:
    items = list(survey(inputs, InputSettings(follow_links=follow)))
    files = tuple(item.path for item in items if isinstance(item, Found))
    return files, tuple(item for item in items if isinstance(item, DepeshaError))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "page-10.png", "page-2.PNG", "page-1.tif", "b/1.txt", "a/x.pdf", "a/.hidden.png",
        ".git/x.png", "README.md", "readme.txt", "a.gt.txt", "a.gt.json", "notes.docx", "x",
    ):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path


def names(files: tuple[Path, ...], folder: Path) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in files]


def test_a_folder_gives_its_scans_in_natural_order(folder: Path) -> None:
    files, errors = discover([folder])
    assert names(files, folder) == ["a/x.pdf", "b/1.txt", "page-1.tif", "page-2.PNG", "page-10.png"]
    assert errors == ()


def test_named_files_come_as_named_and_once(folder: Path) -> None:
    hidden, notes = folder / "a/.hidden.png", folder / "notes.docx"
    same = folder / "b" / ".." / "page-2.PNG"
    files, errors = discover([notes, hidden, same, notes])
    assert files == (notes, hidden, same)
    assert errors == ()


def test_what_is_wrong_is_told_and_the_rest_goes_on(folder: Path) -> None:
    empty = folder / "empty"
    empty.mkdir()
    (empty / "README").touch()
    files, errors = discover([folder / "gone.png", empty, folder / "page-1.tif"])
    assert files == (folder / "page-1.tif",)
    assert [type(error) for error in errors] == [InputMissingError, NoInputError]
    assert [error.subject for error in errors] == [str(folder / "gone.png"), str(empty)]


def test_a_loop_of_links_ends(folder: Path) -> None:
    (folder / "a" / "loop").symlink_to(folder, target_is_directory=True)
    assert len(discover([folder])[0]) == 5
    assert len(discover([folder], follow=True)[0]) == 5


def test_linked_folders_are_searched_where_that_is_wished(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "b"
    (folder / "a" / "more").symlink_to(other, target_is_directory=True)
    (folder / "a" / "again.txt").symlink_to(other / "1.txt")
    files, _ = discover([folder / "a"], follow=True)
    assert names(files, folder) == ["a/again.txt", "a/more/1.txt", "a/x.pdf"]


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=5))
def test_numbers_sort_by_value(numbers: list[int]) -> None:
    paths = [Path(f"box 7/sheet-{number}.tif") for number in numbers]
    assert sorted(paths, key=natural_key) == [
        Path(f"box 7/sheet-{number}.tif") for number in sorted(numbers)
    ]


@given(st.lists(st.text("ab1²٣.", min_size=1), min_size=2))
def test_any_names_can_be_sorted(texts: list[str]) -> None:
    paths = [Path(text) for text in texts]
    ordered = sorted(paths, key=natural_key)
    assert sorted(ordered, key=str) == sorted(paths, key=str)


def test_the_hash_is_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    data = bytes(range(256)) * 10_000
    path.write_bytes(data)
    assert file_hash(path) == hashlib.sha256(data).hexdigest()
