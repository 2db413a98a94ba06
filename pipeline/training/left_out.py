"""Keyed lines as networks read them that never saw their documents, and as Tesseract reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from pipeline.config import Settings
from pipeline.ocr import open_engine
from pipeline.ocr.ctc import LineRecognition
from pipeline.ocr.typewriter import Typewriter
from pipeline.reading import Reading
from pipeline.store import write_atomic
from pipeline.training.held_out import Doubled
from pipeline.training.real_lines import FOLDS, KEYED, LINES, folds_of, read_real

_FIRST = 1_000_000
"""Number of the first group: far from those of drawn pages."""


def left_out(
    real: Path, networks: Path, settings: Settings
) -> Iterator[tuple[Doubled, LineRecognition]]:
    """Each keyed line of ``real``, one group a document.

    ``networks`` has ``0.onnx`` to ``3.onnx``, each trained without one part of the documents
    (``train --leave``). What Tesseract reads is kept in ``real``.
    """
    lines = read_real(real / LINES)
    folds = folds_of(lines)
    keyed = [x for x in lines if x.kind == KEYED]
    readers = [Typewriter(settings.ocr, networks / f"{fold}.onnx") for fold in range(FOLDS)]
    kept = real / "tesseract.json"
    if not kept.exists():
        read = open_engine(settings.ocr).read_lines([x.sample.pixels for x in keyed])
        write_atomic(kept, msgspec.json.encode(read))
    others = msgspec.json.decode(kept.read_bytes(), type=list[Reading])
    groups = {name: _FIRST + place for place, name in enumerate(sorted(folds))}
    for line, other in zip(keyed, others, strict=True):
        recognition = readers[folds[line.document]].recognize([line.sample.pixels])[0]
        yield Doubled(line.sample, other, groups[line.document]), recognition
