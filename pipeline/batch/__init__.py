"""Many documents: scheduling, resuming, failures, and the summary of it all."""

from __future__ import annotations

from pipeline.batch.results import BatchResult, Row, summary_data
from pipeline.batch.run import Progress, run_batch

__all__ = ["BatchResult", "Progress", "Row", "run_batch", "summary_data"]
