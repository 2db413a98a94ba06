"""The house holds together: imports run downwards, files stay small, all is documented."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config import Settings, flatten
from pipeline.errors import ExitCode
from pipeline.noise.rules import RULES
from pipeline.resources import fitted
from pipeline.transcript import JOIN_HYPHEN

ROOT = Path(__file__).parents[2]
FLOORS = {
    "cli": 7,
    "training": 8,
    "__main__": 7,
    "commands": 7,
    "report": 6,
    "review": 6,
    "export": 6,
    "batch": 5,
    "process": 4,
    "recognize_page": 4,
    "volumes": 4,
    "preprocess": 3,
    "layout": 3,
    "ocr": 3,
    "noise": 3,
    "cleanup": 3,
    "form": 3,
    "evaluate": 3,
    "facsimile": 3,
    "character_lm": 2,
    "config": 2,
    "resources": 2,
    "executors": 2,
    "components": 2,
    "scans": 2,
    "formats": 2,
    "ground_truth": 2,
    "store": 2,
    "languages": 2,
    "lexicon": 2,
    "agreement": 2,
    "word_trie": 2,
    "expected_error": 2,
    "findings": 2,
    "fuzzy": 2,
    "pixels": 2,
    "transcript": 2,
    "reading": 1,
    "model": 1,
    "logit": 1,
    "stray_marks": 1,
    "alphabet": 1,
    "text": 1,
    "errors": 1,
    "api": 6,
    "__init__": 8,
}
STAGES = {room for room, floor in FLOORS.items() if floor == 3}
FILES = sorted((ROOT / "pipeline").rglob("*.py"))
ALL_CODE = sorted(
    path for top in ("pipeline", "tests", "benchmarks") for path in (ROOT / top).rglob("*.py")
)
LONGEST = 400


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "pipeline").parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pipeline"):
            parts = (node.module or "").split(".")
            yield from [parts[1]] if len(parts) > 1 else [a.name for a in node.names]
        elif isinstance(node, ast.Import):
            names = [a.name.split(".") for a in node.names]
            yield from (parts[1] for parts in names if parts[0] == "pipeline" and len(parts) > 1)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_downwards(path: Path) -> None:
    room = room_of(path)
    assert room in FLOORS, f"{room} stands on no floor"
    for other in imported_rooms(path):
        if other in (room, "__version__"):
            continue
        assert other in FLOORS, f"{other} stands on no floor"
        assert FLOORS[other] <= FLOORS[room], f"{room} imports {other}, which is above it"
        assert not (room in STAGES and other in STAGES), f"stage {room} imports stage {other}"


@pytest.mark.parametrize("path", ALL_CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_every_rule_has_a_weight() -> None:
    assert {rule.__name__ for rule in RULES} == set(fitted.noise().weights)


def test_the_tables_of_rules_in_docs_are_current() -> None:
    script = ROOT / "benchmarks" / "noise_table.py"
    done = subprocess.run([sys.executable, str(script)], capture_output=True, check=True)
    text = (ROOT / "docs" / "noise.md").read_text(encoding="utf-8")
    assert done.stdout.decode("utf-8").strip() in text, "renew them with benchmarks/noise_table.py"


def test_every_exit_code_is_documented() -> None:
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    for code in ExitCode:
        assert f"| {int(code)} | `{code.name}` |" in text


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    for key, default in flatten(Settings()):
        assert f"| `{key}` | `{default}` |" in text


def test_every_rule_of_the_cleanup_is_documented() -> None:
    text = (ROOT / "docs" / "corrections.md").read_text(encoding="utf-8")
    rules = {
        str(keyword.value.value)
        for path in sorted((ROOT / "pipeline" / "cleanup").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Edit"
        for keyword in node.keywords
        if keyword.arg == "rule" and isinstance(keyword.value, ast.Constant)
    }
    assert len(rules) >= 10
    for rule in (*rules, JOIN_HYPHEN):
        assert f"| `{rule}` |" in text
