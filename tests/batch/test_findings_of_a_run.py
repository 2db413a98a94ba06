"""A run says what is to be looked at: status, summary, exit code, table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

from batch_workers import Texts
from rich.console import Console

from pipeline.batch import BatchResult, run_batch
from pipeline.batch.summary import SUMMARY_CSV, SUMMARY_JSON
from pipeline.commands.run import print_result
from pipeline.config import Settings, load_settings
from pipeline.errors import ExitCode
from pipeline.findings import find
from pipeline.model import Document, Page, Problem, Status


def derive(
    document_id: str, read: Sequence[Page], problems: Sequence[Problem], _: Settings
) -> Document:
    page = replace(read[0], expected_error=0.3)
    if document_id == "bad":
        page = replace(page, findings=(find("poorly_read", "hardly legible"),))
    return Document(id=document_id, pages=(page,), expected_error=page.expected_error)


def run(tmp_path: Path, **changes: object) -> BatchResult:
    scans = tmp_path / "scans"
    scans.mkdir()
    for name in ("1 good.txt", "bad.txt", "x.gif"):
        (scans / name).write_text(name, encoding="utf-8")
    (scans / "link").symlink_to(tmp_path)
    settings = load_settings(None, {"batch.jobs": 1, **changes})
    return run_batch([scans], tmp_path / "out", settings, opens=Texts, derives=derive, inline=True)


def test_a_finding_is_counted_everywhere(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert [row.status for row in result.rows] == [Status.OK, Status.CHECK]
    assert result.exit_code is ExitCode.OK
    summary = json.loads((tmp_path / "out" / SUMMARY_JSON).read_text(encoding="utf-8"))
    assert summary["documents"]["check"] == 1
    assert summary["findings"][0]["code"] == "poorly_read"
    assert summary["findings"][0]["documents"] == ["bad"]
    assert [x["path"] for x in summary["left_out"]] == [
        str(tmp_path / "scans" / x) for x in ("link", "x.gif")
    ]
    assert summary["rows"][1]["findings"][0]["page"] == 1
    assert summary["rows"][1]["expected_error"] == 0.3
    table = (tmp_path / "out" / SUMMARY_CSV).read_text(encoding="utf-8")
    assert "poorly_read (page 1): hardly legible" in table
    stream = StringIO()
    print_result(result, Console(file=stream, width=140))
    shown = stream.getvalue()
    assert "1 check" in shown
    assert "poorly_read: bad" in shown
    assert "1 file of other kinds left out: .gif" in shown
    assert "scans/link is a link to a folder, not followed" in shown
    assert "30.0" in shown


def test_the_exit_code_may_say_so(tmp_path: Path) -> None:
    result = run(tmp_path, **{"batch.fail_on_check": True})
    assert result.exit_code is ExitCode.CHECK
