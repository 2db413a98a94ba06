"""What the commands do, as functions: the names that ``from pipeline import ...`` gives.

Each takes plain values and gives the values of :mod:`pipeline.model`; nothing is written to the
disk. The readers are opened once a process and kept.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import transcript
from pipeline.config import Settings
from pipeline.form import NAMES
from pipeline.model import Document, Field, Layer, LineKind
from pipeline.process import process_file, process_text

if TYPE_CHECKING:  # exports are loaded where something is exported
    from pipeline.export import ExportResult


def transcribe(path: str | Path, settings: Settings | None = None) -> Document:
    """Read a scan (image or PDF) or a file of raw OCR text.

    Args:
        path: the file; its name without the suffix becomes the document's id.
        settings: ``None`` for the defaults.

    Returns:
        The document: its pages with all lines, kept and dropped, and the fields of its form. A
        page that could not be read is in ``document.problems`` instead.

    Raises:
        DepeshaError: the file cannot be opened, or no page of it could be read.

    """
    path = Path(path)
    return process_file(path, path.stem, settings or Settings())


def clean(text: str, settings: Settings | None = None, *, name: str = "text") -> Document:
    """Clean raw OCR text of any engine; form feeds part its pages.

    Args:
        text: the raw text, its line breaks as the engine gave them.
        settings: ``None`` for the defaults.
        name: the document's id.

    Returns:
        The document, with what was dropped and every edit.

    """
    return process_text(text, name, settings or Settings(), source=name)


def render(
    document: Document,
    layer: Layer = Layer.READING,
    kinds: Collection[LineKind] | None = None,
) -> str:
    """The text of a document.

    Args:
        document: a document read now or loaded from a folder of results.
        layer: ``Layer.READING`` has one line a paragraph, hyphens joined;
            ``Layer.DIPLOMATIC`` one line a typed line, as it stands on the sheet.
        kinds: kinds of lines in it; ``None`` for those of the default settings.

    Returns:
        The text; it ends with a line feed unless it is empty. Dropped lines are not in it.

    """
    return transcript.render(document, layer, Settings().output.kinds if kinds is None else kinds)


def form_fields(document: Document) -> dict[str, tuple[Field, ...]]:
    """The fields of the form by their names, in the order of a form; only those that were read.

    Every field is a tuple, for some (the copy list, special numbers) a form has several of.
    """
    found = {
        name: tuple(field for field in document.fields if field.name == name) for name in NAMES
    }
    return {name: fields for name, fields in found.items() if fields}


def export_document(
    document: Document, to: str, *, layer: Layer | None = None, title: str = ""
) -> dict[str, bytes]:
    """A document in one format for others.

    Args:
        document: a document read now or loaded from a folder of results.
        to: ``pdf`` (its scan must still be where it was), ``alto``, ``page``, ``hocr``, ``tei``,
            ``docx``, ``txt``, ``md``, ``csv`` or ``jsonl``.
        layer: ``None`` for what the format is for.
        title: its title; empty for its id.

    Returns:
        The files: the ending of the name (``.alto.xml``) and the contents.

    Raises:
        DepeshaError: there is no such format, what it needs is not installed, or the scan is gone.

    """
    from pipeline import export  # noqa: PLC0415 - it is loaded where something is exported

    source = export.of_document(document, {"title": title} if title else {})
    return dict(export.render(source, to, export.Options(layer=layer)))


def export_results(
    results: str | Path,
    to: str,
    *,
    out: str | Path | None = None,
    layer: Layer | None = None,
    metadata: str | Path | None = None,
) -> ExportResult:
    """Export a folder of results, as ``depesha export`` does; writes files.

    Args:
        results: the folder that ``depesha run`` wrote.
        to: formats, commas between: ``pdf,alto``.
        out: ``None`` for ``results/export``.
        layer: ``None`` for what each format is for.
        metadata: a CSV of shelfmarks, titles and more.

    Returns:
        What was made, what stood already, and what failed and why (``failed``).

    Raises:
        DepeshaError: a format is unknown, the metadata cannot be read, the folder not written.

    """
    from pipeline import export  # noqa: PLC0415

    order = export.Order(
        results=Path(results),
        formats=to.split(","),
        options=export.Options(layer=layer),
        out=Path(out) if out is not None else None,
        metadata=Path(metadata) if metadata is not None else None,
    )
    return export.export_results(order)
