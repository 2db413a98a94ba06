"""Removing a document's result, and nothing that a person made."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from pipeline.store import DOCUMENT_FILE, ERROR_FILE, PREVIOUS, SCORE_FILE, remove_texts


def remove_result(folder: Path, out: Path) -> tuple[Path, ...]:
    """Remove what Depesha wrote into ``folder`` (below ``out``); what a person changed stays.

    Folders that are empty then go, too. Gives the texts that stayed.
    """
    kept = remove_texts(folder)
    for name in (DOCUMENT_FILE, ERROR_FILE, SCORE_FILE):
        (folder / name).unlink(missing_ok=True)
    remove_texts(folder / PREVIOUS)
    with suppress(OSError):
        (folder / PREVIOUS / DOCUMENT_FILE).unlink(missing_ok=True)
        (folder / PREVIOUS / SCORE_FILE).unlink(missing_ok=True)
        (folder / PREVIOUS).rmdir()
    while folder != out:
        try:
            folder.rmdir()
        except OSError:
            break
        folder = folder.parent
    return kept
