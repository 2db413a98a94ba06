"""``depesha show``: the stored document as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import ExitCode
from pipeline.model import Document, Line, Page, Reading, Scan, Status
from pipeline.store import RunInfo, save_document


def test_a_stored_document_is_printed_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Page(
        number=1, scan=Scan(path="a"), lines=(Line(id="l", reading=Reading.of("file", "Да.")),)
    )
    info = RunInfo(
        fingerprint="f", source="a", source_key="k", input_sha256="", status=Status.OK, seconds=1
    )
    save_document(tmp_path, Document(id="a", pages=(page,)), run=info, texts={}, read=[page])
    assert main(["show", str(tmp_path)]) == ExitCode.OK
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "depesha/document"
    assert data["pages"][0]["page"]["lines"][0]["reading"]["tail"] == "Да."
    assert "read" not in data["pages"][0]
    assert main(["fields", str(tmp_path), "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out) == {}
    assert main(["show", "--read", str(tmp_path)]) == ExitCode.OK
    assert "read" in json.loads(capsys.readouterr().out)["pages"][0]
    assert main(["show", str(tmp_path / "none")]) == ExitCode.RESULT
