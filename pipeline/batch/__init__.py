"""Many documents: the ledger, scheduling, failures, and the summary of it all."""

from __future__ import annotations

from pipeline.batch.decide import Work
from pipeline.batch.results import BatchResult, Row
from pipeline.batch.run import Progress, State, plan_batch, run_batch
from pipeline.batch.summary import summary_data

__all__ = [
    "BatchResult",
    "Progress",
    "Row",
    "State",
    "Work",
    "plan_batch",
    "run_batch",
    "summary_data",
]
