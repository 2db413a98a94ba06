"""Through the command: what came out but not as it should is said, and so is what was not taken."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from drawing import page, save

from pipeline.cli import main
from pipeline.errors import ExitCode
from pipeline.store import load_document

pytestmark = pytest.mark.ocr

ROWS = (
    "Правительство согласно с предложением о",
    "созыве совещания. Прошу сообщить, когда",
    "оно состоится. Товарищ посол, как видно,",
)


def test_a_drawing_an_empty_sheet_and_a_typed_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    typed = page([(row, 150, 150 + 60 * number) for number, row in enumerate(ROWS)])
    save(typed, scans / "typed.png")
    save(np.full_like(typed, 235), scans / "empty.png")
    drawing = np.full_like(typed, 235)
    height, width = drawing.shape
    drawing[height // 3 : height // 2, width // 3 : width // 2] = 30
    save(drawing, scans / "drawing.png")
    (scans / "notes.gif").write_bytes(b"GIF89a")
    options = ["run", str(scans), "--out", str(tmp_path / "out"), "--jobs", "1"]
    assert main(options) == ExitCode.OK
    shown = capsys.readouterr().out
    assert "no_lines: drawing" in shown
    assert "1 file of other kinds left out: .gif" in shown
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    found = {row["id"]: (row["status"], row["expected_error"]) for row in summary["rows"]}
    assert found["drawing"] == ("check", None)
    assert found["empty"] == ("ok", None)
    status, rate = found["typed"]
    assert status == "ok"
    assert 0 < rate < 0.1
    assert load_document(tmp_path / "out" / "typed").expected_error == rate
    assert main([*options, "--set", "batch.fail_on_check=true"]) == ExitCode.CHECK
