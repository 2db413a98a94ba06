"""Pages that take their time and say which they are, for :mod:`scale_faults`; importable."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Self

from pipeline.config import Settings
from pipeline.model import Line, Page, Reading, Scan

SECONDS = 0.15


class SlowTexts:
    """Pages of a text, parted by form feeds, each a job of its own."""

    is_text = False

    def __init__(self, path: Path, settings: Settings) -> None:
        del settings
        self._path = path
        self._pages = path.read_text(encoding="utf-8").split("\f")
        self.page_count = len(self._pages)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def read(self, number: int, as_number: int | None = None) -> Page:
        """Page ``number``, after a while."""
        time.sleep(SECONDS)
        at = as_number or number
        lines = tuple(
            Line(id=f"p{at}-l{place}", reading=Reading.of("file", raw))
            for place, raw in enumerate(self._pages[number - 1].splitlines(), start=1)
        )
        return Page(number=at, scan=Scan(path=str(self._path), page=number), lines=lines)
