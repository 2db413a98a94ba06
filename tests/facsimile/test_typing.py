"""What stands on the sheet: kinds of documents, figures in columns, habits, slips."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.facsimile import draw_facsimile
from pipeline.facsimile.content import Paper, Passage, Telegram, read_source
from pipeline.facsimile.faces import has_character, typewriter
from pipeline.facsimile.habits import draw_habits, struck_for_one, typed_roman, with_habits
from pipeline.facsimile.maker import Facsimile, draw_sheet
from pipeline.facsimile.prose import TIE, sentence
from pipeline.facsimile.random_content import ContentSpec, make_content
from pipeline.facsimile.rows import TypedRow
from pipeline.facsimile.streams import stream
from pipeline.facsimile.typesetting import body_rows, figure_columns, plan, with_slips
from pipeline.model import LineKind
from pipeline.resources.facsimile import Kind

SOME = settings(max_examples=25)


def planned(seed: int, wish: ContentSpec) -> list[TypedRow]:
    return [spot.row for sheet in plan(make_content(seed, wish), seed) for spot in sheet.spots]


@SOME
@given(st.integers(0, 2**32), st.sampled_from(("telegram", "letter", "list")), st.integers(1, 40))
def test_a_body_has_the_lines_wished_for(seed: int, kind: Kind, lines: int) -> None:
    lines = max(lines, 4) if kind == "list" else lines  # a first point may take some lines
    wish = ContentSpec(kind=kind, lines=(lines, lines))
    body = [row for row in planned(seed, wish) if row.kind is LineKind.BODY]
    assert 1 <= len(body) <= lines
    if kind == "telegram":
        assert len(body) == lines


@SOME
@given(st.integers(0, 2**32))
def test_letters_fit_their_sheet_and_have_all_their_parts(seed: int) -> None:
    content = make_content(seed, ContentSpec(kind="letter", lines=(5, 20)))
    assert isinstance(content, Paper)
    (sheet,) = plan(content, seed)
    kinds = [spot.row.kind for spot in sheet.spots]
    assert {LineKind.ADDRESSEE, LineKind.HEADING, LineKind.BODY, LineKind.SIGNATURE} <= set(kinds)
    for spot in sheet.spots:
        assert len(spot.row.cells) + spot.row.indent <= content.width + 5


@SOME
@given(st.integers(0, 2**32))
def test_a_telegram_with_figures_has_them_in_columns(seed: int) -> None:
    content = make_content(seed, ContentSpec(figures=True, lines=(10, 12)))
    assert isinstance(content, Telegram)
    (table,) = [x for x in content.body if isinstance(x, Passage) and x.table]
    cells = figure_columns(table.table, table.gap)
    assert len({len(row) for row in cells}) == 1
    assert 3 <= table.gap <= 10
    texts = [row.text for row in planned(seed, ContentSpec(figures=True, lines=(10, 12)))]
    for row in table.table[1:]:
        # A slip may cross a name out; the figures stay.
        assert any(text.endswith(" ".join(" ".join(row[1:]).split())) for text in texts)


def test_columns_are_flush() -> None:
    assert figure_columns([["", "План"], ["Уголь", "7"]], 3) == ["        План", "Уголь      7"]


def test_a_single_spaced_passage_stands_closer() -> None:
    body = ("Слова и слова.", Passage(verse=("Одна строка", "Другая строка"), leading=35), "Все.")
    rows = body_rows(body, 60, 67, 0.0)
    assert [row.above for row in rows] == [67.0, pytest.approx(87.1), 35, 67.0]


def test_points_are_broken_once() -> None:
    text = "Правительство просит немедленно сообщить о возможности поставок продовольствия"
    rows = body_rows((Passage(items=(f"12) {text}",)),), 30, 50, 0.0)
    assert "".join(row.cells.removesuffix("-") + " " * (row.cells[-1] != "-") for row in rows) == (
        f"12) {text} "
    )
    assert all(row.indent + len(row.cells) <= 30 for row in rows)
    assert not any("- " in row.cells for row in rows)


def test_points_hang() -> None:
    rows = body_rows((Passage(items=("1. " + "слово " * 12,)),), 40, 50, 0.0)
    assert [row.indent for row in rows] == [5, 8, 8]
    assert rows[0].cells.startswith("1. слово")
    assert [row.starts_paragraph for row in rows] == [True, False, False]


@pytest.mark.parametrize(
    ("habit", "text", "typed"),
    [
        ("roman", "14.V.50г., XIX съезд, VIII", "14.У.50г., ХIХ съезд, УШ"),
        ("hard_sign", "объединения", 'об"единения'),
        ("apostrophe", 'объединения, с"езд', "об'единения, с'езд"),
        ("brackets", "ЦК ВКП(б)", "ЦК ВКП/б/"),
        ("spaced_signs", "так: да!", f"так{TIE}: да{TIE}!"),
        ("yo", "еще ее", "ещё её"),
        ("capitals", "товарищу Микояну", "товарищу МИКОЯНУ"),
        ("zero_as_o", "100 тыс.", "1ОО тыс."),
        ("three_as_z", "на 3,3 %", "на З,З %"),
        ("tight_dash", "мира - это", "мира-это"),
        ("one_as_i", "1950", "1950"),
    ],
)
def test_habits(habit: str, text: str, typed: str) -> None:
    assert with_habits(text, frozenset({habit}), np.random.default_rng(0)) == typed


def test_most_commas_are_tight_where_that_is_the_habit() -> None:
    typed = with_habits("а, " * 200, frozenset({"tight_comma"}), np.random.default_rng(0))
    assert 0.7 < typed.count("а,") / 200 - typed.count(", ") / 200 < 0.95


def test_typists_differ_and_machines_lack_the_one() -> None:
    all_habits = [draw_habits(np.random.default_rng(seed)) for seed in range(40)]
    assert len(set(all_habits)) > 20
    assert {struck_for_one(habits) for habits in all_habits} >= {"1", "I"}
    assert typed_roman("МИД и СССР") == "МИД и СССР"


@SOME
@given(st.integers(0, 2**32))
def test_sentences_begin_and_end(seed: int) -> None:
    text = sentence(np.random.default_rng(seed))
    assert text[0].isupper()
    assert text[-1] in ".?"
    assert "{" not in text
    assert len(text.split()) >= 2


@SOME
@given(st.integers(0, 2**32))
def test_slips_keep_the_length_of_a_line(seed: int) -> None:
    rows = body_rows(
        ("Правительство просит ускорить ответ и сообщить о поставках. " * 8,), 60, 50, 0
    )
    slipped = with_slips(rows, np.random.default_rng(seed))
    for row, new in zip(rows, slipped, strict=True):
        assert len(new.cells) == len(row.cells)
        crossed = {cell for cell, _ in new.under if new.cells[cell] == "х" != row.cells[cell]}
        for cell, sign in new.under:
            assert sign.isalpha()
            assert cell in crossed or new.cells[cell] == row.cells[cell]
        for cell in crossed:
            assert (cell, row.cells[cell]) in new.under
        for first, end in new.lined:
            assert 0 <= first < end <= len(row.cells)


def drawn(content: Telegram, under: tuple[tuple[int, str], ...] = ()) -> np.ndarray:
    (sheet,) = plan(content, 1)
    spots = tuple(replace(s, row=replace(s.row, under=under)) for s in sheet.spots)
    made = draw_sheet(content, [replace(sheet, spots=spots)], 0, 0, 1)
    left, top, right, bottom = next(
        row["box"] for row in made.truth["pages"][0]["lines"] if row["kind"] == "body"
    )
    part = made.pixels[top:bottom, left:right]
    return part if part.ndim == 2 else part.mean(axis=2)


def test_what_is_struck_over_and_what_stands_for_one_changes_the_ink(root: Path) -> None:
    content = read_source(root / "config" / "facsimile" / "roshchin.toml")
    assert isinstance(content, Telegram)
    content = msgspec.structs.replace(content, body=("1111 год",))
    plain, over = drawn(content), drawn(content, tuple((i, "ж") for i in range(5, 8)))
    assert over.mean() < plain.mean() - 3
    latin = msgspec.structs.replace(content, ones="I")
    (made,) = draw_sheets(latin)
    assert made.body == "1111 год\n"
    assert drawn(latin).shape != plain.shape or not np.array_equal(drawn(latin), plain)


def draw_sheets(content: Telegram) -> list[Facsimile]:
    sheets = plan(content, 1)
    return [draw_sheet(content, sheets, index, 0, 1) for index in range(len(sheets))]


def test_a_telegram_may_have_figures_in_its_description(root: Path, tmp_path: Path) -> None:
    text = (root / "config" / "facsimile" / "roshchin.toml").read_text(encoding="utf-8")
    head = text[: text.index("body = [")]
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(head + 'body = ["Итоги:", { table = [["Рис", "12"], ["Чай", "7"]] }]', "utf-8")
    bad.write_text(head + 'body = ["Итоги:", { table = [["Рис", "12"], ["Чай"]] }]', "utf-8")
    (made,) = draw_facsimile(good, 0, 1)
    assert made.body == "Итоги:\nРис 12\nЧай 7\n"
    with pytest.raises(ConfigError, match="as many cells"):
        draw_facsimile(bad, 0, 1)


@pytest.mark.parametrize("name", ["gnu", "cmu", "nimbus", "freemono", "liberation"])
def test_every_typewriter_has_russian_letters(name: str) -> None:
    face = typewriter(name)
    for sign in "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ0123456789.,-/":
        assert has_character(face.path, sign), sign


def test_streams_are_apart() -> None:
    one, two = stream("content", 5), stream("typing", 5)
    assert one.random() != two.random()
    assert stream("levels", 5, 1, 1).random() == stream("levels", 5, 1, 1).random()
    assert stream("levels", -1, 0).random() != stream("levels", 5, 0).random()
