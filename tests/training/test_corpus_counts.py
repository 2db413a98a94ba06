"""Counts of words and letters, made from a corpus and shown as text."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from pipeline.errors import InputMissingError, InputUnreadableError
from pipeline.training.__main__ import main
from pipeline.training.corpus_counts import (
    FEWEST,
    count_letters,
    count_words,
    packed,
    read_counts,
    read_texts,
    shown,
)

TEXT = "Наша партия и её съезд. Наша партия сильна, и партия права."


def corpus(folder: Path, texts: list[str]) -> Path:
    path = folder / "corpus.tar.xz"
    with tarfile.open(path, "w:xz") as archive:
        for number, text in enumerate(texts):
            data = text.encode()
            entry = tarfile.TarInfo(f"{number}.txt")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def test_forms_are_counted_and_followers_ranked_over_texts(tmp_path: Path) -> None:
    counts = count_words(read_texts(corpus(tmp_path, [TEXT] * FEWEST)))
    forms = counts.by_form()
    assert forms["партия"] == 3 * FEWEST
    assert forms["ее"] == FEWEST  # ё as е
    assert "Наша" not in forms
    assert next(iter(forms)) == "партия"
    # "партия и", "партия сильна" and "партия права" each stand once in a text.
    assert counts.following()["партия"] == ("и", "права", "сильна")


def test_a_pair_of_too_few_texts_is_left_out() -> None:
    assert not any(count_words([TEXT] * (FEWEST - 1)).followers)


def test_triples_are_shares_of_a_million() -> None:
    counts = count_letters(["Да, да!"])
    assert counts.by_triple() == {"_да": 500_000.0, "да_": 500_000.0}


def test_the_same_corpus_gives_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = corpus(tmp_path, [TEXT] * FEWEST)
    for step, count in (("count-words", count_words), ("count-letters", count_letters)):
        out = tmp_path / step
        assert main([step, str(path), "--out", str(out)]) == 0
        assert out.read_bytes() == packed(count([TEXT.replace("ё", "е")] * FEWEST))
    assert str(tmp_path / "count-words") in capsys.readouterr().out


def test_what_ships_is_shown_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "words"]) == 0
    about, first, *_ = capsys.readouterr().out.splitlines()
    assert about.startswith("# The 3000 commonest Russian word forms")
    assert first == "и 39564 не в на крестьян его с пр ее то что только их о к"
    lines = list(shown(read_counts("letters")))
    assert lines[1] == "_а_ 852.9"
    assert len(lines) == 6759


def test_no_corpus_and_no_tar_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputMissingError):
        list(read_texts(tmp_path / "none.tar"))
    (tmp_path / "text.txt").write_text("Да.")
    with pytest.raises(InputUnreadableError):
        list(read_texts(tmp_path / "text.txt"))
    assert main(["count-words", str(tmp_path / "none.tar")]) != 0
