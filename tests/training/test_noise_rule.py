"""A noise rule is tried on known pages: its support, its weight, and what a damaged case says."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputUnreadableError, UsageError
from pipeline.noise.crf import STATES
from pipeline.noise.rules import NAMES

pytest.importorskip("scipy")

from pipeline.training import noise_rule
from pipeline.training.noise_cases import read_case


@pytest.fixture(scope="module")
def found() -> list[noise_rule.Page]:
    cases = Path(__file__).parents[1] / "cases" / "noise"
    return list(noise_rule.evidence([cases / "wild" / "roshchin-1950.txt"], cases, None, texts=20))


def test_a_rule_that_speaks_on_many_pages_has_support(found: list[noise_rule.Page]) -> None:
    trial = noise_rule.try_rule("foot_words", found)
    row = trial.weights.rules[NAMES.index("foot_words")]
    assert STATES[int(row.argmax())] == "foot"
    assert trial.lacking == []
    assert trial.mended
    assert list(noise_rule.told("foot_words", trial))[-1] == "It has support."


def test_a_rule_that_hardly_speaks_has_none(found: list[noise_rule.Page]) -> None:
    few = [(sample, texts) for sample, texts in found if not texts[0].startswith("8 экз")][:3]
    trial = noise_rule.try_rule("columns", few)
    assert any("are needed" in what for what in trial.lacking)


def test_an_unknown_rule_is_named(found: list[noise_rule.Page]) -> None:
    with pytest.raises(UsageError, match="no_such_rule"):
        noise_rule.try_rule("no_such_rule", found)


def test_a_wrong_label_names_file_and_line(tmp_path: Path) -> None:
    case = tmp_path / "case.txt"
    case.write_text("# A page.\nbody keep|Текст.\nbdy keep|Текст.\n", encoding="utf-8")
    with pytest.raises(InputUnreadableError, match="line 3: 'bdy keep'"):
        read_case(case)


def test_lines_that_the_filter_files_otherwise_are_named(tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.txt", tmp_path / "wrong.txt"
    text = "Направляю справку о поставках оборудования за первые три месяца года."
    right.write_text(f"body keep|{text}\n", encoding="utf-8")
    wrong.write_text(f"form *|{text}\n", encoding="utf-8")
    weights = noise_rule.stored_with("columns")
    (told,) = noise_rule.otherwise([right, wrong], weights)
    assert "wrong.txt" in told
    assert "body keep, not form *" in told
