"""Both adapters of Tesseract, the choice between them, and recordings."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from drawing import page

from pipeline.config import OcrSettings
from pipeline.errors import DependencyMissingError, EngineError, LanguageMissingError
from pipeline.model import Box, Reading, Word
from pipeline.ocr import open_engine, reading_in_scan
from pipeline.ocr.replay import RecordingEngine, ReplayEngine
from pipeline.pixels import PreparedImage, identity

TEXT = "Товарищ сообщил о договоре"
ENGINES = ("tesserocr", "pytesseract")


def settings(name: str, **more: object) -> OcrSettings:
    return msgspec.convert({"engine": name, **more}, OcrSettings)


@pytest.mark.ocr
@pytest.mark.parametrize("name", ENGINES)
def test_a_clean_line_is_read(name: str) -> None:
    engine = open_engine(settings(name))
    image = page([(TEXT, 30, 50)], (700, 80))
    (reading,) = engine.read_lines([image])
    assert reading.text == TEXT
    assert [w.text for w in reading.words] == TEXT.split()
    assert all(w.box is not None and w.box.right <= 700 for w in reading.words)
    assert reading.confidence is not None
    assert reading.confidence > 0.7
    assert dict(engine.provenance())["engine"] == name


@pytest.mark.ocr
@pytest.mark.parametrize("name", ENGINES)
def test_blank_and_tiny_images_read_as_nothing(name: str) -> None:
    engine = open_engine(settings(name))
    images = [np.full((60, 300), 255, np.uint8), np.full((12, 12), 255, np.uint8)]
    assert [r.text for r in engine.read_lines(images)] == ["", ""]


@pytest.mark.ocr
@pytest.mark.parametrize("name", ENGINES)
def test_a_page_is_segmented_by_the_engine(name: str) -> None:
    engine = open_engine(settings(name))
    image = page([(TEXT, 60, 100), ("Ответ просим ускорить", 60, 160)], (800, 300))
    lines = engine.read_page(image, 6)
    assert [line.reading.text for line in lines] == [TEXT, "Ответ просим ускорить"]
    assert lines[0].box.bottom <= lines[1].box.top + 5


@pytest.mark.parametrize("name", ENGINES)
def test_missing_language_says_how_to_get_it(name: str) -> None:
    with pytest.raises(LanguageMissingError, match="tesseract-ocr-kaz"):
        open_engine(settings(name, language="rus+kaz"))


def test_missing_tesseract_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(DependencyMissingError, match="apt-get install"):
        open_engine(settings("pytesseract"))


@pytest.mark.ocr
def test_a_crash_is_an_engine_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "tesseract"
    broken.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && { echo "tesseract 5.3.0"; exit 0; }\nexit 134\n'
    )
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    engine = open_engine(settings("pytesseract"))
    with pytest.raises(EngineError, match="134"):
        engine.read_lines([page([(TEXT, 30, 50)], (700, 80))])


@pytest.mark.ocr
def test_a_recording_answers_the_same_and_fails_when_stale(tmp_path: Path) -> None:
    image = page([(TEXT, 30, 50)], (700, 80))
    recorder = RecordingEngine(open_engine(settings("auto")))
    lines, pages = recorder.read_lines([image]), recorder.read_page(image, 6)
    recorder.save(tmp_path / "recording.json")
    replay = ReplayEngine(tmp_path / "recording.json", recorder.provenance())
    assert replay.read_lines([image]) == lines
    assert replay.read_page(image, 6) == pages
    with pytest.raises(EngineError, match="stale"):
        replay.read_lines([image[:, :-1]])
    with pytest.raises(EngineError, match="stale"):
        ReplayEngine(tmp_path / "recording.json", (("engine", "another"),))
    with pytest.raises(EngineError, match="not a recording"):
        ReplayEngine(tmp_path / "missing.json")


@pytest.mark.ocr
@pytest.mark.parametrize("changed", [{"line_psm": 13}, {"language": "rus+eng"}])
def test_a_recording_under_other_settings_is_stale(
    tmp_path: Path, changed: dict[str, object]
) -> None:
    recorder = RecordingEngine(open_engine(settings("auto")))
    recorder.save(tmp_path / "recording.json")
    wanted = open_engine(settings("auto", **changed)).provenance()
    with pytest.raises(EngineError, match="stale"):
        ReplayEngine(tmp_path / "recording.json", wanted)


@pytest.mark.ocr
def test_both_engines_agree_on_an_easy_line_in_two_languages() -> None:
    image = page([("Ответ для CAPITAL 1950", 30, 50)], (700, 80))
    readings = [open_engine(settings(n, language="rus+eng")).read_lines([image]) for n in ENGINES]
    assert [r.text for r in readings[0]] == [r.text for r in readings[1]]
    assert "1950" in readings[0][0].text


def test_boxes_move_to_the_scan() -> None:
    word = Word(text="а", box=Box(left=1, top=2, right=5, bottom=9), confidence=0.5)
    shift = identity()
    shift[:, 2] = (100.0, 50.0)
    image = PreparedImage(np.zeros((20, 20), np.uint8), shift, (1000, 1000))
    moved = reading_in_scan(Reading.of_words("x", [word]), image)
    assert moved.words[0].box == Box(left=101, top=52, right=105, bottom=59)
