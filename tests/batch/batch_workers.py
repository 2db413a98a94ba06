"""Stand-ins for the work on one document or job; at module level, so workers can import them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

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


def document_of(path: Path, document_id: str, settings: Settings) -> Document:
    """One kept line per line of the file; its first word may order a mishap.

    Each call leaves a mark beside the file, so that tests can count them.
    """
    with path.with_name(path.name + ".calls").open("a") as stream:
        stream.write("x")
    text = path.read_text(encoding="utf-8")
    order, _, rest = text.partition(" ")
    if order == "damaged":
        raise InputUnreadableError(path, "is truncated")
    if order == "bug":
        raise ZeroDivisionError("nobody thought of this")
    if order == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "slow":
        time.sleep(float(rest))
    problems = (Problem(code="ENGINE_FAILED", message=f"{path}: timed out", page=2),)
    return Document(
        id=document_id,
        pages=(Page(number=1, scan=Scan(path=str(path)), lines=tuple(_lines(text))),),
        fields=(Field(name="origin", value="ПЕКИН", raw="ПЕКИНА"),),
        problems=problems if order == "partial" else (),
    )


def _lines(text: str) -> list[Line]:
    found = []
    for number, raw in enumerate(text.splitlines(), start=1):
        noise = raw.startswith(">")
        reason = Reason(rule="odd-signs", evidence="half of its signs are not letters", weight=-2.5)
        found.append(
            Line(
                id=f"1.{number}",
                reading=Reading.of("file", raw),
                kind=LineKind.NOISE if noise else LineKind.BODY,
                verdict=Verdict.DROP
                if noise
                else (Verdict.UNSURE if raw.endswith("?") else Verdict.KEEP),
                reasons=(reason,) if noise else (),
                text_probability=0.03 if noise else 0.9,
            )
        )
    return found
