"""The report: pages that open from the disk, from stored results and their scores."""

from __future__ import annotations

from pipeline.report.build import write_comparison, write_index
from pipeline.report.documents import (
    EVALUATION,
    REPORT,
    PageJob,
    versions_and_settings,
    write_documents,
    write_evaluation,
)
from pipeline.report.entry import Entry, entry_of, key_of, write_entry
from pipeline.report.pages import ComparisonContent, IndexContent

__all__ = [
    "EVALUATION",
    "REPORT",
    "ComparisonContent",
    "Entry",
    "IndexContent",
    "PageJob",
    "entry_of",
    "key_of",
    "versions_and_settings",
    "write_comparison",
    "write_documents",
    "write_entry",
    "write_evaluation",
    "write_index",
]
