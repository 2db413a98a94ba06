"""From a scan's pixels to an even, level, grey page; every step recorded."""

from __future__ import annotations

from pipeline.preprocess.broken import whole_height
from pipeline.preprocess.prepare import prepare

__all__ = ["prepare", "whole_height"]
