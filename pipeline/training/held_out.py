"""Lines in faces that are never learned from, and what Tesseract makes of them, kept on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipeline.config import Settings
from pipeline.model import Reading
from pipeline.ocr import Engine, open_engine
from pipeline.store import make_folder, write_atomic
from pipeline.training.pages import Sample, samples
from pipeline.training.pool import read_shard, write_shard

FIRST = 5_000_000
"""Seed of the first page: far from those of training and of the benchmark sets."""

_PAGES = 10


@dataclass(frozen=True, slots=True, eq=False)
class Doubled:
    """A line and Tesseract's reading of it; ``group``: pages that were drawn together."""

    sample: Sample
    other: Reading
    group: int


def held_out(folder: Path, pages: int, settings: Settings) -> Iterator[Doubled]:
    """The lines of ``pages`` pages; drawn and read into ``folder`` where they are not yet.

    Every text is made up, so that no line of the character model's corpus is among them.
    """
    make_folder(folder)
    engine = open_engine(settings.ocr)
    for group in range(-(-pages // _PAGES)):
        strips, readings = _group(folder, group, engine, settings)
        for sample, other in zip(strips, readings, strict=True):
            yield Doubled(sample, other, group)


def _group(
    folder: Path, group: int, engine: Engine, settings: Settings
) -> tuple[Sequence[Sample], Sequence[Reading]]:
    lines = folder / f"held-out-{group:04}.npz"
    texts = folder / f"held-out-{group:04}.json"
    if not lines.exists():
        seeds = range(FIRST + group * _PAGES, FIRST + (group + 1) * _PAGES)
        drawn = [x for seed in seeds for x in samples(seed, (), settings, held_out=True)]
        write_shard(lines, drawn)
    strips = read_shard(lines)
    if not texts.exists():
        read = engine.read_lines([x.pixels for x in strips])
        write_atomic(texts, msgspec.json.encode(read))
    return strips, msgspec.json.decode(texts.read_bytes(), type=list[Reading])
