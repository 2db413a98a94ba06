"""The character model that Depesha carries, and how it is asked."""

from __future__ import annotations

import hashlib
import math
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline import character_lm
from pipeline.alphabet import ALPHABET
from pipeline.character_lm import (
    BEGIN,
    BEGIN_NUMBER,
    END_NUMBER,
    NUMBERS,
    UNKNOWN,
    CharacterLM,
    share_codes,
    unpacked,
    weight_codes,
)
from pipeline.errors import InputMissingError, InputUnreadableError

FILE = Path(pipeline.__file__).parent / "models" / "chars.npz"
LINE = "Прошу срочно сообщить о получении товаров по договору."


def test_the_alphabet_stays_as_it_is() -> None:
    # Networks are trained to this order.
    assert len(ALPHABET) == len(set(ALPHABET)) == 133
    assert hashlib.sha256(ALPHABET.encode()).hexdigest()[:12] == "4e552047a665"
    assert BEGIN_NUMBER < 1 << character_lm.BITS


@given(st.text(ALPHABET + BEGIN, max_size=9))
def test_probabilities_sum_to_one(context: str) -> None:
    found = CharacterLM.load().after(context)
    assert found.shape == (1 + len(ALPHABET),)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert float(np.exp(found.astype(np.float64)).sum()) == pytest.approx(1.0, abs=1e-5)


@given(st.text(ALPHABET, max_size=20))
def test_a_score_is_made_of_what_comes_after(text: str) -> None:
    model = CharacterLM.load()
    numbers = [*(NUMBERS[sign] for sign in text), END_NUMBER]
    parts = [float(model.after(BEGIN + text[:n])[number]) for n, number in enumerate(numbers)]
    assert model.score(text) == pytest.approx(sum(parts), abs=1e-4)


def test_only_near_signs_count() -> None:
    model = CharacterLM.load()
    near = LINE[: model.order - 1]
    assert (model.after("чщ" + near) == model.after(near)).all()
    assert (model.after(BEGIN + near[1:]) != model.after(near)).any()


def test_russian_is_likelier_than_its_letters() -> None:
    model = CharacterLM.load()
    mixed = "".join(random.Random(1).sample(LINE, len(LINE)))
    assert model.score(LINE) > model.score(mixed) + 50
    assert -model.score(LINE) / math.log(2) / (len(LINE) + 1) < 3.0
    assert model.after("товари")[NUMBERS["щ"]] > math.log(0.8)


def test_lines_end_as_typed_lines_do() -> None:
    model = CharacterLM.load()
    ends = {text: float(model.after(text)[END_NUMBER]) for text in ("сооб-", "догово")}
    assert ends["сооб-"] > ends["догово"] + 3


def test_no_figure_is_likelier_than_another() -> None:
    model = CharacterLM.load()
    figures = [NUMBERS[figure] for figure in "0123456789"]
    for context in (BEGIN, "19", " в 198", "ст. 58-", "25 мин"):
        assert len(set(model.after(context)[figures].tolist())) == 1
    assert (model.after("в 1941") == model.after("в 2086")).all()
    assert model.after("в 194")[figures[0]] > model.after("в хле")[figures[0]] + 3


def test_a_piece_of_a_line_has_no_end() -> None:
    model = CharacterLM.load()
    assert model.score("", line=False) == 0.0
    assert model.score("договор", line=False) > model.score("договор")


def test_unknown_signs_are_unlikely_and_no_error() -> None:
    model = CharacterLM.load()
    assert model.score("€", line=False) == UNKNOWN
    assert (model.after("мир€") == model.after("€")).all()
    assert math.isfinite(model.score("мир\nи€"))


def test_contexts_are_kept_and_not_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(character_lm, "_CACHED", 3)
    model = unpacked(FILE.read_bytes())
    for sign in "абвгд":
        assert np.isfinite(model.after(sign)).all()
        assert len(model._chains) <= 3 + model.order


@given(st.text("абвгдеж 0195.,ABC€\n", max_size=8), st.sampled_from(sorted(NUMBERS.values())[:-1]))
def test_one_character_by_itself_is_as_likely_as_among_all(context: str, number: int) -> None:
    model = CharacterLM.load()
    assert model.log_of(number, context) == pytest.approx(float(model.after(context)[number]))


def test_the_file_is_small_and_known_by_its_digest() -> None:
    data = FILE.read_bytes()
    assert len(data) <= 4_000_000
    assert CharacterLM.load().digest == hashlib.sha256(data).hexdigest()
    assert CharacterLM.load() is CharacterLM.load()


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputMissingError):
        CharacterLM.load(tmp_path / "none.npz")
    whole = FILE.read_bytes()
    for name, data in {"empty": b"", "text": b"no model", "cut": whole[:100_000]}.items():
        path = tmp_path / f"{name}.npz"
        path.write_bytes(data)
        with pytest.raises(InputUnreadableError, match="no character model"):
            CharacterLM.load(path)
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 0xFF
    (tmp_path / "damaged.npz").write_bytes(damaged)
    with pytest.raises(InputUnreadableError):
        CharacterLM.load(tmp_path / "damaged.npz")


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(character_lm, "VERSION", 2)
    with pytest.raises(ValueError, match="version"):
        unpacked(FILE.read_bytes())


@given(st.floats(1e-6, 1.0))
def test_codes_keep_what_matters(value: float) -> None:
    array = np.array([value])
    assert character_lm._WEIGHTS[weight_codes(array)] == pytest.approx(array, rel=0.07)
    share = character_lm._SHARES[share_codes(array)]
    assert share == pytest.approx(array, rel=0.07, abs=1e-5)
    assert 0.0 < float(share[0]) < 1.0
