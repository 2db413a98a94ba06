"""Many documents: scheduling, resuming, failures, and the summary of it all."""

from __future__ import annotations

from pipeline.batch.results import BatchResult, Figures, LevelFigures, Rate, Row
from pipeline.batch.run import run_batch
from pipeline.batch.summary import csv_table, summary_data
from pipeline.batch.table import print_result, progress_bar

__all__ = [
    "BatchResult",
    "Figures",
    "LevelFigures",
    "Rate",
    "Row",
    "csv_table",
    "print_result",
    "progress_bar",
    "run_batch",
    "summary_data",
]
