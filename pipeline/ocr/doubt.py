"""Whether a second reader is wanted for a line: where the recogniser itself may be wrong.

Measured on real sheets and on facsimiles, beside version 2 of the recogniser Tesseract mends next
to nothing in long lines of which the recogniser is sure, and takes as long as the recogniser itself
(``benchmarks/second_reader.py`` prints what asking for all, for doubted and for no lines brings).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.ocr.ctc import LineRecognition

SURE = 0.6
"""A line of whose least certain character the recogniser is less sure is doubted."""

SHORT = 12
"""Characters. Shorter lines cost little to read twice, and say little by which to be sure: scraps,
page numbers, the printed entries of a form."""


def is_doubted(cells: Sequence[LineRecognition]) -> bool:
    """Whether a line with these ``cells`` is short, or the recogniser doubts a character of it."""
    return any(
        len(cell.decoded.text) < SHORT or min(cell.decoded.confidences) < SURE for cell in cells
    )
