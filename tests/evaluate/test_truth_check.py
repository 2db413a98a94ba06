"""What is odd in a truth is said, with its place; what is right is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import ExitCode, TruthError
from pipeline.evaluate.truth_check import CODES, check_truths

RIGHT = (
    'Из ПЕКИНА № 143354 «особая» — 18 час 00 мин 14.V.1950 г.\nоб"единения, 5°, 1/2, §3\n'
    "PDP-11 и БЭСМ-6\n"
)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_right_truth_has_nothing_odd(tmp_path: Path, root: Path) -> None:
    assert check_truths(written(tmp_path, "a.gt.txt", RIGHT)) == (1, [])
    _, odd = check_truths(root / "ground_truth")
    assert [x for x in odd if x.code != "unknown_text"] == []


@pytest.mark.parametrize(
    ("name", "text", "code", "line"),
    [
        ("a.gt.txt", "", "empty", 0),
        ("a.gt.tsv", "B\tтекст\nB\t\n", "empty_line", 2),
        ("a.gt.txt", "верно\nМocква", "mixed_alphabets", 2),
        ("a.gt.txt", "город MOCKBA", "latin_letters", 1),
        ("a.gt.txt", "в 19О5 году", "letter_in_number", 1),
        ("a.gt.txt", "текст \ufffd", "odd_sign", 1),
        ("a.gt.txt", "текст 漢", "odd_sign", 1),
        ("a.gt.txt", "ве\u00adчер\u200bом", "invisible_sign", 1),
        ("a.gt.txt", "два\u00a0слова", "odd_space", 1),
        ("a.gt.txt", "и\u0306од", "not_composed", 1),
        ("a.gt.txt", f"{'повторённая строка ' * 2}\n" * 2, "repeated_line", 2),
        ("a.gt.tsv", "текст без метки", "unreadable", 0),
    ],
)
def test_each_oddity_is_found(tmp_path: Path, name: str, text: str, code: str, line: int) -> None:
    _, odd = check_truths(written(tmp_path, name, text))
    assert {(x.code, x.line) for x in odd} == {(code, line)}


def test_names_that_clash_are_said(tmp_path: Path) -> None:
    written(tmp_path, "1/001.gt.txt", "один")
    written(tmp_path, "2/001.gt.txt", "два")
    written(tmp_path, "1/001.gt.xml", "<PcGts><Page/></PcGts>")
    labels = {
        "format": "depesha-truth",
        "version": 1,
        "pages": [{"number": 1, "lines": [{"text": "три", "kind": "body"}]}],
    }
    written(tmp_path, "2/001.gt.json", json.dumps(labels))
    count, odd = check_truths(tmp_path)
    assert count == 2
    assert {x.code for x in odd} == {"same_stem", "two_formats", "twins_differ"}
    assert {x.code for x in odd} <= CODES.keys()


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, "a.gt.txt", "Мocква\n" * 5)
    assert main(["truth", str(tmp_path)]) == ExitCode.OK
    out = capsys.readouterr().out
    assert "1 truths, 5 oddities in 1 files" in out
    assert "(2 more; --all shows them)" in out
    assert main(["truth", str(tmp_path), "--json"]) == ExitCode.OK
    data = json.loads(capsys.readouterr().out)
    assert (data["truths"], len(data["odd"]), data["odd"][0]["what"]) == (1, 5, "Мocква")
    written(tmp_path, "b.gt.tsv", "?")
    assert main(["truth", str(tmp_path)]) == ExitCode.TRUTH
    with pytest.raises(TruthError, match="does not exist"):
        check_truths(tmp_path / "nothing")
