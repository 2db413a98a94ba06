"""One line as the recogniser saw it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Reading
from pipeline.ocr.ctc import Decoded, LogProbs


@dataclass(frozen=True, slots=True, eq=False)
class LineRecognition:
    """One line as the network saw it.

    ``log_probs`` float32 ``(T, 1 + signs)``: at each step the logarithm of every sign's
    probability, the blank's first; ``decoded``: the likeliest text, its signs' steps and
    confidences; ``reading``: the same in words, boxes in pixels of the picture; ``step``: columns
    of the picture that a step stands for.
    """

    log_probs: LogProbs
    decoded: Decoded
    reading: Reading
    step: float
