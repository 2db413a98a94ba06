"""The explained noise filter: for every line a kind, a verdict, a probability, reasons.

``classify`` is the stage. Evidence is gathered by small functions, one per rule (``rules.py``
lists them); a chain over the parts of a document (``crf.py``) weighs it together with
what follows what; the fitted weights stand in ``config/fitted/noise.toml``. See ``docs/noise.md``.
"""

from __future__ import annotations

from pipeline.noise.classify import classify

__all__ = ["classify"]
