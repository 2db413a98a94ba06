"""The tutorial's commands run as they stand there, in order, and print what it says they print."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_pages import ROOT

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def sessions(page: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of ``page``, and the lines that it is shown to print."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for block in BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            yield command, [" ".join(x.split()) for x in shown if x.strip() != "..."]


def fill(folder: Path) -> None:
    """The folder ``mine`` of the tutorial, and the page that was keyed."""
    (folder / "mine").mkdir()
    (folder / "truth").mkdir()
    name = "roshchin-facsimile-light"
    shutil.copy(ROOT / "scans" / f"{name}.jpg", folder / "mine" / "001.jpg")
    shutil.copy(ROOT / "scans" / "roshchin-1950-05-14.txt", folder / "mine" / "002.txt")
    shutil.copy(ROOT / "ground_truth" / f"{name}.gt.txt", folder / "truth" / "001.gt.txt")


def run(command: str, folder: Path) -> str:
    """What ``command`` prints; the review page is stopped once it has said its address."""
    program, *arguments = shlex.split(command)
    assert program == "depesha", command
    started = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    if arguments[0] == "review" and len(arguments) == 2:
        assert started.stdout is not None
        said = next(line for line in started.stdout if "http://" in line)
        started.terminate()
        return said + started.communicate()[0]
    said = started.communicate()[0]
    assert started.returncode == 0, f"{command}: {said}"
    return said


@pytest.mark.ocr
def test_the_tutorial_runs(tmp_path: Path) -> None:
    fill(tmp_path)
    commands = list(sessions("tutorial.md"))
    assert len(commands) > 10
    for command, shown in commands:
        said = [" ".join(x.split()) for x in run(command, tmp_path).splitlines()]
        for line in shown:
            start = line.removesuffix("...").rstrip()
            assert any(x == line or (start != line and x.startswith(start)) for x in said), (
                f"{command}: {line!r} is not in {said}"
            )
    transcript = (tmp_path / "texts/001/transcript.txt").read_text(encoding="utf-8")
    assert "Отпеч." in transcript
    assert "\nРОЩИН\n" in transcript
    assert list((tmp_path / "texts/export").rglob("001*.xml"))
