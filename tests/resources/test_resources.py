"""The data of ``config/`` are typed, checked and found; settings have one source of defaults."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest

from pipeline.config import Settings, flatten, load_settings
from pipeline.errors import ConfigError
from pipeline.facsimile.habits import _HABITS, MACHINE, draw_habits
from pipeline.noise.crf import STATES
from pipeline.resources import facsimile, fitted, language
from pipeline.resources.fitted import StateWeights, WordCounts
from pipeline.resources.tables import Table, read_table, resources_digest, resources_dir

READERS: dict[str, Callable[[], object]] = {
    "language/form.toml": language.form.__wrapped__,
    "language/names.toml": language.names.__wrapped__,
    "language/words.toml": language.words.__wrapped__,
    "language/vocabulary.toml": language.vocabulary.__wrapped__,
    "language/confusables.toml": language.confusables.__wrapped__,
    "fitted/noise.toml": fitted.noise.__wrapped__,
    "fitted/vote.toml": fitted.vote.__wrapped__,
    "fitted/certainty.toml": fitted.certainty.__wrapped__,
    "fitted/fields.toml": fitted.fields.__wrapped__,
    "fitted/expected_error.toml": fitted.expected_error.__wrapped__,
    "fitted/misreadings.toml": fitted.misreadings.__wrapped__,
    "fitted/word_counts.msgpack": fitted._words.__wrapped__,
    "fitted/letters.msgpack": fitted.letter_triples.__wrapped__,
    "fitted/agreement.msgpack": fitted.agreement.__wrapped__,
    "fitted/channel.msgpack": fitted.channel.__wrapped__,
    "fitted/corrector.toml": fitted.corrector.__wrapped__,
    "fitted/raw_text.toml": fitted.raw_text.__wrapped__,
    "facsimile/facsimile.toml": facsimile.facsimile.__wrapped__,
    "facsimile/traits.toml": facsimile.traits.__wrapped__,
    "facsimile/pages.toml": facsimile.pages.__wrapped__,
    "facsimile/habits.toml": facsimile.habits.__wrapped__,
    "facsimile/phrases.toml": facsimile.phrases.__wrapped__,
    "facsimile/sets.toml": facsimile.sets.__wrapped__,
    "facsimile/training.toml": facsimile.training.__wrapped__,
}
IN_TOML = sorted(name for name in READERS if name.endswith(".toml"))


@pytest.fixture
def copied(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of ``config/`` that ``DEPESHA_TABLES`` names."""
    shutil.copytree(root / "config", tmp_path / "data")
    monkeypatch.setenv("DEPESHA_TABLES", str(tmp_path / "data"))
    return tmp_path / "data"


def test_every_file_of_data_has_its_reader(root: Path) -> None:
    folders = ("language", "fitted", "facsimile")
    files = {f"{x}/{path.name}" for x in folders for path in (root / "config" / x).iterdir()}
    assert files == {*READERS, "facsimile/roshchin.toml"}
    for read in READERS.values():
        assert read()


@pytest.mark.parametrize("name", IN_TOML)
def test_an_unknown_key_is_refused_by_its_name(copied: Path, name: str) -> None:
    path = copied / name
    path.write_text("typo = 1\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        READERS[name]()
    assert error.value.subject == str(path)
    assert "typo" in error.value.message


@pytest.mark.parametrize("name", IN_TOML)
def test_a_missing_key_is_refused_by_its_name(copied: Path, name: str) -> None:
    path = copied / name
    key = next(iter(tomllib.loads(path.read_text(encoding="utf-8"))))
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(rf"(?m)^(\[*){key}\b", r"\1typo", text, count=1), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        READERS[name]()
    assert error.value.subject == str(path)


def test_a_wrong_key_deep_in_a_file_is_named_with_its_place(copied: Path) -> None:
    path = copied / "language" / "form.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\nstems =", "\nstem ="), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"form\.toml: `foot`: .*`stem`"):
        READERS["language/form.toml"]()


@pytest.mark.parametrize("name", sorted(READERS))
def test_what_is_missing_or_damaged_is_refused(copied: Path, name: str) -> None:
    path = copied / name
    path.write_bytes(path.read_bytes()[:-40] + b"\xff[")
    with pytest.raises(ConfigError) as damaged:
        READERS[name]()
    assert damaged.value.subject == str(path)
    path.unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        READERS[name]()


def test_resources_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        language.names().clerks = ()  # type: ignore[misc]
    assert isinstance(language.names().people, tuple)
    assert language.names() is language.names()


def test_weights_have_the_states_of_the_noise_filter() -> None:
    assert StateWeights.__struct_fields__ == STATES
    assert set(fitted.noise().after) == set(STATES)


def test_habits_of_the_table_are_known_to_the_maker() -> None:
    assert set(facsimile.habits().shares) == {*_HABITS, *MACHINE}
    assert draw_habits(np.random.default_rng(0)) <= set(facsimile.habits().shares)


def test_counted_forms_and_their_followers() -> None:
    counts = WordCounts(
        about="made up", forms="и в не", counts=(5, 3, 2), followers=((2, 1), (), (0,))
    )
    assert counts.by_form() == {"и": 5, "в": 3, "не": 2}
    assert counts.following() == {"и": ("не", "в"), "не": ("и",)}


def test_the_counts_that_ship() -> None:
    counts = list(fitted.word_counts().values())
    assert len(counts) == 3000
    assert counts == sorted(counts, reverse=True)
    assert fitted.word_counts()["время"] == 1191
    assert set(fitted.word_followers()) <= set(fitted.word_counts())
    assert fitted.word_followers()["и"][:3] == ("не", "в", "на")
    assert fitted.letter_triples()["_на"] == 6954.1


def test_the_digest_is_of_what_decides_a_transcript(copied: Path) -> None:
    before = resources_digest()
    assert resources_digest() == before
    (copied / "facsimile" / "sets.toml").write_text("", encoding="utf-8")
    (copied / "settings" / "defaults.toml").unlink()
    assert resources_digest() == before
    path = copied / "fitted" / "letters.msgpack"
    path.write_bytes(path.read_bytes() + b"\0")
    changed = resources_digest()
    assert changed != before
    path.rename(copied / "fitted" / "other.msgpack")
    assert resources_digest() not in (before, changed)


def test_a_table_is_read_from_where_the_variable_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Small(Table, frozen=True, kw_only=True):
        size: int

    monkeypatch.setenv("DEPESHA_TABLES", str(tmp_path))
    assert resources_dir() == tmp_path
    (tmp_path / "small.msgpack").write_bytes(msgspec.msgpack.encode({"size": 3}))
    assert read_table("small.msgpack", Small) == Small(size=3)
    (tmp_path / "small.toml").write_text('size = "three"')
    with pytest.raises(ConfigError, match=r"small\.toml: `size`: expected `int`"):
        read_table("small.toml", Small)


def test_the_annotated_defaults_are_the_defaults(root: Path) -> None:
    path = root / "config" / "settings" / "defaults.toml"
    assert load_settings(path) == Settings()
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    keys = {f"{section}.{key}" for section, entries in written.items() for key in entries}
    assert keys == {key for key, _ in flatten(Settings())}
    lines = path.read_text(encoding="utf-8").splitlines()
    for above, line in pairwise(lines):
        assert " = " not in line or line.startswith("#") or above.startswith("# "), line


def test_wheel_and_source_distribution_carry_the_data(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    targets = project["tool"]["hatch"]["build"]["targets"]
    assert targets["wheel"]["force-include"] == {"config": "pipeline/_config"}
    assert "/config" in targets["sdist"]["include"]
