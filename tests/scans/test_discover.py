"""Which files are inputs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputMissingError, NoInputError
from pipeline.scans import discover, file_hash
from pipeline.scans.find import natural_key


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
    files, errors = discover([notes, hidden, folder, same, notes])
    assert files[:2] == (notes, hidden)
    assert len(files) == 7
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
    files, _ = discover([folder])
    assert len(files) == 5


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
