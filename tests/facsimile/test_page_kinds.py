"""The further kinds of pages, and what their contents have besides: names, other hands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.facsimile.content import Paper, Passage, Questionnaire, Spread, Telegram
from pipeline.facsimile.maker import Facsimile, draw
from pipeline.facsimile.other_hands import on_second_machine, with_written_words
from pipeline.facsimile.random_content import TRAITS, ContentSpec, make_content
from pipeline.facsimile.rows import TypedRow
from pipeline.facsimile.sheet import WIDTH
from pipeline.facsimile.truth import fields_of
from pipeline.facsimile.typesetting import body_rows, plan
from pipeline.model import LineKind
from pipeline.resources import facsimile as data
from pipeline.resources import language
from pipeline.resources.facsimile import Kind

FURTHER: tuple[Kind, ...] = ("page", "addressees", "posts", "questionnaire", "spread")
SOME = settings(max_examples=15)


@SOME
@given(st.integers(0, 2**32), st.sampled_from(FURTHER))
def test_a_page_of_any_kind_fits_its_sheet(seed: int, kind: Kind) -> None:
    content = make_content(seed, ContentSpec(kind=kind, traits=TRAITS))
    (sheet,) = plan(content, seed)
    assert any(spot.row.kind is LineKind.BODY for spot in sheet.all_spots)
    for spot in sheet.all_spots:
        assert 60 <= spot.y <= 2200
        assert spot.x + len(spot.row.cells) * 200 / content.pitch <= WIDTH - 40
    assert (sheet.facing is not None) == (kind == "spread")


@SOME
@given(st.integers(0, 2**32))
def test_single_spacing_is_single_spaced(seed: int) -> None:
    content = make_content(seed, ContentSpec(kind="page", traits=("single",)))
    assert isinstance(content, Paper)
    assert content.leading <= 35


@SOME
@given(st.integers(0, 2**32))
def test_most_names_are_in_no_table_and_stand_in_their_case(seed: int) -> None:
    known, drawn = (
        make_content(seed, ContentSpec(lines=(3, 8), traits=traits)) for traits in ((), ("names",))
    )
    assert isinstance(known, Telegram)
    assert isinstance(drawn, Telegram)
    datives = {person.dative for person in language.names().people}
    assert set(known.copies.values()) <= datives
    others = [name for name in drawn.copies.values() if name not in datives]
    ends = tuple(end for _, _, end in data.pages().endings)
    assert all(name.endswith(ends) for name in others)
    assert len(set(drawn.copies.values())) == len(set(known.copies.values()))
    assert drawn.date == known.date


def test_names_outside_the_tables_are_the_rule() -> None:
    people = {person.name.upper() for person in language.names().people}
    signers = []
    for seed in range(40):
        content = make_content(seed, ContentSpec(lines=(1, 2), traits=("names",)))
        assert isinstance(content, Telegram)
        signers.append(content.signature)
    outside = sum(name not in people for name in signers)
    assert 20 <= outside < 40


def test_a_list_of_addressees_stands_at_the_right_one_below_the_other() -> None:
    content = make_content(3, ContentSpec(kind="addressees", traits=("names",)))
    assert isinstance(content, Paper)
    (sheet,) = plan(content, 3)
    listed = [spot for spot in sheet.spots if spot.row.kind is LineKind.ADDRESSEE]
    assert len(listed) >= len(content.addressees) >= 7
    assert all(spot.x > 0.4 * WIDTH for spot in listed)
    (field,) = [x for x in fields_of(content, 1, last=True) if x["name"] == "addressee"]
    assert field["value"] == list(content.addressees)


def test_posts_and_names_stand_side_by_side() -> None:
    pair = Passage(pairs=(("Начальник отдела", "- Сарычев А.Б."),), first=20)
    (row,) = body_rows((pair,), 60, 50, 0.0)
    assert row.text == "Начальник отдела - Сарычев А.Б."
    assert row.cells.index("-") == 20
    long = Passage(pairs=(("Начальник отдела снабжения", "- Сарычев А.Б."),), first=20)
    first, second = body_rows((long,), 60, 50, 0.0)
    assert (first.text, second.text) == ("Начальник отдела", "снабжения - Сарычев А.Б.")


@SOME
@given(st.integers(0, 2**32))
def test_words_written_in_are_missing_from_the_type(seed: int) -> None:
    rows = [TypedRow(cells="товарищу сообщили вчера вечером", above=50.0) for _ in range(9)]
    made = with_written_words(rows, np.random.default_rng(seed))
    left = [row for row in made if row.written]
    least, most = data.pages().hand_words
    assert least <= len(left) <= most
    for row in left:
        ((cell, word),) = row.written
        assert row.cells[cell : cell + len(word)].strip() == ""
        typed = [*row.text.split(), word]
        assert sorted(typed) == sorted(["товарищу", "сообщили", "вчера", "вечером"])


def test_a_part_from_a_paragraph_on_is_typed_on_the_second_machine() -> None:
    rows = [TypedRow(cells="строка", above=50.0, starts_paragraph=n % 4 == 0) for n in range(16)]
    for seed in range(9):
        made = [row.second for row in on_second_machine(rows, np.random.default_rng(seed))]
        first, last = made.index(True), len(made) - 1 - made[::-1].index(True)
        assert all(made[first : last + 1])
        assert rows[first].starts_paragraph
        assert first
    alone = on_second_machine([replace(rows[1], kind=LineKind.FORM)], np.random.default_rng(0))
    assert alone[0].second


@pytest.fixture(scope="module")
def spread() -> Facsimile:
    (made,) = draw(make_content(7, ContentSpec(kind="spread", lines=(12, 14))), 1, 7)
    return made


def test_facing_sheets_are_one_scan_and_read_one_after_the_other(spread: Facsimile) -> None:
    (page,) = spread.truth["pages"]
    assert page["width"] > 1.3 * page["height"]
    body = [row for row in page["lines"] if row["kind"] == LineKind.BODY]
    left = [row["box"][2] < 0.55 * page["width"] for row in body]
    assert left == sorted(left, reverse=True)
    assert 5 < sum(left) < len(left) - 5
    content = make_content(7, ContentSpec(kind="spread", lines=(12, 14)))
    assert isinstance(content, Spread)
    (planned,) = plan(content, 7)
    rows = [spot.row.text for spot in planned.all_spots if spot.row.kind is LineKind.BODY]
    assert [row["text"] for row in body] == rows


def test_a_form_is_filled_in_off_its_lines() -> None:
    content = make_content(5, ContentSpec(kind="questionnaire", lines=(6, 8), traits=("names",)))
    assert isinstance(content, Questionnaire)
    (made,) = draw(content, 2, 5)
    texts = [row["text"] for row in made.truth["pages"][0]["lines"] if row["kind"] == LineKind.FORM]
    for label, answer in content.answers:
        assert f"{label} {answer}" in texts
    named = {field["name"]: field["value"] for field in made.truth["fields"]}
    assert named["signature"] == content.signature_name
    assert regex.fullmatch(r"/\p{Lu}[\p{L}-]+/", content.signature)
    assert made.body.count("\n") >= 5


def test_what_is_written_in_is_handwriting_in_its_gap() -> None:
    content = make_content(11, ContentSpec(kind="page", lines=(8, 9), traits=("handwriting",)))
    (planned,) = plan(content, 11)
    (made,) = draw(content, 0, 11)
    lines = made.truth["pages"][0]["lines"]
    for spot in (spot for spot in planned.spots if spot.row.written):
        ((_, word),) = spot.row.written
        (row,) = [x for x in lines if x["text"] == spot.row.text]
        (hand,) = [x for x in lines if x["text"] == word]
        assert hand["kind"] == LineKind.HANDWRITING
        assert hand["box"][1] < row["box"][3]
        assert hand["box"][3] > row["box"][1]
