"""Ground truth loads from either file, and every way it can be wrong names the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import read_toml
from pipeline.errors import ConfigError, ExitCode, TruthError
from pipeline.ground_truth import (
    TruthCopy,
    TruthField,
    find_truth,
    load_truth,
    truth_stem,
)
from pipeline.model import Box, LineKind


def line(text: str | None, kind: str, **more: object) -> dict[str, Any]:
    return {"text": text, "kind": kind, "box": None, "baseline": None, "raw": None} | more


def labels(**more: object) -> dict[str, Any]:
    lines = [
        line(None, "table", raw="> N : 6", box=[0, 0, 10, 5]),
        line("Для товарища ФИЛИППОВА.", "addressee"),
        line("14 мая посетил", "body", baseline=[[1, 2.5], [9, 2.5]], starts_paragraph=True),
        line("товарища Мао.", "body"),
    ]
    page = {"number": 1, "width": 100, "height": None, "lines": lines}
    return {
        "format": "depesha-truth",
        "version": 1,
        "source": "made up",
        "text_kinds": ["body"],
        "pages": [page],
        "fields": [
            {"name": "origin", "value": "ПЕКИН"},
            {"name": "special_numbers", "value": ["812", "813"]},
            {"name": "copy_list", "value": [{"number": 2, "name": "Сталину"}]},
        ],
    } | more


def write(folder: Path, name: str, data: object) -> Path:
    path = folder / name
    if isinstance(data, bytes):
        path.write_bytes(data)
    elif isinstance(data, str):
        path.write_text(data, encoding="utf-8")
    else:
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def test_labels_alone_suffice(tmp_path: Path) -> None:
    write(tmp_path, "т 1.gt.json", labels())
    truth = find_truth("т 1", tmp_path)
    assert truth is not None
    assert truth.text == "14 мая посетил\nтоварища Мао.\n"
    assert truth.labelled
    assert truth.text_kinds == (LineKind.BODY,)
    assert truth.lines[0].box == Box(left=0, top=0, right=10, bottom=5)
    assert truth.lines[0].raw == "> N : 6"
    assert truth.lines[2].baseline == ((1.0, 2.5), (9.0, 2.5))
    assert truth.lines[2].starts_paragraph
    assert truth.fields[1] == TruthField(name="special_numbers", value=("812", "813"))
    assert truth.fields[2].value == (TruthCopy(number=2, name="Сталину"),)


def test_the_text_file_goes_before_the_labels(tmp_path: Path) -> None:
    text = write(tmp_path, "a.gt.txt", "\ufeffКак напечатано.\n")
    write(tmp_path, "a.gt.json", labels())
    for path in (text, tmp_path / "a.gt.json", tmp_path / "a"):
        truth = load_truth(path)
        assert (truth.text, truth.labelled, truth.path) == ("Как напечатано.\n", True, text)


def test_text_alone_is_not_labelled(tmp_path: Path) -> None:
    truth = load_truth(write(tmp_path, "letter.txt", "Письмо"))
    assert (truth.stem, truth.text, truth.labelled, truth.lines) == ("letter", "Письмо", False, ())
    assert truth.text_of([LineKind.TABLE]) == "Письмо"


def test_text_of_other_kinds_comes_from_the_lines(tmp_path: Path) -> None:
    truth = load_truth(write(tmp_path, "a.gt.json", labels()))
    both = (LineKind.BODY, LineKind.ADDRESSEE)
    assert truth.text_of(both).startswith("Для товарища ФИЛИППОВА.\n14 мая")
    assert truth.text_of([LineKind.BODY]) == truth.text
    with pytest.raises(TruthError, match=r"line 1 \(table\) is not known"):
        truth.text_of([LineKind.TABLE])


def test_nothing_there_is_none_and_not_an_error(tmp_path: Path) -> None:
    assert find_truth("a", tmp_path) is None
    assert find_truth("a", tmp_path / "no such folder") is None


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a.gt.txt", "a"),
        ("page.1.gt.json", "page.1"),
        ("a.txt", "a"),
        ("page.1", "page.1"),
        (".gt.txt", ".gt"),
    ],
)
def test_stems(name: str, stem: str) -> None:
    assert truth_stem(Path("somewhere") / name) == stem


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.gt.txt", b""), ("a.gt.txt", b" \n\t"), ("a.gt.json", labels(pages=[])), ("a.gt.tsv", b"")],
)
def test_an_empty_page_has_a_truth(tmp_path: Path, name: str, data: object) -> None:
    assert load_truth(write(tmp_path, name, data)).text.strip() == ""


def test_the_keyed_form(tmp_path: Path) -> None:
    rows = "F\tСекретно\nH\tДОКЛАД\nB\tТекст по-\nB\tлный\n=\nW\t⟨нрзб⟩\nN\t2\nS\tРОЩИН\n"
    truth = load_truth(write(tmp_path, "a.gt.tsv", rows))
    assert truth.labelled
    assert truth.text == "ДОКЛАД\nТекст по-\nлный\nРОЩИН\n"
    assert truth.text_of([LineKind.BODY]) == "Текст по-\nлный\n"
    assert [line.kind for line in truth.lines].count(LineKind.HANDWRITING) == 1
    assert find_truth("a", tmp_path) == truth


def with_line(**more: object) -> dict[str, Any]:
    return labels(pages=[{"number": 1, "lines": [line("а", "body") | more]}])


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.gt.tsv", "B\tтекст\nтекст", "row 2 is not a tag"),
        ("a.gt.tsv", "X\tтекст", "row 1 is not a tag"),
        ("a.txt", "Москва".encode("cp1251"), r"not UTF-8 \(byte 0\)"),
        ("a.gt.json", b"", "not JSON"),
        ("a.gt.json", b'{"format": "depesha-tru', "not JSON"),
        ("a.gt.json", b'{"format": "\xff"}', "not JSON"),
        ("a.gt.json", b"[" * 100_000, "version 1|not JSON"),
        ("a.gt.json", [1], "version 1"),
        ("a.gt.json", labels(format="page"), "version 1.*format"),
        ("a.gt.json", labels(version=2), "version 1.*version"),
        ("a.gt.json", labels(txet_kinds=[]), "txet_kinds"),
        ("a.gt.json", with_line(kind="boddy"), r"boddy.*\$\.pages\[0\]\.lines\[0\]\.kind"),
        ("a.gt.json", with_line(box=[5, 5, 5, 9]), "not a box"),
        ("a.gt.json", with_line(box=[5, 5, 9]), r"box"),
        ("a.gt.json", with_line(text=None), "text of line 1"),
    ],
)
def test_bad_truth_is_named(tmp_path: Path, name: str, data: object, message: str) -> None:
    path = write(tmp_path, name, data)
    with pytest.raises(TruthError, match=message) as caught:
        load_truth(path)
    assert str(caught.value).startswith(str(path))
    assert caught.value.exit_code is ExitCode.TRUTH


@pytest.mark.parametrize("name", ["a.gt.txt", "a.txt", "a"])
def test_missing_truth_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(TruthError, match="exist"):
        load_truth(tmp_path / name)


def test_a_file_nested_without_end_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    nested = "<OrderedGroup>" * 3000 + "</OrderedGroup>" * 3000
    path.write_text(
        f"<PcGts><Page imageWidth='9' imageHeight='9'><ReadingOrder>{nested}</ReadingOrder>"
        "<TextRegion id='a'><TextLine><TextEquiv><Unicode>x</Unicode></TextEquiv></TextLine>"
        "</TextRegion></Page></PcGts>"
    )
    with pytest.raises(TruthError, match="nested too deeply"):
        load_truth(path)
    deep = tmp_path / "deep.toml"
    deep.write_text("x = " + "[" * 5000 + "]" * 5000)
    with pytest.raises(ConfigError, match=r"nested too deeply|is not TOML"):
        read_toml(deep)
