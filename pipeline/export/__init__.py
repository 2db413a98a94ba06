"""Stored results as files for others: searchable PDF, ALTO, PAGE, hOCR, TEI, DOCX, text, tables.

One file per format; each is a function of a :class:`~pipeline.export.source.Source` and the
:class:`~pipeline.export.options.Options`, and is imported only where it is asked for.
"""

from __future__ import annotations

from pipeline.export.formats import FORMATS, Made, render
from pipeline.export.metadata import Metadata, load_metadata
from pipeline.export.one_file import export_one_file
from pipeline.export.options import Options
from pipeline.export.source import Source, of_document, read_source
from pipeline.export.write import ExportResult, Order, export_results

__all__ = [
    "FORMATS",
    "ExportResult",
    "Made",
    "Metadata",
    "Options",
    "Order",
    "Source",
    "export_one_file",
    "export_results",
    "load_metadata",
    "of_document",
    "read_source",
    "render",
]
