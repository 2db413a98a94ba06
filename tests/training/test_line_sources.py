"""Lines set with cut-out and with drawn letters, what is typed on them, and real lines on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from pipeline.alphabet import ALPHABET
from pipeline.config import Settings
from pipeline.ocr.ctc import best_path
from pipeline.ocr.typewriter import HEIGHT, Typewriter
from pipeline.reading import Box
from pipeline.training.drawn_letters import draw_letters
from pipeline.training.keyed import Piece, folded, matched, typed
from pipeline.training.letters import Known, Machine, Setter, machines_of
from pipeline.training.line_texts import Texts
from pipeline.training.machines import letter_faces
from pipeline.training.pages import Sample
from pipeline.training.real_lines import (
    FOLDS,
    KEYED,
    LINES,
    RealLine,
    document_of,
    folds_of,
    read_real,
    write_real,
)
from pipeline.training.soil import bare, soiled
from pipeline.training.sources import Batches, Source

TEXTS = Texts(
    ["Товарищ Иванов сообщил, что договор о поставке хлеба и угля подписан 25 мая 1946 года."]
)


@pytest.fixture(scope="module")
def drawn() -> Machine:
    return draw_letters(letter_faces(), "drawn", np.random.default_rng(4))


@pytest.fixture(scope="module")
def reader() -> Typewriter:
    return Typewriter(Settings().ocr)


def lines_of(machine: Machine, count: int) -> list[Sample]:
    rng = np.random.default_rng(5)
    found = [Setter([machine]).set_line(TEXTS, 700, rng) for _ in range(count)]
    return [x for x in found if x is not None]


def test_a_drawn_machine_has_its_own_letters_for_good(drawn: Machine) -> None:
    again = draw_letters(letter_faces(), "drawn", np.random.default_rng(4))
    assert set(again.letters) == set(drawn.letters)
    assert all((again.letters[x][0].ink == drawn.letters[x][0].ink).all() for x in again.letters)
    assert {"а", "Щ", "5", "№", "-"} <= set(drawn.letters)


def test_lines_are_set_with_the_text_that_is_said_of_them(
    drawn: Machine, reader: Typewriter
) -> None:
    lines = lines_of(drawn, 12)
    assert all(line.pixels.shape[0] == HEIGHT for line in lines)
    assert all(set(line.text) <= set(ALPHABET) for line in lines)
    read = [best_path(reader.log_probs(line.pixels))[0] for line in lines]
    wrong = sum(Levenshtein.distance(x.text, text) for x, text in zip(lines, read, strict=True))
    assert wrong < 0.1 * sum(len(line.text) for line in lines)


def test_letters_are_cut_out_and_set_anew(drawn: Machine, reader: Typewriter) -> None:
    known = [Known(x, reader.log_probs(x.pixels), "one") for x in lines_of(drawn, 12)]
    (machine,) = machines_of(known)
    assert machine.pitch == pytest.approx(drawn.pitch, rel=0.06)
    assert len(machine.letters) > 30
    again = lines_of(machine, 6)
    read = [best_path(reader.log_probs(line.pixels))[0] for line in again]
    wrong = sum(Levenshtein.distance(x.text, text) for x, text in zip(again, read, strict=True))
    assert wrong < 0.15 * sum(len(line.text) for line in again)


def test_texts_fit_the_line_and_have_figures() -> None:
    rng = np.random.default_rng(6)
    lines = [TEXTS.line(40, rng) for _ in range(400)]
    assert all(0 < len(line) <= 42 for line in lines)
    assert all(set(line) <= set(ALPHABET) for line in lines)
    assert sum(any(x.isdigit() for x in line) for line in lines) > 120
    assert all(any(x in ALPHABET for x in TEXTS.figured(30, rng)) for _ in range(50))


def test_dirt_keeps_height_and_bare_strips_are_dirt_alone() -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        ink = np.zeros((HEIGHT, 90), np.float32)
        assert soiled(ink, rng).shape[0] == HEIGHT
        assert not ink.any()
        assert bare(rng).shape[0] == HEIGHT


def test_a_batch_hangs_on_its_number_alone(drawn: Machine) -> None:
    source = Source.of(lines_of(drawn, 20))

    def batch(number: int) -> tuple[np.ndarray, ...]:
        made = Batches(
            keyed=source, agreed=None, drawn=None, machines=[drawn], drawn_machines=[drawn],
            texts=TEXTS, updates=5, columns=4000,
        )  # fmt: skip
        return made[number]

    first, again, other = batch(3), batch(3), batch(4)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert first[0].shape != other[0].shape or (first[0] != other[0]).any()
    assert first[0].dtype == np.uint8
    assert len(first[2]) == len(first[0])
    assert first[2].sum() == len(first[1])


def test_real_lines_are_kept_with_their_documents(tmp_path: Path) -> None:
    strip = np.full((HEIGHT, 60), 255, np.uint8)
    strip[20:30, 10:50] = 17 * 3
    pages = ("k01p1", "k02p1", "k03p1", "k05p1", "c20x", "c20y", "g13", "b07")
    lines = [RealLine(Sample(strip, f"строка {x}"), document_of(x), x, KEYED) for x in pages]
    write_real(tmp_path / LINES, lines)
    kept = read_real(tmp_path / LINES)
    assert [(x.sample.text, x.document, x.page, x.kind) for x in kept] == [
        (x.sample.text, x.document, x.page, x.kind) for x in lines
    ]
    assert all((x.sample.pixels == strip).all() for x in kept)
    folds = folds_of(kept)
    assert folds[document_of("c20x")] == folds[document_of("c20y")]
    assert {folds[f"k0{x}"] for x in (1, 2, 3, 5)} == set(range(FOLDS))


def test_pieces_are_matched_with_keyed_lines() -> None:
    def piece(text: str, line: int, left: int) -> Piece:
        box = Box(left=left, top=50 * line, right=left + 300, bottom=50 * line + 30)
        pixels = np.full((HEIGHT, 500), 255, np.uint8)
        return Piece(
            pixels=pixels, text=text, box=box, line=(0, line), cell=0, alone=True, confidence=0.9
        )

    pieces = [
        piece("в I9З6 году былн", 1, 0), piece("построены трн дома", 1, 400), piece("~~~", 2, 0),
        piece("Гор. Москва", 0, 0),
    ]  # fmt: skip
    wanted = ["Гор.  Москва", "в 1936 году были построены три дома", "не найдена"]
    found = [(x.text, x.pixels.shape[1]) for x in matched([typed(x) for x in wanted], pieces)]
    assert found == [("Гор. Москва", 500), ("в 1936 году были построены три дома", 1014)]
    assert folded("I9З6 «год» —") == folded('1936 "год" -')
