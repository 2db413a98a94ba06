"""The explained noise filter: for every line a kind, a verdict, a probability, reasons.

``judge`` is the stage. Evidence is gathered by the small functions of ``rules.py``, one
per rule; their weights stand in ``config/noise.toml``; ``kinds.py`` tells what a line is
from the form's vocabulary and the order of the parts of a telegram.
"""

from __future__ import annotations

from pipeline.noise.judge import judge

__all__ = ["judge"]
