"""Removing a document's result, and nothing that a person made."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from pipeline.errors import ResultError
from pipeline.store import (
    DOCUMENT_FILE,
    ERROR_FILE,
    PREVIOUS,
    SCORE_FILE,
    VOLUME_FILE,
    load_volume,
    remove_texts,
)


def remove_result(folder: Path, out: Path) -> tuple[Path, ...]:
    """Remove what Depesha wrote into ``folder`` (below ``out``); what a person changed stays.

    The parts of a volume go too. Folders that are empty then go as well. Gives the texts that
    stayed.
    """
    parts: tuple[str, ...] = ()
    with suppress(ResultError):
        parts = load_volume(folder).parts
    kept = [path for part in parts for path in remove_document(folder / part, out)]
    (folder / VOLUME_FILE).unlink(missing_ok=True)
    return (*kept, *remove_document(folder, out))


def remove_document(folder: Path, out: Path) -> tuple[Path, ...]:
    """As :func:`remove_result`, of what stands in ``folder`` itself."""
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
