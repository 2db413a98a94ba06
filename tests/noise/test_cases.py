"""Cases as files: each line `kind verdict|text`; `*` stands for any; tabs as `\\t`.

A recorded reading (JSON) has for each line its text, box, look and confidence, and what is wanted.

wild: real machine-read text; synthetic: made to show one thing; negative: true text that
must never be dropped; known_failures: what the filter does not manage yet (strict xfail).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.layout.split import split_merged
from pipeline.layout.text import text_lines
from pipeline.model import Line, LineKind, Verdict
from pipeline.noise import classify
from pipeline.training.noise_cases import expectations, recorded

CASES = Path(__file__).parents[1] / "cases" / "noise"
GROUPS = ("wild", "synthetic", "negative")


def judged(text: str) -> tuple[Line, ...]:
    return classify(split_merged(text_lines(text, 1)), Settings().noise)


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


def test_there_are_enough_negatives() -> None:
    assert sum(len(expectations(path)[0]) for path in files("negative")) >= 60


TEXT = {
    LineKind.BODY,
    LineKind.HEADING,
    LineKind.ADDRESSEE,
    LineKind.SIGNATURE,
    LineKind.PAGE_NUMBER,
}


@pytest.mark.parametrize("path", sorted((CASES / "synthetic").glob("*.json")), ids=lambda p: p.stem)
def test_recorded_reading(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    lines = [recorded(row, number) for number, row in enumerate(case["lines"])]
    for line, row in zip(
        classify(lines, Settings().noise, case["height"]), case["lines"], strict=True
    ):
        stays = line.kind in TEXT and line.verdict is not Verdict.DROP
        assert row["wanted"] == "any" or stays == (row["wanted"] == "text"), line


def test_body_that_starts_at_the_top_or_has_no_form_loses_nothing() -> None:
    # The same text with the form above it, below it, and without any: the same lines stay.
    _, form = expectations(CASES / "wild" / "roshchin-1950.txt")
    body = [r for r in expectations(CASES / "negative" / "short-lines.txt")[1].splitlines() if r]
    text = "\n".join(body)
    for page in (text, f"{form}\n{text}", f"{text}\n{form}", text + "\n" + body[0]):
        held = {x.raw for x in judged(page) if x.verdict is not Verdict.DROP and x.kind in TEXT}
        assert set(body) <= held, set(body) - held
