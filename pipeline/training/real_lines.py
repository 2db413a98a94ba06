"""Lines of real sheets, with the document each is from, kept on disk outside the project.

What documents they are is told in the names of the keyed pages; a page that was cut out of one of
the whole documents beside them belongs to that one, so that a document is either learned from or
left out, never both.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.errors import InputMissingError
from pipeline.store import write_atomic
from pipeline.training.pages import Sample

LINES = "lines.npz"
"""The file of real lines in its folder."""

KEYED = "keyed"
"""The kind of a line whose text was keyed by eye; others were agreed on by two readers."""

FOLDS = 4
"""Parts of the documents; each is read by a network that learned from the other parts."""

_GREYS = 17
"""Step of the sixteen greys in which lines are kept: the file is a third as large."""

_FROM = {
    "b05": "JINR-11-11233", "b07": "JINR-11-80-7", "b08": "JINR-11-8082", "b23": "bemsh",
    "b24": "chaikovsky", "b25": "vt340-out", "b29": "dispak", "c01": "JINR-10-10996",
    "c02": "JINR-11-10164", "c03": "JINR-11-10194", "c04": "JINR-11-10817",
    "c14": "JINR-P10-12877", "c15": "JINR-P11-10088", "c19": "JINR-P11-86-326",
    "c20": "JINR-P11-86-655", "c21": "JINR-P11-86-676", "c30": "forex",
}  # fmt: skip
"""The document that a keyed sheet is from, by the beginning of the page's name: the two texts
share most of their sequences of twelve letters."""


@dataclass(frozen=True, slots=True, eq=False)
class RealLine:
    """A line, its document and page; ``kind``: how its text is known."""

    sample: Sample
    document: str
    page: str
    kind: str


def document_of(page: str) -> str:
    """The document of the keyed page ``page``; small pictures (``g``) are one each."""
    start = page if page.startswith("g") else page[:3]
    return _FROM.get(start, start)


def write_real(path: Path, lines: Sequence[RealLine]) -> None:
    """Write ``lines`` (at least one), their greys coarsened."""
    coarse = [
        np.asarray(255 - _GREYS * np.round((255.0 - x.sample.pixels) / _GREYS), np.uint8)
        for x in lines
    ]
    facts = [(x.sample.text, x.document, x.page, x.kind) for x in lines]
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        strip=np.concatenate(coarse, axis=1),
        widths=np.array([x.shape[1] for x in coarse]),
        texts=np.array(json.dumps(facts, ensure_ascii=False)),
    )
    write_atomic(path, stream.getvalue())


def read_real(path: Path) -> list[RealLine]:
    """The lines that ``write_real`` wrote.

    Raises:
        InputMissingError: there is no such file.

    """
    if not path.exists():
        raise InputMissingError(path, "there are no lines of real sheets")
    with np.load(path) as stored:
        strip, ends = stored["strip"], np.cumsum(stored["widths"])
        facts = json.loads(str(stored["texts"]))
    pieces = np.split(strip, ends[:-1], axis=1)
    return [
        RealLine(Sample(np.ascontiguousarray(piece), fact[0]), *fact[1:4])
        for piece, fact in zip(pieces, facts, strict=True)
    ]


def folds_of(lines: Iterable[RealLine]) -> dict[str, int]:
    """The part (0 to ``FOLDS - 1``) of each document of keyed lines.

    The parts are about as large, in state papers (``k``), small pictures (``g``) and preprints.
    """
    sizes: Counter[tuple[str, str]] = Counter()
    for line in lines:
        if line.kind == KEYED:
            kind = line.page[0] if line.page[0] in "kg" else "m"
            sizes[kind, line.document] += len(line.sample.text)
    full = [Counter[str]() for _ in range(FOLDS)]
    folds: dict[str, int] = {}
    for wanted in "kmg":
        group = sorted((-size, name) for (kind, name), size in sizes.items() if kind == wanted)
        for size, name in group:
            fold = min(range(FOLDS), key=lambda x: (full[x][wanted], full[x].total()))
            folds[name] = fold
            full[fold][wanted] -= size
    return folds
