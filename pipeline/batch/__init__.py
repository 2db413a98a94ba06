"""Many documents: the ledger, scheduling, failures, and the summary of it all.

Loaded when asked for: who only looks into the ledger does not wait for the stages.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_WHERE = {
    "BatchResult": "results",
    "Progress": "run",
    "Row": "results",
    "State": "run",
    "Work": "decide",
    "plan_batch": "run",
    "run_batch": "run",
    "summary_data": "summary",
}


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"pipeline.batch.{_WHERE[name]}"), name)
