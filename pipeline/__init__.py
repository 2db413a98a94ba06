"""Depesha: clean, measured Russian text from scans of typewritten documents."""

from __future__ import annotations

__version__ = "0.1.0"
