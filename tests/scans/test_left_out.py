"""What is not taken from a folder is named; what cannot be read costs only itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.scans import discover, left_out


def test_other_kinds_and_links_are_named(tmp_path: Path) -> None:
    scans, other = tmp_path / "scans", tmp_path / "elsewhere"
    scans.mkdir()
    other.mkdir()
    for name in ("a.png", "b.jfif", "c.JPF", "d.gif", "e.djvu", "README.md", ".x", "a.gt.txt"):
        (scans / name).write_bytes(b"x")
    (scans / "link").symlink_to(other)
    files, errors = discover([scans])
    assert [x.name for x in files] == ["a.png", "b.jfif", "c.JPF"]
    assert errors == ()
    found = {Path(x.path).name: (x.kind, x.reason) for x in left_out([scans])}
    assert {name: kind for name, (kind, _) in found.items()} == {
        "d.gif": ".gif",
        "e.djvu": ".djvu",
        "link": "",
    }
    assert "link" in found["link"][1]


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
    files, errors = discover([tmp_path])
    assert [x.name for x in files] == ["a.txt"]
    (error,) = errors
    assert error.subject == str(barred)
    assert "Permission denied" in error.message
