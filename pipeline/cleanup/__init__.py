"""Corrections and conventions, as edits over the raw readings that can be undone."""

from __future__ import annotations

from pipeline.cleanup.clean import clean

__all__ = ["clean"]
