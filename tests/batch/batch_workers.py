"""Stand-ins for the work on one document or job; at module level, so workers can import them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

import cv2

from pipeline.config import Settings
from pipeline.errors import InputUnreadableError
from pipeline.model import (
    Document,
    Field,
    Line,
    LineKind,
    Page,
    Problem,
    Reading,
    Reason,
    Scan,
    Verdict,
)


def square(number: int) -> int:
    if number < 0:
        raise ValueError("below zero")
    return number * number


def killed_at_13(number: int) -> int:
    """Dies like a process the system ran out of memory for."""
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def killed_once(marker: str) -> str:
    """Dies at the first try alone, as where several big documents met in memory."""
    path = Path(marker)
    if path.name.startswith("weak") and not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return path.name


def slow(job: tuple[str, float]) -> str:
    """Leaves a file when begun and one when done."""
    name, seconds = job
    Path(name + ".begun").write_text(str(os.getpid()))
    time.sleep(seconds)
    Path(name + ".done").touch()
    return name


def thread_limits(number: int) -> tuple[str | None, int]:
    return os.environ.get("OMP_THREAD_LIMIT"), cv2.getNumThreads()


class Texts:
    """Pages of a text, parted by form feeds; the first word of a page may order a mishap.

    Each time one is opened leaves a mark beside the file, so that tests can count them.
    """

    is_text = False

    def __init__(self, path: Path, settings: Settings) -> None:
        del settings
        with path.with_name(path.name + ".calls").open("a") as stream:
            stream.write("x")
        self.path = path
        self.pages = path.read_text(encoding="utf-8").split("\f")
        self.page_count = len(self.pages)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def read(self, number: int, as_number: int | None = None) -> Page:
        text = self.pages[number - 1]
        order, _, rest = text.partition(" ")
        if order == "damaged":
            raise InputUnreadableError(self.path, "is truncated")
        if order == "bug":
            raise ZeroDivisionError("nobody thought of this")
        if order == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if order == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        if order == "exit":
            os._exit(3)
        if order == "hang":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                pass
        if order == "eat":
            eaten = [bytearray(1 << 20) for _ in range(1 << 14)]
            raise AssertionError(len(eaten))
        if order == "slow":
            time.sleep(float(rest))
        lines = tuple(Line(id=f"1.{n}", reading=Reading.of("file", raw))
                      for n, raw in enumerate(text.splitlines(), start=1))  # fmt: skip
        return Page(number=as_number or number, scan=Scan(path=str(self.path)), lines=lines)


def document_of(
    document_id: str, read: Sequence[Page], problems: Sequence[Problem], settings: Settings
) -> Document:
    """Every line judged by its first or last sign."""
    del settings
    pages = tuple(replace(page, lines=tuple(map(_judged, page.lines))) for page in read)
    text = pages[0].lines[0].raw if pages and pages[0].lines else ""
    late = Problem(
        code="ENGINE_FAILED", message=f"{pages[0].scan.path if pages else ''}: timed out", page=2
    )
    if text.startswith("partial") and late not in problems:
        problems = [*problems, late]
    return Document(
        id=document_id,
        pages=pages,
        fields=(Field(name="origin", value="ПЕКИН", raw="ПЕКИНА"),),
        problems=tuple(problems),
    )


def _judged(line: Line) -> Line:
    raw = line.raw
    noise = raw.startswith(">")
    reason = Reason(rule="odd-signs", evidence="half of its signs are not letters", weight=-2.5)
    verdict = Verdict.UNSURE if raw.endswith("?") else Verdict.KEEP
    return replace(
        line,
        kind=LineKind.NOISE if noise else LineKind.BODY,
        verdict=Verdict.DROP if noise else verdict,
        reasons=(reason,) if noise else (),
        text_probability=0.03 if noise else 0.9,
    )
