"""DOCX: opens, holds the transcript, and says what may be wrong in comments."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from export_samples import raw_text, source, telegram

from pipeline.export import Options, render
from pipeline.model import Document, Layer


def data_of(document: Document | None = None, options: Options | None = None) -> bytes:
    made = source(document, title="Рощин — Филиппову", короб="7")
    return render(made, "docx", options)[".docx"]


def opened(document: Document | None = None, options: Options | None = None) -> Any:
    return docx.Document(io.BytesIO(data_of(document, options)))


def test_paragraphs_headings_and_the_signature() -> None:
    paragraphs = [x for x in opened().paragraphs if x.text.strip()]
    texts = [x.text.strip() for x in paragraphs]
    assert texts[0] == "Рощин — Филиппову"
    assert texts[2] == "О встрече"
    assert paragraphs[2].style.name == "Heading 1"
    assert "будут подписаны [стр. 2] 14.V.50 г." in texts[3]
    assert texts[-1] == "РОЩИН"
    assert paragraphs[-1].alignment == WD_ALIGN_PARAGRAPH.RIGHT


def test_the_form_and_the_metadata_are_a_table() -> None:
    (table,) = opened().tables
    rows = [tuple(cell.text for cell in row.cells) for row in table.rows]
    assert rows[0] == ("короб", "7")
    assert ("Откуда", "ПЕКИН") in rows
    assert ("Экземпляр № 2", "Молотову") in rows


def test_doubtful_words_have_comments_with_both_readings() -> None:
    comments = [x.text for x in opened().comments]
    assert comments == ["Вероятность 60%. Другое чтение: Цзе-дуй", "Вероятность 40%."]
    assert len(opened(options=Options(doubt_below=0.5)).comments) == 1


def test_layers_and_texts() -> None:
    typed = [x.text for x in opened(options=Options(layer=Layer.DIPLOMATIC)).paragraphs]
    assert any("подпи-" in text for text in typed)
    plain = [x.text.strip() for x in opened(raw_text()).paragraphs]
    assert plain[-1] == "Товарищ Иванов сообщил, что договор подписан."


def test_libreoffice_opens_it(tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed; python-docx opens it")
    path = tmp_path / "a.docx"
    path.write_bytes(data_of())
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/u", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, capture_output=True, check=True, timeout=180)
    assert (tmp_path / "a.pdf").stat().st_size > 1000


def test_pandoc_reads_the_comments(tmp_path: Path) -> None:
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    path = tmp_path / "a.docx"
    path.write_bytes(data_of(telegram()))
    done = subprocess.run(
        ["pandoc", "--track-changes=all", "-t", "native", str(path)],
        capture_output=True, check=True,
    )  # fmt: skip
    text = done.stdout.decode()
    assert "comment-start" in text
    assert "\\1056\\1054\\1065\\1048\\1053" in text or "РОЩИН" in text
