"""Cases as files, see ``tests/cases/cleanup/README.md``."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cleanup import clean
from pipeline.config import CleanupSettings
from pipeline.layout.text import text_lines
from pipeline.model import Layer

CASES = Path(__file__).parents[1] / "cases" / "cleanup"
GROUPS = ("wild", "synthetic", "negative")


def files(*groups: str) -> list[Path]:
    return [path for group in groups for path in sorted((CASES / group).glob("*.txt"))]


def check(path: Path) -> None:
    rows = [x for x in path.read_text("utf-8").splitlines() if not x.startswith("#")]
    pairs = [(read, wanted or read) for read, _, wanted in (x.partition(" => ") for x in rows)]
    lines = clean(text_lines("\n".join(read for read, _ in pairs), 1), CleanupSettings())
    assert [x.text_in(Layer.DIPLOMATIC) for x in lines] == [wanted for _, wanted in pairs]


@pytest.mark.parametrize("path", files(*GROUPS), ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_case(path: Path) -> None:
    check(path)


@pytest.mark.parametrize("path", files("known_failures"), ids=lambda p: p.stem)
@pytest.mark.xfail(reason="known failure, see the comment in the file", raises=AssertionError)
def test_known_failure(path: Path) -> None:
    check(path)


def test_there_are_enough_negatives() -> None:
    rows = [x for path in files("negative") for x in path.read_text("utf-8").splitlines()]
    assert sum(not row.startswith("#") for row in rows) >= 40
