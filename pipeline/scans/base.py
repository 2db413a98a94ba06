"""What every opened input can do, whatever its format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.errors import InputTooLargeError, InputUnreadableError
from pipeline.model import Scan
from pipeline.pixels import Pixels


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadedPage:
    """One page as it came in; exactly one of ``pixels`` and ``text`` is set.

    ``number`` counts from 1. ``pixels`` are uint8 ``(H, W)`` grey or ``(H, W, 3)`` RGB, 0
    black to 255 white, upright; ``scan`` gives their ``width`` and ``height``. ``text`` is
    raw OCR text with its layout; lines end in a line feed.
    """

    number: int
    scan: Scan
    pixels: Pixels | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        if (self.pixels is None) == (self.text is None):
            raise ValueError("a loaded page has either pixels or text")


class ScanFile(ABC):
    """An input that is open; use it in a ``with`` statement, or :meth:`close` it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    @abstractmethod
    def page_count(self) -> int:
        """Number of pages, at least 1; damaged pages count."""

    @abstractmethod
    def load(self, number: int) -> LoadedPage:
        """Page ``number``, counted from 1. Other pages load whatever becomes of this one.

        Raises:
            InputUnreadableError: the page is damaged or cut off, or there is no such page.
            InputTooLargeError: it has more pixels than the settings allow.

        """

    @abstractmethod
    def close(self) -> None:
        """Let go of the file; may be called twice."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def check_number(self, number: int) -> None:
        """Refuse a page number that is not there.

        Raises:
            InputUnreadableError: ``number`` is not 1 to :attr:`page_count`.

        """
        if not 1 <= number <= self.page_count:
            raise InputUnreadableError(
                self.path, f"there is no page {number}; the file has {self.page_count}"
            )


def check_size(path: Path, number: int, size: tuple[int, int], max_pixels: int) -> None:
    """Refuse a page of ``size`` (width, height in pixels) over ``max_pixels``.

    Raises:
        InputTooLargeError: it is over.

    """
    width, height = size
    if width * height > max_pixels:
        raise InputTooLargeError(
            path,
            f"page {number} is too large: {width:,} x {height:,} pixels are over the limit of "
            f"{max_pixels:,}; raise `input.max_pixels` if the scan is really that large",
        )
