"""Stand-ins for the work on one document or job; at module level, so workers can import them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import cv2


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
