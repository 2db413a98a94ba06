"""The recogniser itself, with the model that ships."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawing import page

from pipeline.alphabet import ALPHABET
from pipeline.config import OcrSettings
from pipeline.errors import EngineError
from pipeline.ocr import Readers, ToRead, typewriter
from pipeline.ocr.typewriter import MODEL, Typewriter
from pipeline.pixels import Pixels

TEXT = "Товарищ Рощин сообщил о прибытии"
LARGEST = 8_000_000


@pytest.fixture(scope="module")
def reader() -> Typewriter:
    return Typewriter(OcrSettings())


def strip(text: str = TEXT, points: int = 24) -> Pixels:
    """A line as the layout cuts it: 48 pixels high, small letters 13 of them."""
    return page([(text, 12, 33)], (24 + round(0.62 * points * len(text)), 48), points)


def test_a_typed_line_is_read(reader: Typewriter) -> None:
    (seen,) = reader.recognize([strip()])
    assert seen.reading.text == TEXT
    assert seen.reading.reader == "typewriter"
    assert [word.text for word in seen.reading.words] == TEXT.split()
    assert min(word.confidence or 0 for word in seen.reading.words) > 0.5
    assert seen.log_probs.shape[1] == 1 + len(ALPHABET)
    np.testing.assert_allclose(np.exp(seen.log_probs).sum(axis=1), 1.0, atol=1e-4)


def test_words_have_their_place_on_the_picture(reader: Typewriter) -> None:
    image = strip()
    (reading,) = reader.read_lines([image])
    for word in reading.words:
        assert word.box is not None
        assert word.box.right <= image.shape[1]
        # Tight around ink: rows above and below the box are bare.
        columns = image[:, word.box.left : word.box.right]
        assert (columns[: word.box.top] >= 128).all()


@pytest.mark.parametrize("shape", [(48, 400), (1, 1), (48, 3), (200, 2)])
def test_bare_paper_reads_as_nothing(reader: Typewriter, shape: tuple[int, int]) -> None:
    (reading,) = reader.read_lines([np.full(shape, 255, np.uint8)])
    assert reading.text == ""
    assert reading.words == ()
    assert reading.confidence is None


def test_noise_is_not_read_as_words(reader: Typewriter) -> None:
    rng = np.random.default_rng(5)
    noise = np.clip(rng.normal(225, 18, (48, 400)), 0, 255).astype(np.uint8)
    (reading,) = reader.read_lines([noise])
    letters = len(reading.text.replace(" ", ""))
    assert letters <= 2 or (reading.confidence or 0.0) < 0.5


def test_a_line_reads_the_same_in_any_company(reader: Typewriter) -> None:
    alone = reader.read_lines([strip()])
    among = reader.read_lines([strip("да"), strip(), strip("и так далее")])
    assert among[1] == alone[0]


def test_a_larger_picture_of_the_line_reads_alike(reader: Typewriter) -> None:
    large = page([(TEXT, 24, 66)], (48 + round(0.62 * 48 * len(TEXT)), 96), 48)
    (reading,) = reader.read_lines([large])
    assert reading.text == TEXT
    assert max(word.box.bottom for word in reading.words if word.box) > 48


def test_the_model_is_small_and_says_what_it_is(reader: Typewriter) -> None:
    assert MODEL.stat().st_size <= LARGEST
    assert reader.characters == ALPHABET
    facts = dict(reader.provenance())
    assert facts["network"] == reader.digest[:16]
    assert facts["characters"]


@pytest.mark.parametrize("content", [None, b"", b"no model"])
def test_a_damaged_model_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    broken = tmp_path / "broken.onnx"
    if content is not None:
        broken.write_bytes(content)
    monkeypatch.setattr(typewriter, "MODEL", broken)
    with pytest.raises(EngineError, match=r"broken\.onnx"):
        Typewriter(OcrSettings())


def test_alone_the_recogniser_needs_no_tesseract(reader: Typewriter) -> None:
    ((readings,),) = Readers(None, reader).read([ToRead((strip(),))])
    assert [(r.reader, r.text) for r in readings] == [("vote", TEXT), ("typewriter", TEXT)]
