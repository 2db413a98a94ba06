"""Pictures and lists for the human eye."""

from __future__ import annotations

from pipeline.review.doubts import Doubt, doubts
from pipeline.review.look import look_at

__all__ = ["Doubt", "doubts", "look_at"]
