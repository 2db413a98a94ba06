"""Lines of keyed pages: cut as scans are read, and matched with the lines that were keyed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from pipeline.alphabet import ALPHABET
from pipeline.config import Settings
from pipeline.layout import find_lines
from pipeline.ocr.ctc import best_path
from pipeline.ocr.typewriter import HEIGHT, STEP, Typewriter
from pipeline.pixels import Pixels
from pipeline.preprocess import prepare
from pipeline.reading import Box
from pipeline.scans import open_scan
from pipeline.training.pages import Sample
from pipeline.training.real_lines import KEYED, RealLine, document_of

_FACING = 1.15
"""A sheet so many times as wide as it is high is two facing ones."""

_ALIKE, _ALIKE_LONG, _LONG = 0.6, 0.72, 13
"""Least likeness of a reading to the keyed line it is matched with, for short and long ones."""

_GAP = 14
"""Pixels of paper between two pieces of one line."""

_ROOM = 1.05
"""Steps that a character needs, in the mean, to be learned from."""

_FOLDED = str.maketrans("ABCEHKMOPTXaceopxyIlЗОЁё«»", 'АВСЕНКМОРТХасеорху1130Ее""')
_MARKS = str.maketrans("“”„–—−¬’", '"""----\'')
_NOT_TYPED = "WP"


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A strip that layout cut: ``text`` as the shipped recogniser reads it, with no model.

    ``confidence``: mean of the likeliest character's probability where it is one.
    """

    pixels: Pixels
    text: str
    box: Box
    line: tuple[int, int]
    cell: int
    alone: bool
    confidence: float


def pieces_of(pixels: Pixels, reader: Typewriter, settings: Settings) -> list[Piece]:
    """The strips of one page (uint8, grey or RGB), facing sheets one after the other."""
    found: list[Piece] = []
    width, height = pixels.shape[1], pixels.shape[0]
    middle = _gutter(pixels) if width > _FACING * height else width
    for side, (left, right) in enumerate(((0, middle), (middle, width))):
        if right - left < HEIGHT:
            continue
        part = np.ascontiguousarray(pixels[:, left:right])
        prepared = prepare(part, settings.preprocess)
        layout = find_lines(prepared, settings.layout)
        for number, line in enumerate(layout.lines):
            box = replace(line.box, left=line.box.left + left, right=line.box.right + left)
            for cell, image in enumerate(line.images):
                seen = reader.log_probs(image.pixels)
                text, spans = best_path(seen)
                sure = [float(np.exp(seen[a : b + 1].max())) for a, b in spans]
                found.append(
                    Piece(
                        pixels=image.pixels,
                        text=text,
                        box=box,
                        line=(side, number),
                        cell=cell,
                        alone=len(line.images) == 1,
                        confidence=float(np.mean(sure)) if sure else 0.0,
                    )
                )
    return found


def _gutter(pixels: Pixels) -> int:
    """The column between two facing sheets: where there is least ink near the middle."""
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    height, width = int(grey.shape[0]), int(grey.shape[1])
    near = max(15, (width // 60) | 1)
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, near, 15
    )[round(0.08 * height) : round(0.92 * height)]
    even = cv2.blur(ink.mean(axis=0).reshape(1, -1), (max(3, width // 80), 1))
    first, last = round(0.42 * width), round(0.58 * width)
    return first + int(np.argmin(np.asarray(even, np.float64)[0, first:last]))


def keyed_lines(folder: Path, reader: Typewriter, settings: Settings) -> Iterator[RealLine]:
    """The lines of the keyed pages in ``folder`` (``ID.gt.tsv`` beside ``ID.png`` or ``.pdf``)."""
    for truth in sorted(folder.glob("*.gt.tsv")):
        page = truth.name.removesuffix(".gt.tsv")
        scan_path = next(x for x in sorted(folder.glob(f"{page}.*")) if x != truth)
        with open_scan(scan_path, settings.input) as scan:
            pixels = scan.load(1).pixels
        if pixels is None:
            continue
        rows = [r.split("\t", 1) for r in truth.read_text("utf-8").splitlines() if "\t" in r]
        wanted = [typed(text) for tag, text in rows if tag not in _NOT_TYPED]
        for sample in matched(wanted, pieces_of(pixels, reader, settings)):
            yield RealLine(sample, document_of(page), page, KEYED)


def typed(text: str) -> str:
    """A keyed line as the recogniser shall read it: one space between words, plain marks."""
    plain = unicodedata.normalize("NFC", text).translate(_MARKS).replace("…", "...")
    return " ".join(plain.split())


def folded(text: str) -> str:
    """``text`` with look-alikes as one, to match by."""
    return " ".join(typed(text).translate(_FOLDED).split()).lower()


def matched(wanted: Sequence[str], pieces: Sequence[Piece]) -> Iterator[Sample]:
    """The lines of ``wanted`` with the pictures of them, the likest first matched."""
    candidates = [(place,) for place in range(len(pieces))] + list(_rows(pieces))
    read = [folded(" ".join(pieces[x].text for x in group)) for group in candidates]
    pairs = []
    for number, text in enumerate(map(folded, wanted)):
        for group, own in zip(candidates, read, strict=True):
            if text and own:
                alike = Levenshtein.normalized_similarity(own, text)
                rank = alike + 0.002 * min(len(text), 20) - 0.001 * len(group)
                pairs.append((rank, alike, number, group))
    used: set[int] = set()
    done: dict[int, Sample] = {}
    for _, alike, number, group in sorted(pairs, reverse=True):
        if number in done or used & set(group):
            continue
        text = wanted[number]
        if alike < (_ALIKE if len(text) <= _LONG else _ALIKE_LONG):
            continue
        used |= set(group)
        done[number] = Sample(_joined([pieces[x].pixels for x in group]), text)
    for _, sample in sorted(done.items()):
        if learnable(sample):
            yield sample


def learnable(sample: Sample) -> bool:
    """Whether its characters are the recogniser's, and there is room for them."""
    room = sample.pixels.shape[1] / STEP >= _ROOM * len(sample.text) + 2
    return room and set(sample.text) <= set(ALPHABET) and bool(sample.text)


def _rows(pieces: Sequence[Piece]) -> Iterator[tuple[int, ...]]:
    """Neighbours on one row, two and more: cells of a line, lines side by side."""
    taken: set[int] = set()
    for first, piece in enumerate(pieces):
        if first in taken:
            continue
        row = [first]
        for place in range(first + 1, len(pieces)):
            other = pieces[place]
            if place not in taken and (other.line == piece.line or _beside(piece, other)):
                row.append(place)
        if len(row) > 1:
            taken |= set(row)
            row.sort(key=lambda x: (pieces[x].box.left, pieces[x].cell))
            for start in range(len(row)):
                for end in range(start + 2, len(row) + 1):
                    yield tuple(row[start:end])


def _beside(a: Piece, b: Piece) -> bool:
    down = min(a.box.bottom, b.box.bottom) - max(a.box.top, b.box.top)
    apart = a.box.right <= b.box.left + 5 or b.box.right <= a.box.left + 5
    return a.line[0] == b.line[0] and apart and down > 0.6 * min(a.box.height, b.box.height)


def _joined(strips: Sequence[Pixels]) -> Pixels:
    gap = np.full((HEIGHT, _GAP), 255, np.uint8)
    parts = [x for strip in strips for x in (gap, strip)][1:]
    return np.concatenate(parts, axis=1)
