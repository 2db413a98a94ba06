"""What the network that ships learned from, put together from folders.

Keyed and agreed lines of real sheets, lines set anew with letters cut out of them, lines set with
drawn letters, lines of drawn pages, and dirt; one part of the documents can be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from pipeline.config import load_settings
from pipeline.ocr.ctc import LogProbs
from pipeline.ocr.typewriter import HEIGHT, STEP, Typewriter, to_ink
from pipeline.pixels import Pixels
from pipeline.store import make_folder
from pipeline.training.agreed import agreed_lines
from pipeline.training.drawn_letters import draw_letters
from pipeline.training.keyed import keyed_lines
from pipeline.training.letters import Known, Machine, machines_of
from pipeline.training.line_texts import Texts, read_sentences, read_words
from pipeline.training.machines import letter_faces
from pipeline.training.pages import Sample
from pipeline.training.real_lines import KEYED, LINES, RealLine, folds_of, read_real, write_real
from pipeline.training.sources import Batches, Source
from pipeline.training.texts import read_corpus

MACHINES = 500
"""Machines whose letters are drawn."""

_PROSE, _LONGEST = 3_000_000, 1500
"""Characters of the corpus that lines are taken from, and of one paragraph of it."""

Reader = Callable[[Pixels], LogProbs]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where things are; ``None``: without. ``begin``: the earlier model (ONNX) that is begun with.

    ``real`` holds ``lines.npz``; ``corpus`` period texts; ``sentences`` (``.txt.xz``) one a line;
    ``words`` (``.tsv.xz``) word forms and their counts.
    """

    begin: Path
    real: Path | None = None
    corpus: Path | None = None
    sentences: Path | None = None
    words: Path | None = None


def batches_of(
    folders: Folders, drawn: Sequence[Sample], updates: int, *, leave: int | None, jobs: int = 2
) -> Batches:
    """All that is learned from; ``leave``: the part of the documents that is left out."""
    lines = read_real(folders.real / LINES) if folders.real else []
    folds = folds_of(lines)
    kept = [x for x in lines if leave is None or folds.get(x.document) != leave]
    read = reader_of(folders.begin)
    known = (Known(x.sample, read(x.sample.pixels), x.document) for x in kept)
    with ProcessPoolExecutor(jobs, initializer=cv2.setNumThreads, initargs=(1,)) as executor:
        machines = list(executor.map(_machine, range(MACHINES), chunksize=8))
    return Batches(
        keyed=_source([x for x in kept if x.kind == KEYED]),
        agreed=_source([x for x in kept if x.kind != KEYED]),
        drawn=Source.of(drawn) if drawn else None,
        machines=machines_of(known),
        drawn_machines=machines,
        texts=_texts(folders),
        updates=updates,
    )


def _source(lines: Sequence[RealLine]) -> Source | None:
    if not lines:
        return None
    return Source.of([x.sample for x in lines], [x.document for x in lines])


def _machine(number: int) -> Machine:
    return draw_letters(letter_faces(), f"drawn-{number}", np.random.default_rng([1, number]))


def _texts(folders: Folders) -> Texts:
    prose: list[str] = []
    if folders.corpus:
        paragraphs = read_corpus(folders.corpus)
        left = _PROSE
        for place in np.random.default_rng(1).permutation(len(paragraphs)):
            prose.append(paragraphs[place][:_LONGEST])
            left -= len(paragraphs[place])
            if left < 0:
                break
    if folders.sentences:
        prose += read_sentences(folders.sentences)
    return Texts(prose, read_words(folders.words) if folders.words else ())


def reader_of(path: Path) -> Reader:
    """What the model at ``path`` makes of a line, uint8 ``(48, W)``."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def read(pixels: Pixels) -> LogProbs:
        wide = max(32, -(-pixels.shape[1] // STEP) * STEP)
        ink = np.zeros((1, 1, HEIGHT, wide), np.float32)
        ink[0, 0, :, : pixels.shape[1]] = to_ink(pixels)
        return np.asarray(session.run(None, {"lines": ink})[0][0], np.float32)

    return read


def cut_real(shared: Path, out: Path) -> tuple[int, int]:
    """Cut the keyed and the agreed lines of ``shared`` into ``out``; how many of each.

    ``shared`` has ``typed-pages/train`` and ``more-machines``; of ``typed-pages/check`` nothing is
    looked at.
    """
    settings = load_settings(None, {})
    reader = Typewriter(settings.ocr)
    keyed = list(keyed_lines(shared / "typed-pages/train", reader, settings))
    agreed = list(agreed_lines(shared / "more-machines", keyed, reader, settings))
    make_folder(out)
    write_real(out / LINES, [*keyed, *agreed])
    return len(keyed), len(agreed)
