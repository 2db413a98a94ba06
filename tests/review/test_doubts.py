"""The list of unsure words: what an editor should look at, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from review_samples import sample, write

from pipeline.cli import main
from pipeline.config import Settings
from pipeline.errors import ExitCode
from pipeline.model import (
    Box,
    Document,
    Edit,
    Line,
    LineKind,
    Page,
    Reading,
    Scan,
    Status,
    Verdict,
    Word,
)
from pipeline.review import doubts
from pipeline.store import DOCUMENT_FILE, RunInfo, save_document


def line(identifier: str, *words: Word, verdict: Verdict = Verdict.KEEP) -> Line:
    return Line(id=identifier, reading=Reading.of_words("vote", words), verdict=verdict)


KINDS = Settings().output.kinds
BOX = Box(left=10, top=20, right=50, bottom=40)
SURE = Word(text="сообщил", confidence=0.99)
DOUBTED = Word(text="уназал", confidence=0.41, other="указал", box=BOX)
WORSE = Word(text="жг", confidence=0.2)
UNKNOWN = Word(text="слово")
DOCUMENT = Document(
    id="telegram",
    pages=(
        Page(
            number=1,
            scan=Scan(path="telegram.png"),
            lines=(
                line("p1-l001", SURE, DOUBTED),
                line("p1-l002", WORSE, verdict=Verdict.DROP),
                line("p1-l003", UNKNOWN, WORSE, verdict=Verdict.UNSURE),
                Line(id="p1-l004", reading=Reading.of("file", "без слов")),
            ),
        ),
    ),
)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    run = RunInfo(
        fingerprint="f",
        source="telegram.png",
        source_key="k",
        input_sha256="i",
        status=Status.OK,
        seconds=1.0,
    )
    save_document(tmp_path / "telegram", DOCUMENT, run=run, texts={})
    return tmp_path


def test_words_of_dropped_lines_and_words_without_a_probability_are_left_out() -> None:
    found = list(doubts(DOCUMENT, 0.9, KINDS))
    assert [(x.line, x.word, x.other) for x in found] == [
        ("p1-l003", "жг", ""),
        ("p1-l001", "уназал", "указал"),
    ]
    assert [x.word for x in doubts(DOCUMENT, 0.3, KINDS)] == ["жг"]
    assert not list(doubts(DOCUMENT, 0.0, KINDS))


def test_a_corrected_word_is_named_as_it_stands_and_as_it_was_read() -> None:
    fix = Edit(rule="misread", start=8, before="уназал", after="указал")
    changed = replace(DOCUMENT.lines[0], edits=(fix,))
    made = replace(DOCUMENT, pages=(replace(DOCUMENT.pages[0], lines=(changed,)),))
    (found,) = doubts(made, 0.9, KINDS)
    assert (found.word, found.read, found.probability) == ("указал", "уназал", 0.41)
    assert found.text == "сообщил указал"


def test_a_word_that_was_taken_out_is_no_doubt() -> None:
    dash = line("p1-l001", SURE, Word(text="-", confidence=0.1))
    out = replace(dash, edits=(Edit(rule="join-hyphen", start=8, before="-", after=""),))
    page = replace(DOCUMENT.pages[0], lines=(dash, out))
    assert [x.word for x in doubts(replace(DOCUMENT, pages=(page,)), 0.9, KINDS)] == ["-"]


def test_figures_come_first_then_names_then_other_words() -> None:
    words = [
        Word(text="Ночью", confidence=0.3),  # a word of the language that opens the line
        Word(text="прибыл", confidence=0.2),
        Word(text="Рощим.", confidence=0.8),
        Word(text="Утром", confidence=0.4),
        Word(text="Бандунг", confidence=0.6),
        Word(text="25минут", confidence=0.85),
        Word(text="I936", confidence=0.7),
    ]
    page = replace(DOCUMENT.pages[0], lines=(line("p1-l001", *words),))
    found = list(doubts(replace(DOCUMENT, pages=(page,)), 0.9, KINDS))
    assert [(x.kind, x.word) for x in found] == [
        ("figure", "I936"),
        ("figure", "25минут"),
        ("name", "Бандунг"),
        ("name", "Рощим."),
        ("word", "прибыл"),
        ("word", "Ночью"),
        ("word", "Утром"),
    ]


def test_only_what_stands_in_the_transcript_is_listed() -> None:
    form = replace(line("p1-l001", DOUBTED), kind=LineKind.FORM)
    made = replace(DOCUMENT, pages=(replace(DOCUMENT.pages[0], lines=(form,)),))
    assert not list(doubts(made, 0.9, KINDS))
    assert len(list(doubts(made, 0.9, (LineKind.FORM,)))) == 1


def test_the_command_gives_the_least_certain_first(
    stored: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["doubts", str(stored), "--json"]) == ExitCode.OK
    rows = json.loads(capsysbinary.readouterr().out)
    assert [row["word"] for row in rows] == ["жг", "уназал"]
    assert rows[1] == {
        "document": "telegram",
        "page": 1,
        "line": "p1-l001",
        "kind": "word",
        "word": "уназал",
        "read": "уназал",
        "probability": 0.41,
        "other": "указал",
        "text": "сообщил уназал",
        "box": {"left": 10, "top": 20, "right": 50, "bottom": 40},
        "guess": None,
    }


def test_the_command_prints_both_readings(
    stored: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["doubts", str(stored), "--below", "0.5"]) == ExitCode.OK
    text = capsysbinary.readouterr().out.decode()
    assert text.splitlines()[1].split()[:3] == ["0.41", "уназал", "указал"]


def test_a_folder_without_results_is_a_clear_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doubts", str(tmp_path)]) == ExitCode.INPUT_MISSING
    assert "holds no results" in capsys.readouterr().err


def test_a_damaged_result_is_named_and_the_others_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "out", sample())
    other = tmp_path / "out" / "b"
    other.mkdir()
    (other / DOCUMENT_FILE).write_bytes(b"no such thing")
    capsys.readouterr()
    assert main(["doubts", str(tmp_path / "out")]) == ExitCode.SOME_FAILED
    assert str(other) in capsys.readouterr().err
