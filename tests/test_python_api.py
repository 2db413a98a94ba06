"""The Python API: its page's examples run, its names are all there."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline


@pytest.mark.ocr
def test_the_examples_of_the_page_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    page = root / "docs" / "python.md"
    failed, tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert tried > 20
    assert failed == 0


def test_every_name_is_there_and_documented(root: Path) -> None:
    page = (root / "docs" / "python.md").read_text(encoding="utf-8")
    for name in pipeline.__all__:
        found = getattr(pipeline, name)
        assert found.__doc__, name
        if not isinstance(found, type):
            assert name in page, name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = pipeline.no_such_name
    assert set(pipeline.__all__) <= set(dir(pipeline))


def test_a_name_brings_only_what_it_needs() -> None:
    code = "import sys; from pipeline import clean; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    for module in ("onnxruntime", "jinja2", "pipeline.facsimile", "pipeline.evaluate"):
        assert module not in done.stdout.split()
