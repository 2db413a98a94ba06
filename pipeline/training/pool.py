"""A pool of lines on disk: drawn once, by all cores, and read by the trainer many times."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path

import cv2
import numpy as np

from pipeline.config import Settings
from pipeline.errors import InputMissingError
from pipeline.store import make_folder, write_atomic
from pipeline.training.pages import Sample, samples
from pipeline.training.texts import read_corpus

PAGES_A_SHARD = 20


def make_pool(
    folder: Path, corpus: Path | None, pages: int, *, first: int = 0, jobs: int = 1
) -> tuple[Path, ...]:
    """The shards of the pages ``first`` to ``first + pages`` in ``folder``, drawn where missing.

    A shard has the lines of 20 pages. ``corpus``: folder of period text, ``None``: every text is
    made up. A run that was cut short goes on where it was.

    Raises:
        InputMissingError: the corpus has no text.

    """
    make_folder(folder)
    starts = range(first, first + pages, PAGES_A_SHARD)
    if jobs == 1:
        return tuple(_shard(folder, corpus, start) for start in starts)
    with ProcessPoolExecutor(jobs, initializer=cv2.setNumThreads, initargs=(1,)) as executor:
        return tuple(executor.map(partial(_shard, folder, corpus), starts))


def read_pool(folder: Path) -> list[Sample]:
    """All lines of the shards in ``folder``.

    Raises:
        InputMissingError: there is none.

    """
    found: list[Sample] = []
    for path in sorted(folder.glob("lines-*.npz")):
        found += read_shard(path)
    if not found:
        raise InputMissingError(folder, "has no drawn lines")
    return found


def read_shard(path: Path) -> list[Sample]:
    """The lines of one shard."""
    with np.load(path) as stored:
        strip, ends = stored["strip"], np.cumsum(stored["widths"])
        texts: list[str] = json.loads(str(stored["texts"]))
    pieces = np.split(strip, ends[:-1], axis=1)
    return [Sample(piece, text) for piece, text in zip(pieces, texts, strict=True)]


def write_shard(path: Path, lines: Sequence[Sample]) -> None:
    """Write one shard, at least one line."""
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        strip=np.concatenate([line.pixels for line in lines], axis=1),
        widths=np.array([line.pixels.shape[1] for line in lines]),
        texts=np.array(json.dumps([line.text for line in lines], ensure_ascii=False)),
    )
    write_atomic(path, stream.getvalue())


def _shard(folder: Path, corpus: Path | None, start: int) -> Path:
    path = folder / f"lines-{start:07}.npz"
    if not path.exists():
        paragraphs = _corpus(corpus) if corpus else ()
        lines = [x for seed in range(start, start + PAGES_A_SHARD) for x in _page(seed, paragraphs)]
        write_shard(path, lines)
    return path


def _page(seed: int, paragraphs: Sequence[str]) -> list[Sample]:
    return list(samples(seed, paragraphs, Settings()))


@cache
def _corpus(folder: Path) -> tuple[str, ...]:
    return read_corpus(folder)
