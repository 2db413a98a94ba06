"""The folder of a report, made so that it opens from the disk without anything else."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from importlib import resources
from pathlib import Path

from pipeline.report.entry import DOCUMENTS, PICTURES, row_data
from pipeline.report.pages import (
    DOCUMENT_SCRIPTS,
    ComparisonContent,
    IndexContent,
    comparison_data,
    comparison_page,
    document_page,
    index_page,
)
from pipeline.report.rendering import to_script, words_script
from pipeline.store import make_folder, write_atomic

INDEX = "index.html"
COMPARISON = "comparison.html"
_ASSETS = (
    "report.css",
    "common.js",
    "phrases.js",
    "table.js",
    "save.js",
    "index.js",
    "comparison.js",
    *DOCUMENT_SCRIPTS,
)


def write_index(folder: Path, content: IndexContent, language: str) -> Path:
    """Write all of the report but the documents' own pages; gives the path of its index.

    Pages and pictures of documents that are not in ``content`` any more are removed.

    Raises:
        OutputError: a file cannot be written.

    """
    _write_assets(folder, language)
    rows = [row_data(entry) for entry in content.entries]
    keys = [entry.key for entry in content.entries if entry.key]
    data = {"rows": rows, "level": content.level.value}
    write_atomic(folder / "index-data.js", to_script("index", data))
    write_atomic(folder / "order-data.js", to_script("order", keys))
    write_atomic(folder / "document.html", document_page(language))
    _sweep(folder, set(keys))
    # Last: where the index stands, what it links to is there.
    write_atomic(folder / INDEX, index_page(content, language))
    return folder / INDEX


def write_comparison(folder: Path, content: ComparisonContent, language: str) -> Path:
    """Write the comparison of two runs into a report's folder; gives the path of its page.

    Raises:
        OutputError: a file cannot be written.

    """
    _write_assets(folder, language)
    write_atomic(folder / "comparison-data.js", to_script("comparison", comparison_data(content)))
    write_atomic(folder / COMPARISON, comparison_page(content, language))
    return folder / COMPARISON


def _write_assets(folder: Path, language: str) -> None:
    assets = folder / "assets"
    make_folder(assets)
    static = resources.files("pipeline.report") / "static"
    for name in _ASSETS:
        write_atomic(assets / name, (static / name).read_text(encoding="utf-8"))
    write_atomic(assets / "words.js", words_script(language))


def _sweep(folder: Path, keys: Collection[str]) -> None:
    for path in (*(folder / DOCUMENTS).glob("*.js"), *(folder / PICTURES).glob("*.jpg")):
        if path.name.partition(".")[0].partition("-")[0] not in keys:
            with suppress(OSError):
                path.unlink()
