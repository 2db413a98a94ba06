"""The benchmark sets: frozen, balanced, and apart from each other."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import ConfigError, UsageError
from pipeline.facsimile import TRAITS, make_set, set_names
from pipeline.facsimile.content import Telegram
from pipeline.facsimile.faces import typewriters
from pipeline.facsimile.maker import draw_sheet
from pipeline.facsimile.sets import SetPage, digests, set_pages, stored_digests
from pipeline.ground_truth import load_truth
from pipeline.resources import facsimile as data

USED_BEFORE = {*range(100, 106), *range(200, 206), *range(300, 306), 1950}


@pytest.mark.parametrize("name", ["dev", "test", "dev-2", "test-2"])
def test_a_set_is_frozen(name: str) -> None:
    texts, damage = digests(name)
    stored = stored_digests(name)
    assert texts == stored[0], "what is typed has changed: see config/facsimile/sets.toml"
    assert damage == stored[1], "how pages are treated has changed: see config/facsimile/sets.toml"


@pytest.mark.parametrize("name", ["dev", "test"])
def test_a_set_has_ten_pages_of_each_severity(name: str) -> None:
    pages = list(set_pages(name))
    assert Counter(page.severity for page in pages) == dict.fromkeys(range(4), 10)
    assert len({page.stem for page in pages}) == 40
    telegrams = [page for page in pages if isinstance(page.content, Telegram)]
    assert len(telegrams) == 24
    assert sum(page.index > 0 for page in telegrams) == 4
    kinds = [{str(spot.row.kind) for spot in page.sheets[page.index].spots} for page in pages]
    assert all("body" in found for found in kinds)
    assert sum("heading" in found for found in kinds) >= 16
    for page in pages:
        body = [s for sheet in page.sheets for s in sheet.spots if s.row.kind == "body"]
        assert 1 <= len(body) <= 40


def test_the_sets_share_no_face_no_seed_and_no_text() -> None:
    dev, test = (list(set_pages(name)) for name in ("dev", "test"))
    for first, second in (
        ({p.content.typewriter for p in dev}, {p.content.typewriter for p in test}),
        ({p.seed for p in dev}, {p.seed for p in test}),
        ({p.seed for p in dev + test}, USED_BEFORE),
        (_lines(dev), _lines(test)),
    ):
        assert first
        assert not first & second
    assert {p.content.typewriter for p in dev} == {"gnu", "nimbus", "freemono"}
    assert {p.content.typewriter for p in test} == {"cmu", "liberation"}


def test_the_further_sets_have_ten_pages_of_each_severity_and_every_trait() -> None:
    dev, test = (list(set_pages(name)) for name in ("dev-2", "test-2"))
    for pages in (dev, test):
        assert Counter(page.severity for page in pages) == dict.fromkeys(range(4), 10)
        assert len({page.stem for page in pages}) == 40
        assert all(page.index == 0 and page.sheets[0].last for page in pages)
        assert {page.content.typewriter for page in pages} == set(typewriters())
        for severity in range(4):
            some = [page.content.traits for page in pages if page.severity == severity]
            assert {trait for traits in some for trait in traits} == set(TRAITS)
    others = [page for name in ("dev", "test") for page in set_pages(name)]
    for first, second in ((dev, test), (dev, others), (test, others)):
        assert not {p.seed for p in first} & {p.seed for p in second}
        assert not _lines(first) & _lines(second)


def _lines(pages: list[SetPage]) -> set[str]:
    spots = [spot for page in pages for spot in page.sheets[page.index].all_spots]
    return {spot.row.text for spot in spots if len(spot.row.text) > 40}


@pytest.mark.parametrize("which", [8, 35])
def test_what_is_drawn_is_what_is_planned(which: int) -> None:
    page = list(set_pages("dev"))[which]
    made = draw_sheet(page.content, page.sheets, page.index, page.severity, page.seed)
    rows = [(row["kind"], row["text"]) for row in made.truth["pages"][0]["lines"]]
    for spot in page.sheets[page.index].spots:
        assert (str(spot.row.kind), spot.row.text) in rows


def test_a_set_is_written_with_its_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [page for page in set_pages("test") if page.stem.endswith("s3-08-list")]
    monkeypatch.setattr("pipeline.facsimile.sets.set_pages", lambda _: iter(pages))
    (path,) = make_set("test", tmp_path)
    assert path.stem == "test-s3-08-list"
    truth = load_truth(tmp_path / "test-s3-08-list")
    assert truth.text.splitlines() == [x.text for x in truth.lines if x.kind == "body"]
    data = json.loads((tmp_path / "test-s3-08-list.gt.json").read_text(encoding="utf-8"))
    assert "severity 3" in data["source"]


def test_a_wrong_set_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no set `tset`; there are dev, test"):
        make_set("tset", tmp_path)
    assert main(["facsimile", "--set", "tset", "--out", str(tmp_path)]) == 2
    assert main(["facsimile", "--set", "dev", "--seed", "3", "--out", str(tmp_path)]) == 2
    assert "--seed: does not go with --set" in capsys.readouterr().err
    assert set_names() == ("dev", "test", "dev-2", "test-2")
    assert not list(tmp_path.iterdir())


def test_a_mistyped_table_of_sets_is_refused(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (root / "config" / "facsimile" / "sets.toml").read_text(encoding="utf-8")
    (tmp_path / "facsimile").mkdir()
    (tmp_path / "facsimile" / "sets.toml").write_text(
        text.replace('kind = "list"', 'kind = "novel"'), encoding="utf-8"
    )
    monkeypatch.setenv("DEPESHA_TABLES", str(tmp_path))
    data.sets.cache_clear()
    try:
        with pytest.raises(ConfigError, match="novel"):
            set_names()
    finally:
        data.sets.cache_clear()
