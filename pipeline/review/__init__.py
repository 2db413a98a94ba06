"""Pictures and lists for the human eye."""

from __future__ import annotations

from pipeline.review.look import look_at

__all__ = ["look_at"]
