"""Real material beside the checkout, and the text the project began with: no body is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.evaluate import score_document
from pipeline.ground_truth import find_truth, load_truth
from pipeline.model import LineKind
from pipeline.process import process_file

ROOT = Path(__file__).parents[2]
SEED = "roshchin-1950-05-14"


def dropped(path: Path, truth: Path) -> int:
    document = process_file(path, path.stem, Settings())
    loss = score_document(document, load_truth(truth), Settings().evaluate).body_loss
    assert loss is not None
    return loss.dropped


@pytest.mark.shared
@pytest.mark.parametrize("engine", ["finereader", "rehand"])
def test_texts_of_other_engines_lose_nothing(real: Path, engine: str) -> None:
    texts = real / "ocr-pairs"
    assert dropped(texts / f"rostow-1972.{engine}.txt", texts / "rostow-1972.gt.txt") == 0


@pytest.mark.ocr
@pytest.mark.shared
@pytest.mark.parametrize("page", ["page-1", "page-2"])
def test_a_real_letter_loses_nothing(real: Path, page: str) -> None:
    letter = real / "typed-letter-1972" / f"{page}.jpg"
    assert dropped(letter, letter.with_suffix(".gt.txt")) == 0


def test_the_seed_loses_no_body_and_keeps_no_form() -> None:
    path = ROOT / "scans" / f"{SEED}.txt"
    document = process_file(path, SEED, Settings())
    truth = find_truth(SEED, ROOT / "ground_truth")
    assert truth is not None
    loss = score_document(document, truth, Settings().evaluate).body_loss
    assert loss is not None
    assert (loss.dropped, loss.misfiled, loss.length) == (0, 0, 735)
    text = [x.kind for x in document.lines if x.kind not in _LEFT_OUT]
    assert text == [LineKind.ADDRESSEE, LineKind.BODY, LineKind.BODY, LineKind.SIGNATURE]


_LEFT_OUT = {LineKind.FORM, LineKind.TABLE, LineKind.NOISE}


def test_the_seeds_form_is_read_whole() -> None:
    document = process_file(ROOT / "scans" / f"{SEED}.txt", SEED, Settings())
    found = [(f.name, f.number, f.value) for f in document.fields]
    assert found == [
        ("origin", None, "ПЕКИН"),
        ("telegram_numbers", None, "143355"),
        ("telegram_numbers", None, "143354"),
        ("date", None, "1950-05-14"),
        ("special_numbers", None, "812"),
        ("special_numbers", None, "813"),
        ("urgency", None, "особая"),
        ("addressee", None, "ФИЛИППОВ"),
        ("signature", None, "РОЩИН"),
        ("copy_list", 7, "Вышинскому"),
        ("copy_list", 6, "Булганину"),
        ("copy_list", 5, "Маленкову"),
        ("copy_list", 4, "Молотову"),
        ("copy_list", 3, "Сталину"),
        ("copy_list", 2, "Сталину"),
        ("copies_made", None, "8"),
        ("typed_at", None, "14.V 19-15"),
        ("released_by", None, "Плотников"),
        ("released_date", None, "1950-05-14"),
        ("sheet_number", None, "56"),
    ]
