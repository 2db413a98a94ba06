"""What is not taken from a folder is named; what cannot be read costs only itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.config import InputSettings
from pipeline.errors import DepeshaError, NoInputError
from pipeline.scans import Found, LeftOut, refuse_own, survey


def look(
    folder: Path, out: Path | None = None
) -> tuple[list[str], dict[str, LeftOut], list[DepeshaError]]:
    items = list(survey([folder], InputSettings(), out))
    return (
        [item.path.name for item in items if isinstance(item, Found)],
        {Path(item.path).name: item for item in items if isinstance(item, LeftOut)},
        [item for item in items if isinstance(item, DepeshaError)],
    )


def test_other_kinds_and_links_are_named(tmp_path: Path) -> None:
    scans, other = tmp_path / "scans", tmp_path / "elsewhere"
    scans.mkdir()
    other.mkdir()
    for name in ("a.png", "b.jfif", "c.JPF", "d.gif", "e.djvu", "README.md", ".x", "a.gt.txt"):
        (scans / name).write_bytes(b"x")
    (scans / "link").symlink_to(other)
    files, found, errors = look(scans)
    assert files == ["a.png", "b.jfif", "c.JPF"]
    assert errors == []
    assert {name: item.kind for name, item in found.items()} == {
        "d.gif": ".gif",
        "e.djvu": ".djvu",
        "link": "",
    }
    assert "link" in found["link"].reason


def test_pipes_bins_and_what_depesha_made_are_no_inputs(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    for name in (
        "a.txt",
        "$RECYCLE.BIN/b.png",
        "@eaDir/c.png",
        "d.look.png",
        "outputs/e/transcript.txt",
        "old/depesha.sqlite",
        "old/f/transcript.txt",
        "older/summary.csv",
        "older/g/transcript.txt",
        "one/document.json.xz",
        "one/dropped.txt",
        "mine/error.json",
        "mine/h.txt",
        "mine/i.txt",
    ):
        path = scans / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (scans / "older" / "summary.json").write_text('{"schema": "depesha/summary"}')
    os.mkfifo(scans / "pipe.txt")
    (scans / "same.txt").symlink_to(scans / "a.txt")
    files, found, errors = look(scans, scans / "outputs")
    assert files == ["a.txt", "h.txt", "i.txt"]
    assert errors == []
    assert {name: item.reason for name, item in found.items() if not item.kind} == {
        "$RECYCLE.BIN": "is a recycle bin or holds thumbnails, not searched",
        "@eaDir": "is a recycle bin or holds thumbnails, not searched",
        "d.look.png": "was drawn by depesha look",
        "old": "is an output folder of Depesha",
        "older": "is an output folder of Depesha",
        "one": "holds a result of Depesha",
        "outputs": "is the output folder",
        "pipe.txt": "is a pipe or a device, no file",
        "same.txt": "is a link to a file that is taken itself",
    }


def test_nothing_in_the_output_folder_is_an_input(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    for inputs, out in (([tmp_path], tmp_path), ([tmp_path / "a.txt"], tmp_path)):
        with pytest.raises(NoInputError, match="lies in the output folder"):
            refuse_own(inputs, out)
    refuse_own([tmp_path], tmp_path / "outputs")


def test_a_pipe_named_itself_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (error,) = survey([tmp_path / "pipe.png"], InputSettings())
    assert isinstance(error, DepeshaError)
    assert error.message == "is not a regular file"


def test_a_folder_that_may_not_be_read_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("текст", encoding="utf-8")
    barred = tmp_path / "lost+found"
    barred.mkdir()
    true_scan = os.scandir

    def scandir(path: str) -> object:
        if Path(path) == barred:
            raise PermissionError(13, "Permission denied", str(path))
        return true_scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    files, _, errors = look(tmp_path)
    assert files == ["a.txt"]
    (error,) = errors
    assert error.subject == str(barred)
    assert "Permission denied" in error.message
