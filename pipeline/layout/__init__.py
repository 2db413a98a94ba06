"""Where the lines are: on a prepared page, or in raw text."""

from __future__ import annotations

from pipeline.layout.find import Layout, LineImage, find_lines
from pipeline.layout.split import split_merged
from pipeline.layout.text import text_lines

__all__ = ["Layout", "LineImage", "find_lines", "split_merged", "text_lines"]
