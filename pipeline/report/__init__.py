"""The report: pages that open from the disk, from stored results and their scores."""

from __future__ import annotations

from pipeline.report.build import write_comparison, write_index
from pipeline.report.entry import Entry, entry_of, key_of, write_entry
from pipeline.report.pages import ComparisonContent, IndexContent

__all__ = [
    "ComparisonContent",
    "Entry",
    "IndexContent",
    "entry_of",
    "key_of",
    "write_comparison",
    "write_entry",
    "write_index",
]
