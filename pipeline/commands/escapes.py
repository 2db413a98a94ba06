"""What is written to a terminal: nothing in a name or a text may command it; how it counts."""

from __future__ import annotations

import logging
import re
import sys

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_BUT_LAYOUT = re.compile("[\x00-\x08\x0b\x0d-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """``text`` with what a terminal would obey or cannot show replaced by U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


def counted(number: int, thing: str) -> str:
    """``number`` and ``thing`` (English), in the plural where it is not one."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def say(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"depesha: {printable(text)}\n")


def put(text: str) -> None:
    """``text`` in UTF-8 on standard output: as it is into a file, made harmless on a terminal."""
    shown = _BUT_LAYOUT.sub("\ufffd", text) if sys.stdout.isatty() else text
    sys.stdout.buffer.write(shown.encode("utf-8", "backslashreplace"))
    sys.stdout.flush()


class LogLines(logging.Formatter):
    """Records as lines that command no terminal; traces stay several lines."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of ``record``."""
        return _BUT_LAYOUT.sub("\ufffd", super().format(record))
