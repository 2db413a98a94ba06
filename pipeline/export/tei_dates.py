"""Days and times as TEI has them."""

from __future__ import annotations

import re

_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def day(value: str) -> str | None:
    """``value`` where it is a day (ISO 8601)."""
    return value if _DAY.fullmatch(value) else None


def time_of_day(value: str) -> str | None:
    """``value`` (``HH:MM``) with seconds; ``None`` where it is no time."""
    return f"{value}:00" if _TIME.fullmatch(value) else None
