"""Cases as files: each line `kind verdict|text`; `*` stands for any; tabs as `\\t`.

wild: real machine-read text; synthetic: made to show one thing; negative: true text that
must never be dropped; known_failures: what the filter does not manage yet (strict xfail).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.layout.split import split_merged
from pipeline.layout.text import text_lines
from pipeline.model import Line, Verdict
from pipeline.noise import judge

CASES = Path(__file__).parents[1] / "cases" / "noise"
GROUPS = ("wild", "synthetic", "negative")


def expectations(path: Path) -> tuple[list[tuple[str, str]], str]:
    wanted: list[tuple[str, str]] = []
    rows: list[str] = []
    for row in path.read_text(encoding="utf-8").splitlines():
        if row.startswith("#"):
            continue
        label, bar, text = row.partition("|")
        if bar:
            kind, verdict = label.split()
            wanted.append((kind, verdict))
        rows.append(text.replace("\\t", "\t"))
    return wanted, "\n".join(rows)


def judged(text: str) -> tuple[Line, ...]:
    return judge(split_merged(text_lines(text, 1)), Settings().noise)


def files(*groups: str) -> list[Path]:
    return [path for group in groups for path in sorted((CASES / group).glob("*.txt"))]


def check(path: Path) -> None:
    wanted, text = expectations(path)
    lines = judged(text)
    assert len(lines) == len(wanted)
    for line, (kind, verdict) in zip(lines, wanted, strict=True):
        assert kind in ("*", line.kind), f"{line.raw!r}: {line.kind}, {line.reasons}"
        assert verdict in ("*", line.verdict), f"{line.raw!r}: {line.verdict}, {line.reasons}"


@pytest.mark.parametrize("path", files(*GROUPS), ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_case(path: Path) -> None:
    check(path)


@pytest.mark.parametrize("path", files("known_failures"), ids=lambda p: p.stem)
@pytest.mark.xfail(reason="known failure, see the comment in the file", raises=AssertionError)
def test_known_failure(path: Path) -> None:
    check(path)


@pytest.mark.parametrize("path", files("negative"), ids=lambda p: p.stem)
def test_negatives_are_never_dropped(path: Path) -> None:
    _, text = expectations(path)
    assert [line.raw for line in judged(text) if line.verdict is Verdict.DROP] == []


def test_a_negative_line_alone_on_its_page_is_not_dropped() -> None:
    # Without neighbours to vouch for it; marks and figures alone may be.
    for path in files("negative"):
        for row in expectations(path)[1].splitlines():
            for line in judged(row):
                letters = sum(c.isalpha() for c in line.raw)
                assert line.verdict is not Verdict.DROP or letters < 4, line.raw
