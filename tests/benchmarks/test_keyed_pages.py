"""The measures on keyed pages: the shared definition to the letter, and what became of lines."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keyed_pages import (
    KeyedLine,
    Score,
    differences,
    folded,
    has_facing_sheets,
    keyed_lines,
    run_on,
    score,
)
from line_places import places
from rapidfuzz.distance import Levenshtein

PAGE = (
    KeyedLine("F", "Секретно"),
    KeyedLine("H", "С П Р А В К А"),
    KeyedLine("B", "Население г.Припять эвакуиро-"),
    KeyedLine("B", "вано в количестве 44460 человек."),
    KeyedLine("B", "Для работ оставлено 5000 рабочих, I986 год"),
    KeyedLine("N", "2"),
    KeyedLine("S", "Сивец"),
)
TYPED = "\n".join(line.text for line in PAGE)

Shared = Callable[[str, str], tuple[int, int, int, int, list[object]]]
signs = st.text(st.sampled_from('аБё IІl1О0о° .,-:…«"“’¬\u00ad–()²\u0301x'), max_size=12)
lines = st.lists(st.tuples(st.sampled_from("BHASFNPW="), signs), max_size=6)


def read(text: str) -> Score:
    return score(PAGE, text)


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("«Ёж» – еж…", '"Еж" - еж. . .'),
        ("в I9l7 году, I тыс. и II7", "в 1917 году, I тыс. и II7"),
        ("С П Р А В К А  №  5", "СПРАВКА № 5"),
        ("и в К а", "и в К а".replace(" ", "")),
        ("а я и", "а я и"),
        ("16ОО° ,затем;далее", "16°°, затем; далее"),
        ("и\u0306 по\u00ad", "й по-"),
    ],
)
def test_what_is_folded(typed: str, compared: str) -> None:
    assert folded(typed) == compared


def test_line_end_hyphens_join_lines_that_are_alike() -> None:
    text, must = run_on([("эвакуиро-", True), ("вано", True), ("", True), ("Киев-", True)])
    assert text == "эвакуировано Киев-"
    assert all(must)
    assert run_on([("по-", True), ("вано", False)])[0] == "по- вано"
    assert run_on([("по-", True), ("Вано", True)])[0] == "по- Вано"


def test_what_was_typed_has_no_errors() -> None:
    assert read(TYPED) == Score(errors=0, length=read("").length, digits_right=13, digits=13)
    assert read(TYPED).rate == 0.0
    assert read(TYPED).digit_rate == 1.0


def test_marks_and_page_numbers_may_be_missing_or_wrong() -> None:
    assert read(TYPED.replace("\n2\n", "\n")).errors == 0
    assert read(TYPED.replace("Секретно", "Секетно")).errors == 0


def test_errors_are_substitutions_deletions_and_insertions() -> None:
    bad = TYPED.replace("44460", "4446О").replace("рабочих", "рабочй").replace("Сивец", "Сивецъ")
    assert read(bad).errors == 4
    assert read(bad).digits_right == 12
    found = [(x.true, x.read, x.cost) for x in differences(PAGE, bad)]
    assert sum(cost for *_, cost in found) == 4
    assert ("0", "О", 1) in found


def test_no_truth_has_no_rate() -> None:
    nothing = score((KeyedLine("F", "Секретно"),), "Секретно 5")
    assert (nothing.rate, nothing.digit_rate) == (None, None)
    assert score((), "") == Score()


def test_truth_files(tmp_path: Path) -> None:
    path = tmp_path / "page.gt.tsv"
    path.write_text("H\tА\tБ\n=\nW\t⟨рука⟩\nN\t2\n", encoding="utf-8")
    assert keyed_lines(path) == (KeyedLine("H", "А\tБ"), KeyedLine("N", "2"))
    assert has_facing_sheets(path)


def test_all_that_came_through_is_in_place() -> None:
    figures, lost, extra = places(PAGE, TYPED)
    assert (figures.lost, figures.extra, figures.errors, figures.moved) == (0, 0, 0, 0)
    assert (figures.lines, figures.lines_lost) == (5, 0)
    assert figures.found == figures.length
    assert (lost, extra) == ([], [])


def test_a_lost_line_is_named_and_counted() -> None:
    text = TYPED.replace("вано в количестве 44460 человек.\n", "")
    figures, lost, _ = places(PAGE, text)
    assert lost == ["вано в количестве 44460 человек."]
    assert figures.lost == len("вановколичестве44460человек.")
    assert (figures.lines_lost, figures.extra, figures.errors) == (1, 0, 0)


def test_signs_beside_a_line_are_extra() -> None:
    figures, _, extra = places(PAGE, TYPED.replace("Для", "| № Для") + "\nЪЫ~~ШЩ")
    assert extra == ["ЪЫ~~ШЩ"]
    assert figures.extra == len("|№") + len("ЪЫ~~ШЩ")
    assert figures.lost == 0


def test_a_line_read_badly_in_its_place_is_not_lost() -> None:
    figures, lost, extra = places(PAGE, TYPED.replace("Сивец", "Оuбоз"))
    assert (lost, extra, figures.lost, figures.extra) == ([], [], 0, 0)
    assert figures.errors >= 3


def test_lines_out_of_order_are_not_lost() -> None:
    rows = TYPED.split("\n")
    figures, *_ = places(PAGE, "\n".join([*rows[3:], *rows[:3]]))
    assert (figures.lost, figures.extra, figures.errors) == (0, 0, 0)
    assert figures.moved == 2


def test_a_line_that_stands_twice_is_found_where_it_must_be() -> None:
    page = (KeyedLine("F", "Секретно"), KeyedLine("B", "Первый пункт списка."),
            KeyedLine("B", "Секретно"), KeyedLine("B", "Второй пункт списка."),
            KeyedLine("B", "Секретно"))  # fmt: skip
    for first in (0, 1):  # with and without the form's mark
        figures, lost, extra = places(page, "\n".join(line.text for line in page[first:]))
        assert (figures.lost, figures.moved, lost, extra) == (0, 0, [], [])


def test_lines_run_together_are_found() -> None:
    rows = TYPED.split("\n")
    figures, *_ = places(PAGE, "\n".join([*rows[:2], f"{rows[4]} {rows[2]}", rows[3], *rows[5:]]))
    assert (figures.lost, figures.extra, figures.errors, figures.moved) == (0, 0, 0, 1)


@given(st.lists(st.tuples(st.sampled_from("BHASFNP"), signs), max_size=8), st.text(max_size=80))
def test_places_add_up(rows: list[tuple[str, str]], text: str) -> None:
    page = [KeyedLine(*row) for row in rows]
    figures, *_ = places(page, text)
    assert 0 <= figures.lost <= figures.length
    assert 0 <= figures.found <= figures.length
    assert figures.length - figures.found <= figures.lost
    assert 0 <= figures.moved <= max(0, figures.lines - 1)
    whole, *_ = places(page, "\n".join(line.text for line in page))
    assert (whole.lost, whole.errors, whole.lines_lost) == (0, 0, 0)


@given(signs, signs)
def test_replaced_stretches_are_of_one_length(one: str, other: str) -> None:
    """What the costs of operations rest on."""
    for x in Levenshtein.opcodes(one, other):
        assert x.tag != "replace" or x.src_end - x.src_start == x.dest_end - x.dest_start


@pytest.fixture(scope="module")
def shared(real: Path) -> Shared:
    spec = importlib.util.spec_from_file_location("score_typed", real / "score_typed.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # It reads as it stands there: no cache may be written beside it.
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    spec.loader.exec_module(module)
    sys.dont_write_bytecode = before
    definition = cast("Shared", module.score)

    def quiet(path: str, text: str) -> tuple[int, int, int, int, list[object]]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # it leaves its file to be closed
            return definition(path, text)

    return quiet


def ours(path: Path, text: str) -> tuple[int, ...]:
    found = score(keyed_lines(path), text)
    return found.errors, found.length, found.digits_right, found.digits


@pytest.mark.shared
@pytest.mark.parametrize("name", ["train", "check"])
def test_the_shared_definition_on_all_pages(real: Path, shared: Shared, name: str) -> None:
    paths = sorted((real / "typed-pages" / name).glob("*.gt.tsv"))
    assert paths
    for path, other in zip(paths, [*paths[1:], paths[0]], strict=True):
        rows = path.read_text(encoding="utf-8").split("\n")
        typed = "\n".join(row.split("\t")[-1] for row in rows)
        wrong = "\n".join(
            row.translate(str.maketrans("енЁ01", "сиЕО|"))[k % 3 :] for k, row in enumerate(rows)
        )
        for text in (typed, wrong, other.read_text(encoding="utf-8")):
            assert ours(path, text) == shared(str(path), text)[:4], path.name


@pytest.mark.shared
@given(lines, st.lists(signs, max_size=6))
@settings(max_examples=100)
def test_the_shared_definition_on_made_up_texts(
    shared: Shared,
    tmp_path_factory: pytest.TempPathFactory,
    page: list[tuple[str, str]],
    text: list[str],
) -> None:
    path = tmp_path_factory.getbasetemp() / "made-up.gt.tsv"
    path.write_text("".join(f"{tag}\t{row}\n" for tag, row in page), encoding="utf-8")
    assert ours(path, "\n".join(text)) == shared(str(path), "\n".join(text))[:4]
