"""One input of a command: a file of any kind, or raw text on standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.config import Settings
from pipeline.model import Document
from pipeline.process import process_file, process_text
from pipeline.scans import decode_text

_STDIN = "-"


def open_document(name: str, settings: Settings) -> Document:
    """The document in the file ``name``; ``-`` is standard input.

    Raises:
        DepeshaError: it cannot be opened, or no page of it could be done.

    """
    if name != _STDIN:
        return process_file(Path(name), Path(name).stem, settings)
    text, _ = decode_text(sys.stdin.buffer.read(), Path("standard input"), settings.input)
    return process_text(text, "stdin", settings, source="standard input")
